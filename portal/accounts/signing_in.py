"""Who proves to be whom, and what a new password ends (spec/7-bar.md AU-4, AU-5, AU-9, AU-10)."""

from portal.accounts import links, outbox, passwords, throttle
from portal.accounts.models import SignInSession, User, normal_email
from portal.records import AuditEvent, Stamp

DOOR = "password"


def proven(email, password, ip, now):
    """The active user with this address and password, or None. Raises throttle.TooMany and passwords.Busy.

    An address that nobody has costs the same time and answers the same. Opens its own transactions: a hash takes
    so long that it must not hold the only writer."""
    account = normal_email(email)
    throttle.check(DOOR, account, ip, now)
    user = User.by_email(account)
    password_hash = user.password_hash if user and user.active else None
    if not passwords.matches(password_hash, password):
        _refuse(user, account, ip, now)
        return None
    # Guesses that ran at the same time count as well: a lucky last one does not slip through.
    throttle.check(DOOR, account, ip, now)
    throttle.succeeded(DOOR, account, ip, now)
    if passwords.is_outdated(password_hash):
        User.update(password_hash=passwords.hashed(password)).where(User.id == user.id).execute()
    return user


def _refuse(user, account, ip, now):
    seconds = throttle.failed(DOOR, account, ip, now)
    # What was typed is not kept: people type passwords into the wrong field.
    AuditEvent.write(Stamp(now, "stranger", None, ip), "sign_in.failed", user, result="failed")
    if seconds:
        raise throttle.TooMany(seconds)


def begin(user, now, *, stays, ip, agent, instead_of=None):
    """The token of a new session; `instead_of` is the browser's earlier one, which ends (a new id at each sign-in)."""
    if instead_of is not None:
        instead_of.delete_instance()
    _, token = SignInSession.open(user, now, stays=stays, ip=ip, agent=agent)
    AuditEvent.write(Stamp(now, "user", user.id, ip), "sign_in", user)
    return token


def end(stamp, session):
    session.delete_instance()
    AuditEvent.write(stamp, "sign_out", session.user)


def end_everywhere(stamp, user):
    """Ends all sessions of the user; how many there were."""
    ended = SignInSession.end_all(user)
    AuditEvent.write(stamp, "sign_out.everywhere", user, {"sessions": ended})
    return ended


def set_password(stamp, user, password_hash):
    """Stores a new password: every session ends, and links that could set another one close."""
    user.change(stamp, action="User.password", password_hash=password_hash, password_changed_at=stamp.at)
    SignInSession.end_all(user)
    for purpose in ("invitation", "reset"):
        outbox.withdraw(purpose, "user", user.id)
        links.withdraw(purpose, "user", user.id)
