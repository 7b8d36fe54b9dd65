"""Plants a unique token in every internal column, in rows that hang on one partner as far as a table can."""

from datetime import date, timedelta

from peewee import (
    BooleanField,
    CharField,
    DateField,
    ForeignKeyField,
    JSONField,
    SmallIntegerField,
    TextField,
)

from portal.accounts.models import User
from portal.db import CodeField, Hundredths, InternalJSON, InternalText, UTCDateTimeField
from portal.partners.models import Contact, Partner, PartnerClass
from portal.propositions.models import Proposition, PropositionVersion
from portal.publishing import snapshot
from portal.tables import TABLES

LAST_YEAR = date(2025, 3, 3)


def plant(cast, partner):
    """{token: (table, column)}: one row in every table with an internal column, around this partner."""
    return _Planter(cast, partner).planted()


class _Planter:
    def __init__(self, cast, partner):
        self.cast, self.partner, self.tokens, self.rows = cast, partner, {}, {}
        self.rows |= {Partner: partner, User: cast.par, PartnerClass: cast.classes["A"]}
        self.rows[Contact] = cast.contact(partner)

    def planted(self):
        for table in TABLES:
            if any(isinstance(column, (InternalText, InternalJSON)) for column in table._meta.sorted_fields):
                self._row(table)
        return self.tokens

    def _row(self, table):
        """A row of this table with a token in each internal column; those that it points to are made first."""
        row = self.rows.get(table) or self._existing(table)
        if row is None:
            row = table.create(**self._values(table))
        else:
            self._mark(table, row)
        self.rows[table] = row
        return row

    def _existing(self, table):
        """The row that the partner has already."""
        for column in table._meta.sorted_fields:
            if isinstance(column, ForeignKeyField) and column.rel_model in (Partner, Proposition, PropositionVersion):
                return table.get_or_none(column == self._row(column.rel_model))
        return None

    def _values(self, table):
        columns = [column for column in table._meta.sorted_fields if not self._has_no_need(column)]
        values = {column.name: self._value(table, column) for column in columns}
        return values | self._fitting(table)

    def _mark(self, table, row):
        """An existing row gets its tokens."""
        for column in table._meta.sorted_fields:
            if isinstance(column, (InternalText, InternalJSON)):
                table.update({column: self._token(table, column)}).where(table.id == row.id).execute()

    @staticmethod
    def _has_no_need(column):
        internal = isinstance(column, (InternalText, InternalJSON))
        points_home = isinstance(column, ForeignKeyField) and column.rel_model in (Partner, User, Contact)
        return column.name == "id" or (not internal and not points_home and (column.null or column.default is not None))

    def _value(self, table, column):
        if isinstance(column, (InternalText, InternalJSON)):
            return self._token(table, column)
        if isinstance(column, ForeignKeyField):
            return self._row(column.rel_model)
        return self._plain(table, column)

    def _token(self, table, column):
        """Unique, and long enough for the scan of five words."""
        mark = f"{table.__name__}{column.name}{self.partner.id}".replace("_", "")
        token = f"Canary{mark} nests in the{mark} dark{mark} wood"
        self.tokens[token] = (table.__name__, column.name)
        return {"kept": [token]} if isinstance(column, InternalJSON) else token

    def _plain(self, table, column):
        if isinstance(column, CodeField):
            return column.options[0]
        for kind, value in (
            (UTCDateTimeField, self.cast.stamp.at),
            (DateField, LAST_YEAR),
            (BooleanField, False),
            (SmallIntegerField, 1),
            (Hundredths, 100),
            (JSONField, []),
            ((CharField, TextField), f"{table.__name__}{column.name}{self.partner.id}"[:40]),
        ):
            if isinstance(column, kind):
                return value
        return self.partner.id

    def _fitting(self, table):
        """What the tables' own checks ask for; an approval or a withdrawal of long ago must not decide this test."""
        columns, fitting = table._meta.fields, {}
        if "until_on" in columns:
            fitting["until_on"] = LAST_YEAR + timedelta(days=1)
        if {"partner_class", "user"} <= columns.keys():
            fitting |= {"partner_class": None, "user": None}
        if "ended_at" in columns:
            fitting["ended_at"] = self.cast.stamp.at
        return fitting


def through_the_wall(monkeypatch, partner, text):
    """A mistake in the code: what must stay inside is shown as the partner's tier."""
    monkeypatch.setattr(snapshot, "_tiers", lambda _partners, _today: {partner.id: (("en", text),)})
