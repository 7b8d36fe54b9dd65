"""Both sides' scorecards of many partners at once, in a constant number of queries."""

from dataclasses import dataclass
from datetime import date

from portal.kpis.library import GROWTH, REVENUE
from portal.kpis.models import Kpi
from portal.scorecards.actuals import Reached, ever_measured, growth, monthly, reached
from portal.scorecards.aims import Aimed, Targets
from portal.scorecards.measured import MEASURES, Record, records
from portal.scorecards.period import Period, scored_period
from portal.scorecards.scoring import NONE, Result, result, share, status


@dataclass(frozen=True)
class Line:
    """One KPI of one partner. `points` are the share reached, 0 to the cap; None when there is nothing to score."""

    kpi: Kpi
    period: Period
    actual: int | None
    as_of_on: date | None
    trend: tuple
    aimed: Aimed | None
    points: float | None
    rag: str
    ever_measured: bool

    @property
    def trend_from_on(self):
        return self.period.trend_from_on

    @property
    def measured_until_on(self):
        """The day that the actual covers, else the last closed one: what was due is counted up to it."""
        return self.as_of_on or self.period.as_of_on

    @property
    def target(self):
        """What was due up to the day of the actual, in whole hundredths."""
        return None if self.aimed is None else round(self.aimed.aim.target)

    @property
    def target_high(self):
        return None if self.aimed is None or self.kpi.direction != "range" else round(self.aimed.aim.high or 0)

    @property
    def floor(self):
        return None if self.aimed is None else round(self.aimed.aim.floor)

    @property
    def weight(self):
        return self.aimed.aim.weight if self.aimed else 0

    @property
    def is_empty(self):
        """Never measured and nothing aimed at: a row of the library that is not used for this partner."""
        return self.actual is None and self.aimed is None and not self.ever_measured


@dataclass(frozen=True)
class Side:
    """One side's lines in the order of the library, with their result."""

    lines: tuple[Line, ...]
    result: Result

    @property
    def published(self):
        return tuple(line for line in self.lines if line.kpi.published)


@dataclass(frozen=True)
class Scorecard:
    """How the partner did (`yours`) and how we did (`ours`), never averaged into one number (5-delighters 7.5)."""

    period: Period
    yours: Side
    ours: Side
    record: Record

    @property
    def as_of_on(self):
        """The last day that any figure covers."""
        days = [line.as_of_on for side in (self.yours, self.ours) for line in side.lines if line.as_of_on]
        return max(days, default=self.period.as_of_on)


def scorecards(partners, today, first_month):
    """{partner id: Scorecard} of a query of partners for the fiscal year to date."""
    period = scored_period(today, first_month)
    kpis = living_kpis(period)
    figures, known, targets = monthly(partners, period), ever_measured(partners), Targets(partners, period)
    return {
        partner_id: _Card(partner_id, kpis, figures, known, targets, record, period).scorecard()
        for partner_id, record in records(partners, period, today).items()
    }


def living_kpis(period):
    """The KPIs that are not retired, in the order of the library."""
    living = Kpi.retired_at.is_null() | (Kpi.retired_at > period.as_of_on)
    return list(Kpi.select().where(living).order_by(Kpi.position, Kpi.id))


class _Card:
    """One partner's scorecard in the making."""

    def __init__(self, partner_id, kpis, figures, known, targets, record, period):
        self.partner_id, self.kpis, self.figures, self.known = partner_id, kpis, figures, known
        self.targets, self.record, self.period = targets, record, period

    def scorecard(self):
        lines = [line for line in map(self._line, self.kpis) if not line.is_empty]
        return Scorecard(self.period, _side("partner", lines), _side("vendor", lines), self.record)

    def _line(self, kpi):
        found = self._measured(kpi) if kpi.kind == "measured" else reached(kpi, self._months(kpi), self.period)
        aimed = self.targets.aimed(kpi, self.partner_id, found.as_of_on or self.period.as_of_on)
        aim = aimed and aimed.aim
        return Line(
            kpi,
            self.period,
            found.value,
            found.as_of_on,
            found.trend,
            aimed,
            share(found.value, aim) if aim else None,
            status(found.value, aim) if aim else NONE,
            (self.partner_id, kpi.id) in self.known,
        )

    def _measured(self, kpi):
        if kpi.code == GROWTH:
            return self._growth()
        measure = MEASURES.get(kpi.code)
        value = measure(self.record) if measure else None
        return Reached(value, self.period.as_of_on if value is not None else None)

    def _growth(self):
        revenue = next((kpi for kpi in self.kpis if kpi.code == REVENUE), None)
        if revenue is None:
            return Reached(None, None)
        months = self._months(revenue)
        now = reached(revenue, months, self.period)
        value = growth(now.value, months, self.period)
        return Reached(value, now.as_of_on if value is not None else None)

    def _months(self, kpi):
        return self.figures.get((self.partner_id, kpi.id), ())


def _side(side, lines):
    chosen = tuple(line for line in lines if line.kpi.side in (side, "joint"))
    return Side(chosen, result([(line.points, line.weight) for line in chosen]))
