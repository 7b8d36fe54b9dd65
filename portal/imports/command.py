"""A whole import in one call, as the command line and the demo run it: read, ask nothing, store or refuse."""

import hashlib

from portal.db import database
from portal.imports import runner
from portal.imports.reading import open_file, survey


def import_file(stamp, importable, path, today, *, mapping=None, delimiter="", encoding="", **choices):
    """(ImportBatch, Outcome) of one file; `choices` as in `import_sheet`."""
    sheet = open_file(path, delimiter, encoding)
    return import_sheet(stamp, importable, sheet, today, path.name, fingerprint(path), mapping=mapping, **choices)


def import_sheet(
    stamp,
    importable,
    sheet,
    today,
    file_name,
    sha256,
    *,
    mapping=None,
    decimal="",
    days="",
    good_only=False,
    progress=None,
):
    """(ImportBatch, Outcome). `mapping` (field → column) stands over what the names of the columns say.

    Raises Unreadable, NotReady when something has to be chosen, and BadRows unless `good_only`; then nothing is
    stored."""
    columns = sheet.columns()
    mapping = {**importable.guess(columns), **(mapping or {})}
    found = survey(sheet, importable, mapping).answered(decimal, days)
    with database.atomic():
        reading = {"decimal": found.styles.decimal, "days": found.styles.days}
        batch = runner.start_batch(stamp, importable, file_name, sha256, reading=reading)
        outcome = runner.apply(
            batch, sheet, importable, mapping, found, stamp, today, good_only=good_only, progress=progress
        )
    return batch, outcome


def fingerprint(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
