"""Approvals of partner pages, publications, what each contained, and withdrawals."""

from peewee import CharField, DateField, ForeignKeyField, IntegerField

from portal.db import CodeField, InternalJSON, InternalText, Table, UTCDateTimeField
from portal.i18n import N_
from portal.partners.models import Partner
from portal.propositions.models import PropositionVersion
from portal.records import AuditEvent, Record
from portal.scorecards.models import ScoreSnapshot

STATES = {
    "building": N_("Being built"),
    "built": N_("Being checked"),
    "checked": N_("Being switched"),
    "published": N_("Published"),
    "unchanged": N_("Nothing had changed"),
    "failed": N_("Failed"),
}
UNDER_WAY = ("building", "built", "checked")


class PageApproval(Record):
    """A manager's word that this partner's page may be published, until it is ended."""

    partner = ForeignKeyField(Partner, backref="page_approvals", on_delete="CASCADE")
    at = UTCDateTimeField()
    ended_at = UTCDateTimeField(null=True)
    ended_by = IntegerField(null=True)
    end_reason = InternalText(default="")

    @classmethod
    def standing(cls):
        """Approvals that hold, as a query."""
        return cls.select().where(cls.ended_at.is_null())

    @classmethod
    def give(cls, stamp, partners):
        """Approves the pages of a query of partners, ends their withdrawals; returns how many were not approved yet."""
        chosen = {partner_id for (partner_id,) in partners.select(Partner.id).tuples()}
        Withdrawal.end(stamp, chosen)
        approved = {row.partner_id for row in cls.standing().where(cls.partner.in_(partners.select(Partner.id)))}
        new = sorted(chosen - approved)
        facts = {"created_at": stamp.at, "updated_at": stamp.at}
        facts |= {"created_by": stamp.user_id, "updated_by": stamp.user_id}
        if new:
            cls.insert_many([{"partner": one, "at": stamp.at, **facts} for one in new]).execute()
            AuditEvent.write(stamp, "PageApproval.give", details={"partners": new})
        return len(new)

    @classmethod
    def take_back(cls, stamp, partner, reason=""):
        """Ends the approvals of one partner; the next publication leaves it out."""
        for approval in cls.standing().where(cls.partner == partner):
            approval.change(
                stamp, action="PageApproval.end", ended_at=stamp.at, ended_by=stamp.user_id, end_reason=reason
            )


class Publication(Record):
    """One build of the site. A failed one keeps its reason; only published ones were ever live and have a number."""

    number = IntegerField(unique=True, null=True)
    as_of_on = DateField()
    state = CodeField(STATES, default="building")
    built_at = UTCDateTimeField(null=True)
    published_at = UTCDateTimeField(null=True)
    partners = IntegerField(default=0)
    pages = IntegerField(default=0)
    sha256 = CharField(max_length=64, default="")
    # While it is built: step, done, total. Then what was drawn, kept, removed, and the certificate of the leak scan.
    report = InternalJSON(default=dict)
    failure = InternalText(default="")

    @classmethod
    def begin(cls, stamp, as_of_on):
        return cls.add(stamp, action="Publication.begin", as_of_on=as_of_on)

    @classmethod
    def history(cls):
        return cls.select().order_by(cls.id.desc())

    @classmethod
    def numbered(cls, number):
        return cls.get_or_none((cls.number == number) & (cls.state == "published"))

    @property
    def under_way(self):
        return self.state in UNDER_WAY

    def tell(self, state, number, step, done, total):
        """How far the build is, for who watches the page; no audit line each."""
        self.state, self.report = state, {"number": number, "step": step, "done": done, "total": total}
        Publication.update(state=state, report=self.report).where(Publication.id == self.id).execute()

    def fail(self, stamp, reason):
        return self.change(stamp, action="Publication.fail", state="failed", failure=reason)


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
    """A partner's page is withdrawn from this moment: the gate refuses it, the files go. Ended by a new approval."""

    partner = ForeignKeyField(Partner, backref="withdrawals", on_delete="CASCADE")
    at = UTCDateTimeField()
    reason = InternalText(default="")
    files_removed_at = UTCDateTimeField(null=True)
    ended_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("partner", "ended_at"), False),)

    @classmethod
    def standing(cls):
        """Withdrawals that hold, as a query."""
        return cls.select().where(cls.ended_at.is_null())

    @classmethod
    def of(cls, partner):
        """The withdrawal that holds for this partner, or None."""
        return cls.standing().where(cls.partner == partner).first()

    @classmethod
    def begin(cls, stamp, partner, reason):
        """From the commit of this on the gate refuses the page; the approval ends with it."""
        PageApproval.take_back(stamp, partner, reason)
        return cls.of(partner) or cls.add(stamp, partner=partner, at=stamp.at, reason=reason)

    @classmethod
    def end(cls, stamp, partner_ids):
        for withdrawal in cls.standing():
            if withdrawal.partner_id in partner_ids:
                withdrawal.change(stamp, action="Withdrawal.end", ended_at=stamp.at)

    @classmethod
    def with_files(cls):
        """Those whose files may still lie in a kept release."""
        return cls.standing().where(cls.files_removed_at.is_null())
