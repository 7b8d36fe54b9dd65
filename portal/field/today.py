"""What a day begins with: planned visits, those that need a reason, who waits for a visit, what was promised."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from portal.accounts.models import User
from portal.actions.models import Action
from portal.cadence.standing import Standing
from portal.field.overview import open_promises
from portal.partners.models import OwnerAssignment, Partner
from portal.visits.models import Visit

AHEAD = timedelta(days=7)
MOST_WAITING = 10
MOST_ROWS = 20
# Who waits for a visit, the most urgent kind first.
WAITING = ("bad", "warn")


@dataclass(frozen=True)
class Waiting:
    partner: Partner
    standing: Standing


@dataclass(frozen=True)
class Day:
    visits: list  # planned for today and the next seven days
    unanswered: list  # their day has passed, and nobody has said what happened
    waiting: list  # partners that wait for a visit, the longest overdue first
    overdue: int  # how many are overdue in all
    promises: list  # the user's own, due within seven days or late


@dataclass(frozen=True)
class Colleague:
    """One person of a manager's team, as its manager sees the team today."""

    user: User
    partners: int
    overdue: int
    unanswered: int


def day_of(user, partners, standings, today):
    """The day of this user, who reads these partners, which stand so."""
    planned = _planned_by(user, today)
    due = (Action.user == user) & (Action.due_on <= today + AHEAD) & Action.partner.in_(partners.select(Partner.id))
    return Day(
        visits=[visit for visit in planned if visit.planned_on >= today][:MOST_ROWS],
        unanswered=[visit for visit in planned if visit.planned_on < today][:MOST_ROWS],
        waiting=_waiting(standings),
        overdue=sum(1 for standing in standings.values() if standing.kind == "bad"),
        promises=list(open_promises(due).limit(MOST_ROWS)),
    )


def _planned_by(user, today):
    """The user's visits that are still ahead or unanswered, up to a week from now."""
    own = Visit.is_ahead() & (Visit.owner == user) & (Visit.planned_on <= today + AHEAD)
    return list(
        Visit.select(Visit, Partner)
        .join(Partner)
        .where(own & Partner.archived_at.is_null())
        .order_by(Visit.planned_on, Visit.planned_start_at, Visit.id)
    )


def _waiting(standings):
    urgent = [found for found in standings.items() if found[1].kind in WAITING]
    urgent.sort(key=lambda found: (WAITING.index(found[1].kind), found[1].latest_on, found[0]))
    first = dict(urgent[:MOST_WAITING])
    rows = {partner.id: partner for partner in Partner.select().where(Partner.id.in_(list(first)))}
    return [Waiting(rows[partner_id], standing) for partner_id, standing in first.items()]


def team_of(manager, standings, today):
    """The manager's people, by name, with how each portfolio stands."""
    owners = dict(OwnerAssignment.as_of(today, OwnerAssignment.partner, OwnerAssignment.user).tuples())
    partners = Counter(owners.get(partner_id) for partner_id in standings)
    overdue = Counter(owners.get(partner_id) for partner_id, found in standings.items() if found.kind == "bad")
    unanswered = Visit.visible_to(manager, today).where(Visit.needs_reason_on(today))
    answers = Counter(owner_id for (owner_id,) in unanswered.select(Visit.owner).tuples())
    people = User.select().where(User.id.in_(User.team_of(manager)) & User.deactivated_at.is_null()).order_by(User.name)
    return [Colleague(person, partners[person.id], overdue[person.id], answers[person.id]) for person in people]
