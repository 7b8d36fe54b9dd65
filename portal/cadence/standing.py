"""How each partner stands today: covered, due, overdue, never visited, paused; computed, never stored."""

from dataclasses import dataclass
from datetime import date, timedelta

from peewee import JOIN, fn

from portal.cadence.counting import last_counting_day, scheduled
from portal.cadence.models import CoverageException
from portal.cadence.policies import in_force
from portal.db import as_day, plain_rows
from portal.i18n import N_
from portal.partners.models import ClassAssignment, Partner
from portal.visits.models import Visit

# In the order in which a manager wants to read them.
STATUSES = {
    "overdue": N_("Overdue"),
    "never": N_("Never visited"),
    "due": N_("Due"),
    "due_soon": N_("Due soon"),
    "covered": N_("Covered"),
    "paused": N_("Paused"),
    "on_demand": N_("On demand"),
    "unclassified": N_("No class"),
}
KINDS = {"overdue": "bad", "due": "warn", "due_soon": "warn", "covered": "good"}
SOON = timedelta(days=14)


@dataclass(frozen=True)
class Standing:
    """One partner today. `due_on` and `latest_on` are None where no visit is expected; so is `last_on` when never."""

    status: str
    last_on: date | None = None
    due_on: date | None = None
    latest_on: date | None = None
    planned_on: date | None = None
    too_late: bool = False  # the longest interval has passed: overdue, or never visited in time

    @property
    def label(self):
        return STATUSES[self.status]

    @property
    def kind(self):
        """good, warn, bad or none: a partner that was never visited turns red only when it is too late."""
        return "bad" if self.too_late else KINDS.get(self.status, "none")


def standings(partners, today):
    """{partner id: Standing} for a query of partners, in a constant number of queries (spec/4-formulas.md 6.3)."""
    chosen = partners.select(Partner.id)
    policies, paused, planned = in_force(today), _paused(chosen, today), _planned_days(chosen, today)
    return {
        partner_id: _standing(
            class_id, as_day(since_on), policies, partner_id in paused, as_day(last_on), planned.get(partner_id), today
        )
        for partner_id, class_id, since_on, last_on in plain_rows(_classes_and_last_days(chosen, today))
    }


def _standing(class_id, since_on, policies, paused, last_on, planned_on, today):
    policy = policies.get(class_id)
    if paused:
        return Standing("paused", last_on, planned_on=planned_on)
    if class_id is None:
        return Standing("unclassified", last_on, planned_on=planned_on)
    if policy is None or not policy.expects_visits:
        return Standing("on_demand", last_on, planned_on=planned_on)
    # Who was never visited is counted from the day it got its class (spec/0-decisions.md 15).
    counted_from = last_on or since_on
    due_on = counted_from + timedelta(days=policy.ideal_days)
    latest_on = counted_from + timedelta(days=policy.max_days)
    status = "never" if last_on is None else _status(due_on, latest_on, today)
    return Standing(status, last_on, due_on, latest_on, planned_on, latest_on < today)


def _status(due_on, latest_on, today):
    if latest_on < today:
        return "overdue"
    if due_on <= today:
        return "due"
    return "due_soon" if due_on <= today + SOON else "covered"


def _classes_and_last_days(chosen, today):
    """A query of (partner id, class id, since when, last counting day) of every chosen partner."""
    holds = (ClassAssignment.partner == Partner.id) & _holds_on(today)
    last_on = last_counting_day(Partner.id, today + timedelta(days=1))
    columns = Partner.id, ClassAssignment.partner_class, ClassAssignment.from_on, last_on.alias("last_on")
    return chosen.select(*columns).join_from(Partner, ClassAssignment, JOIN.LEFT_OUTER, on=holds)


def _holds_on(day):
    until_on = ClassAssignment.until_on
    return (ClassAssignment.from_on <= day) & (until_on.is_null() | (until_on > day))


def _paused(chosen, today):
    query = CoverageException.on(today, CoverageException.partner)
    return {partner_id for (partner_id,) in query.where(CoverageException.partner.in_(chosen)).tuples()}


def _planned_days(chosen, today):
    days = scheduled(today).where(Visit.partner.in_(chosen))
    first_on = fn.MIN(days.c.planned_on)
    query = Visit.select(days.c.partner_id, first_on).from_(days).group_by(days.c.partner_id)
    return {partner_id: as_day(day) for partner_id, day in plain_rows(query)}
