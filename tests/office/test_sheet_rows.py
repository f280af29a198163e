"""Rows that are written as XML are those that XlsxWriter writes."""

from __future__ import annotations

from datetime import date

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from casescreen.office import sheet_rows
from casescreen.office.excel import Book
from casescreen.office.styles import LONGEST_TEXT, Cell, FileLink, Line, Row, SheetColumn, SheetContent, SheetLink, Tone

_COLUMNS = (
    SheetColumn("Case", 11),
    SheetColumn("What", 30, {"bad": Tone.BAD}),
    SheetColumn("Day", 12),
    SheetColumn("Number", 10, choices=("1", "2")),
)
_CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.sampled_from(("", "bad", "=1+1", "<r>&\"'</r>", " two\nlines ", "_x0041_", "\x07", "ü\U0001f600", "x" * 400)),
    st.text(),
    st.integers(-(10**17), 10**17),
    st.dates(date(1900, 1, 1)),
    st.builds(SheetLink, st.text(min_size=1), st.just("Rows"), st.integers(1, 9)),
    st.builds(FileLink, st.text(min_size=1), st.just("a%20b/c.docx#d")),
)
_ROWS = st.lists(st.tuples(*[_CELLS] * len(_COLUMNS)), min_size=1, max_size=40)


def _workbook(rows: list[Row]) -> bytes:
    book = Book("Rows", date(2016, 5, 9))
    book.write_cover([Line("Rows"), Line("about", "what is said")])
    book.write_table(SheetContent("Before", _COLUMNS, [("a", "bad", None, 1)]))
    book.write_table(SheetContent("Rows", _COLUMNS, rows), large=True)
    book.write_table(SheetContent("After", _COLUMNS, rows[:3]))
    return book.to_bytes()


def _by_the_public_methods(rows: list[Row]) -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheet_rows, "TRIED", ())
        return _workbook(rows)


@pytest.mark.skipif(xlsxwriter.__version__ not in sheet_rows.TRIED, reason="not tried with this XlsxWriter")
@settings(deadline=None)
@given(_ROWS)
def test_the_bytes_are_those_of_the_public_methods(rows: list[Row]) -> None:
    """Whatever stands in the rows, and however many are empty: no byte of the workbook is another."""
    assert _workbook(rows) == _by_the_public_methods(rows)


@pytest.mark.skipif(xlsxwriter.__version__ not in sheet_rows.TRIED, reason="not tried with this XlsxWriter")
@pytest.mark.parametrize("number", [1, 14, 15, 16, 17, 1_100])
def test_any_number_of_rows_is_written_alike(number: int) -> None:
    """Rows go in blocks: at the edges of one, a row that is full, empty or tall is written as any other."""
    full: Row = ("C", "x" * (LONGEST_TEXT + 9), date(1900, 3, 1), 7)
    rows = [full if n % 3 else (None, "", None, None) for n in range(number)]
    assert _workbook(rows) == _by_the_public_methods(rows)


def test_a_column_has_its_letters() -> None:
    """Of columns there may be more than there are letters."""
    columns = tuple(SheetColumn(f"C{number}", 9) for number in range(60))
    content = SheetContent("Wide", columns, [tuple(range(60))])
    made = []
    for tried in (sheet_rows.TRIED, ()):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sheet_rows, "TRIED", tried)
            book = Book("Wide", date(2016, 5, 9))
            book.write_table(content, large=True)
            made.append(book.to_bytes())
    assert made[0] == made[1]
