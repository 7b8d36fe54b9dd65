"""What a day begins with: planned visits, those that need a reason, who waits for a visit, what was promised."""

from dataclasses import dataclass
from datetime import timedelta

from portal.accounts.models import User
from portal.actions.models import Action
from portal.cadence.standing import standings
from portal.field.listing import Line
from portal.field.overview import open_promises
from portal.partners.directory import holdings
from portal.partners.models import Partner
from portal.visits.models import Visit

AHEAD = timedelta(days=7)
MOST_NEGLECTED = 10
MOST_ROWS = 20
# Who is waiting for a visit, the most urgent first.
WAITING = {"bad": 0, "warn": 1}


@dataclass(frozen=True)
class Day:
    visits: list  # planned for today and the next seven days
    unanswered: list  # their day has passed, and nobody has said what happened
    neglected: list  # lines of partners, the longest overdue first
    overdue: int  # how many are overdue in all
    promises: list  # the user's own, due by the end of the week or late


@dataclass(frozen=True)
class Colleague:
    """One person of a manager's team, as its manager sees the team today."""

    user: User
    partners: int
    overdue: int
    unanswered: int


def day_of(user, partners, today):
    """The day of this user, who reads these partners."""
    own = Visit.visible_to(user, today).where((Visit.owner == user) & Visit.is_ahead())
    planned = _with_partner(own)
    neglected, overdue = _neglected(partners, today)
    due = (Action.user == user) & (Action.due_on <= today + AHEAD) & Action.partner.in_(partners.select(Partner.id))
    return Day(
        visits=list(planned.where(Visit.planned_on.between(today, today + AHEAD)).limit(MOST_ROWS)),
        unanswered=list(planned.where(Visit.needs_reason_on(today)).limit(MOST_ROWS)),
        neglected=neglected,
        overdue=overdue,
        promises=list(open_promises(due).limit(MOST_ROWS)),
    )


def _with_partner(visits):
    return (
        Visit.select(Visit, Partner)
        .join(Partner)
        .where(Visit.id.in_(visits.select(Visit.id)))
        .order_by(Visit.planned_on, Visit.planned_start_at, Visit.id)
    )


def _neglected(partners, today):
    """(lines of those who wait for a visit, the most urgent first; how many are overdue in all)."""
    stand = standings(partners, today)
    waiting = [partner_id for partner_id, standing in stand.items() if standing.kind in WAITING]
    waiting.sort(key=lambda partner_id: (WAITING[stand[partner_id].kind], stand[partner_id].latest_on, partner_id))
    first = waiting[:MOST_NEGLECTED]
    rows = {partner.id: partner for partner in Partner.select().where(Partner.id.in_(first))}
    held = holdings(first, today)
    overdue = sum(1 for standing in stand.values() if standing.kind == "bad")
    return [Line(rows[found], held[found], stand[found]) for found in first], overdue


def team_of(manager, partners, today):
    """The manager's people, by name, with how each portfolio stands."""
    stand = standings(partners, today)
    owners = {holding.partner_id: holding.owner_id for holding in holdings(partners.select(Partner.id), today).values()}
    late = {partner_id for partner_id, standing in stand.items() if standing.kind == "bad"}
    unanswered = Visit.visible_to(manager, today).where(Visit.needs_reason_on(today))
    waiting = [owner_id for (owner_id,) in unanswered.select(Visit.owner).tuples()]
    people = User.select().where(User.id.in_(User.team_of(manager)) & User.deactivated_at.is_null()).order_by(User.name)
    return [
        Colleague(
            user=person,
            partners=sum(1 for owner_id in owners.values() if owner_id == person.id),
            overdue=sum(1 for partner_id, owner_id in owners.items() if owner_id == person.id and partner_id in late),
            unanswered=waiting.count(person.id),
        )
        for person in people
    ]
