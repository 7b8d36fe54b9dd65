"""Scores as they were when they were reported. A snapshot never changes; a correction makes a new one."""

from peewee import BooleanField, CharField, DateField, DoubleField, ForeignKeyField

from portal.db import CodeField, SharedJSON
from portal.i18n import N_
from portal.partners.models import Partner
from portal.records import Record

RAG = {"good": N_("On target"), "warn": N_("Close"), "bad": N_("Off target"), "none": N_("No data")}
SHOWN = 12


class ScoreSnapshot(Record):
    """The score of one partner for the fiscal year up to `as_of_on`, with the inputs that it was made of."""

    partner = ForeignKeyField(Partner, backref="score_snapshots", on_delete="CASCADE")
    side = CodeField(("partner", "vendor"), default="partner")
    from_on = DateField()
    as_of_on = DateField()
    score = DoubleField(null=True)
    completeness = DoubleField()
    provisional = BooleanField()
    rag = CodeField(RAG, default="none")
    inputs = SharedJSON()
    sha256 = CharField(max_length=64)

    class Meta:
        indexes = ((("partner", "side", "as_of_on"), False),)

    @classmethod
    def history(cls, partner):
        """The newest frozen scores of one partner, without what they were made of."""
        columns = cls.id, cls.side, cls.from_on, cls.as_of_on, cls.score, cls.provisional, cls.rag, cls.created_at
        return list(cls.select(*columns).where(cls.partner == partner).order_by(cls.id.desc()).limit(SHOWN))
