"""One sentence on how far a KPI is from its target, for when nobody has written a better one."""
from site_build.values import Kpi


def distance_sentence(reading, kpi: Kpi) -> str:
    """`reading` says amounts and texts in the page's language."""
    if kpi.actual is None:
        return reading._("Not measured yet; it does not count in the score.")
    if kpi.target is None:
        return reading._("Without a target it is shown, but does not count in the score.")
    if kpi.direction == "range":
        return _range_sentence(reading, kpi)
    return _lower_sentence(reading, kpi) if kpi.direction == "lower" else _higher_sentence(reading, kpi)


def _higher_sentence(reading, kpi: Kpi) -> str:
    short = kpi.target - kpi.actual
    if short > 0:
        return reading._("%(gap)s to go.", gap=reading.gap(short, kpi))
    if short == 0:
        return reading._("Exactly on target.")
    return reading._("%(gap)s above the target.", gap=reading.gap(-short, kpi))


def _lower_sentence(reading, kpi: Kpi) -> str:
    over = kpi.actual - kpi.target
    if over > 0:
        return reading._("%(gap)s too much.", gap=reading.gap(over, kpi))
    if over == 0:
        return reading._("Exactly on target.")
    return reading._("%(gap)s better than the target.", gap=reading.gap(-over, kpi))


def _range_sentence(reading, kpi: Kpi) -> str:
    if kpi.actual < kpi.target:
        return reading._("%(gap)s below the range.", gap=reading.gap(kpi.target - kpi.actual, kpi))
    if kpi.target_to is not None and kpi.actual > kpi.target_to:
        return reading._("%(gap)s above the range.", gap=reading.gap(kpi.actual - kpi.target_to, kpi))
    return reading._("Inside the range.")
