"""Every text column says by its type who may read it, or is listed as one that holds no prose."""

from peewee import BlobField, CharField, JSONField, TextField

from portal.db import CodeField, InternalJSON, InternalText, PublishedText, SharedJSON, SharedText, Table
from portal.tables import PLAIN_TEXT, TABLES

DECLARED = (InternalText, SharedText, PublishedText, InternalJSON, SharedJSON, CodeField)


def undeclared(tables, plain):
    """`Table.column` of every text whose audience nobody has said."""
    return [
        f"{table.__name__}.{column.name}"
        for table in tables
        for column in table._meta.sorted_fields
        if isinstance(column, (CharField, TextField, JSONField, BlobField))
        and not isinstance(column, DECLARED)
        and column.name not in plain.get(table.__name__, "").split()
    ]


def test_every_text_column_says_who_may_read_it():
    assert undeclared(TABLES, PLAIN_TEXT) == []


def test_a_text_without_an_audience_is_seen():
    class Memo(Table):
        text = TextField()
        code = CharField()
        shared = SharedText()

        class Meta:
            # A table of this test only: it is never made.
            database = None

    assert undeclared([Memo], {"Memo": "code"}) == ["Memo.text"]


def test_the_list_of_plain_columns_names_only_columns_that_are_there_and_plain():
    columns = {f"{table.__name__}.{field.name}": field for table in TABLES for field in table._meta.sorted_fields}
    listed = [f"{table}.{name}" for table, names in PLAIN_TEXT.items() for name in names.split()]
    assert [name for name in listed if isinstance(columns.get(name), (*DECLARED, type(None)))] == []


def test_every_table_is_known_to_the_migrations():
    def heirs(model):
        for heir in model.__subclasses__():
            yield heir
            yield from heirs(heir)

    of_portal = {
        model for model in heirs(Table) if model.__module__.startswith("portal.") and model.__subclasses__() == []
    }
    assert of_portal - set(TABLES) == set()
