"""A scorecard as the frozen values of a page: only published KPIs, with names and formulas in every language."""

from functools import lru_cache

from portal import formats
from portal.i18n import LANGUAGES, N_, translations
from portal.kpis.library import BUILT_IN
from site_build import values

WHOLE_TARGET = N_("The whole target is %(whole)s; up to %(day)s %(due)s of it is due.")
MADE_UP = N_("This target is made up for a demonstration.")


def scorecard_value(side, previous, currency):
    """One side's values.Scorecard; `previous` is the same side of the page before, or None."""
    result = side.result
    return values.Scorecard(
        result.score,
        result.completeness,
        result.provisional,
        result.rag,
        _score_before(result.score, previous),
        tuple(kpi_value(line, currency) for line in side.published),
    )


def kpi_value(line, currency):
    kpi, aimed = line.kpi, line.aimed
    return values.Kpi(
        code=kpi.code,
        names=in_languages(kpi.name, kpi.code),
        unit=kpi.unit,
        direction=kpi.direction,
        actual=line.actual,
        target=line.target,
        target_to=line.target_high,
        floor=None if kpi.direction == "range" else line.floor,
        weight=float(line.weight),
        cap=aimed.aim.cap if aimed else kpi.cap_percent / 100,
        score=line.points,
        rag=line.rag,
        trend=values.Trend(line.trend_from_on, line.trend) if line.trend else None,
        as_of_on=line.as_of_on,
        formulas=_formulas(line, currency),
    )


@lru_cache(maxsize=512)
def in_languages(text, code):
    """A text of the library in every language; one that somebody typed stays as it is, once."""
    if not text:
        return ()
    if code not in BUILT_IN:
        return (("en", text),)
    said = tuple((language, translations(language).gettext(text)) for language in LANGUAGES)
    return said if len({words for _language, words in said}) > 1 else said[:1]


def _score_before(score, previous):
    """The score that this one differs from: an unchanged page must not become another one by being published again."""
    if previous is None:
        return None
    return previous.previous_score if previous.score == score else previous.score


def _formulas(line, currency):
    counted = dict(in_languages(line.kpi.formula, line.kpi.code))
    extra = {language: _about_the_target(line, language, currency) for language in LANGUAGES}
    if not any(extra.values()):
        return tuple(counted.items())
    first = next(iter(counted.values()), "")
    return tuple(
        (language, " ".join(filter(None, [counted.get(language, first), extra[language]]))) for language in LANGUAGES
    )


def _about_the_target(line, language, currency):
    aimed, say = line.aimed, translations(language).gettext
    said = []
    if aimed and line.kpi.kind == "flow" and aimed.whole != line.target:
        amount = {
            name: formats.quantity(amount, line.kpi.unit, language, currency)
            for name, amount in (("whole", aimed.whole), ("due", line.target))
        }
        day = formats.long_day(line.measured_until_on, language)
        said.append(say(WHOLE_TARGET) % {**amount, "day": day})
    if aimed and aimed.made_up:
        said.append(say(MADE_UP))
    return " ".join(said)
