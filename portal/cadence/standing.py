"""How each partner stands today: covered, due, overdue, never visited, paused; computed, never stored."""

from dataclasses import dataclass
from datetime import date, timedelta

from peewee import fn

from portal.cadence.counting import as_day, counting, scheduled
from portal.cadence.models import CoverageException
from portal.cadence.policies import in_force
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
    classes, policies = _classes(chosen, today), in_force(today)
    paused, last, planned = _paused(chosen, today), _last_days(chosen, today), _planned_days(chosen, today)
    return {
        partner_id: _standing(
            *classes[partner_id], policies, partner_id in paused, last.get(partner_id), planned.get(partner_id), today
        )
        for partner_id in classes
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


def _classes(chosen, today):
    """{partner id: (class id or None, since when)} of every chosen partner."""
    held = ClassAssignment.as_of(today, ClassAssignment.partner, ClassAssignment.partner_class, ClassAssignment.from_on)
    held = held.where(ClassAssignment.partner.in_(chosen))
    found = {partner_id: (class_id, since_on) for partner_id, class_id, since_on in held.tuples()}
    return {partner_id: found.get(partner_id, (None, None)) for (partner_id,) in chosen.tuples()}


def _paused(chosen, today):
    query = CoverageException.on(today, CoverageException.partner)
    return {partner_id for (partner_id,) in query.where(CoverageException.partner.in_(chosen)).tuples()}


def _last_days(chosen, today):
    days = counting(until_on=today + timedelta(days=1)).where(Visit.partner.in_(chosen))
    return _per_partner(days, fn.MAX(days.c.held_on))


def _planned_days(chosen, today):
    days = scheduled(today).where(Visit.partner.in_(chosen))
    return _per_partner(days, fn.MIN(days.c.planned_on))


def _per_partner(days, figure):
    partner_id = days.c.partner_id
    query = Visit.select(partner_id, figure.alias("day")).from_(days).group_by(partner_id)
    return {partner: as_day(day) for partner, day in query.tuples()}
