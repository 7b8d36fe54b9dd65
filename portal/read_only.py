"""When the database is damaged, nothing is written any more: one file in the data folder says so, to every process."""

import logging
import os
import threading
from datetime import UTC, datetime

from portal.db import DATABASE_ERRORS, database, is_sqlite

log = logging.getLogger("portal")
_here = threading.local()
# What SQLite says when a file is damaged, as far as it is told by the error's text.
DAMAGE = ("malformed", "is not a database", "file is encrypted", "database corruption")
FULL = ("is full", "no space left")
DISK_ERRORS = ("XX001", "XX002")  # PostgreSQL: data_corrupted, index_corrupted


class StillDamaged(Exception):
    """The database does not pass its integrity check. `problems` are the check's own words."""

    def __init__(self, problems):
        super().__init__("; ".join(problems[:5]))
        self.problems = problems


def path(settings):
    return settings.data / "READ-ONLY"


def reason(settings):
    """Why nothing is written, or None: everything is as usual."""
    try:
        return path(settings).read_text() or "unknown"
    except FileNotFoundError:
        return None


def begin(settings, why):
    """Stops all writing, in every process that shares the data folder, until `end` (spec/7-bar.md CR-6)."""
    log.critical("READ-ONLY: %s. Restore a backup, or run: portal doctor", why)
    try:
        descriptor = os.open(path(settings), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC: {why}")


def end(settings):
    """Allows writing again, if the database passes its integrity check; else raises StillDamaged."""
    problems = integrity_problems()
    if problems:
        raise StillDamaged(problems)
    path(settings).unlink(missing_ok=True)


def enforce(settings):
    """Makes this thread's connection refuse to write as long as the mode lasts; True while it does.

    PostgreSQL refuses by itself what touches a damaged page."""
    lasts = path(settings).exists()
    if is_sqlite() and (lasts or getattr(_here, "refuses", False)):
        database.execute_sql(f"PRAGMA query_only = {int(lasts)}")
        _here.refuses = lasts
    return lasts


def is_damage(error):
    """Does this error of the database say that what is stored is damaged?"""
    return any(_says(each, DAMAGE) or getattr(each, "sqlstate", None) in DISK_ERRORS for each in _chain(error))


def is_disk_full(error):
    return any(_says(each, FULL) for each in _chain(error))


def _says(error, words):
    return isinstance(error, DATABASE_ERRORS) and any(word in str(error).lower() for word in words)


def _chain(error):
    """The error and what led to it: a failed ROLLBACK hides why it was tried."""
    seen = []
    while error is not None and error not in seen:
        seen.append(error)
        error = error.__cause__ or error.__context__
    return seen


def integrity_problems(connection=None):
    """What SQLite's own checks find; an empty list is a sound file. PostgreSQL checks its pages itself."""
    if not is_sqlite():
        return []
    connection = connection or database
    try:
        found = [row[0] for row in connection.execute_sql("PRAGMA integrity_check(20)").fetchall()]
        orphans = connection.execute_sql("PRAGMA foreign_key_check").fetchmany(20)
    except DATABASE_ERRORS as error:
        return [str(error)]
    return [text for text in found if text != "ok"] + [f"a row of {table} points to nothing" for table, *_ in orphans]
