"""Many partners go to one owner at once, as one event that can be undone."""

from peewee import chunked

from portal.accounts.models import User
from portal.accounts.permissions import MANAGER
from portal.partners.models import Handover, HandoverPartner, OwnerAssignment, Partner
from portal.records import AuditEvent

AT_ONCE = 500


def possible_owners(user):
    """Whom this user may give partners to: an administrator anybody who looks after partners, a manager the team."""
    owners = User.who_own_partners()
    return owners.where(User.id.in_(User.team_of(user))) if user.role == MANAGER else owners


def hand_over(stamp, partners, user, from_on, reason=""):
    """Gives the partners (a query) to the user from that day on, and notes whose they were. None: to nobody.

    Owners that were to come later are dropped. A fixed number of statements for every 500 partners."""
    handover = Handover.add(stamp, user=user, from_on=from_on, reason=reason)
    before = _owners_from(OwnerAssignment.partner.in_(partners.select(Partner.id)), from_on)
    ids = [partner_id for (partner_id,) in partners.select(Partner.id).tuples()]
    for some in chunked(ids, AT_ONCE):
        _replace(stamp, handover, list(some), before)
    _audit(stamp, "Handover.done", handover, ids)
    return handover


def _replace(stamp, handover, ids, before):
    noted = [{"handover": handover, "partner": found, "before": before.get(found, [])} for found in ids]
    HandoverPartner.insert_many(noted).execute()
    these, day = OwnerAssignment.partner.in_(ids), handover.from_on
    OwnerAssignment.delete().where(these & (OwnerAssignment.from_on >= day)).execute()
    holds = these & (OwnerAssignment.until_on.is_null() | (OwnerAssignment.until_on > day))
    OwnerAssignment.update(until_on=day, updated_at=stamp.at, updated_by=stamp.user_id).where(holds).execute()
    if handover.user_id is not None:
        _insert(stamp, [(found, [handover.user_id, day.isoformat(), None, handover.reason]) for found in ids])


def undo(stamp, handover):
    """Gives back what nobody assigned anew since; returns the partners that were, which stay as they are."""
    wanted = list(HandoverPartner.select().where(HandoverPartner.handover == handover))
    now = _owners_from(OwnerAssignment.partner.in_([row.partner_id for row in wanted]), handover.from_on)
    ours = [[handover.user_id, handover.from_on.isoformat(), None, handover.reason]] if handover.user_id else []
    untouched = [row for row in wanted if now.get(row.partner_id, []) == ours]
    for some in chunked(untouched, AT_ONCE):
        _give_back(stamp, handover, list(some))
    handover.change(stamp, undone_at=stamp.at, action="Handover.undo")
    _audit(stamp, "Handover.undone", handover, [row.partner_id for row in untouched])
    left = {row.partner_id for row in wanted} - {row.partner_id for row in untouched}
    return list(Partner.select().where(Partner.id.in_(left)).order_by(Partner.sort_name)) if left else []


def _give_back(stamp, handover, rows):
    replaced = OwnerAssignment.partner.in_([row.partner_id for row in rows])
    overlaps = OwnerAssignment.until_on.is_null() | (OwnerAssignment.until_on >= handover.from_on)
    OwnerAssignment.delete().where(replaced & overlaps).execute()
    _insert(stamp, [(row.partner_id, owner) for row in rows for owner in row.before])


def _owners_from(which, day):
    """{partner id: [[user id, first day, end or None, reason]]} of the owners who hold on that day or later."""
    found = {}
    later = OwnerAssignment.until_on.is_null() | (OwnerAssignment.until_on > day)
    for row in OwnerAssignment.select().where(which & later).order_by(OwnerAssignment.from_on):
        until = row.until_on.isoformat() if row.until_on else None
        found.setdefault(row.partner_id, []).append([row.user_id, row.from_on.isoformat(), until, row.reason])
    return found


def _insert(stamp, owners):
    rows = [
        {
            "partner": partner_id,
            "user": user_id,
            "from_on": from_on,
            "until_on": until_on,
            "reason": reason,
            "created_at": stamp.at,
            "created_by": stamp.user_id,
            "updated_at": stamp.at,
            "updated_by": stamp.user_id,
        }
        for partner_id, (user_id, from_on, until_on, reason) in owners
    ]
    if rows:
        OwnerAssignment.insert_many(rows).execute()


def _audit(stamp, action, handover, ids):
    AuditEvent.write(stamp, action, handover, {"partners": ids, "to": handover.user_id})
