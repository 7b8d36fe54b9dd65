"""Readers, their sessions, and nothing of the vendor's users."""

from datetime import timedelta

from peewee import CharField, ForeignKeyField, IntegerField

from portal.accounts.models import normal_email
from portal.db import Table, UTCDateTimeField
from portal.partners.models import Contact, Partner
from portal.records import Record
from portal.tokens import new_token, token_hash

SESSION_LIVES = timedelta(days=30)


class Reader(Record):
    """A contact that may read its partner's page. Revoking ends every session; inviting again revives none."""

    contact = ForeignKeyField(Contact, unique=True, backref="reader", on_delete="CASCADE")
    # The address that was invited: when the contact's own changes, the new one must be invited.
    email = CharField(index=True)
    invited_at = UTCDateTimeField()
    accepted_at = UTCDateTimeField(null=True)
    revoked_at = UTCDateTimeField(null=True)
    epoch = IntegerField(default=1)
    # The number of the publication that was last read or announced, and when the last announcement went out.
    known_publication = IntegerField(null=True)
    told_at = UTCDateTimeField(null=True)

    @classmethod
    def with_partner(cls):
        """Readers with their contact and partner, in one query."""
        return cls.select(cls, Contact, Partner).join(Contact).join(Partner)

    @classmethod
    def of_address(cls, email):
        return cls.with_partner().where(cls.email == normal_email(email)).order_by(Partner.sort_name, cls.id)

    @classmethod
    def of_partner(cls, partner):
        return cls.with_partner().where(Contact.partner == partner)

    @property
    def partner(self):
        return self.contact.partner

    @property
    def language(self):
        return self.contact.locale or self.partner.locale


class ReaderSession(Table):
    """One browser of a reader, 30 days. Living only while the reader's epoch is the session's own."""

    reader = ForeignKeyField(Reader, backref="sessions", on_delete="CASCADE")
    epoch = IntegerField()
    token_hash = CharField(max_length=64, unique=True)
    created_at = UTCDateTimeField()
    seen_at = UTCDateTimeField()
    ip = CharField(default="")
    agent = CharField(default="")

    @classmethod
    def open(cls, reader, now, *, ip="", agent=""):
        """The token of a new session; only its hash is stored."""
        token = new_token()
        cls.create(
            reader=reader,
            epoch=reader.epoch,
            token_hash=token_hash(token),
            created_at=now,
            seen_at=now,
            ip=ip,
            agent=agent[:200],
        )
        return token

    @classmethod
    def find(cls, token, now):
        """The session of this token with its reader, contact and partner, or None: unknown, too old, or revoked."""
        return (
            cls.select(cls, Reader, Contact, Partner)
            .join(Reader)
            .join(Contact)
            .join(Partner)
            .where(
                (cls.token_hash == token_hash(token))
                & (cls.epoch == Reader.epoch)
                & (cls.created_at > now - SESSION_LIVES)
            )
            .first()
        )

    @classmethod
    def end(cls, token):
        """Whose session it was, or None; one statement, so that it ends once."""
        row = cls.get_or_none(cls.token_hash == token_hash(token))
        if row:
            row.delete_instance()
        return row and row.reader
