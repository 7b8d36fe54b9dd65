"""How a reader comes in, stays for thirty days, reads, and leaves. Every request asks anew who is still let in."""

from dataclasses import replace

from portal.accounts import links
from portal.db import database
from portal.gate import frozen, letters
from portal.gate.models import Reader, ReaderSession
from portal.gate.readers import INVITATION, PURPOSES, SIGN_IN, may_enter, of_address, write_to
from portal.partners.models import StatusAssignment
from portal.publishing.models import Withdrawal
from portal.records import AuditEvent


def ask(stamp, address, today):
    """Mails a link that lives ten minutes, if somebody may read at this address; who asked is told nothing of it."""
    found = of_address(address, today)
    if found:
        write_to(stamp, found[0], letters.sign_in(found[0]), {"purpose": SIGN_IN, "minutes": 10})


def behind(token, now, today):
    """The reader whom this link would let in, without using it up; None when it is used, too old or void."""
    found = (links.peek(purpose, token, now) for purpose in PURPOSES)
    return _reader_of(next(filter(None, found), None), today)


def enter(stamp, token, today, agent=""):
    """The token of a new session, and the link is used up. None when there is nobody to let in."""
    link = links.take(INVITATION, token, stamp.at) or links.take(SIGN_IN, token, stamp.at)
    reader = _reader_of(link, today)
    if reader is None:
        return None
    if reader.accepted_at is None:
        reader.change(stamp, accepted_at=stamp.at, action="reader.accept")
    AuditEvent.write(as_reader(stamp, reader), "reader.sign_in", reader)
    return ReaderSession.open(reader, stamp.at, ip=stamp.ip, agent=agent)


def _reader_of(link, today):
    if link is None or link.holder_kind != "contact":
        return None
    reader = Reader.with_partner().where(Reader.contact == link.holder_id).first()
    if reader is None or link.address not in ("", reader.email):
        return None
    return reader if may_enter(reader, today) else None


def signed_in(token, now, today):
    """The session of this cookie with its reader, or None for whoever may not read, or no longer."""
    session = ReaderSession.find(token, now) if token else None
    if session is None or not may_enter(session.reader, today) or _was_out_since(session, today):
        return None
    return session


def _was_out_since(session, today):
    """Did the contact leave, or the partner end, after this session began? Coming back revives no session."""
    contact, began = session.reader.contact, session.created_at
    ended = StatusAssignment.select().where(
        (StatusAssignment.partner == contact.partner_id)
        & (StatusAssignment.status == "ended")
        & (StatusAssignment.from_on <= today)
        & (StatusAssignment.until_on.is_null() | (StatusAssignment.until_on > began.date()))
    )
    about = ((AuditEvent.object_type == "Contact") & (AuditEvent.object_id == contact.id)) | (
        (AuditEvent.object_type == "Partner") & (AuditEvent.object_id == contact.partner_id)
    )
    changes = AuditEvent.select(AuditEvent.details).where(about & (AuditEvent.at > began))
    after = [change.details.get("after") or {} for change in changes]
    return ended.exists() or any(change.get("left_on") or change.get("archived_at") for change in after)


def switch(session, reader):
    """The same browser reads for another partner of the same mail address from now on."""
    ReaderSession.update(reader=reader, epoch=reader.epoch).where(ReaderSession.id == session.id).execute()


def page_of(site, reader, language):
    """The reader's page as it was published, or None: not published, withdrawn, or not in this language."""
    return None if is_withdrawn(reader.contact.partner_id) else frozen.page(site, reader.contact.partner_id, language)


def languages_of(site, reader):
    partner_id = reader.contact.partner_id
    return [] if is_withdrawn(partner_id) else frozen.languages_of(site, partner_id)


def is_withdrawn(partner_id):
    """A withdrawal holds from its moment on, before the files are gone (spec/0-decisions.md 25)."""
    return Withdrawal.standing().where(Withdrawal.partner == partner_id).exists()


def read(stamp, session, page):
    """One line of the audit for one page that was read (spec/7-bar.md PA-5)."""
    reader = session.reader
    details = {"language": page.language, "publication": page.publication, "contact": reader.contact_id}
    with database.atomic():
        ReaderSession.update(seen_at=stamp.at).where(ReaderSession.id == session.id).execute()
        Reader.update(known_publication=page.publication).where(Reader.id == reader.id).execute()
        AuditEvent.write(as_reader(stamp, reader), "page.read", reader.contact.partner, details)


def leave(stamp, token):
    """Ends the session of this cookie, once."""
    reader = ReaderSession.end(token)
    if reader:
        AuditEvent.write(as_reader(stamp, reader), "reader.sign_out", reader)


def as_reader(stamp, reader):
    return replace(stamp, actor_kind="reader", actor_id=reader.id)
