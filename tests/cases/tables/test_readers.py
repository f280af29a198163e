"""Workbooks of every kind and in every state of repair."""

from __future__ import annotations

import subprocess
import tracemalloc
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from casescreen.cases.tables.limits.budget import MOST_CELLS
from casescreen.cases.tables.readers import sheets_in_workbook
from casescreen.cases.tables.sheet import Sheet
from casescreen.model.problem import Fault

_SHEET = "xl/worksheets/sheet1.xml"


def _book(*, far: str = "", rows: int = 1) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for _ in range(rows):
        sheet.append(["case.id", "text"])
    if far:
        sheet[far] = "x"
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def _changed(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The archive with its members changed."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def _in_sheet(old: bytes, new: bytes) -> bytes:
    return _changed(_book(), lambda name, data: data.replace(old, new) if name == _SHEET else data)


def _refusal(data: bytes) -> Fault:
    found = sheets_in_workbook("book.xlsx", data)
    assert isinstance(found, Fault)
    assert found.advice
    return found


def _sheets(data: bytes) -> tuple[Sheet, ...]:
    found = sheets_in_workbook("book.xlsx", data)
    assert not isinstance(found, Fault)
    return found


def test_cells_keep_their_row_and_column() -> None:
    """Rows and columns that are blank before the first cell count, for people see them."""
    book = openpyxl.Workbook()
    book.worksheets[0]["C4"] = "x"
    data = BytesIO()
    book.save(data)
    [sheet] = _sheets(data.getvalue())
    assert sheet.rows[3] == [None, None, "x"]
    assert str(sheet.place(3, 2)) == 'book.xlsx, sheet "Sheet", row 4, column C'


def test_an_ordinary_workbook_of_many_rows_is_no_far_cell() -> None:
    """Only the references of cells count, whatever else is called r."""
    [sheet] = _sheets(_book(rows=6_000))
    assert len(sheet.rows) == 6_000


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "it is empty"),
        (b"case.id;text\r\nA;b\r\n", "it is plain text"),
        (b"\xef\xbb\xbf<html><table><tr><td>A</td></tr></table>", "it is a web page"),
        (b"<?xml version='1.0'?><Workbook/>", "it is a web page"),
        (b"\x00\x01\x02", "it cannot be read as a workbook"),
        (_book()[:2000], "damaged workbook"),
        (_book()[:-100], "damaged workbook"),
        (b"PK\x05\x06" + b"\0" * 18, "it cannot be read as a workbook"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 3000, "damaged workbook"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
    ],
)
def test_what_is_no_workbook_is_told(data: bytes, told: str) -> None:
    """Whatever is called .xlsx, nothing is guessed and nothing fails."""
    assert told in _refusal(data).what


def test_a_far_cell_is_refused_before_memory_is_spent() -> None:
    """What reads workbooks would lay out 17 thousand million cells."""
    tracemalloc.start()
    assert f"{MOST_CELLS:,}" in _refusal(_book(far="XFD1048576")).what
    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("reference", [b"r='XFD1048576'", b'r = "XFD1048576"', b'r="xfd1048576"', b'\tr="ZZZ99999"'])
def test_a_far_cell_is_seen_however_it_is_written(reference: bytes) -> None:
    """XML can be written in many ways."""
    assert "reaches over more than" in _refusal(_in_sheet(b'<c r="B1"', b"<c " + reference)).what


def test_a_place_that_no_sheet_has_is_refused() -> None:
    """Readers differ in what they make of it, some by arithmetic that overflows."""
    assert "not read" in _refusal(_in_sheet(b'<c r="B1"', b'<c r="AAAAAA1"')).what


def test_a_zip_bomb_is_refused_in_bounded_memory() -> None:
    """A member that unpacks to a gigabyte is never unpacked to it."""
    bomb = _changed(_book(), lambda name, data: b" " * 900_000_000 if name == "xl/styles.xml" else data)
    tracemalloc.start()
    assert "unpacked it is larger" in _refusal(bomb).what
    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()


