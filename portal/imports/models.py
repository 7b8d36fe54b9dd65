"""Imports that were run, and what each of them changed: lineage and undo stand on these rows."""

from peewee import CharField, ForeignKeyField, IntegerField

from portal.db import CodeField, InternalJSON, Table, UTCDateTimeField
from portal.i18n import N_
from portal.records import Record

STATES = {"checked": N_("Not stored yet"), "applied": N_("Stored"), "undone": N_("Taken back")}
QUOTING = ("problems", "reading", "left")


class ImportBatch(Record):
    """One file of one kind: `checked` (dry run), `applied`, or `undone`."""

    kind = CharField()
    file_name = CharField()
    sha256 = CharField(max_length=64)
    mapping = InternalJSON(default=dict)  # field → column name
    reading = InternalJSON(default=dict)  # delimiter, encoding, decimal and date style that were detected or chosen
    state = CodeField(STATES, default="checked")
    rows = IntegerField(default=0)
    created_rows = IntegerField(default=0)
    updated_rows = IntegerField(default=0)
    unchanged_rows = IntegerField(default=0)
    refused_rows = IntegerField(default=0)
    problems = InternalJSON(default=list)  # [line, field, reason], the first few hundred
    left = InternalJSON(default=list)  # [table, row id, columns]: what an undo left, because it was changed since
    applied_at = UTCDateTimeField(null=True)
    undone_at = UTCDateTimeField(null=True)

    @classmethod
    def newest_first(cls):
        return cls.select().order_by(cls.created_at.desc(), cls.id.desc())

    @classmethod
    def audited(cls, fields):
        """Without what quotes the cells of the file: people are named in them."""
        return super().audited({name: value for name, value in fields.items() if name not in QUOTING})


class ImportChange(Table):
    """One row that an import made or changed. `before` is None for a row that it made."""

    batch = ForeignKeyField(ImportBatch, backref="changes", on_delete="CASCADE")
    table = CharField()
    row_id = IntegerField()
    before = InternalJSON(null=True)
    after = InternalJSON(null=True)

    class Meta:
        indexes = ((("table", "row_id"), False),)
