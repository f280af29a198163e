"""Text with delimiters as programs and systems write it."""

from __future__ import annotations

import pytest

from casescreen.cases.tables.readers import delimited_sheet, read_sheets
from casescreen.cases.tables.sheet import Sheet
from casescreen.model.problem import Fault


def _sheet(data: bytes) -> Sheet:
    found = delimited_sheet("folder/cases.csv", data)
    assert isinstance(found, Sheet)
    return found


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_every_usual_form_is_read(delimiter: str, encoding: str, end: str) -> None:
    """Delimiter and encoding are told from the text itself; a delimiter in quotes is none."""
    text = f'case.id{delimiter}"a;b,c|d"{end}Zoë é1{delimiter}"two{end}lines ""said"""{end}'
    sheet = _sheet(text.encode(encoding))
    assert sheet.rows == [["case.id", "a;b,c|d"], ["Zoë é1", f'two{end}lines "said"']]
    assert sheet.called == "cases"


def test_the_delimiter_that_the_first_line_names_counts() -> None:
    """Excel writes sep=; and rows are counted with that line."""
    sheet = _sheet(b"sep=;\r\na,b;c\r\n")
    assert sheet.rows == [["a,b", "c"]]
    assert sheet.place(0).line == 2


def test_guards_against_formulas_are_taken_off() -> None:
    """One apostrophe, and only where one guards."""
    assert _sheet(b"'=1+1,'@x,''quoted,'tis,'\n").rows == [["=1+1", "@x", "'quoted", "'tis", "'"]]


def test_blank_cells_are_none() -> None:
    """An empty text and no text are the same in a table."""
    assert _sheet(b'a,,""\n').rows == [["a", None, None]]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "it is empty"),
        (b"\n \n", "it is empty"),
        (b"PK\x03\x04\x00\x00", "it is not text"),
        ("a\nJosé\n".encode() + b"Zo\xeb\n", "it is UTF-8 in one place, and line 3 is not"),
        (b'a,b\n"open,c\n', "row 2 cannot be read"),
        (b'a,b\n"x"y,c\n', "row 2 cannot be read"),
        (b"a\x81\xff\n", "is in no usual encoding"),
        (b"\xff\xfea", "is in no usual encoding"),
        (b"a," + b"x" * 1_100_000, "a cell in row 1 has more than 1,000,000 characters"),
    ],
)
def test_what_cannot_be_read_is_told(data: bytes, told: str) -> None:
    """With what to do, and never as a fault."""
    found = delimited_sheet("cases.csv", data)
    assert isinstance(found, Fault)
    assert told in found.what
    assert found.advice


@pytest.mark.parametrize(
    ("written", "cell"),
    [
        ("'007", "007"),
        ("'01/02/2016", "01/02/2016"),
        ('"=""008"""', "008"),
        ('="008"', "008"),
        ("'tis so", "'tis so"),
        ("'=1", "=1"),
        ("''7", "'7"),
        ('"=""a""""b"""', 'a"b'),
        ('"="""""', None),
        ("=A1", "=A1"),
    ],
)
def test_what_marks_a_cell_as_text_is_no_part_of_it(written: str, cell: str | None) -> None:
    """Programs write an apostrophe or a formula of a text so that a spreadsheet program leaves figures alone."""
    sheet = delimited_sheet("a.csv", f"id,b\n{written},c\n".encode())
    assert isinstance(sheet, Sheet)
    assert sheet.rows[1][0] == cell


@pytest.mark.parametrize("name", ["a.csv", "a.xls", "a.xlsx", "a.txt"])
def test_an_xml_spreadsheet_is_told_for_what_it_is(name: str) -> None:
    """Whatever its name ends in."""
    data = b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook/>'
    found = read_sheets(name, data)
    assert isinstance(found, Fault)
    assert "XML Spreadsheet 2003" in found.what
    assert ".xlsx" in found.advice
