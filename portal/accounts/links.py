"""Signed links: made once, kept as a hash, used up by whoever comes first."""

from portal.accounts.models import ShareLink
from portal.db import database
from portal.records import Stamp
from portal.tokens import new_token, token_hash

OPEN_AT_ONCE = 3


def make(stamp_or_now, purpose, holder_kind, holder_id, lives, object_id=None, address=""):
    """The token of a new link; the holder's oldest links of this purpose close, so that three are open at most."""
    now = stamp_or_now.at if isinstance(stamp_or_now, Stamp) else stamp_or_now
    token = new_token()
    with database.atomic():
        _close_oldest(purpose, holder_kind, holder_id)
        ShareLink.create(
            purpose=purpose,
            holder_kind=holder_kind,
            holder_id=holder_id,
            object_id=object_id,
            address=address,
            token_hash=token_hash(token),
            created_at=now,
            expires_at=now + lives,
        )
    return token


def peek(purpose, token, now):
    """The open link of this token, or None; nothing is used up, so that a mail scanner's visit does no harm."""
    return ShareLink.get_or_none(_open(purpose, token, now))


def take(purpose, token, now):
    """The link, which is used up by this; None if it was used before, is too old, or never was."""
    return next(iter(ShareLink.delete().where(_open(purpose, token, now)).returning(ShareLink).execute()), None)


def withdraw(purpose, holder_kind, holder_id):
    """Closes every link that this holder has for the purpose; how many were open."""
    return ShareLink.delete().where(_held(purpose, holder_kind, holder_id)).execute()


def sweep(now):
    """Forgets the links that are too old; a job calls it."""
    return ShareLink.delete().where(ShareLink.expires_at <= now).execute()


def _open(purpose, token, now):
    return (ShareLink.purpose == purpose) & (ShareLink.token_hash == token_hash(token)) & (ShareLink.expires_at > now)


def _held(purpose, holder_kind, holder_id):
    return (ShareLink.purpose == purpose) & (ShareLink.holder_kind == holder_kind) & (ShareLink.holder_id == holder_id)


def _close_oldest(purpose, holder_kind, holder_id):
    held = ShareLink.select(ShareLink.id).where(_held(purpose, holder_kind, holder_id)).order_by(ShareLink.id.desc())
    too_many = [link.id for link in held][OPEN_AT_ONCE - 1 :]
    if too_many:
        ShareLink.delete().where(ShareLink.id.in_(too_many)).execute()
