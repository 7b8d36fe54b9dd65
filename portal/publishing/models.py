"""Approvals of partner pages, publications, what each contained, and withdrawals."""

from peewee import CharField, DateField, ForeignKeyField, IntegerField

from portal.db import CodeField, InternalJSON, InternalText, Table, UTCDateTimeField
from portal.partners.models import Partner
from portal.propositions.models import PropositionVersion
from portal.records import Record
from portal.scorecards.models import ScoreSnapshot


class PageApproval(Record):
    """A manager's word that this partner's page may be published, until it is ended."""

    partner = ForeignKeyField(Partner, backref="page_approvals", on_delete="CASCADE")
    at = UTCDateTimeField()
    ended_at = UTCDateTimeField(null=True)
    ended_by = IntegerField(null=True)
    end_reason = InternalText(default="")


class Publication(Record):
    """One build of the site. `failed` ones keep their reason; only `published` ones ever were live."""

    number = IntegerField(unique=True)
    as_of_on = DateField()
    state = CodeField(("built", "checked", "published", "failed"), default="built")
    built_at = UTCDateTimeField(null=True)
    published_at = UTCDateTimeField(null=True)
    partners = IntegerField(default=0)
    pages = IntegerField(default=0)
    sha256 = CharField(max_length=64, default="")
    report = InternalJSON(default=dict)
    failure = InternalText(default="")


class PublishedPage(Table):
    """One partner in one publication: which score and proposition it showed, and the fingerprint of its values."""

    publication = ForeignKeyField(Publication, backref="published_pages", on_delete="CASCADE")
    partner = ForeignKeyField(Partner, backref="published_pages", on_delete="CASCADE")
    score = ForeignKeyField(ScoreSnapshot, null=True, on_delete="SET NULL")
    proposition_version = ForeignKeyField(PropositionVersion, null=True, on_delete="SET NULL")
    sha256 = CharField(max_length=64)

    class Meta:
        indexes = ((("publication", "partner"), True), (("partner", "publication"), False))


class Withdrawal(Record):
    """A partner's page is withdrawn from this moment: the gate refuses it, and the files go. Ended by a new approval."""

    partner = ForeignKeyField(Partner, backref="withdrawals", on_delete="CASCADE")
    at = UTCDateTimeField()
    reason = InternalText(default="")
    files_removed_at = UTCDateTimeField(null=True)
    ended_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("partner", "ended_at"), False),)
