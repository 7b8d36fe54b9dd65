"""How a feature declares what it takes from a file: its fields, how each is read, and who stores a row."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from portal import cell_values
from portal.cell_values import Unfit
from portal.db import fold
from portal.i18n import N_, Message
from portal.records import Stamp

FIGURES = ("figure", "money", "whole", "degrees")
DAYS = ("day", "month")
BETWEEN_NAMES = re.compile(r"\s*[,;|/]\s*")
NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Styles:
    """How the figures and days of one file are written; both empty where nothing in it depends on them."""

    decimal: str = ""
    days: str = ""


@dataclass(frozen=True)
class ImportField:
    """One thing that a column may hold.

    `kind`: text, address, country, word (one of `words`), names (a list), whole, figure (hundredths, rounded),
    money (hundredths, exact), degrees, day, month, yes. `aliases` are the names that other systems give the column."""

    name: str
    label: str
    kind: str = "text"
    aliases: tuple[str, ...] = ()
    required: bool = False
    most: int = 200
    words: Mapping[str, str] = field(default_factory=dict)  # what may stand in the cell → the code it means
    hint: str = ""

    def read(self, cell: str, styles: Styles) -> Any:
        """The cell's value, or None when it is blank. Raises Unfit with the reason."""
        if not cell:
            if self.required:
                raise Unfit(N_("It is empty, and a row cannot be stored without it."))
            return None
        return _READERS[self.kind](self, cell, styles)

    def known_as(self) -> set[str]:
        return {_simple(name) for name in (self.name, self.label, *self.aliases)}


def _read_word(self, cell, _styles):
    code = {_simple(word): code for word, code in self.words.items()}.get(_simple(cell))
    if code is None:
        raise Unfit(
            N_("“%(cell)s” is not one of: %(words)s."),
            cell=cell[:40],
            words=", ".join(dict.fromkeys(self.words.values())),
        )
    return code


YES = {"yes", "ja", "kylla", "true", "sant", "tosi", "1", "x", "y", "j", "k"}
NO = {"no", "nej", "ei", "false", "falskt", "epatosi", "0", "n", "e", "-"}


def _read_yes(_self, cell, _styles):
    word = fold(cell.strip())
    if word not in YES | NO:
        raise Unfit(N_("“%(cell)s” is neither yes nor no."), cell=cell[:40])
    return word in YES


_READERS: dict[str, Callable] = {
    "text": lambda self, cell, styles: cell_values.plain_text(cell, self.most),
    "address": lambda self, cell, styles: cell_values.mail_address(cell),
    "country": lambda self, cell, styles: cell_values.country(cell),
    "names": lambda self, cell, styles: [
        cell_values.plain_text(name, self.most) for name in BETWEEN_NAMES.split(cell) if name
    ],
    "whole": lambda self, cell, styles: cell_values.whole(cell, styles.decimal or "."),
    "figure": lambda self, cell, styles: cell_values.hundredths(cell, styles.decimal or "."),
    "money": lambda self, cell, styles: cell_values.hundredths(cell, styles.decimal or ".", exact=True),
    "degrees": lambda self, cell, styles: cell_values.degrees(cell, styles.decimal or "."),
    "day": lambda self, cell, styles: cell_values.day(cell, styles.days or "dmy"),
    "month": lambda self, cell, styles: cell_values.month(cell, styles.days or "dmy"),
    "word": _read_word,
    "yes": _read_yes,
}


@dataclass(frozen=True)
class Importable:
    """One kind of file. `key` names the fields that tell its rows apart, `importer` stores them."""

    kind: str
    label: str
    meaning: str
    fields: tuple[ImportField, ...]
    key: tuple[str, ...]
    example: Mapping[str, str]
    importer: type["Importer"]
    tables: tuple  # what the importer may write
    # Before a batch is undone: gives the function that afterwards recounts what was summed from its rows.
    recount: Callable[[Any, Stamp], Callable[[], None]] | None = None

    def guess(self, columns: list[str]) -> dict[str, str]:
        """Field → column: the columns whose names say what they hold; each column once, in the order of the fields."""
        free = {_simple(column): column for column in reversed(columns)}
        mapping = {}
        for each in self.fields:
            found = next((name for name in sorted(each.known_as(), key=_own_first(each)) if name in free), None)
            if found is not None:
                mapping[each.name] = free.pop(found)
        return mapping

    def missing(self, mapping: Mapping[str, str]) -> list[ImportField]:
        """The required fields that no column is chosen for."""
        return [each for each in self.fields if each.required and not mapping.get(each.name)]


def given(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """What the row says about these fields; a blank cell says nothing, and changes nothing."""
    return {name: row[name] for name in names if row.get(name) is not None}


def _own_first(each):
    own = (_simple(each.name), _simple(each.label))
    return lambda name: (name not in own, name)


def _simple(name: str) -> str:
    return NOT_IN_NAMES.sub("", fold(name))


class Refused(Exception):
    """A row cannot be stored; `problems` are (field name, Message) pairs."""

    def __init__(self, *problems: tuple[str, Message]):
        self.problems = problems
        super().__init__("; ".join(f"{name}: {message}" for name, message in problems))


class Importer:
    """Stores the rows of one run. It refuses a row before it writes anything of it."""

    def __init__(self, writer: "Writing"):
        self.writer = writer

    def expect(self, rows: list[dict[str, Any]]) -> None:
        """The rows that come next: the time to read at once what they will be compared with."""

    def take(self, row: dict[str, Any], line: int) -> Any:
        """Stores one row through the writer and returns its main entry. Raises Refused."""
        raise NotImplementedError

    def finish(self) -> None:
        """After the last row."""


class Writing(Protocol):
    """What an importer is given: who, when, and the one way to store (`imports/writer.py`)."""

    stamp: Stamp
    today: date
    dry: bool
    batch_id: int | None

    def load(self, table: Any, columns: tuple[str, ...], where: Any = None) -> None:
        """Reads the stored rows, so that `find` knows them by these columns."""

    def find(self, table: Any, **key: Any) -> Any:
        """The entry with this key, stored or made in this run; or None."""

    def put(self, table: Any, key: Mapping[str, Any], found: Any = None, lineage: Any = None, **fields: Any) -> Any:
        """Stores the fields that differ in the entry `found`, or else under the key, or a new one.

        `lineage` is stored along when something else is: alone it is no change."""

    def assign(self, table: Any, owner: Any, value: Any, from_on: date) -> None:
        """Makes the value hold for a partner from that day on, as `Assignment.assign` does for one."""

    def drop(self, table: Any, entry: Any) -> None:
        """Removes a row."""
