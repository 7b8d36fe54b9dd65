"""Mail that waits to be sent. A link is made only when its mail goes out, so a stored message opens no door.

See spec/0-decisions.md 28."""

from contextlib import closing
from datetime import timedelta

from portal import mail
from portal.accounts import links
from portal.accounts.models import OutboxMessage

MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(minutes=2)  # doubled by each attempt: 2, 4, 8 … minutes, four hours in all
PLACEHOLDER = "{link}"


def post(stamp, to_address, to_name, subject, body, link=None):
    """Stores a mail; `deliver` sends it. `{link}` in the body becomes the address of a link that is made then.

    `link`: purpose, holder_kind, holder_id, object_id, `hours` or `minutes` that it lives, `path` with `{token}`, and
    `base`: "public" (the portal's own address, the default) or "site" (that of the partners' pages)."""
    return OutboxMessage.create(
        to_name=to_name,
        to_address=to_address,
        subject=subject,
        body=body,
        link=link,
        created_at=stamp.at,
        next_try_at=stamp.at,
    )


def deliver(settings, now):
    """Sends what waits; how many went out. Two that deliver at once do not send the same message."""
    sent = 0
    with closing(mail.carrier(settings)) as carrier:
        for message in list(waiting(now)):
            if _claimed(message, now):
                _send(settings, carrier, message, now)
                sent += message.sent_at is not None
    return sent


def hand_over(settings, message, now):
    """Sends one message at once. Returns the address of the link that was made for it, "" if it did not go out.

    For the admin who hands the link over himself, where there is no mail server."""
    if not _claimed(message, now):
        return ""
    with closing(mail.carrier(settings)) as carrier:
        return _send(settings, carrier, message, now)


def waiting(now):
    """The messages whose next try has come."""
    return _unsent().where((OutboxMessage.next_try_at <= now) & (OutboxMessage.attempts < MOST_ATTEMPTS))


def given_up():
    """The messages that nobody tries to send any more, until `try_again`."""
    return _unsent().where(OutboxMessage.attempts >= MOST_ATTEMPTS)


def try_again(message, now):
    message.attempts, message.next_try_at = 0, now
    message.save()


def withdraw(purpose, holder_kind, holder_id):
    """Drops the unsent mails that would make such a link."""
    for message in _unsent().where(OutboxMessage.link.is_null(False)):
        held = message.link
        if (held["purpose"], held["holder_kind"], held["holder_id"]) == (purpose, holder_kind, holder_id):
            message.delete_instance()


def _unsent():
    return OutboxMessage.select().where(OutboxMessage.sent_at.is_null()).order_by(OutboxMessage.id)


def _claimed(message, now):
    """Takes the message for this attempt; the pause before the next one keeps others away from it."""
    pause = FIRST_PAUSE * 2**message.attempts
    claimed = (
        OutboxMessage.update(attempts=OutboxMessage.attempts + 1, next_try_at=now + pause)
        .where(
            (OutboxMessage.id == message.id)
            & (OutboxMessage.attempts == message.attempts)
            & OutboxMessage.sent_at.is_null()
        )
        .execute()
    )
    return bool(claimed)


def _send(settings, carrier, message, now):
    token = _make_link(message, now)
    address = _address(settings, message.link, token) if token else ""
    body = message.body.replace(PLACEHOLDER, address)
    try:
        carrier.send(
            mail.compose(settings.mail_from, message.to_name, message.to_address, message.subject, body, now),
            f"{now:%Y%m%d-%H%M%S}-{message.id}",
        )
    except mail.MailTrouble as reason:
        _keep_error(message, str(reason))
        if token:
            links.take(message.link["purpose"], token, now)
        return ""
    message.sent_at, message.error = now, ""
    OutboxMessage.update(sent_at=now, error="").where(OutboxMessage.id == message.id).execute()
    return address


def _make_link(message, now):
    if not message.link:
        return ""
    link = message.link
    return links.make(
        now,
        link["purpose"],
        link["holder_kind"],
        link["holder_id"],
        timedelta(hours=link.get("hours", 0), minutes=link.get("minutes", 0)),
        object_id=link.get("object_id"),
        address=message.to_address,
    )


def _address(settings, link, token):
    base = settings.site_url if link.get("base") == "site" else settings.public_url
    return base + link["path"].replace("{token}", token)


def _keep_error(message, reason):
    message.error = reason
    OutboxMessage.update(error=reason).where(OutboxMessage.id == message.id).execute()
