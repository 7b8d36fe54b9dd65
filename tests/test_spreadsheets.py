"""CSV and XLSX as they come out of other systems, and as they leave ours."""

import lzma
import zipfile
from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from portal import spreadsheets
from portal.spreadsheets import Layout, Unreadable, column_names, detect, neutral, original, read, write_csv, write_xlsx


@pytest.fixture
def file(tmp_path):
    def make(content, name="file.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make


def rows(path):
    return list(read(path, detect(path)))


def workbook(*lines):
    book = Workbook()
    for line in lines:
        book.active.append(line)
    packed = BytesIO()
    book.save(packed)
    return packed.getvalue()


@pytest.mark.parametrize("delimiter", [";", "|", "\t", ","])
def test_the_delimiter_is_found(file, delimiter):
    assert rows(file(f"a{delimiter}b\r\n1{delimiter}2\r\n")) == [(1, ["a", "b"]), (2, ["1", "2"])]


def test_commas_inside_texts_do_not_hide_the_delimiter(file):
    path = file("Key|Product\n210|HL Road Frame - Black, 58\n211|Helmet, Red, Small\n")
    assert detect(path).delimiter == "|"


def test_decimal_commas_do_not_hide_the_semicolon(file):
    assert detect(file("a;b\n1,5;2,5\n3,5;4,5\n")).delimiter == ";"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_is_found(file, encoding):
    assert rows(file("namn;ort\r\nÅmål Äpplen;Örebro\r\n".encode(encoding)))[1] == (2, ["Åmål Äpplen", "Örebro"])


def test_a_short_windows_file_is_not_taken_for_a_dos_file(file):
    text = "".join(f"{number};Örebro Kontorsteknik {number} AB;Örebro\r\n" for number in range(40))
    assert detect(file(text.encode("cp1252"))).encoding == "cp1252"


@pytest.mark.parametrize("encoding", ["cp850", "mac_roman"])
def test_old_encodings_are_told_from_the_one_of_windows(file, encoding):
    text = "namn;ort\r\n" + "Åmåls Mäklare, Björn Sjöberg;Växjö\r\nKööpenhaminan Käyttöautot;Jyväskylä\r\n" * 5
    assert detect(file(text.encode(encoding))).encoding in ("cp850", "mac_roman")


def test_line_ends_may_be_missing_or_mixed(file):
    assert rows(file("a;b\r\n1;2\n3;4")) == [(1, ["a", "b"]), (2, ["1", "2"]), (3, ["3", "4"])]


def test_a_cell_over_two_lines_keeps_the_line_numbers_right(file):
    assert rows(file('a;b\r\n"one\r\ntwo";2\r\n3;4\r\n'))[2] == (4, ["3", "4"])


def test_blank_rows_are_skipped_and_counted_as_lines(file):
    assert rows(file("a;b\r\n;\r\n\r\n1;2\r\n"))[1] == (4, ["1", "2"])


def test_a_compressed_file_is_read(file):
    assert rows(file(lzma.compress(b"a;b\n1;2\n"), "file.csv.xz"))[1] == (2, ["1", "2"])


def test_a_damaged_compressed_file_is_unreadable(file):
    with pytest.raises(Unreadable):
        rows(file(lzma.compress(b"a;b\n" * 1000)[:60], "file.csv.xz"))


def test_a_workbook_is_read_as_one_would_type_it(file):
    path = file(workbook(["a", "b", "c"], [date(2026, 9, 8), 0.1 + 0.2, 17]), "file.xlsx")
    assert rows(path)[1] == (2, ["2026-09-08", "0.3", "17"])


def test_a_workbook_needs_no_suffix(file):
    assert detect(file(workbook(["a"]), "file")).is_workbook


def test_a_moment_in_a_workbook_keeps_its_time(file):
    path = file(workbook(["a", "b"], [datetime(2026, 9, 8, 13, 5), 1]), "file.xlsx")
    assert rows(path)[1] == (2, ["2026-09-08 13:05", "1"])


@pytest.mark.parametrize(
    "content",
    [b"", b" \r\n", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 old excel"],
    ids=["empty", "blank", "xlsx", "xls"],
)
def test_what_is_no_table_is_unreadable(file, content):
    with pytest.raises(Unreadable):
        rows(file(content))


def test_a_wrong_encoding_is_unreadable(file):
    with pytest.raises(Unreadable, match="Choose another encoding"):
        list(read(file("Å;Ä\n1;2\n".encode("cp1252")), Layout(";", "utf-8")))


def test_a_workbook_that_unpacks_to_too_much_is_unreadable(file, monkeypatch):
    monkeypatch.setattr(spreadsheets, "MOST_UNPACKED", 100)
    with pytest.raises(Unreadable, match="too large"):
        rows(file(workbook(["a"], [1]), "file.xlsx"))


def with_a_row_far_below(packed, line):
    """The same workbook, whose second row claims to stand on that line."""
    changed = BytesIO()
    with zipfile.ZipFile(BytesIO(packed)) as parts, zipfile.ZipFile(changed, "w") as written:
        for name in parts.namelist():
            written.writestr(name, parts.read(name).replace(b'<row r="2"', f'<row r="{line}"'.encode()))
    return changed.getvalue()


def test_a_row_that_claims_to_stand_far_below_keeps_nobody_waiting(file):
    packed = with_a_row_far_below(workbook(["a"], [1]), 1_000_000_000)
    with pytest.raises(Unreadable, match="cannot be opened"):
        rows(file(packed, "file.xlsx"))


def test_too_many_rows_are_unreadable(file, monkeypatch):
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 1)
    with pytest.raises(Unreadable, match="Split it"):
        rows(file("a;b\n1;2\n3;4\n"))


def test_columns_get_names_that_differ():
    assert column_names(["Name", "", "Name"]) == ["Name", "(2)", "Name (3)"]


@pytest.mark.parametrize("cell", ["=1+1", "+46 8", "-5", "@x", "\t=1", "\rx", "  =1", "＝1", "＋1", "－1", "＠x"])
def test_a_cell_that_could_be_a_formula_gets_an_apostrophe(cell):
    assert neutral(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Örebro AB", "a=b", "", "'s-Hertogenbosch", "5 - 3"])
def test_an_ordinary_text_stays(cell):
    assert neutral(cell) == cell


@pytest.mark.parametrize("cell", ["+46 8 123", "=1", "'s-Hertogenbosch", "plain"])
def test_a_neutralised_cell_comes_back_as_it_was(cell):
    assert original(neutral(cell)) == cell


def test_a_negative_number_stays_a_number():
    assert neutral(-5) == -5


def test_csv_carries_a_bom_and_neutral_cells():
    assert write_csv([["a", "b"], ["=1", "Å"]]) == "\ufeffa;b\r\n'=1;Å\r\n".encode()


def test_xlsx_carries_neutral_cells():
    sheet = load_workbook(BytesIO(write_xlsx([["a"], ["=1"]]))).active
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("'=1", "s")


def test_what_was_written_reads_the_same(file):
    path = file(write_csv([["a", "b"], ["+46", "x;y"]]))
    assert rows(path)[1] == (2, ["+46", "x;y"])
