"""Who may read a partner's page: inviting, revoking, and the reasons that keep somebody out."""

from datetime import timedelta

from portal.accounts import links, outbox
from portal.accounts.models import normal_email
from portal.gate import letters
from portal.gate.models import Reader, ReaderSession
from portal.i18n import N_, Message
from portal.partners.models import StatusAssignment

INVITATION_LIVES = timedelta(hours=72)
INVITATION, SIGN_IN = PURPOSES = ("reader.invitation", "reader.sign_in")
ENTRANCE = "/my/enter/{token}"


class CannotInvite(ValueError):
    """Nobody can be invited: the text says why, and what to do first."""


def obstacles(reader, ended):
    """The reasons why this reader may not enter; nothing else decides it. `ended`: ids of partners that have ended."""
    contact, partner = reader.contact, reader.contact.partner
    if reader.revoked_at:
        yield Message(N_("The access was revoked."))
    if contact.left_on:
        yield Message(N_("%(name)s has left the company."), {"name": contact.name})
    if normal_email(contact.email) != reader.email:
        yield Message(N_("The mail address has changed since the invitation. Invite the new one."))
    if partner.archived_at:
        yield Message(N_("The partner is archived."))
    if partner.id in ended:
        yield Message(N_("The partnership has ended."))


def ended_among(partner_ids, today):
    """Those of these partners whose partnership has ended."""
    over = StatusAssignment.as_of(today, StatusAssignment.partner).where(
        StatusAssignment.partner.in_(list(partner_ids)) & (StatusAssignment.status == "ended")
    )
    return {row.partner_id for row in over}


def allowed(readers, today):
    """Those of these readers who may enter today."""
    readers = list(readers)
    ended = ended_among({reader.contact.partner_id for reader in readers}, today)
    return [reader for reader in readers if next(obstacles(reader, ended), None) is None]


def may_enter(reader, today):
    return bool(allowed([reader], today))


def of_address(address, today):
    """The readers who may enter with this mail address, one for each partner."""
    by_partner = {}
    for reader in allowed(Reader.of_address(address), today):
        by_partner.setdefault(reader.contact.partner_id, reader)
    return list(by_partner.values())


def invite(stamp, contact):
    """Makes the contact a reader, or one again, and mails a link that lives 72 hours; older links end.

    Returns the reader and the message; raises CannotInvite."""
    email = normal_email(contact.email)
    if not email:
        raise CannotInvite(N_("There is no mail address. Add one to the contact, then invite."))
    if contact.left_on:
        raise CannotInvite(N_("This contact has left the company. Invite somebody who is there."))
    reader = Reader.get_or_none(Reader.contact == contact)
    if reader is None:
        reader = Reader.add(stamp, contact=contact, email=email, invited_at=stamp.at, action="reader.invite")
    else:
        end_links(contact)
        reader.change(stamp, action="reader.invite", **_invited_again(reader, email, stamp.at))
    return reader, write_to(stamp, reader, letters.invitation(reader), {"purpose": INVITATION, "hours": 72})


def _invited_again(reader, email, at):
    fields = {"email": email, "invited_at": at, "revoked_at": None}
    # Another address may be another person: what the old one opened is closed.
    return fields | {"epoch": reader.epoch + 1} if email != reader.email else fields


def write_to(stamp, reader, letter, link):
    """Puts a letter with a link to the gate into the outbox; the link is made when the letter is sent."""
    subject, body = letter
    return outbox.post(
        stamp,
        reader.email,
        reader.contact.name,
        subject,
        body,
        link={**link, "holder_kind": "contact", "holder_id": reader.contact_id, "path": ENTRANCE, "base": "site"},
    )


def revoke(stamp, reader):
    """Out in every browser at the next request, and every link that was mailed is void."""
    end_links(reader.contact)
    ReaderSession.delete().where(ReaderSession.reader == reader).execute()
    return reader.change(stamp, action="reader.revoke", revoked_at=stamp.at, epoch=reader.epoch + 1)


def end_links(contact):
    for purpose in PURPOSES:
        links.withdraw(purpose, "contact", contact.id)
        outbox.withdraw(purpose, "contact", contact.id)
