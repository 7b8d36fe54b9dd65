"""One sentence on how far a KPI is from its target, for when nobody has written a better one."""

from site_build.values import Kpi
from site_build.voice import Voice


def distance_sentence(voice: Voice, kpi: Kpi) -> str:
    if kpi.actual is None:
        return voice._("Not measured yet; it does not count in the score.")
    if kpi.target is None:
        return voice._("Without a target it is shown, but does not count in the score.")
    if kpi.direction == "range":
        return _range_sentence(voice, kpi)
    return _lower_sentence(voice, kpi) if kpi.direction == "lower" else _higher_sentence(voice, kpi)


def _higher_sentence(voice: Voice, kpi: Kpi) -> str:
    short = kpi.target - kpi.actual
    if short > 0:
        return voice._("%(gap)s to go.", gap=voice.gap(short, kpi))
    if short == 0:
        return voice._("Exactly on target.")
    return voice._("%(gap)s above the target.", gap=voice.gap(-short, kpi))


def _lower_sentence(voice: Voice, kpi: Kpi) -> str:
    over = kpi.actual - kpi.target
    if over > 0:
        return voice._("%(gap)s too much.", gap=voice.gap(over, kpi))
    if over == 0:
        return voice._("Exactly on target.")
    return voice._("%(gap)s better than the target.", gap=voice.gap(-over, kpi))


def _range_sentence(voice: Voice, kpi: Kpi) -> str:
    if kpi.actual < kpi.target:
        return voice._("%(gap)s below the range.", gap=voice.gap(kpi.target - kpi.actual, kpi))
    if kpi.target_to is not None and kpi.actual > kpi.target_to:
        return voice._("%(gap)s above the range.", gap=voice.gap(kpi.actual - kpi.target_to, kpi))
    return voice._("Inside the range.")
