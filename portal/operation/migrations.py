"""Brings a database to the shape that this version knows, in numbered steps, each whole or not at all."""

import fcntl
import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from peewee import OperationalError
from playhouse.migrations import Runner

from portal.db import database, is_sqlite

FOLDER = Path(__file__).parent.parent / "migrations"
# Any number that nothing else in the same PostgreSQL takes as an advisory lock.
LOCK = int.from_bytes(hashlib.sha256(b"partner portal migrations").digest()[:6], "big")


class NewerDatabase(Exception):
    """The database was migrated by a newer version of the portal: this one could damage it."""


class NotMigrated(Exception):
    """The database lacks migrations; `portal migrate` applies them."""


@dataclass(frozen=True)
class Status:
    """Names of migrations: applied, still to do, and applied by a version that knew more than this one."""

    applied: tuple
    pending: tuple
    unknown: tuple


def status(folder=FOLDER):
    rows = Runner(database.obj, str(folder)).status()
    return Status(
        applied=tuple(row.name for row in rows if row.applied and row.path),
        pending=tuple(row.name for row in rows if not row.applied),
        unknown=tuple(row.name for row in rows if row.applied and not row.path),
    )


def check(folder=FOLDER):
    """Passes when the database fits this version; else raises NewerDatabase or NotMigrated."""
    known = status(folder)
    _refuse_newer(known)
    if known.pending:
        raise NotMigrated(f"The database lacks {', '.join(known.pending)}. Run: portal migrate")


def migrate(settings, *, before=None, until=None, folder=FOLDER):
    """Applies what is missing, up to the one named `until`, and returns its names.

    `before()` runs once, if there is data and something to apply: it makes the backup. Whoever comes second waits, and
    then finds nothing to do."""
    with _alone(settings):
        known = status(folder)
        _refuse_newer(known)
        if not known.pending:
            return []
        if known.applied and before:
            before()
        return Runner(database.obj, str(folder)).up(until)


def _refuse_newer(known):
    if known.unknown:
        raise NewerDatabase(
            f"The database holds {', '.join(known.unknown)}, which this version does not know. "
            "Install the newer version again, or restore a backup that this version made into an empty folder."
        )


@contextmanager
def _alone(settings):
    """One runner at a time: a file lock for processes of this machine, an advisory lock for all machines."""
    with open(settings.data / "migrate.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if is_sqlite():
            yield
            return
        database.execute_sql("SELECT pg_advisory_lock(%s)", (LOCK,))
        try:
            yield
        finally:
            _unlock()


def _unlock():
    try:
        database.execute_sql("SELECT pg_advisory_unlock(%s)", (LOCK,))
    except OperationalError:
        # The connection is gone, and its lock with it.
        database.close()
