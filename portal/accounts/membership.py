"""Who belongs to the company's users, in which role; and what must not happen to the last administrator (AZ-9)."""

from portal.accounts import links, outbox, signing_in
from portal.accounts.models import SignInSession, Team, User, UserRegion
from portal.accounts.permissions import ADMIN
from portal.db import is_sqlite
from portal.i18n import N_, Message
from portal.records import AuditEvent


class Refused(Exception):
    """It must not be done. `reasons` are messages."""

    def __init__(self, reasons):
        super().__init__("; ".join(map(str, reasons)))
        self.reasons = reasons


def obstacles_to_role(user, role, by):
    """Why `by` may not give the user this role: messages, none if it may."""
    if role == user.role:
        return
    if user.id == by.id:
        yield Message(N_("Nobody changes the own role. Ask another administrator."))
    elif _is_last_admin(user):
        yield Message(N_("%(name)s is the last administrator. Make somebody else administrator first."), _named(user))


def obstacles_to_leaving(user, by):
    """Why `by` may not deactivate the user: messages, none if it may."""
    if user.id == by.id:
        yield Message(N_("Nobody deactivates the own account. Ask another administrator."))
    elif _is_last_admin(user):
        yield Message(N_("%(name)s is the last administrator. Make somebody else administrator first."), _named(user))


def change(stamp, user, by, regions, *, version=None, **fields):
    """Stores what an administrator changed. Another role or address signs the user out everywhere."""
    reasons = list(obstacles_to_role(user, fields.get("role", user.role), by))
    if reasons:
        raise Refused(reasons)
    before = (user.role, user.email)
    user.change(stamp, version=version, **fields)
    set_regions(stamp, user, regions)
    if (user.role, user.email) != before:
        signing_in.end_everywhere(stamp, user)
    return user


def set_regions(stamp, user, regions):
    wanted = {region.id for region in regions}
    held = {link.region_id for link in UserRegion.select().where(UserRegion.user == user)}
    if wanted == held:
        return
    UserRegion.delete().where((UserRegion.user == user) & UserRegion.region.in_(held - wanted)).execute()
    for region_id in sorted(wanted - held):
        UserRegion.create(user=user, region=region_id)
    AuditEvent.write(stamp, "User.regions", user, {"before": sorted(held), "after": sorted(wanted)})


def deactivate(stamp, user, by):
    """Signs the user out for good, closes open links and frees the teams; nothing that the user did is lost.

    Who takes over the partners is decided where partners are known."""
    reasons = list(obstacles_to_leaving(user, by))
    if reasons:
        raise Refused(reasons)
    user.change(stamp, action="User.deactivate", deactivated_at=stamp.at)
    SignInSession.end_all(user)
    for purpose in ("invitation", "reset", "new_address"):
        outbox.withdraw(purpose, "user", user.id)
        links.withdraw(purpose, "user", user.id)
    for team in Team.select().where(Team.manager_id == user.id):
        team.change(stamp, manager_id=None)


def reactivate(stamp, user):
    """Lets the user back in, with a new invitation to be sent: the old password is gone."""
    user.change(stamp, action="User.reactivate", deactivated_at=None, password_hash=None, invited_at=None)


def _is_last_admin(user):
    if user.role != ADMIN or not user.active:
        return False
    admins = User.active_admins()
    # Two administrators who demote each other at the same moment: the second one waits, and is refused.
    locked = admins if is_sqlite() else admins.for_update()
    return all(admin.id == user.id for admin in locked)


def _named(user):
    return {"name": user.name}
