"""Coverage of any range of whole months: who is in the denominator, what was planned, held and scheduled.

The denominator, classes, regions and owners are those of the range's first day (spec/0-decisions.md 2, 13, 14)."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from peewee import JOIN, fn

from portal.accounts.models import Workspace
from portal.cadence.counting import counting, scheduled
from portal.cadence.models import CoverageException
from portal.cadence.policies import in_force
from portal.coverage.attainment import Attainment, PartnerFigures, planned_visits
from portal.db import as_day, plain_rows
from portal.fiscal import fiscal_year_start, months_between
from portal.partners.models import ClassAssignment, OwnerAssignment, Partner, RegionAssignment, StatusAssignment
from portal.visits.models import Visit


@dataclass(frozen=True)
class Coverage(Attainment):
    """Attainment of the denominator, with the partners that stand beside it: ids, in no order."""

    from_on: object = None
    until_on: object = None
    on_demand: tuple[int, ...] = ()
    unclassified: tuple[int, ...] = ()
    paused: tuple[int, ...] = ()


def coverage(partners, from_on, until_on, today):
    """The Coverage of a query of partners in [from_on, until_on), two first days of months."""
    chosen = _active_in(partners, from_on, until_on).select(Partner.id)
    classes = _classes(chosen, from_on)
    paused = {one for (one,) in CoverageException.on(from_on, CoverageException.partner).tuples()} & classes.keys()
    plans = _plans(from_on, until_on)
    expected = {one: plans[held] for one, held in classes.items() if held in plans and one not in paused}
    awaited = {one for one, held in classes.items() if held is not None and held not in plans}
    return Coverage(
        tuple(_partner_figures(chosen, expected, classes, from_on, until_on, today)),
        from_on,
        until_on,
        on_demand=tuple(awaited - paused),
        unclassified=tuple({one for one, held in classes.items() if held is None} - paused),
        paused=tuple(paused),
    )


def promised_and_held(partners, from_on, until_on, today):
    """{partner id: (visits promised, visits held)}: the same numbers that leadership sees, also outside the range's
    denominator, where 0 is promised. What is promised is what was planned for the class on the first day."""
    chosen = partners.select(Partner.id)
    plans, held = _plans(from_on, until_on), _held(chosen, from_on, until_on, today)
    paused = {one for (one,) in CoverageException.on(from_on, CoverageException.partner).tuples()}
    return {
        one: (0 if one in paused else plans.get(class_id, 0), held.get(one, (0, None))[0])
        for one, class_id in _classes(chosen, from_on).items()
    }


def _partner_figures(chosen, expected, classes, from_on, until_on, today):
    held, ahead = _held(chosen, from_on, until_on, today), _ahead(chosen, from_on, until_on, today)
    regions, owners = _assigned(RegionAssignment, "region", from_on), _assigned(OwnerAssignment, "user", from_on)
    for one, planned in expected.items():
        actual, first_on = held.get(one, (0, None))
        yield PartnerFigures(
            one, planned, actual, ahead.get(one, 0), classes[one], regions.get(one), owners.get(one), first_on
        )


def _active_in(partners, from_on, until_on):
    """Those that were nothing but active in the whole range; who has no status at all is active."""
    inactive = StatusAssignment.select(StatusAssignment.partner).where(
        (StatusAssignment.status != "active")
        & (StatusAssignment.from_on < until_on)
        & (StatusAssignment.until_on.is_null() | (StatusAssignment.until_on > from_on))
    )
    end_at = datetime.combine(until_on, time(), UTC)
    return partners.where(
        Partner.id.not_in(inactive)
        & (Partner.archived_at.is_null() | (Partner.archived_at >= end_at))
        & Partner.merged_into.is_null()
    )


def _classes(chosen, day):
    """{partner id: its class's id on that day, or None}."""
    holds = (
        (ClassAssignment.partner == Partner.id)
        & (ClassAssignment.from_on <= day)
        & (ClassAssignment.until_on.is_null() | (ClassAssignment.until_on > day))
    )
    query = chosen.select(Partner.id, ClassAssignment.partner_class).join(ClassAssignment, JOIN.LEFT_OUTER, on=holds)
    return dict(plain_rows(query))


def _plans(from_on, until_on):
    """{class id: visits planned in the range}, for the classes that have a target of visits."""
    if from_on.day != 1 or until_on.day != 1 or until_on <= from_on:
        raise ValueError(f"coverage needs whole months, not {from_on} to {until_on}")
    year_start = fiscal_year_start(from_on, Workspace.get_only().fiscal_year_first_month)
    first, last = months_between(year_start, from_on), months_between(year_start, until_on)
    return {
        class_id: planned_visits(policy.visits_per_year, first, last)
        for class_id, policy in in_force(from_on).items()
        if policy.expects_visits
    }


def _held(chosen, from_on, until_on, today):
    """{partner id: (counting visits, day of the first)} in the range, up to today."""
    days = counting(from_on, min(until_on, today + timedelta(days=1))).where(Visit.partner.in_(chosen))
    columns = days.c.partner_id, fn.COUNT(days.c.held_on), fn.MIN(days.c.held_on)
    query = Visit.select(*columns).from_(days).group_by(days.c.partner_id)
    return {one: (number, as_day(first_on)) for one, number, first_on in plain_rows(query)}


def _ahead(chosen, from_on, until_on, today):
    days = scheduled(today, from_on, until_on).where(Visit.partner.in_(chosen))
    query = Visit.select(days.c.partner_id, fn.COUNT(days.c.planned_on)).from_(days).group_by(days.c.partner_id)
    return dict(plain_rows(query))


def _assigned(assignment, column, day):
    return dict(plain_rows(assignment.as_of(day, assignment.partner, getattr(assignment, column))))
