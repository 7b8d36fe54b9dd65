"""Reading CSV and XLSX as rows of text with line numbers; writing both so that no cell is run as a formula."""

import codecs
import csv
import gzip
import io
import lzma
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from charset_normalizer import from_bytes
from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from portal.i18n import N_, Message

DELIMITERS = (";", "\t", "|", ",")
ENCODINGS = ("utf-8", "utf-16", "cp1252", "iso8859-15", "mac_roman", "cp850")
MOST_COLUMNS = 200
MOST_ROWS = 1_000_000
# The last line of a sheet in Excel. A small file may claim that its row stands a thousand million lines below.
LAST_LINE = 1_048_576
# What an XLSX may unpack to: a small file that unpacks to gigabytes is an attack.
MOST_UNPACKED = 300 * 1024 * 1024
SAMPLE = 256 * 1024
OPENERS = {".xz": lzma.open, ".gz": gzip.open}

DAMAGED = N_("The file is damaged. Export it again.")
FORMULA_SIGNS = frozenset("=+-@＝＋－＠")

Line = tuple[int, list[str]]


class Unreadable(Exception):
    """The file cannot be read as a table; `message` says why and what to do."""

    def __init__(self, text: str, **values: object):
        self.message = Message(text, values)
        super().__init__(str(self.message))


@dataclass(frozen=True)
class Layout:
    """How a file is written down. An XLSX has neither delimiter nor encoding."""

    delimiter: str = ""
    encoding: str = ""

    @property
    def is_workbook(self) -> bool:
        return not self.delimiter


def detect(path: Path) -> Layout:
    """The layout of a file, from its first bytes and the shape of its first rows."""
    try:
        return _detected(path, _first_bytes(path))
    except (lzma.LZMAError, gzip.BadGzipFile, EOFError) as reason:
        raise Unreadable(DAMAGED) from reason


def _detected(path: Path, start: bytes) -> Layout:
    if start.startswith(b"PK\x03\x04"):
        return Layout()
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(N_("This is an old Excel file (.xls). Save it as .xlsx or as CSV and choose it again."))
    if not start.strip():
        raise Unreadable(N_("The file is empty. Choose a file with a row of column names and rows below it."))
    encoding = _encoding(path, start)
    return Layout(_delimiter(path, encoding), encoding)


def read(path: Path, layout: Layout) -> Iterator[Line]:
    """(line number, cells as text) of every row that is not blank; the first is the header."""
    rows = _workbook_rows(path) if layout.is_workbook else _csv_rows(path, layout)
    count = 0
    for line, cells in rows:
        if len(cells) > MOST_COLUMNS:
            raise Unreadable(N_("Line %(line)s has more than %(most)s columns."), line=line, most=MOST_COLUMNS)
        if any(cells):
            count += 1
            if count > MOST_ROWS + 1:
                raise Unreadable(N_("The file has more than %(most)s rows. Split it."), most=MOST_ROWS)
            yield line, cells


def column_names(cells: list[str]) -> list[str]:
    """The header's cells as names that are all there and all different."""
    names: list[str] = []
    for number, cell in enumerate(cells, start=1):
        name = " ".join(cell.split()) or f"({number})"
        names.append(name if name not in names else f"{name} ({number})")
    return names


def neutral(cell: object) -> object:
    """A text that a spreadsheet would run as a formula gets a leading apostrophe (spec/7-bar.md IN-3)."""
    if not isinstance(cell, str) or not cell:
        return cell
    return f"'{cell}" if _is_dangerous(cell) else cell


def original(cell: str) -> str:
    """The text that `neutral` was given: what the portal wrote comes back as it was."""
    return cell[1:] if cell.startswith("'") and _is_dangerous(cell[1:]) else cell


def _is_dangerous(cell: str) -> bool:
    return cell[:1] in ("\t", "\r", "\n") or cell.lstrip()[:1] in FORMULA_SIGNS


