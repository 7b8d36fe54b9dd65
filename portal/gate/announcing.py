"""Tells readers that their page is new: only when it changed, seldom, and with an address that opens nothing."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from portal.accounts import outbox
from portal.accounts.models import Workspace
from portal.db import database
from portal.gate import letters
from portal.gate.models import Reader
from portal.gate.readers import allowed
from portal.partners.models import Contact
from portal.publishing.models import Publication, PublishedPage, Withdrawal

AT_MOST_EVERY = timedelta(days=7)


def announce(stamp, settings):
    """Mails the readers whose page is another than the one they know; how many. A job calls it as often as it likes."""
    newest = Publication.select().where(Publication.state == "published").order_by(Publication.number.desc()).first()
    if newest is None:
        return 0
    today = stamp.at.astimezone(ZoneInfo(Workspace.get_only().timezone)).date()
    rested = Reader.told_at.is_null() | (Reader.told_at < stamp.at - AT_MOST_EVERY)
    waiting = Reader.with_partner().where(Reader.accepted_at.is_null(False) & rested)
    shown = _fingerprints()
    news = [reader for reader in allowed(waiting, today) if _is_new(reader, newest.number, shown)]
    for reader in news:
        with database.atomic():
            _tell(stamp, settings, reader, newest.number)
    return len(news)


def _is_new(reader, number, shown):
    partner = reader.contact.partner_id
    now = shown.get((number, partner))
    return now is not None and now != shown.get((reader.known_publication, partner))


def _tell(stamp, settings, reader, number):
    subject, body = letters.news(reader, f"{settings.site_url}/my/")
    outbox.post(stamp, reader.email, reader.contact.name, subject, body)
    reader.change(stamp, known_publication=number, told_at=stamp.at, action="reader.tell")


def _fingerprints():
    """{(number of the publication, partner id): fingerprint of the page}, as far as readers know of them."""
    known = Reader.select(Reader.known_publication).where(Reader.known_publication.is_null(False))
    newest = Publication.select(Publication.number).where(Publication.state == "published")
    newest = newest.order_by(Publication.number.desc()).limit(1)
    withdrawn = Withdrawal.standing().select(Withdrawal.partner)
    pages = (
        PublishedPage.select(PublishedPage.partner, PublishedPage.sha256, Publication.number)
        .join(Publication)
        .where(
            (Publication.number.in_(known) | (Publication.number == newest))
            & PublishedPage.partner.in_(Reader.select(Contact.partner).join(Contact))
            & PublishedPage.partner.not_in(withdrawn)
        )
        .tuples()
    )
    return {(number, partner): sha256 for partner, sha256, number in pages}
