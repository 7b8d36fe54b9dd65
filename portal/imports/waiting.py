"""A file between its upload and the moment it is stored: kept for its owner alone, examined again at every choice."""

import os
import shutil

from portal.db import database
from portal.importing import Styles
from portal.imports import runner
from portal.imports.command import fingerprint
from portal.imports.reading import open_file, survey
from portal.tokens import new_token

CHOICES = ("delimiter", "encoding", "decimal", "days")


def keep(folder, stream):
    """Stores what was uploaded under a random name that only this user of the machine can read; returns its path."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / new_token()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        shutil.copyfileobj(stream, file)
    return path


def path_of(folder, batch):
    """Where the file of a batch waits; it is gone when the batch was applied."""
    return folder / batch.reading["file"]


def examine(importable, path, stamp, today, mapping=None, choices=None):
    """The columns of a batch: mapping, what was found and chosen, and the outcome of a dry run where one is possible.

    Raises Unreadable."""
    choices = {name: value for name, value in (choices or {}).items() if name in CHOICES and value}
    sheet = open_file(path, choices.get("delimiter", ""), choices.get("encoding", ""))
    if mapping is None:
        mapping = importable.guess(sheet.columns())
    found = survey(sheet, importable, mapping)
    answered = found.answered(choices.get("decimal", ""), choices.get("days", ""))
    reading = {
        "file": path.name,
        "choices": choices,
        "delimiter": sheet.layout.delimiter,
        "encoding": sheet.layout.encoding,
        "decimal": answered.styles.decimal,
        "days": answered.styles.days,
        "questions": list(found.questions),
    }
    try:
        outcome = runner.check(sheet, importable, mapping, answered, stamp, today)
    except runner.NotReady as missing:
        problems = [problem.kept() for problem in missing.problems]
        outcome = runner.Outcome(rows=found.count)
        return {"mapping": mapping, "reading": {**reading, "ready": False}, **outcome.counts(), "problems": problems}
    return {"mapping": mapping, "reading": {**reading, "ready": True}, **outcome.counts()}


def begin(importable, path, file_name, stamp, today):
    """The batch of a file that has just come in, examined. Raises Unreadable."""
    examined = examine(importable, path, stamp, today)
    with database.atomic():
        return runner.start_batch(stamp, importable, file_name, fingerprint(path), **examined)


def store(batch, importable, path, stamp, today, *, good_only=False):
    """Applies a batch as it was examined, and lets go of its file. Raises NotReady and BadRows."""
    choices = batch.reading["choices"]
    sheet = open_file(path, choices.get("delimiter", ""), choices.get("encoding", ""))
    styles = Styles(batch.reading["decimal"], batch.reading["days"])
    found = survey(sheet, importable, batch.mapping).answered(styles.decimal, styles.days)
    outcome = runner.apply(batch, sheet, importable, batch.mapping, found, stamp, today, good_only=good_only)
    # Only now that the rows are committed: a failure must leave the file to try again.
    path.unlink()
    return outcome