def write_csv(rows: Iterable[Iterable[object]]) -> bytes:
    """CSV with semicolons and a BOM, which a spreadsheet in any of our languages opens with its letters right."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows([neutral(cell) for cell in row] for row in rows)
    return codecs.BOM_UTF8 + text.getvalue().encode()


def write_xlsx(rows: Iterable[Iterable[object]], title: str = "Sheet") -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for row in rows:
        sheet.append([neutral(cell) for cell in row])
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


# --- CSV ----------------------------------------------------------------------------------------------------------


def _open(path: Path):
    return OPENERS.get(path.suffix, open)(path, "rb")


def _first_bytes(path: Path) -> bytes:
    with _open(path) as file:
        return file.read(SAMPLE)


def _encoding(path: Path, start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if _is_utf_8(path):
        return "utf-8"
    # Western letters stand above 0xBF in the Windows encoding, and between 0x80 and 0x9F in those of old Macs and DOS.
    # A general guess is wrong about short Nordic texts more often than right.
    above = sum(byte >= 0xC0 for byte in start)
    if above >= sum(0x80 <= byte < 0xA0 for byte in start):
        return "cp1252"
    guess = from_bytes(start, cp_isolation=["mac_roman", "cp850"]).best()
    return guess.encoding if guess and guess.encoding in ENCODINGS else "cp850"


def _is_utf_8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with _open(path) as file:
            while part := file.read(SAMPLE):
                decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(path: Path, encoding: str) -> str:
    """The delimiter that cuts the first rows into the most columns, all rows alike."""
    return max(DELIMITERS, key=lambda delimiter: _evenness(path, Layout(delimiter, encoding)))


def _evenness(path: Path, layout: Layout) -> tuple[float, int]:
    widths = []
    try:
        for _line, cells in _csv_rows(path, layout):
            widths.append(len(cells))
            if len(widths) == 25:
                break
    except Unreadable:
        return 0, 0
    if not widths or widths[0] < 2:
        return 0, 0
    return sum(width == widths[0] for width in widths) / len(widths), widths[0]


def _csv_rows(path: Path, layout: Layout) -> Iterator[Line]:
    encoding = "utf-8-sig" if layout.encoding == "utf-8" else layout.encoding
    with _open(path) as file, io.TextIOWrapper(file, encoding=encoding, newline="") as text:
        rows = csv.reader(text, delimiter=layout.delimiter)
        line = 1
        try:
            for cells in rows:
                yield line, [original(cell.strip()) for cell in cells]
                line = rows.line_num + 1
        except (UnicodeError, LookupError) as reason:
            raise Unreadable(
                N_("The file is not written in %(encoding)s. Choose another encoding."), encoding=layout.encoding
            ) from reason
        except csv.Error as reason:
            raise Unreadable(
                N_("Line %(line)s cannot be read: perhaps a quotation mark is not closed."), line=line
            ) from reason
        except (lzma.LZMAError, OSError, EOFError) as reason:
            raise Unreadable(DAMAGED) from reason


# --- XLSX ---------------------------------------------------------------------------------------------------------


def _workbook_rows(path: Path) -> Iterator[Line]:
    damaged = N_("The workbook cannot be opened. Save it again as .xlsx without a password, or as CSV.")
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise Unreadable(N_("The workbook is too large. Save the sheet as CSV."))
        # By the open file and not by its name: a file that waits to be imported has no suffix.
        with path.open("rb") as file, closing(load_workbook(file, read_only=True, data_only=True)) as book:
            sheet = next((each for each in book.worksheets if each.sheet_state == "visible"), None)
            if sheet is None:
                raise Unreadable(damaged)
            sheet.reset_dimensions()
            for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                if line > LAST_LINE:
                    raise Unreadable(damaged)
                yield line, [_as_text(cell) for cell in cells]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, SyntaxError) as reason:
        raise Unreadable(damaged) from reason


def _as_text(cell: object) -> str:
    """A cell as one would type it: days as 2026-09-08, numbers without the noise of floats."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return format(cell, ".15g") if abs(cell) < 1e15 else str(cell)
    return original(str(cell).strip())
