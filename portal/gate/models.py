"""Readers, their sessions, and nothing of the vendor's users."""

from peewee import CharField, ForeignKeyField, IntegerField

from portal.db import Table, UTCDateTimeField
from portal.partners.models import Contact
from portal.records import Record


class Reader(Record):
    """A contact that may read its partner's page. Revoking ends every session; inviting again revives none."""

    contact = ForeignKeyField(Contact, unique=True, backref="reader", on_delete="CASCADE")
    email = CharField(index=True)
    invited_at = UTCDateTimeField()
    accepted_at = UTCDateTimeField(null=True)
    revoked_at = UTCDateTimeField(null=True)
    epoch = IntegerField(default=1)


class ReaderSession(Table):
    """One browser of a reader, 30 days. Living only while the reader's epoch is the session's own."""

    reader = ForeignKeyField(Reader, backref="sessions", on_delete="CASCADE")
    epoch = IntegerField()
    token_hash = CharField(max_length=64, unique=True)
    created_at = UTCDateTimeField()
    seen_at = UTCDateTimeField()
    ip = CharField(default="")
    agent = CharField(default="")
