"""Links that let somebody set a password: an invitation (72 hours), a reset (60 minutes), mailed to that address only.

Nobody, not even an administrator, ever sees or chooses another one's password (spec/7-bar.md AU-11, AU-12)."""

from portal.accounts import links, outbox, signing_in
from portal.accounts.models import User
from portal.i18n import N_, translations

INVITATION, RESET, NEW_ADDRESS = "invitation", "reset", "new_address"

INVITATION_SUBJECT = N_("Your access to the partner portal of %(company)s")
INVITATION_BODY = N_(
    "Hello %(name)s,\n\n%(company)s has made an account for you in its partner portal. Choose a password here:\n\n"
    "%(link)s\n\nThe link works once, for 72 hours. You then sign in with this mail address: %(email)s\n"
)
RESET_SUBJECT = N_("A new password for the partner portal")
RESET_BODY = N_(
    "Hello %(name)s,\n\nsomebody, hopefully you, asked for a new password for the partner portal of %(company)s. "
    "Choose it here:\n\n%(link)s\n\nThe link works once, for 60 minutes. If you did not ask, do nothing: "
    "your password stays as it is.\n"
)
CHANGED_SUBJECT = N_("Your password was changed")
CHANGED_BODY = N_(
    "Hello %(name)s,\n\nthe password of your account in the partner portal of %(company)s was just changed, and you "
    "were signed out everywhere. If that was not you, tell an administrator at once.\n"
)
NEW_ADDRESS_SUBJECT = N_("Confirm your new mail address")
NEW_ADDRESS_BODY = N_(
    "Hello %(name)s,\n\nyou want to use this address in the partner portal of %(company)s. Confirm it here while you "
    "are signed in:\n\n%(link)s\n\nThe link works once, for 60 minutes.\n"
)
OLD_ADDRESS_SUBJECT = N_("Your mail address was changed")
OLD_ADDRESS_BODY = N_(
    "Hello %(name)s,\n\nyour account in the partner portal of %(company)s now has the mail address %(email)s. If that "
    "was not you, tell an administrator at once.\n"
)


def invite(stamp, user, workspace):
    """Posts an invitation and returns the message; earlier invitations of this user no longer work."""
    _close_earlier(INVITATION, user)
    user.change(stamp, action="User.invite", invited_at=stamp.at)
    link = _link(INVITATION, user, "/invitation/{token}", hours=72)
    return _post(stamp, user, workspace, INVITATION_SUBJECT, INVITATION_BODY, link)


def offer_reset(stamp, user, workspace):
    """Posts a link for a new password and returns the message."""
    link = _link(RESET, user, "/reset/{token}", minutes=60)
    return _post(stamp, user, workspace, RESET_SUBJECT, RESET_BODY, link)


def new_link(stamp, user, workspace):
    """What an administrator sends to somebody who cannot get in: an invitation, or a reset for who has a password."""
    send = offer_reset if user.password_hash else invite
    return send(stamp, user, workspace)


def holder(purpose, token, now):
    """The active user whose open link this is, or None. Uses nothing up."""
    return _holder(links.peek(purpose, token, now))


def set_password(stamp, workspace, purpose, token, password_hash):
    """Uses the link up and sets the password; returns the user, or None: the link was used before or is too old."""
    user = _holder(links.take(purpose, token, stamp.at))
    if user is None:
        return None
    signing_in.set_password(stamp, user, password_hash)
    if purpose == RESET:
        tell_of_new_password(stamp, user, workspace)
    return user


def tell_of_new_password(stamp, user, workspace):
    _post(stamp, user, workspace, CHANGED_SUBJECT, CHANGED_BODY)


def offer_address(stamp, user, workspace, email):
    """Mails a link to the new address; it becomes the user's when the link is opened by the signed-in user."""
    _close_earlier(NEW_ADDRESS, user)
    link = _link(NEW_ADDRESS, user, "/profile/address/{token}", minutes=60)
    return _post(stamp, user, workspace, NEW_ADDRESS_SUBJECT, NEW_ADDRESS_BODY, link, to=email)


def take_address(stamp, user, workspace, token):
    """The new address, now the user's; None if the link is not open, not this user's, or somebody else has the address.

    The old address is told."""
    link = links.peek(NEW_ADDRESS, token, stamp.at)
    if link is None or link.holder_id != user.id or User.by_email(link.address):
        return None
    link = links.take(NEW_ADDRESS, token, stamp.at)
    if link is None:
        return None
    old = user.email
    user.change(stamp, action="User.address", email=link.address)
    _post(stamp, user, workspace, OLD_ADDRESS_SUBJECT, OLD_ADDRESS_BODY, to=old)
    return link.address


def _holder(link):
    user = User.get_or_none(User.id == link.holder_id) if link else None
    # The link is bound to the address that it was mailed to.
    return user if user and user.active and link.address == user.email else None


def _close_earlier(purpose, user):
    outbox.withdraw(purpose, "user", user.id)
    links.withdraw(purpose, "user", user.id)


def _link(purpose, user, path, **lives):
    return {"purpose": purpose, "holder_kind": "user", "holder_id": user.id, "path": path, "base": "public", **lives}


def _post(stamp, user, workspace, subject, body, link=None, to=""):
    """A mail in the language of its reader."""
    said = translations(user.locale).gettext
    values = {"name": user.name, "company": workspace.name, "email": user.email, "link": outbox.PLACEHOLDER}
    return outbox.post(stamp, to or user.email, user.name, said(subject) % values, said(body) % values, link)
