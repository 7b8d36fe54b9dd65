"""Backups that are known to work: each is restored into a scratch place and checked before it counts."""

import logging
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from portal import read_only
from portal.db import DATABASE_ERRORS, database, is_sqlite
from portal.disk import require_room
from portal.operation import archive, rows
from portal.operation.migrations import status
from portal.records import AuditEvent, Stamp

log = logging.getLogger("portal.backup")
NAME = re.compile(r"portal-(\d{8}T\d{6}Z)-[a-z-]+\.backup")
KEPT_DAYS, KEPT_WEEKS, KEPT_MONTHS = 7, 4, 12
# Made anew from what is backed up, or not for other eyes: releases come from the next publication, the secret key and
# the mails with live links stay where they are.
LEFT_OUT = re.compile(
    r"(backups|outbox|secret\.key|READ-ONLY|site/(releases|current|staging|gone-.*)|\.backup-.*)(/.*)?"
    r"|portal\.sqlite(-wal|-shm|-journal)?|.*\.lock"
)


class BackupFailed(Exception):
    """The backup was made and did not pass its check, or could not be made. It is not kept."""


@dataclass(frozen=True)
class Backup:
    """One kept backup."""

    path: Path
    made_at: datetime

    @property
    def size(self):
        return self.path.stat().st_size

    def __str__(self):
        return str(self.path)


def make(settings, now, reason, *, as_rows=False):
    """Writes one archive of database and files, restores it into a scratch place, checks it, and only then keeps it.

    `as_rows`: every row as JSON instead of SQLite's own file; the way from SQLite to PostgreSQL. PostgreSQL is always
    written like this. Old backups beyond 7 days, 4 weeks and 12 months go."""
    settings.backups.mkdir(mode=0o700, exist_ok=True)
    require_room(settings.backups, _expected_size(settings), "A backup")
    path = settings.backups / f"portal-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{reason}.backup"
    unchecked = path.with_name("." + path.name)
    try:
        _write(settings, unchecked, now, reason, as_rows or not is_sqlite())
        _check_in_a_process_of_its_own(unchecked)
        os.replace(unchecked, path)
    except (OSError, archive.Damaged, BackupFailed, *DATABASE_ERRORS) as error:
        unchecked.unlink(missing_ok=True)
        log.critical("BACKUP FAILED: %s", error)
        if read_only.is_damage(error):
            read_only.begin(settings, f"a backup met a damaged database: {error}")
        else:
            _remember(now, {"reason": reason, "error": str(error)}, "failed")
        raise BackupFailed(f"The backup was not kept: {error}") from error
    _remember(now, {"reason": reason, "file": path.name, "bytes": path.stat().st_size}, "done")
    _thin_out(settings, now)
    return Backup(path, now)


def kept(settings):
    """All kept backups, newest first."""
    found = [(NAME.fullmatch(path.name), path) for path in settings.backups.glob("portal-*.backup")]
    made = [
        Backup(path, datetime.strptime(match[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC))
        for match, path in found
        if match
    ]
    return sorted(made, key=lambda backup: backup.made_at, reverse=True)


def to_keep(backups, now):
    """Which of these stay: the newest of each of the last 7 days, 4 weeks and 12 months that have one."""
    chosen = set()
    for name_of, most in (("%Y-%m-%d", KEPT_DAYS), ("%G-%V", KEPT_WEEKS), ("%Y-%m", KEPT_MONTHS)):
        newest = {}
        for backup in sorted(backups, key=lambda backup: backup.made_at):
            newest[backup.made_at.strftime(name_of)] = backup
        chosen.update([newest[name] for name in sorted(newest, reverse=True)[:most]])
    return chosen


def _thin_out(settings, now):
    backups = kept(settings)
    for backup in set(backups) - to_keep(backups, now):
        backup.path.unlink()


def _expected_size(settings):
    # Beside the archive lies, for a moment, the copy that it is made from.
    if is_sqlite():
        return 2 * Path(database.database).stat().st_size
    return database.execute_sql("SELECT pg_database_size(current_database())").fetchone()[0]


def _write(settings, path, now, reason, as_rows):
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=settings.data) as folder:
        copy = Path(folder) / ("rows.jsonl.gz" if as_rows else "portal.sqlite")
        lines_before = AuditEvent.select().count()
        counts = rows.write(copy) if as_rows else _copy_sqlite(copy)
        if counts["audit_event"] < lines_before:
            raise BackupFailed("the copy lacks audit lines that the database has")
        about = {
            "made_at": now.astimezone(UTC).isoformat(timespec="seconds"),
            "reason": reason,
            "kind": "rows" if as_rows else "sqlite",
            "migrations": list(status().applied),
            "counts": counts,
        }
        archive.write(path, about, {copy.name: copy}, _files(settings))


def _copy_sqlite(target):
    """A consistent copy while others write; it comes out without free pages. Returns its rows a table."""
    database.execute_sql("VACUUM INTO ?", [str(target)])
    os.chmod(target, 0o600)
    return rows.counts_of(target)


def _files(settings):
    """Everything else in the data folder: name in the archive → path."""
    found = {}
    for path in sorted(settings.data.rglob("*")):
        name = path.relative_to(settings.data).as_posix()
        if path.is_file() and not path.is_symlink() and not LEFT_OUT.fullmatch(name):
            found[f"files/{name}"] = path
    return found


def _check_in_a_process_of_its_own(path):
    """A check binds all tables to the scratch copy, which must not happen in a process that works on the real one."""
    command = [sys.executable, "-m", "portal.operation.backup_check", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
    if done.returncode:
        raise BackupFailed(done.stderr.strip() or done.stdout.strip() or f"its check ended with {done.returncode}")


def _remember(now, details, result):
    # Before a migration the table may not be as this version writes it; the migration itself leaves its own trace.
    if not status().pending:
        AuditEvent.write(Stamp(now, "job"), "backup.make", details=details, result=result)
