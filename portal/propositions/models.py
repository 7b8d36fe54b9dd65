"""A proposition for a partner and language, its versions, and who approved which."""

import hashlib

from peewee import CharField, ForeignKeyField, IntegerField, SmallIntegerField, fn

from portal.db import CodeField, InternalText, SharedText, UTCDateTimeField
from portal.i18n import LANGUAGES, N_
from portal.markdown import RENDERER_VERSION, render
from portal.partners.models import Partner
from portal.records import Record

DECISIONS = {"approved": N_("Approved"), "returned": N_("Returned with a comment")}


class Proposition(Record):
    """The joint value proposition of one partner in one language; `latest` is the number of its newest version."""

    partner = ForeignKeyField(Partner, backref="propositions", on_delete="CASCADE")
    locale = CodeField(LANGUAGES)
    latest = SmallIntegerField(default=0)

    class Meta:
        indexes = ((("partner", "locale"), True),)

    @classmethod
    def of_partner(cls, partner):
        """{language: Proposition} of one partner."""
        return {row.locale: row for row in cls.select().where(cls.partner == partner)}

    @classmethod
    def write(cls, stamp, partner, locale, body):
        """The first text in this language."""
        return cls.add(stamp, partner=partner, locale=locale).save_text(stamp, body)

    def save_text(self, stamp, body, *, version=None):
        """A new version, if the text differs from the latest one. Raises Stale when `version` is not the row's."""
        body = body.replace("\r\n", "\n").strip()
        if self.current and self.current.body == body:
            return self.current
        self.change(stamp, version=version, latest=self.latest + 1)
        return PropositionVersion.of_text(stamp, self, body)

    @property
    def current(self):
        """The newest version, or None: nothing was written yet."""
        return self.numbered(self.latest)

    @property
    def body(self):
        """The newest text: what is compared when two people edit at the same time."""
        return self.current.body if self.current else ""

    def numbered(self, number):
        return self.versions.where(PropositionVersion.number == number).first()

    def history(self):
        return self.versions.order_by(PropositionVersion.number.desc())


class PropositionVersion(Record):
    """One saved text. The Markdown is the truth; its HTML is rendered when saved and when the renderer changes."""

    proposition = ForeignKeyField(Proposition, backref="versions", on_delete="CASCADE")
    number = SmallIntegerField()
    body = SharedText()
    html = SharedText()
    renderer = CharField(max_length=80)
    sha256 = CharField(max_length=64)
    submitted_at = UTCDateTimeField(null=True)
    submitted_by = IntegerField(null=True)

    class Meta:
        indexes = ((("proposition", "number"), True),)

    @classmethod
    def of_text(cls, stamp, proposition, body):
        return cls.add(
            stamp,
            proposition=proposition,
            number=proposition.latest,
            body=body,
            html=render(body),
            renderer=RENDERER_VERSION,
            sha256=fingerprint(body),
        )

    @classmethod
    def render_anew(cls):
        """Draws again what an earlier renderer drew; returns how many. Who wrote the text and when stays as it was."""
        outdated = list(cls.select().where(cls.renderer != RENDERER_VERSION))
        for version in outdated:
            cls.update(html=render(version.body), renderer=RENDERER_VERSION).where(cls.id == version.id).execute()
        return len(outdated)

    def submit(self, stamp):
        """Asks for approval of this version."""
        return self.change(stamp, action="PropositionVersion.submit", submitted_at=stamp.at, submitted_by=stamp.user_id)

    def approve(self, stamp, comment=""):
        return PropositionApproval.decide(stamp, self, "approved", comment)

    def send_back(self, stamp, comment):
        return PropositionApproval.decide(stamp, self, "returned", comment)

    @property
    def decision(self):
        """The last word on this version, or None."""
        return self.approvals.order_by(PropositionApproval.id.desc()).first()

    @property
    def waits(self):
        """Is it submitted, and not answered since?"""
        decision = self.decision
        return self.submitted_at is not None and (decision is None or decision.at < self.submitted_at)

    @property
    def is_approved(self):
        decision = self.decision
        return decision is not None and decision.decision == "approved" and decision.sha256 == self.sha256


class PropositionApproval(Record):
    """The approval of exactly one version, or its return with a comment."""

    proposition_version = ForeignKeyField(PropositionVersion, backref="approvals", on_delete="CASCADE")
    sha256 = CharField(max_length=64)
    decision = CodeField(DECISIONS)
    comment = InternalText(default="")
    at = UTCDateTimeField()

    @classmethod
    def decide(cls, stamp, version, decision, comment=""):
        """Answers a version; the fingerprint of its text is part of the answer."""
        return cls.add(
            stamp,
            action=f"PropositionVersion.{decision}",
            proposition_version=version,
            sha256=version.sha256,
            decision=decision,
            comment=comment,
            at=stamp.at,
        )

    @classmethod
    def last_words(cls):
        """The ids of the last answer on each version, as a query."""
        return cls.select(fn.MAX(cls.id)).group_by(cls.proposition_version)


def fingerprint(body):
    return hashlib.sha256(body.encode()).hexdigest()
