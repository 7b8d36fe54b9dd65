"""Brings a backup back: only a whole one, and only into an empty place."""

import os
import shutil
import tempfile
from pathlib import Path

from portal.db import connect, database
from portal.disk import require_room
from portal.operation import archive, rows
from portal.operation.migrations import FOLDER, migrate
from portal.read_only import integrity_problems

# A fresh start makes these before anybody can restore.
HARMLESS = {"secret.key", "migrate.lock", "backups", "outbox"}


class NotEmpty(Exception):
    """Something is there already; a restore never overwrites."""


def restore(settings, path, progress=lambda done: None):
    """Restores `path` into the empty data folder and database of these settings; returns the backup's manifest."""
    path = Path(path)
    _require_empty_folder(settings)
    require_room(settings.data, 4 * path.stat().st_size, "Restoring this backup")
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=settings.data) as folder:
        manifest = archive.extract(path, Path(folder))
        _refuse_newer(manifest)
        put_database(settings, manifest, Path(folder), progress)
        _put_files(settings, Path(folder) / "files")
    return manifest


def put_database(settings, manifest, folder, progress=lambda done: None):
    """Opens the restored database: a file that takes its place, or rows that are put into new tables."""
    if manifest["kind"] == "sqlite":
        _put_sqlite(settings, folder / "portal.sqlite")
    connect(settings.database_url)
    database.connect(reuse_if_open=True)
    if manifest["kind"] == "rows":
        _put_rows(settings, manifest, folder / "rows.jsonl.gz", progress)
    found = rows.counts(database)
    if found != manifest["counts"]:
        differing = [name for name, count in manifest["counts"].items() if count != found.get(name)]
        raise archive.Damaged(f"The restored database has other rows than were backed up: {', '.join(differing)}.")
    problems = integrity_problems()
    if problems:
        raise archive.Damaged(f"The restored database is damaged: {'; '.join(problems[:3])}.")


def _require_empty_folder(settings):
    found = {path.name for path in settings.data.iterdir()} - HARMLESS
    if found:
        raise NotEmpty(
            f"{settings.data} is not empty ({', '.join(sorted(found)[:4])}). "
            "Restore into another folder: PORTAL_DATA=/new/folder portal restore FILE"
        )


def _refuse_newer(manifest):
    known = {migration.stem for migration in FOLDER.glob("[0-9]*.py")}
    unknown = sorted(set(manifest["migrations"]) - known)
    if unknown:
        raise archive.Damaged(
            f"The backup is of a newer version, with {', '.join(unknown)}. Restore it with that version."
        )


def _put_sqlite(settings, copy):
    if not settings.database_url.startswith("sqlite:///"):
        raise NotEmpty(
            "This backup is a SQLite file. For PostgreSQL make one with: portal backup --rows; then restore that."
        )
    target = Path(settings.database_url.removeprefix("sqlite:///"))
    if target.exists():
        raise NotEmpty(f"{target} exists already. Restore into another place.")
    with open(copy, "rb") as file:
        os.fsync(file.fileno())
    shutil.move(copy, target)


def _put_rows(settings, manifest, path, progress):
    """Into tables as they were then; the portal migrates them when it starts."""
    if rows.tables_in_order(database):
        raise NotEmpty("The database has tables already. Restore into an empty database.")
    migrate(settings, until=manifest["migrations"][-1])
    rows.read(path, progress)


def _put_files(settings, folder):
    for path in sorted(folder.rglob("*")) if folder.exists() else ():
        if path.is_file():
            target = settings.data / path.relative_to(folder)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.move(path, target)
