"""The vocabulary of coverage over a set of partners, as plain numbers without a database (spec/4-formulas.md 6.3)."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property


@dataclass(frozen=True)
class PartnerFigures:
    """One partner of the denominator: visits planned, held and counting, and scheduled ahead in the range."""

    partner_id: int
    planned: int
    actual: int
    scheduled: int
    class_id: int | None = None
    region_id: int | None = None
    owner_id: int | None = None
    first_on: date | None = None

    @property
    def remaining(self):
        return max(self.planned - self.actual, 0)

    @property
    def to_schedule(self):
        return max(self.planned - self.scheduled - self.actual, 0)

    @property
    def over(self):
        return max(self.actual - self.planned, 0)


@dataclass(frozen=True)
class Attainment:
    """The terms over some partners. Shares are of one; None where there is nothing to divide by."""

    partners: tuple[PartnerFigures, ...]

    @property
    def size(self):
        return len(self.partners)

    @cached_property
    def reached(self):
        return sum(one.actual > 0 for one in self.partners)

    @cached_property
    def visits(self):
        return sum(one.actual for one in self.partners)

    @cached_property
    def planned(self):
        return sum(one.planned for one in self.partners)

    @cached_property
    def scheduled(self):
        return sum(one.scheduled for one in self.partners)

    @property
    def reach(self):
        return _share(self.reached, self.size)

    @property
    def frequency(self):
        """Visits to each partner that was reached, on average."""
        return _share(self.visits, self.reached)

    @property
    def activity(self):
        """All visits against the plan: too many at one partner hide the missing ones at another."""
        return _share(self.visits, self.planned)

    @property
    def capped(self):
        """Visits up to each partner's own plan: nobody's surplus fills somebody else's gap."""
        return _share(sum(min(one.actual, one.planned) for one in self.partners), self.planned)

    @property
    def over_service(self):
        return sum(one.over for one in self.partners)

    @property
    def remaining(self):
        return sum(one.remaining for one in self.partners)

    @property
    def to_schedule(self):
        return sum(one.to_schedule for one in self.partners)

    @property
    def projected(self):
        """Capped attainment, if every scheduled visit is held."""
        return _share(sum(min(one.actual + one.scheduled, one.planned) for one in self.partners), self.planned)

    @property
    def projected_reach(self):
        return _share(sum(one.actual + one.scheduled > 0 for one in self.partners), self.size)

    def by(self, column):
        """{value of the column: Attainment of those partners}."""
        groups = {}
        for one in self.partners:
            groups.setdefault(getattr(one, column), []).append(one)
        return {value: Attainment(tuple(members)) for value, members in groups.items()}


def planned_visits(visits_per_year, from_month, until_month):
    """Visits planned in whole months counted from the start of the fiscal year, rounded half up at both ends.

    The parts of a year sum to the year (spec/0-decisions.md 13)."""
    return _rounded_twelfths(visits_per_year * until_month) - _rounded_twelfths(visits_per_year * from_month)


def _rounded_twelfths(twelfths):
    return (twelfths + 6) // 12


def _share(part, whole):
    return part / whole if whole else None
