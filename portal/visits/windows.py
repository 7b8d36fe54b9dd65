"""Who may still change what about a visit: free for 48 hours, amended until day 14, then the manager only."""

from datetime import timedelta

from portal.accounts.permissions import ALL, TEAM
from portal.i18n import N_, Message
from portal.partners.models import Partner

FREE = timedelta(hours=48)
AMENDABLE = timedelta(days=14)


def refusals(visit, user, now, on):
    """Yields the reasons why this user may not change this held visit now (spec/0-decisions.md 10)."""
    if visit.state != "held":
        yield Message(N_("Only a visit that was held can be changed here."))
    elif _leads(visit, user, on):
        return
    elif visit.owner_id != user.id:
        yield Message(N_("Only %(name)s, who held the visit, or a manager may change it."), {"name": visit.owner.name})
    elif not _reaches(visit, user, "visit.create", on):
        yield Message(N_("Somebody else looks after this partner by now. Ask the manager to change the visit."))
    elif now - visit.logged_at > AMENDABLE:
        yield Message(N_("It was logged more than 14 days ago. Ask your manager to change it."))


def is_amendment(visit, user, now):
    """Is a change more than the author's own correction of what was just logged?"""
    return visit.owner_id != user.id or now - visit.logged_at > FREE


def may_answer(visit, user, on):
    """May this user hold, move, confirm or give up a visit ahead: everybody who logs visits of that partner."""
    return visit.ahead and _reaches(visit, user, "visit.create", on)


def _leads(visit, user, on):
    return user.relation("visit.edit") in (TEAM, ALL) and _reaches(visit, user, "visit.edit", on)


def _reaches(visit, user, action, on):
    return Partner.allowed(user, action, on).where(Partner.id == visit.partner_id).exists()
