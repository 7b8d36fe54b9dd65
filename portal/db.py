"""The connection, the base of every table, moments in UTC, and text columns whose type says who may read them."""

import unicodedata
from contextlib import contextmanager
from datetime import UTC, date, datetime

import cysqlite
import psycopg
from peewee import (
    AutoField,
    BigIntegerField,
    CharField,
    Check,
    DatabaseProxy,
    DataError,
    DateTimeField,
    Field,
    JSONField,
    Model,
    PeeweeException,
    TextField,
)
from playhouse.cysqlite_ext import CySqliteDatabase
from playhouse.pool import PooledPostgresqlDatabase

database = DatabaseProxy()
# While rows are fetched, the drivers' own errors come through.
DATABASE_ERRORS = (PeeweeException, cysqlite.Error, psycopg.Error)
# A value that its column cannot hold: PostgreSQL refuses texts that are too long and numbers that are too large.
UNFIT_VALUES = (DataError, cysqlite.DataError, psycopg.DataError)

SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    # NORMAL loses acknowledged rows at a power cut (spec/7-bar.md, fact 3).
    "synchronous": "full",
    "foreign_keys": 1,
    "busy_timeout": 10_000,
    "cache_size": -64_000,
}
# The first SQLite without the WAL-reset corruption bug (spec/7-bar.md, fact 2).
SAFE_SQLITE = (3, 51, 3)


def connect(url):
    """A database for `sqlite:///path` or `postgresql://…`, bound to every table.

    On SQLite every transaction begins IMMEDIATE: one that starts as a reader and then writes fails under load although
    a busy timeout is set."""
    if url.startswith("sqlite:///"):
        opened = CySqliteDatabase(
            url.removeprefix("sqlite:///"), pragmas=SQLITE_PRAGMAS, lock_type="IMMEDIATE", timeout=10
        )
    else:
        opened = PooledPostgresqlDatabase(
            url, prefer_psycopg3=True, max_connections=20, stale_timeout=300, timeout=8, connect_timeout=5
        )
    database.initialize(opened)
    return opened


def is_sqlite(db=database):
    return isinstance(getattr(db, "obj", db), CySqliteDatabase)


@contextmanager
def read_snapshot():
    """All reads inside see one moment of the database, and no writer waits for them."""
    if is_sqlite():
        with database.transaction("DEFERRED"):
            yield
    else:
        with database.atomic():
            database.execute_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def fold(text):
    """`Örebro` and `orebro` alike become `orebro`: what search columns hold and search words are turned into."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


class UTCDateTimeField(DateTimeField):
    """A moment. Refuses one without a zone; both databases store naive UTC; rows give it back with its zone."""

    def db_value(self, value):
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{self.name} needs a moment with a time zone, not {value}")
        return super().db_value(value.astimezone(UTC).replace(tzinfo=None))

    def python_value(self, value):
        moment = super().python_value(value)
        return moment.replace(tzinfo=UTC) if isinstance(moment, datetime) else moment


class InternalText(TextField):
    """Only people of the vendor may read it; it never reaches a published file."""


class SharedText(TextField):
    """This partner may read it."""


class PublishedText(TextField):
    """Everybody may read it."""


class InternalJSON(JSONField):
    """Structured notes of the portal for itself; never published."""


class SharedJSON(JSONField):
    """Structured values that this partner has been shown."""


class CodeField(CharField):
    """One of a few fixed words, checked by the database itself."""

    def __init__(self, options, **kwargs):
        self.options = tuple(options)
        super().__init__(max_length=40, **kwargs)

    def bind(self, model, name, set_attribute=True):
        words = ", ".join(f"'{option}'" for option in self.options)
        self.constraints = [Check(f'"{self.column_name or name}" IN ({words})')]
        Field.bind(self, model, name, set_attribute)


class Hundredths(BigIntegerField):
    """A figure as an integer of hundredths of its unit: cents of money, hundredths of a per cent or a day."""


class Table(Model):
    # Said aloud, so that the type checker knows it too.
    id = AutoField()

    class Meta:
        database = database
        legacy_table_names = False


def plain_rows(query):
    """The rows as the driver gives them, for tens of thousands at once: a tenth of the time of rows of a model.

    Days are text on SQLite; `as_day` makes them days."""
    return database.execute(query).fetchall()


def as_day(value):
    """A day from a plain row or an aggregate, for which SQLite knows no type."""
    return date.fromisoformat(value) if isinstance(value, str) else value
