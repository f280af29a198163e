"""What workbooks say of their cells beside the values."""

from __future__ import annotations

import shutil
import struct
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.workbook import Workbook as Book
from small_workbooks import binary, open_document, short, zipped

from casescreen.cases.tables.cells import PaddedNumber
from casescreen.cases.tables.readers import read_sheets
from casescreen.cases.tables.sheet import Sheet
from casescreen.model.case import Caseload
from casescreen.model.problem import Fault

Read = Callable[..., Caseload]


def _sheets(file: Path) -> tuple[Sheet, ...]:
    found = read_sheets(str(file), file.read_bytes())
    assert not isinstance(found, Fault)
    return tuple(found)


def _with_errors(file: Path) -> Path:
    book = xlsxwriter.Workbook(str(file))
    sheet = book.add_worksheet("cases")
    sheet.write_row(0, 0, ["case.id", "case.manager", "order.starts_on", "plan.objectives"])
    zeros = book.add_format({"num_format": "000000"})
    sheet.write_number(1, 0, 7, zeros)
    sheet.write_formula(1, 1, "=#REF!", None, "#REF!")
    sheet.write_number(1, 3, 3)
    sheet.write(2, 0, "A2")
    sheet.write_formula(2, 2, "=NA()", None, "#N/A")
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.set_column(3, 3, None, None, {"hidden": True})
    book.close()
    return file


def _converted(file: Path, form: str) -> Path:
    program = shutil.which("soffice") or pytest.skip("LibreOffice is not there")
    profile = f"-env:UserInstallation=file://{file.parent}/profile"
    command = [program, profile, "--headless", "--convert-to", form, "--outdir", str(file.parent), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return file.with_suffix(f".{form}")


@pytest.mark.parametrize("form", ["xlsx", "xltx", "ods", "ots", "xls", "xlt"])
def test_errors_zeros_and_what_is_hidden_are_seen(read: Read, tmp_path: Path, form: str) -> None:
    """An error is no blank, 7 shown as 000007 is an id with zeros, and what is hidden is read and told."""
    file = _with_errors(tmp_path / "book.xlsx")
    if form == "xltx":
        file = file.rename(tmp_path / "book.xltx")
    elif form != "xlsx":
        file = _converted(file, form)
    caseload = read(file, strict=False)
    first, second = caseload.cases
    assert (first.id, second.id) == ("000007", "A2")
    assert first.fields == {"case.id": "000007", "case.manager": None, "plan.objectives": 3}
    assert [one.what for one in first.unreadable] == ["the cell holds the error #REF!"]
    assert second.fields == {"case.id": "A2", "order.starts_on": None}
    assert [one.what for one in second.unreadable] == ["the cell holds the error #N/A"]
    assert [(one.place.line, one.place.column, one.what) for one in caseload.notices] == [
        (1, "D", "1 hidden column was read, of which this is the first"),
        (3, "", "1 hidden row was read, of which this is the first"),
    ]


def test_zeros_are_shown_only_where_they_are(tmp_path: Path) -> None:
    """A number that fills its figures has none, and a number is a number where one belongs."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for number in (7, 123456, 1234567, 7.5, -7):
        sheet.append([number])
        sheet.cell(sheet.max_row, 1).number_format = "000000"
    book.save(tmp_path / "book.xlsx")
    cells = [row[0] for row in _sheets(tmp_path / "book.xlsx")[0].rows]
    assert cells == [7, 123456, 1234567, 7.5, -7]
    assert [cell.shown for cell in cells if isinstance(cell, PaddedNumber)] == ["000007"]


def _hidden(book: Book) -> None:
    book.create_sheet("reviews").append(["case.id", "of"])
    book["reviews"].append(["A", "plan"])
    book["reviews"].sheet_state = "hidden"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_hidden, "the sheet is hidden, and was read"),
        (lambda book: book.worksheets[0].column_dimensions.group("B", "C", hidden=True), "2 hidden columns were read"),
    ],
)
def test_what_is_hidden_is_told(read: Read, tmp_path: Path, change: Callable[[Book], None], told: str) -> None:
    """Who opens the file does not see it, and it is in the findings."""
    book = openpyxl.Workbook()
    book.worksheets[0].title = "cases"
    for row in (["case.id", "case.manager", "plan.objectives"], ["A", "M", 3]):
        book.worksheets[0].append(row)
    change(book)
    book.save(tmp_path / "book.xlsx")
    caseload = read(tmp_path / "book.xlsx", strict=False)
    assert [case.id for case in caseload.cases] == ["A"]
    assert any(told in notice.what for notice in caseload.notices)


@pytest.mark.parametrize(("kind", "unread"), [("", ["plan.objectives"]), (' t="str"', [])])
def test_a_formula_that_came_to_nothing_is_a_blank(read: Read, tmp_path: Path, kind: str, unread: list[str]) -> None:
    """One that was never worked out has neither a value nor a type."""
    book = openpyxl.Workbook()
    for row in (["case.id", "case.manager", "plan.objectives"], ["A", "M", '=IF(TRUE,"",1)']):
        book.worksheets[0].append(row)
    book.save(tmp_path / "draft.xlsx")
    with zipfile.ZipFile(tmp_path / "draft.xlsx") as old, zipfile.ZipFile(tmp_path / "book.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'<c r="C2"', f'<c r="C2"{kind}'.encode()))
    [case] = read(tmp_path / "book.xlsx", strict=False).cases
    assert [".".join(map(str, one.path)) for one in case.unreadable] == unread


def test_a_formula_without_a_value_is_known_as_it_is_typed(tmp_path: Path) -> None:
    """Of one that a cell has from another it is not known what it is; nor is one ever taken for a value."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(["=SUM(B1:C1)", '=IF(B1<2,"a","b")', "=A1", 4])
    book.save(tmp_path / "draft.xlsx")
    with zipfile.ZipFile(tmp_path / "draft.xlsx") as old, zipfile.ZipFile(tmp_path / "book.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<f>A1</f>", b'<f t="shared" si="0"/>'))
    [[*formulas, number]] = _sheets(tmp_path / "book.xlsx")[0].rows
    assert [cell.written for cell in formulas if isinstance(cell, Fault)] == [
        "=SUM(B1:C1)",
        '=IF(B1<2,"a","b")',
        "",
    ]
    assert number == 4
    cell = '<table:table-cell table:formula="of:=SUM([.B1:.C1])"/>'
    (tmp_path / "book.ods").write_bytes(open_document(f"<table:table-row>{cell}</table:table-row>"))
    [[formula]] = _sheets(tmp_path / "book.ods")[0].rows
    assert isinstance(formula, Fault)
    assert formula.written == "=SUM([.B1:.C1])"


