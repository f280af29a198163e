"""The sheets of a workbook, read by a compiled library that is kept from failing for a single cell."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any

from attrs import frozen

from casescreen.cases.tables.cells import Cell
from casescreen.cases.tables.limits.date_formats import without_formats
from casescreen.cases.tables.sheet import Sheet
from casescreen.extras import LibraryError, call_library, without_last_words
from casescreen.files.archive import LOCKED
from casescreen.model.problem import Fault, FaultError
from casescreen.text import in_words, visible

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_AT_ONCE = 1_000
UNREADABLE = Fault(
    "it cannot be read as a workbook", "Open it in a spreadsheet program, save it under a new name, and name that."
)
_NO_SHEETS = Fault("there is no sheet of rows and columns in it", "Name the workbook that has the cases.")
_CORRECT = "Look there for a date or time that no calendar has, correct it, and save it."


@frozen
class _Read:
    """Sheets, and the number of each row that could not be read, by the name of its sheet."""

    sheets: tuple[Sheet, ...]
    failed: dict[str, list[int]]


def workbook_sheets(file: str, data: bytes, calamine: Any) -> tuple[Sheet, ...] | Fault:  # noqa: ANN401 - a module that may not be there
    """Every sheet of a workbook that can be opened in bounded memory; or why it has none that can be read.

    A date that the library fails on is read as the number that it is kept as, where that can be.

    Args:
        file: the path of the file.
        data: what it holds.
        calamine: the library.
    """
    try:
        with without_last_words():
            read = _read(file, data, calamine)
            if read.failed and (changed := without_formats(data, read.failed)) is not None:
                read = _read(file, changed, calamine)
    except FaultError as error:
        return error.fault
    except LibraryError as error:
        return LOCKED if isinstance(error.__cause__, calamine.PasswordError) else UNREADABLE
    for name, rows in read.failed.items():
        return Fault(f'row {rows[0]} of the sheet "{in_words(name)}" cannot be read', _CORRECT)
    return read.sheets or _NO_SHEETS


def _read(file: str, data: bytes, calamine: Any) -> _Read:  # noqa: ANN401 - a module that may not be there
    book: CalamineWorkbook = call_library(calamine.load_workbook, BytesIO(data))
    failed: dict[str, list[int]] = {}
    sheets = []
    for meta in book.sheets_metadata:
        if meta.typ == calamine.SheetTypeEnum.WorkSheet:
            found: CalamineSheet = call_library(book.get_sheet_by_name, meta.name)
            rows, unread = _rows(found)
            if unread:
                failed[meta.name] = unread
            merged = call_library(getattr, found, "merged_cell_ranges") or ()
            sheets.append(Sheet(file, visible(found.name), found.name, rows, merged=merged))
    return _Read(tuple(sheets), failed)


def _rows(found: CalamineSheet) -> tuple[Sequence[Sequence[Cell]], list[int]]:
    """The rows, and the numbers of those that the library failed on."""
    # Rows come from the first of the sheet, but cells only from the first column that has anything.
    before: list[Cell] = [None] * (found.start or (0, 0))[1]
    rows: list[list[Cell]] = []
    failed: list[int] = []
    height = 0 if found.end is None else found.end[0] + 1
    iterator = call_library(found.iter_rows) if height else iter(())
    while len(rows) < height:
        some: list[list[Cell]] = []
        try:
            call_library(some.extend, islice(iterator, _AT_ONCE))
        except LibraryError:
            failed.append(len(rows) + len(some) + 1)
            some.append([])
        rows.extend(_trimmed(row, before) for row in some)
        if not some:
            break
    return rows, failed


def _trimmed(row: Sequence[Cell], before: Sequence[Cell]) -> list[Cell]:
    cells = [None if cell == "" else cell for cell in row]
    while cells and cells[-1] is None:
        cells.pop()
    return [*before, *cells] if cells else cells
