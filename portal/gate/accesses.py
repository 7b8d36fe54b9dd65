"""What the portal shows of a partner's readers: who may read, since when, and when each last did."""

from dataclasses import dataclass
from datetime import datetime

from peewee import fn

from portal.gate.models import Reader
from portal.gate.readers import INVITATION_LIVES, ended_among, obstacles
from portal.i18n import N_, Message
from portal.partners.models import Contact
from portal.records import AuditEvent


@dataclass(frozen=True)
class Access:
    """One contact: `kind` and `label` are its status, `reasons` what keeps it out, `reader` None if never invited."""

    contact: Contact
    reader: Reader | None
    kind: str
    label: str
    reasons: tuple[Message, ...] = ()
    last_read_at: datetime | None = None

    @property
    def may_be_invited(self):
        return bool(self.contact.email) and not self.contact.left_on and not self.contact.partner.archived_at

    @property
    def may_be_revoked(self):
        return self.reader is not None and self.reader.revoked_at is None


def accesses(partner, now, today):
    """Every contact that is there, and those who left but once could read: the readers first."""
    readers = {reader.contact_id: reader for reader in Reader.of_partner(partner)}
    contacts = Contact.select().where(
        (Contact.partner == partner) & (Contact.left_on.is_null() | Contact.id.in_(list(readers)))
    )
    last_reads = _last_reads(readers.values())
    ended = ended_among([partner.id], today)
    found = [_access(contact, readers.get(contact.id), last_reads, ended, now) for contact in contacts]
    return sorted(found, key=lambda access: (access.reader is None, access.contact.name))


def _access(contact, reader, last_reads, ended, now):
    if reader is None:
        return Access(contact, None, "none", N_("Not invited"))
    reasons = tuple(obstacles(reader, ended))
    return Access(contact, reader, *_status(reader, reasons, now), reasons, last_reads.get(reader.id))


def _status(reader, reasons, now):
    if reasons:
        return "bad", N_("Shut out")
    if reader.accepted_at:
        return "good", N_("May read")
    if now - reader.invited_at > INVITATION_LIVES:
        return "warn", N_("Invitation has run out")
    return "warn", N_("Invited")


def _last_reads(readers):
    """{reader id: the moment of the last page that was read}"""
    reads = (
        AuditEvent.select(AuditEvent.actor_id, fn.MAX(AuditEvent.at).alias("last_at"))
        .where(
            (AuditEvent.actor_kind == "reader")
            & AuditEvent.actor_id.in_([reader.id for reader in readers])
            & (AuditEvent.action == "page.read")
        )
        .group_by(AuditEvent.actor_id)
    )
    return {read.actor_id: AuditEvent.at.python_value(read.last_at) for read in reads}