def test_large_sheets_are_gone_through_in_pieces() -> None:
    """A cell that stands between two pieces is seen as any other."""
    to = BytesIO()
    book = xlsxwriter.Workbook(to)
    sheet = book.add_worksheet()
    for row in range(30_000):
        sheet.write_row(row, 0, ["A", row, "x"])
        sheet.write_formula(row, 3, "=#REF!", None, "#REF!")
    book.close()
    found = read_sheets("a.xlsx", to.getvalue())
    assert not isinstance(found, Fault)
    assert all(row[3] == "#REF!" for row in found[0].rows)


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _xlsb(state: int = 0) -> bytes:
    """A workbook in records of .xlsb: text, numbers, days, errors, a number with zeros, and what is hidden."""

    def row(number: int, flags: int = 0) -> bytes:
        return short(0x00, struct.pack("<IIHBB", number, 0, 255, 0, flags))

    def cell(kind: int, column: int, content: bytes, style: int = 0) -> bytes:
        return short(kind, struct.pack("<II", column, style) + content)

    headings = ["case.id", "case.manager", "order.starts_on", "plan.objectives"]
    records = [short(0x3C, struct.pack("<IIIIH", 3, 3, 0, 0, 1)), row(0)]
    records += [cell(0x06, column, _wide(heading)) for column, heading in enumerate(headings)]
    records += [row(1), cell(0x05, 0, struct.pack("<d", 7.0), 1), cell(0x0B, 1, b"\x17" + struct.pack("<HI", 0, 0))]
    records += [cell(0x05, 2, struct.pack("<d", 42401.0), 2), cell(0x02, 3, struct.pack("<I", 3 << 2 | 2))]
    records += [row(2, 0x10), cell(0x06, 0, _wide("A2")), cell(0x03, 2, b"\x2a")]
    styles = short(0x2C, struct.pack("<H", 164) + _wide("000000")) + short(0x0269, struct.pack("<I", 3))
    styles += b"".join(short(0x2F, struct.pack("<HH", 0, form) + b"\0" * 12) for form in (0, 164, 14))
    parts = {}
    with zipfile.ZipFile(BytesIO(binary(*records))) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    parts["xl/workbook.bin"] = parts["xl/workbook.bin"].replace(
        struct.pack("<II", 0, 1) + _wide("s"), struct.pack("<II", state, 1) + _wide("s")
    )
    return zipped({**parts, "xl/styles.bin": styles + short(0x026A, b"")})


def test_a_binary_workbook_is_read_as_others_are(read: Read, tmp_path: Path) -> None:
    """Dates, zeros that are shown, errors, and hidden rows and columns, as of .xlsx."""
    (tmp_path / "book.xlsb").write_bytes(_xlsb(state=1))
    caseload = read(tmp_path / "book.xlsb", strict=False)
    first, second = caseload.cases
    assert (first.id, second.id) == ("000007", "A2")
    assert first.fields == {
        "case.id": "000007",
        "case.manager": None,
        "order.starts_on": date(2016, 2, 1),
        "plan.objectives": 3,
    }
    told = [one.problem.what for case in caseload.cases for one in case.unreadable]
    assert told == [
        "case.manager: the cell holds the error #REF!",
        "order.starts_on: the cell holds the error #N/A",
    ]
    assert [notice.what.partition(" read")[0] for notice in caseload.notices] == [
        "the sheet is hidden, and was",
        "1 hidden column was",
        "1 hidden row was",
    ]


def test_an_error_in_a_row_that_no_sheet_has_takes_no_room(read: Read, tmp_path: Path) -> None:
    """A damaged file can name any row; the reader of values passes over those beyond the last of a sheet."""
    wide = b"".join(short(0x06, struct.pack("<II", n, 0) + _wide(h)) for n, h in enumerate(["case.id", "case.manager"]))
    first, far = (short(0x00, struct.pack("<I", row)) for row in (0, 0xFFFF_FFF0))
    error = short(0x03, struct.pack("<II", 1, 0) + b"\x2a")
    cells = (short(0x06, struct.pack("<II", n, 0) + _wide(text)) for n, text in enumerate(["A1", "Kim"]))
    case = short(0x00, struct.pack("<I", 1)) + b"".join(cells)
    (tmp_path / "book.xlsb").write_bytes(binary(first, wide, case, far, error))
    assert [case.id for case in read(tmp_path / "book.xlsb", strict=False).cases] == ["A1"]
