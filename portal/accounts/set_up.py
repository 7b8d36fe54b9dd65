"""The first start: a one-time link, the workspace and its first administrator (spec/7-bar.md SD-1)."""

from datetime import timedelta

from portal.accounts import links
from portal.accounts.models import User, Workspace
from portal.accounts.permissions import ADMIN
from portal.records import Stamp

PURPOSE = "set_up"
NOBODY = 0  # the link is held by whoever reads the server's output
LIVES = timedelta(days=1)


def is_done():
    return Workspace.get_only() is not None


def begin(now):
    """The token of a new set-up link, `/set-up/<token>`; earlier ones no longer work. None: it is set up already."""
    if is_done():
        return None
    links.withdraw(PURPOSE, "user", NOBODY)
    return links.make(now, PURPOSE, "user", NOBODY, LIVES)


def is_open(token, now):
    return not is_done() and links.peek(PURPOSE, token, now) is not None


def finish(stamp, token, workspace, administrator, password_hash):
    """Makes the workspace and its first administrator from two dicts of columns; (workspace, user), or None.

    None: the link was used before or is too old, or somebody else was faster."""
    if is_done() or links.take(PURPOSE, token, stamp.at) is None:
        return None
    user = User.add(
        stamp,
        role=ADMIN,
        locale=workspace["language"],
        timezone=workspace["timezone"],
        password_hash=password_hash,
        password_changed_at=stamp.at,
        **administrator,
    )
    by_user = Stamp(stamp.at, "user", user.id, stamp.ip)
    return Workspace.add(by_user, **workspace), user
