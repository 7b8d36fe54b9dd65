"""Checks a file against what is stored, applies it whole or not at all, and takes a whole import back."""

from dataclasses import dataclass, field
from itertools import islice

from portal.cell_values import Unfit
from portal.db import database
from portal.i18n import N_, Message
from portal.importing import Refused
from portal.imports.models import ImportBatch
from portal.imports.reading import QUESTIONS, position_of
from portal.imports.writer import Writer
from portal.records import AuditEvent

ROWS_AT_ONCE = 1000
KEPT_PROBLEMS = 500


@dataclass(frozen=True)
class Problem:
    """Why a row cannot be stored. `field` is the name of the importable's field, empty for the row as a whole."""

    line: int
    field: str
    message: Message

    def kept(self):
        """As ImportBatch.problems keeps it; `said` in the reader's language by `kept_problem`."""
        return [self.line, self.field, self.message.msgid, {name: str(v) for name, v in self.message.params.items()}]


def kept_problem(kept):
    line, name, msgid, params = kept
    return Problem(line, name, Message(msgid, params))


@dataclass
class Outcome:
    """What a run did, or would do: every row is made, changed, unchanged or refused."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    problems: list = field(default_factory=list)

    def refuse(self, problems):
        self.refused += 1
        self.problems += problems[: max(0, KEPT_PROBLEMS - len(self.problems))]

    def counts(self):
        return {
            "rows": self.rows,
            "created_rows": self.created,
            "updated_rows": self.updated,
            "unchanged_rows": self.unchanged,
            "refused_rows": self.refused,
            "problems": [problem.kept() for problem in self.problems],
        }


class BadRows(Exception):
    """Rows were refused and only a file without bad rows was to be stored: nothing was. `outcome` says which."""

    def __init__(self, outcome):
        self.outcome = outcome
        super().__init__(f"{outcome.refused} rows cannot be stored")


class NotReady(Exception):
    """The file cannot be read yet; `problems` say what somebody has to choose first."""

    def __init__(self, problems):
        self.problems = problems
        super().__init__("; ".join(str(problem.message) for problem in problems))


def nothing_missing(importable, mapping, survey):
    """What has to be chosen before the rows can be read: required columns, ambiguous styles."""
    without_column = [
        Problem(1, each.name, Message(N_("Choose the column that holds it."))) for each in importable.missing(mapping)
    ]
    return without_column + [Problem(1, "", QUESTIONS[name]) for name in survey.questions]


def check(sheet, importable, mapping, survey, stamp, today, progress=None):
    """The Outcome that storing would have; nothing is written. Raises NotReady."""
    return _run(sheet, importable, mapping, survey, Writer(stamp, today, dry=True), progress)


def apply(batch, sheet, importable, mapping, survey, stamp, today, *, good_only=False, progress=None):
    """Stores the rows in one transaction and completes the batch. Raises NotReady; BadRows unless `good_only`."""
    with database.atomic():
        outcome = _run(sheet, importable, mapping, survey, Writer(stamp, today, batch.id), progress)
        if outcome.refused and not good_only:
            raise BadRows(outcome)
        counts = outcome.counts()
        batch.change(stamp, action="import.apply", state="applied", applied_at=stamp.at, mapping=mapping, **counts)
    return outcome


def start_batch(stamp, importable, file_name, sha256, **fields):
    """The row of one file of one kind; it stays `checked` until it is applied."""
    return ImportBatch.add(
        stamp, action="import.check", kind=importable.kind, file_name=file_name[:200], sha256=sha256, **fields
    )


def forget(batch, stamp):
    """A file that was checked and never stored leaves nothing but the line in the audit log."""
    AuditEvent.write(stamp, "import.forget", batch)
    batch.delete_instance()


def _run(sheet, importable, mapping, survey, writer, progress):
    if missing := nothing_missing(importable, mapping, survey):
        raise NotReady(missing)
    outcome, seen = Outcome(), {}
    importer = importable.importer(writer)
    reader = RowReader(importable, mapping, survey)
    lines = iter(sheet.rows())
    while chunk := list(islice(lines, ROWS_AT_ONCE)):
        rows = [(line, *reader.read(line, cells)) for line, cells in chunk]
        importer.expect([values for _line, values, problems in rows if not problems])
        for line, values, problems in rows:
            outcome.rows += 1
            _take(importer, importable, line, values, problems, seen, writer, outcome)
        writer.flush()
        if progress:
            progress(outcome.rows, survey.count)
    importer.finish()
    writer.flush()
    return outcome


def _take(importer, importable, line, values, problems, seen, writer, outcome):
    """Stores one row, or counts why not."""
    problems = problems or _seen_before(importable, line, values, seen)
    writer.touched = False
    if not problems:
        try:
            entry = importer.take(values, line)
        except Refused as refused:
            problems = [Problem(line, name, message) for name, message in refused.problems]
    if problems:
        outcome.refuse(problems)
    elif not writer.touched:
        outcome.unchanged += 1
    elif entry.made_here:
        outcome.created += 1
    else:
        outcome.updated += 1


def _seen_before(importable, line, values, seen):
    key = tuple(values.get(name) for name in importable.key)
    first = seen.setdefault(key, line)
    if first == line:
        return []
    return [Problem(line, importable.key[0], Message(N_("Line %(first)s is about the same."), {"first": first}))]


class RowReader:
    """Turns the cells of a row into values by field."""

    def __init__(self, importable, mapping, survey):
        placed = [(each, position_of(survey.columns, mapping.get(each.name))) for each in importable.fields]
        self.placed = [(each, position) for each, position in placed if position is not None]
        self.styles, self.width = survey.styles, len(survey.columns)

    def read(self, line, cells):
        """(values, problems). A field without a column is absent; a blank cell is None."""
        if len(cells) > self.width and any(cells[self.width :]):
            message = Message(N_("It has more cells than there are columns: a text may hold the delimiter."))
            return {}, [Problem(line, "", message)]
        values, problems = {}, []
        for each, position in self.placed:
            try:
                values[each.name] = each.read(cells[position] if position < len(cells) else "", self.styles)
            except Unfit as unfit:
                problems.append(Problem(line, each.name, unfit.message))
        return values, problems
