"""The copy of tables in which the cells with problems are marked."""

from __future__ import annotations

import io
from datetime import date

import pytest
from attrs import evolve
from openpyxl import load_workbook

from casescreen.cases.tables.cells import Cell, PaddedNumber
from casescreen.cases.tables.sheet import Sheet
from casescreen.cases.write import annotate
from casescreen.cases.write.annotate import marked_copy
from casescreen.model.problem import Fault, Place, Problem

_ROWS = (("case.id", "on", "note"), ("A", "31/31/2016", "=1+1"), ("B", date(2016, 2, 15), "https://a.example"))
_SHEET = Sheet("a.xlsx", "cases", "cases", _ROWS)
_DATE = Problem(Place("a.xlsx", 2, "case A", "cases", "B"), "it is not a date", "Write day/month/year.")


def test_a_cell_with_a_problem_is_marked_and_says_what_to_do() -> None:
    """By a colour, a note and a word at the row's beginning; the problems are listed first."""
    book = load_workbook(io.BytesIO(marked_copy([_SHEET], [_DATE])))
    assert book.sheetnames == ["problems", "cases"]
    assert [cell.value for cell in book["problems"][2]] == [
        "a.xlsx", "cases", "2", "B", "it is not a date (case A).", "Write day/month/year.",
    ]  # fmt: skip
    sheet = book["cases"]
    assert [row[3].value for row in sheet.rows] == [None, "look", None]
    assert "Write day/month/year." in sheet["B2"].comment.text
    assert sheet["B2"].fill.fgColor.rgb == "FFFBDDD9"
    assert [[cell.coordinate for cell in row if cell.comment] for row in sheet.rows] == [[], ["B2"], []]


def test_what_was_read_is_copied_and_inert() -> None:
    """A text like a formula or an address stays a text, and a date is a date."""
    sheet = load_workbook(io.BytesIO(marked_copy([_SHEET], [])))["cases"]
    assert [cell.value for cell in sheet[2]] == ["A", "31/31/2016", "=1+1"]
    assert [cell.data_type for cell in sheet[3]] == ["s", "d", "s"]
    assert all(cell.hyperlink is None for row in sheet.rows for cell in row)


_FAULT = Fault("the cell holds a formula that was never worked out", "Save it.")


def test_a_cell_that_cannot_be_read_keeps_what_stands_in_it() -> None:
    """As text, so that nothing is worked out in the copy; marked only where a problem is told of it."""
    row: list[Cell] = ["A", evolve(_FAULT, written="=SUM(A1:A2)"), PaddedNumber(7, "007")]
    for problems in ([], [Problem(Place("a.xlsx", 1, "", "cases", "B"), "b")]):
        book = load_workbook(io.BytesIO(marked_copy([Sheet("a.xlsx", "cases", "cases", [row])], problems)))
        cells = book["cases"][1]
        assert [cell.value for cell in cells[:3]] == ["A", "=SUM(A1:A2)", "007"]
        assert [cell.data_type for cell in cells[:3]] == ["s", "s", "s"]
        assert bool(cells[1].comment) is bool(problems)


def test_a_cell_of_which_nothing_can_be_had_is_empty_and_says_so() -> None:
    """Whether a problem is told of it or not."""
    for problems in ([], [Problem(Place("a.xlsx", 1, "", "cases", "B"), "it is wrong")]):
        book = load_workbook(io.BytesIO(marked_copy([Sheet("a.xlsx", "cases", "cases", [["A", _FAULT]])], problems)))
        cell = book["cases"]["B1"]
        assert cell.value is None
        assert ("it is wrong" if problems else "It cannot be copied") in cell.comment.text
        assert book["cases"]["C1"].value == "look"


def test_a_problem_of_a_row_or_a_column_is_marked_too() -> None:
    """A row without a column is marked at its beginning, a column without a row at its heading."""
    row, column = Problem(Place("a.xlsx", 3, "", "cases"), "b"), Problem(Place("a.xlsx", 0, "", "cases", "C"), "c")
    sheet = load_workbook(io.BytesIO(marked_copy([_SHEET], [row, column])))["cases"]
    assert "b." in sheet["A3"].comment.text
    assert "c." in sheet["C1"].comment.text


def test_no_character_spoils_the_copy() -> None:
    """Control characters and halves of characters are kept or replaced, and endless numbers are words."""
    sheet = Sheet("a.csv", "", "a", [["a\x0b\n", "\ud800", "\uffff", float("inf"), float("nan"), date(1, 1, 1), 2**60]])
    found = load_workbook(io.BytesIO(marked_copy([sheet], [])))["a"]
    wanted = ["a\x0b\n", "\ufffd", "\ufffd", "inf", "nan", "0001-01-01", str(2**60)]
    assert [cell.value for cell in found[1]][1:] == wanted[1:]


def test_marks_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of too many problems the first are marked, and how many more there are is said."""
    monkeypatch.setattr(annotate, "MOST_MARKS", 1)
    other = Problem(Place("a.xlsx", 3, "", "cases", "B"), "b")
    book = load_workbook(io.BytesIO(marked_copy([_SHEET], [_DATE, other])))
    assert "and 1 more problem" in book["problems"]["E3"].value
    assert book["cases"]["B3"].comment is None


def test_names_of_sheets_need_not_be_fit_for_excel() -> None:
    """Sheets of several files may have one name, and any characters."""
    sheets = [
        Sheet(f"{number}.csv", "", name, _ROWS) for number, name in enumerate(("problems", "a/b" * 20, "a/b" * 20))
    ]
    names = load_workbook(io.BytesIO(marked_copy(sheets, []))).sheetnames
    assert len(names) == 4
    assert all(len(name) <= 31 for name in names)


def test_problems_elsewhere_are_only_listed() -> None:
    """A place outside the rows, or in another file, marks nothing."""
    places = (
        Place("b.xlsx", 2, "", "cases", "B"),
        Place("a.xlsx", 99, "", "cases", "B"),
        Place("a.xlsx", 2, "", "cases", "ZZ"),
    )
    book = load_workbook(io.BytesIO(marked_copy([_SHEET], [Problem(place, "a") for place in places])))
    assert book["problems"].max_row == 4
    assert not any(cell.comment for row in book["cases"].rows for cell in row)
