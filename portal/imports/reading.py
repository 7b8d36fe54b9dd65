"""What a file holds before anything is stored: its layout, its columns, and the style of its figures and days."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from itertools import islice

from portal import spreadsheets
from portal.cell_values import Evidence, day_vote, decimal_vote
from portal.i18n import N_, Message
from portal.importing import DAYS, FIGURES, Styles
from portal.spreadsheets import Layout, Unreadable

SAMPLE_ROWS = 5
DECIMALS = {".": N_("1,234.50"), ",": N_("1.234,50")}
DAY_ORDERS = {"dmy": N_("31/12/2026: day first"), "mdy": N_("12/31/2026: month first")}


@dataclass(frozen=True)
class Sheet:
    """A file and how it is written; `rows()` may be asked again and again."""

    path: object
    layout: Layout

    def columns(self):
        for _line, cells in self._lines():
            return spreadsheets.column_names(cells)
        raise Unreadable(N_("The file has no row of column names."))

    def rows(self):
        """(line, cells) without the header."""
        return islice(self._lines(), 1, None)

    def _lines(self):
        return spreadsheets.read(self.path, self.layout)


@dataclass(frozen=True)
class MadeSheet:
    """Rows that a program puts together (demo/adventureworks.py), read as if they stood in a file."""

    header: list
    made_rows: object  # a function that yields (line, cells)

    def columns(self):
        return self.header

    def rows(self):
        return self.made_rows()


@dataclass(frozen=True)
class Survey:
    """What was found in a sheet: `styles`, and as `questions` the styles that matter and that nothing proves."""

    columns: list
    count: int
    styles: Styles = field(default_factory=Styles)
    questions: tuple = ()

    def answered(self, decimal="", days=""):
        """The survey with the styles that somebody chose instead of those that were found."""
        styles = Styles(decimal or self.styles.decimal, days or self.styles.days)
        answers = {"decimal": styles.decimal, "days": styles.days}
        return replace(self, styles=styles, questions=tuple(name for name in self.questions if not answers[name]))


def open_file(path, delimiter="", encoding=""):
    """The sheet in a file. A delimiter or encoding that somebody chose stands over what is detected."""
    layout = spreadsheets.detect(path)
    if not layout.is_workbook:
        layout = Layout(delimiter or layout.delimiter, encoding or layout.encoding)
    return Sheet(path, layout)


def survey(sheet, importable, mapping):
    """Reads the sheet once, and finds out how the columns are written that are mapped to figures and days.

    A column proves its own style; one that proves nothing follows the rest of the file."""
    columns = sheet.columns()
    votes = _votes(columns, importable, mapping)
    found = defaultdict(Evidence)
    count = 0
    for _line, cells in sheet.rows():
        count += 1
        for position, (style, vote) in votes.items():
            if position < len(cells) and cells[position]:
                found[style].add(vote(cells[position]))
    verdicts = {style: evidence.verdict() for style, evidence in found.items()}
    return Survey(
        columns,
        count,
        Styles(decimal=verdicts.get("decimal") or "", days=verdicts.get("days") or ""),
        tuple(style for style in ("decimal", "days") if verdicts.get(style, "") is None),
    )


def samples(sheet):
    """Column → what stands in it in the first rows: its first cell that is not blank, or nothing."""
    columns = sheet.columns()
    found = dict.fromkeys(columns, "")
    for _line, cells in islice(sheet.rows(), SAMPLE_ROWS):
        found |= {column: cell for column, cell in zip(columns, cells, strict=False) if cell and not found[column]}
    return found


def _votes(columns, importable, mapping):
    """Position of a column → the style that it tells about, and how its cells vote."""
    votes = {}
    for each in importable.fields:
        position = position_of(columns, mapping.get(each.name))
        if position is not None and each.kind in FIGURES:
            votes[position] = ("decimal", decimal_vote)
        elif position is not None and each.kind in DAYS:
            votes[position] = ("days", day_vote)
    return votes


def position_of(columns, column):
    return columns.index(column) if column in columns else None


QUESTIONS = {
    "decimal": Message(N_("Figures like 1.234 could mean two things. Say how the file writes its decimals.")),
    "days": Message(N_("Days like 05/06/2026 could mean two things. Say whether the day or the month comes first.")),
}
