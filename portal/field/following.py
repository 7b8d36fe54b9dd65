"""What goes with partners to their new owner: visits ahead and our open promises; noted, so that it can be undone."""

from collections import defaultdict

from peewee import chunked

from portal.accounts.models import User
from portal.actions.models import Action
from portal.partners.models import HandoverPartner, OwnerAssignment
from portal.records import AuditEvent
from portal.visits.models import Visit

AT_ONCE = 500
# What follows, and the column that says whose it is.
FOLLOWING = {"visits": (Visit, "owner"), "actions": (Action, "user")}
PROMISED = (Action.state == "open") & (Action.side == "vendor")


def follow(stamp, handover, today):
    """Gives the new owner what the earlier owners have ahead from the handover's first day on, or owe by then.

    Of those who left, what is still theirs goes along as well. Without a new owner nothing moves."""
    if handover.user_id is None:
        return
    day = handover.from_on
    rows = list(HandoverPartner.select().where(HandoverPartner.handover == handover))
    earlier = {row.partner_id: {owner[0] for owner in row.before} for row in rows}
    left = {user_id for (user_id,) in User.select(User.id).where(User.deactivated_at.is_null(False)).tuples()}
    conditions = {
        "visits": Visit.is_ahead() & (Visit.planned_on >= max(day, today)),
        "actions": PROMISED & (Action.due_on.is_null() | (Action.due_on >= day) | (Action.due_on < today)),
    }
    moved = {}
    for name, condition in conditions.items():
        table, column = FOLLOWING[name]
        theirs = table.select(table.id, table.partner, getattr(table, column)).where(condition)
        of_partners = theirs.where(table.partner.in_(_partners_of(handover))).tuples()
        moved[name] = {
            row_id: had for row_id, partner_id, had in of_partners if had in earlier[partner_id] or had in left
        }
        _give(stamp, name, dict.fromkeys(moved[name], handover.user_id))
    if any(moved.values()):
        handover.change(stamp, action="Handover.followed", followed=_noted(moved))


def come_back(stamp, handover, left):
    """Gives back what had followed and nobody else has taken since, but for the partners that were left as they are."""
    stays = {partner.id for partner in left}
    for name, noted in handover.followed.items():
        table, column = FOLLOWING[name]
        had = dict(noted)
        still = getattr(table, column) == handover.user_id
        still &= table.is_ahead() if table is Visit else PROMISED
        rows = []
        for some in chunked(had, AT_ONCE):
            rows.extend(table.select(table.id, table.partner).where(table.id.in_(list(some)) & still).tuples())
        _give(stamp, name, {row_id: had[row_id] for row_id, partner_id in rows if partner_id not in stays})


def hand_on(stamp, user, today, successor=None):
    """What somebody who leaves has planned or promised goes to who looks after the partner, else to the successor.

    Without either it stays, and follows the partner when it is assigned. Returns how many went."""
    moved = {}
    for name, (table, _column) in FOLLOWING.items():
        pairs = dict(waiting(user)[name].select(table.id, table.partner).tuples())
        owners = _owners(set(pairs.values()), today)
        given = {row_id: owners.get(partner_id) or (successor and successor.id) for row_id, partner_id in pairs.items()}
        moved[name] = {row_id: receiver for row_id, receiver in given.items() if receiver and receiver != user.id}
        _give(stamp, name, moved[name])
    if any(moved.values()):
        AuditEvent.write(stamp, "User.handed_on", user, _noted(moved))
    return sum(len(rows) for rows in moved.values())


def waiting(user):
    """{kind: query} of what somebody has planned, also what nobody has answered, and promised."""
    return {
        "visits": Visit.select().where(Visit.is_ahead() & (Visit.owner == user)),
        "actions": Action.select().where(PROMISED & (Action.user == user)),
    }


def _partners_of(handover):
    return HandoverPartner.select(HandoverPartner.partner).where(HandoverPartner.handover == handover)


def _owners(partner_ids, today):
    found = {}
    for some in chunked(partner_ids, AT_ONCE):
        held = OwnerAssignment.as_of(today, OwnerAssignment.partner, OwnerAssignment.user)
        found |= dict(held.where(OwnerAssignment.partner.in_(list(some))).tuples())
    return found


def _give(stamp, name, receivers):
    """`receivers`: {row id: whose it is from now on}. A phone that edits such a row learns that it was changed."""
    table, column = FOLLOWING[name]
    ids_of = defaultdict(list)
    for row_id, user_id in receivers.items():
        ids_of[user_id].append(row_id)
    for user_id, ids in ids_of.items():
        given = {column: user_id, "version": table.version + 1, "updated_at": stamp.at, "updated_by": stamp.user_id}
        for some in chunked(ids, AT_ONCE):
            table.update(**given).where(table.id.in_(list(some))).execute()


def _noted(moved):
    """As JSON keeps it: [[row id, user id]] of each kind."""
    return {name: sorted(rows.items()) for name, rows in moved.items()}
