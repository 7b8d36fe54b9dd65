"""A whole import in one call, as the command line and the demo run it: read, ask nothing, store or refuse."""

import hashlib

from portal.db import database
from portal.i18n import N_, Message
from portal.imports import runner
from portal.imports.reading import open_file, survey

NO_FIELD = Message(N_("There is no such field. The empty file on the page Import names them all."))
NO_COLUMN = Message(N_("The file has no column of that name."))


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
    _refuse_unknown(importable, columns, mapping or {})
    mapping = {**importable.guess(columns), **(mapping or {})}
    found = survey(sheet, importable, mapping).answered(decimal, days)
    with database.atomic():
        reading = {"decimal": found.styles.decimal, "days": found.styles.days}
        batch = runner.start_batch(stamp, importable, file_name, sha256, reading=reading)
        outcome = runner.apply(
            batch, sheet, importable, mapping, found, stamp, today, good_only=good_only, progress=progress
        )
    return batch, outcome


def _refuse_unknown(importable, columns, mapping):
    """A slip in a name would otherwise leave a column out without a word."""
    fields = {each.name for each in importable.fields}
    unknown = [
        runner.Problem(1, name, NO_COLUMN if name in fields else NO_FIELD)
        for name, column in mapping.items()
        if name not in fields or column not in columns
    ]
    if unknown:
        raise runner.NotReady(unknown)


def fingerprint(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
