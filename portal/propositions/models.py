"""A proposition for a partner and language, its versions, and who approved which."""

from peewee import CharField, ForeignKeyField, IntegerField, SmallIntegerField

from portal.db import CodeField, InternalText, SharedText, UTCDateTimeField
from portal.i18n import LANGUAGES
from portal.partners.models import Partner
from portal.records import Record


class Proposition(Record):
    partner = ForeignKeyField(Partner, backref="propositions", on_delete="CASCADE")
    locale = CodeField(LANGUAGES)

    class Meta:
        indexes = ((("partner", "locale"), True),)


class PropositionVersion(Record):
    """One saved text. The Markdown is the truth; its HTML is rendered when saved and when the renderer changes."""

    proposition = ForeignKeyField(Proposition, backref="versions", on_delete="CASCADE")
    number = SmallIntegerField()
    body = SharedText()
    html = SharedText()
    renderer = IntegerField()
    sha256 = CharField(max_length=64)

    class Meta:
        indexes = ((("proposition", "number"), True),)


class PropositionApproval(Record):
    """The approval of exactly one version, or its return with a comment."""

    proposition_version = ForeignKeyField(PropositionVersion, backref="approvals", on_delete="CASCADE")
    sha256 = CharField(max_length=64)
    decision = CodeField(("approved", "returned"))
    comment = InternalText(default="")
    at = UTCDateTimeField()