def test_abbreviations_are_refused() -> None:
    """A billion laughs begins with a definition, which no spreadsheet program writes."""
    laughs = b'<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]><worksheet'
    assert "abbreviations" in _refusal(_in_sheet(b"<worksheet", laughs)).what


def test_a_sheet_in_another_encoding_is_refused() -> None:
    """In UTF-16 the references of cells could not be counted."""
    data = _changed(_book(), lambda name, data: data.decode().encode("utf-16") if name == _SHEET else data)
    assert "not read" in _refusal(data).what


def test_a_sheet_of_every_row_that_excel_has_is_read_or_refused_in_bounded_time() -> None:
    """A million rows of one column are within the limit, and too many cases are told by the reading."""
    row = b'<row r="%d"><c r="A%d"><v>1</v></c></row>'
    rows = b"".join(row % (n, n) for n in range(1, 1_048_577))
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>'
    data = _changed(_book(), lambda name, data: sheet % (space, rows) if name == _SHEET else data)
    [found] = _sheets(data)
    assert len(found.rows) == 1_048_576


_ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="cases">{}</table:table></office:spreadsheet></office:body></office:document-content>'
)
_CELL = '<table:table-cell office:value-type="string"{}><text:p>x</text:p></table:table-cell>'


def _ods(rows: str, manifest: str = "") -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
        archive.writestr("content.xml", _ODS.format(rows))
    return data.getvalue()


def _row(cells: str, repeated: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeated}">{cells}</table:table-row>'


_ONE, _WIDE = _CELL.format(""), _CELL.format(' table:number-columns-repeated="16384"')


def test_blank_repeats_of_an_opendocument_sheet_cost_nothing() -> None:
    """LibreOffice fills every sheet up to its last row with one blank row that is repeated."""
    blank = _row('<table:table-cell table:number-columns-repeated="16384"/>', 1_048_575)
    [sheet] = _sheets(_ods(_row(_ONE) + blank))
    assert sheet.rows == [["x"]]


@pytest.mark.parametrize(
    "rows",
    [_row(_WIDE, 1_048_576), _row(_ONE, 20_000_000), _row("<table:table-cell/>", 20_000_000) + _row(_ONE)],
)
def test_repeats_that_fill_the_memory_are_refused(rows: str) -> None:
    """A few bytes can stand for any number of cells."""
    assert "reaches over more than" in _refusal(_ods(rows)).what


def test_a_number_of_repeats_that_is_none_is_refused() -> None:
    """No program writes it, and it must not become a fault."""
    row = f'<table:table-row table:number-rows-repeated="-9{"9" * 5000}">{_CELL.format("")}</table:table-row>'
    assert "not read" in _refusal(_ods(row)).what


def test_an_opendocument_sheet_with_a_password_is_told() -> None:
    """Its manifest says so."""
    assert "password" in _refusal(_ods("", '<manifest:encryption-data manifest:checksum="x"/>')).what


@pytest.mark.parametrize("form", ["ods", "xls", "xlsx"])
def test_workbooks_of_libreoffice_are_read_the_same(tmp_path: Path, office: str, form: str) -> None:
    """Dates, texts, numbers and yes and no come out alike from each form that it writes."""
    source = tmp_path / "in" / "book.csv"
    source.parent.mkdir()
    source.write_text("case.id,plan.shared,order.starts_on,plan.objectives\nA-1,yes,2016-02-15,3\n", encoding="utf-8")
    command = [office, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", form]
    subprocess.run([*command, "--outdir", str(tmp_path), str(source)], check=True, capture_output=True, timeout=120)
    [sheet] = _sheets((tmp_path / f"book.{form}").read_bytes())
    head, row = sheet.rows
    assert head == ["case.id", "plan.shared", "order.starts_on", "plan.objectives"]
    assert row[:2] == ["A-1", "yes"]
    assert str(row[2])[:10] == "2016-02-15"
    assert row[3] == 3
