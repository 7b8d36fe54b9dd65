"""Restores one backup into a scratch place and looks at integrity, rows, audit chain and newest visit."""

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from portal.accounts import audit
from portal.db import connect, database
from portal.operation import archive
from portal.operation.migrations import status
from portal.operation.restore import put_database
from portal.settings import read_settings

USAGE = "Usage: python -m portal.operation.backup_check FILE"


def check(path):
    """What the backup holds, in one line; raises archive.Damaged when anything is wrong with it."""
    with tempfile.TemporaryDirectory(prefix=".check-", dir=Path(path).parent) as folder:
        scratch = Path(folder)
        settings = replace(
            read_settings({"PORTAL_DATA": f"{scratch}/data"}), database_url=f"sqlite:///{scratch}/data/portal.sqlite"
        )
        manifest = archive.extract(path, _made(scratch / "parts"))
        connect(settings.database_url)
        try:
            put_database(settings, manifest, scratch / "parts")
            if not status().pending:
                _refuse_broken_chain()
            return _looked_at(manifest)
        finally:
            database.close()


def _refuse_broken_chain():
    problems = audit.verify()
    if problems:
        raise archive.Damaged("; ".join(str(problem) for problem in problems[:3]))


def _looked_at(manifest):
    newest = database.execute_sql("SELECT max(created_at) FROM visit").fetchone()[0]
    counts = manifest["counts"]
    said = f"{sum(counts.values())} rows, {counts['audit_event']} audit lines, {counts['visit']} visits"
    return f"{said}, the newest stored at {newest[:19]} UTC" if newest else said


def _made(folder):
    folder.mkdir(mode=0o700)
    return folder


def main(arguments):
    if len(arguments) != 1:
        print(USAGE, file=sys.stderr)
        return 2
    try:
        print(check(arguments[0]))
    except (archive.Damaged, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
