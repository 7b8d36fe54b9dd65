"""One report of coverage: the figures of a range, how partners stand today, and the names behind every number."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from portal.accounts.models import Region, User
from portal.cadence.standing import STATUSES, standings
from portal.coverage.attainment import Attainment
from portal.coverage.figures import Coverage, coverage
from portal.coverage.quality import quality
from portal.fiscal import add_months, months
from portal.i18n import N_
from portal.partners.models import Partner, PartnerClass

# What a group may be: the column of PartnerFigures, and what a group without a value is called.
GROUPS = {
    "class": ("class_id", N_("Class"), N_("No class")),
    "region": ("region_id", N_("Region"), N_("No region")),
    "person": ("owner_id", N_("Partner account manager"), N_("Nobody")),
}
# The names behind a number: its word in the address, its label, which partners of the denominator it means.
BEHIND = {
    "all": (N_("Partners in coverage"), lambda one: True),
    "reached": (N_("Seen"), lambda one: one.actual > 0),
    "unreached": (N_("Not seen"), lambda one: one.actual == 0),
    "over": (N_("Visited more than planned"), lambda one: one.over > 0),
    "remaining": (N_("Visits remaining"), lambda one: one.remaining > 0),
    "to_schedule": (N_("Visits to schedule"), lambda one: one.to_schedule > 0),
    "scheduled": (N_("Visits scheduled"), lambda one: one.scheduled > 0),
}
# How those stand who expect visits, the most urgent first; and how kinds are ordered, the worst first.
AWAITED = ("overdue", "never", "due", "due_soon", "covered")
WORST_FIRST = ("bad", "warn", "none", "good")
# Who stood outside the denominator on the first day of the range; how partners stand today has words of its own.
BESIDE = {
    "beside_on_demand": ("on_demand", N_("On demand")),
    "beside_unclassified": ("unclassified", N_("No class")),
    "beside_paused": ("paused", N_("Paused")),
}


@dataclass(frozen=True)
class Group:
    """One row of a table: its value (None: without), its name, its figures, and how its partners stand today."""

    value: int | None
    name: str
    figures: Attainment
    overdue: int
    never: int
    kinds: dict


class Report:
    """Reads everything once, for one query of partners; then only counts."""

    def __init__(self, partners, from_on, until_on, today):
        self.partners, self.today = partners, today
        self.from_on, self.until_on = from_on, until_on

    @cached_property
    def coverage(self) -> Coverage:
        return coverage(self.partners, self.from_on, self.until_on, self.today)

    @cached_property
    def standings(self):
        return standings(self.partners.where(Partner.archived_at.is_null()), self.today)

    @cached_property
    def quality(self):
        return quality(self.partners, self.from_on, self.until_on, self.today)

    @cached_property
    def statuses(self):
        """{status: how many partners stand so today}, in the order of STATUSES."""
        counted = Counter(standing.status for standing in self.standings.values())
        return {status: counted[status] for status in STATUSES}

    def standing_today(self):
        """[(status, its kind, how many partners)] of those who expect visits; the kind is the worst among them."""
        kinds = {status: set() for status in AWAITED}
        for standing in self.standings.values():
            kinds.get(standing.status, set()).add(standing.kind)
        return [
            (status, min(kinds[status], key=WORST_FIRST.index), self.statuses[status])
            for status in AWAITED
            if self.statuses[status]
        ]

    def not_awaited(self):
        """[(status, how many partners)] of those of whom no visit is expected today."""
        return [(status, number) for status, number in self.statuses.items() if number and status not in AWAITED]

    @property
    def last_on(self):
        """The last day of the range, as people say it."""
        return self.until_on - timedelta(days=1)

    @property
    def too_late(self):
        """Partners whose longest interval has passed, whether they were ever visited or not."""
        return sum(standing.too_late for standing in self.standings.values())

    def beside(self):
        """[(word, label, number of partners)] outside the denominator."""
        return [(word, label, len(getattr(self.coverage, column))) for word, (column, label) in BESIDE.items()]

    def groups(self, by):
        """The rows of the table by class, region or person, by name."""
        column, _label, without = GROUPS[by]
        names = _names(by)
        rows = [
            Group(
                value,
                names.get(value, without),
                figures,
                sum(self._stands(one).too_late for one in figures.partners),
                sum(self._stands(one).status == "never" for one in figures.partners),
                Counter(self._stands(one).kind for one in figures.partners),
            )
            for value, figures in self.coverage.by(column).items()
        ]
        return sorted(rows, key=lambda row: (row.value is None, row.name.casefold()))

    def _stands(self, one):
        return self.standings.get(one.partner_id, GONE)

    def reach_by_month(self):
        """[(first day of a month, share of partners seen from the start of the range to its end)]; None ahead."""
        first_days = [one.first_on for one in self.coverage.partners if one.first_on]
        return [
            (month_on, self._reached_before(add_months(month_on, 1), first_days) if month_on <= self.today else None)
            for month_on in months(self.from_on, self.until_on)
        ]

    def _reached_before(self, day, first_days):
        return sum(first_on < day for first_on in first_days) / self.coverage.size if self.coverage.size else None

    def behind(self, word, by="", value=None):
        """Ids of the partners behind a number, of one group if `by` says which."""
        if word in BESIDE:
            return set(getattr(self.coverage, BESIDE[word][0]))
        members = [one for one in self.coverage.partners if not by or getattr(one, GROUPS[by][0]) == value]
        if word in BEHIND:
            return {one.partner_id for one in members if BEHIND[word][1](one)}
        stand = {one.partner_id: self._stands(one) for one in members} if by else self.standings
        return {partner_id for partner_id, standing in stand.items() if _is(standing, word)}


@dataclass(frozen=True)
class Gone:
    """Stands for a partner that was archived since: it is not waiting for a visit."""

    status: str = "gone"
    kind: str = "none"
    too_late: bool = False


GONE = Gone()


def _is(standing, word):
    return standing.too_late if word == "too_late" else standing.status == word


def _names(by):
    if by == "class":
        return {one.id: one.code for one in PartnerClass.select()}
    table = Region if by == "region" else User
    return dict(table.select(table.id, table.name).tuples())
