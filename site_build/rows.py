"""One KPI as a row of the page: its figures, its sentence and its two drawings."""

from dataclasses import dataclass
from datetime import date

from portal import charts, formats
from portal.markup import trusted
from site_build.sentences import distance_sentence
from site_build.values import Kpi, Trend, said
from site_build.voice import RAG_SHAPES, UNKNOWN, Voice

CHART_WIDTH, SPARK_HEIGHT, BULLET_HEIGHT = 160, 36, 20


@dataclass(frozen=True, slots=True)
class Row:
    """One KPI as the page shows it."""

    name: str
    rag: str
    shape: str
    status: str
    actual: str
    target: str
    sentence: str
    spark: str
    months: str
    bullet: str
    weight: str
    points: str
    formula: str


def row_of(voice: Voice, kpi: Kpi, usual_months: str) -> Row:
    """`usual_months` is what the page says once for most lines; a row says its months only when they differ."""
    name = said(kpi.names, voice.language)
    actual, target = voice.quantity(kpi.actual, kpi), _target(voice, kpi)
    months = months_of(voice, kpi.trend) if kpi.trend else ""
    spark = _spark(voice, kpi, f"{name}, {months}")
    return Row(
        name=name,
        rag=kpi.rag,
        shape=RAG_SHAPES[kpi.rag],
        status=voice.status(kpi),
        actual=actual,
        target=target,
        sentence=said(kpi.explanations, voice.language) or distance_sentence(voice, kpi),
        spark=spark,
        months=months if spark and months != usual_months else "",
        bullet=_bullet(kpi, f"{name}: {actual} · {target}"),
        weight=voice.number(kpi.weight),
        points=UNKNOWN if kpi.score is None else voice.number(kpi.score * kpi.weight),
        formula=said(kpi.formulas, voice.language),
    )


def months_of(voice: Voice, trend: Trend) -> str:
    """The first and the last month of a line."""
    first = trend.first_month_on
    years, month = divmod(first.month - 1 + len(trend.hundredths) - 1, 12)
    last = date(first.year + years, month + 1, 1)
    return " – ".join(f"{formats.short_month(day, voice.language)} {day.year}" for day in (first, last))


def _target(voice: Voice, kpi: Kpi) -> str:
    if kpi.target is None:
        return voice._("no target")
    target = voice.quantity(kpi.target, kpi)
    if kpi.direction == "range":
        return voice._("target %(low)s to %(high)s", low=target, high=voice.quantity(kpi.target_to, kpi))
    if kpi.direction == "lower":
        return voice._("target at most %(target)s", target=target)
    return voice._("target %(target)s", target=target)


def _spark(voice: Voice, kpi: Kpi, label: str) -> str:
    measured = [value for value in kpi.trend.hundredths if value is not None] if kpi.trend else []
    if len(measured) < 2:
        return ""
    title = f"{label}: {voice.quantity(measured[0], kpi)} → {voice.quantity(measured[-1], kpi)}"
    return trusted(charts.sparkline(kpi.trend.hundredths, title, width=CHART_WIDTH, height=SPARK_HEIGHT))


def _bullet(kpi: Kpi, title: str) -> str:
    if kpi.actual is None or kpi.target is None:
        return ""
    size = {"width": CHART_WIDTH, "height": BULLET_HEIGHT}
    return trusted(charts.bullet(kpi.actual, kpi.target, title, floor=kpi.floor, status=kpi.rag, **size))
