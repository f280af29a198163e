"""Workbooks as sheets: Excel's .xlsx, .xlsm and .xls, and OpenDocument's .ods."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from casescreen.extras import needed
from casescreen.files.archive import LOCKED, MOST_CELLS, archive_fault
from casescreen.intake.tables.sheet import Cell, Sheet
from casescreen.model.dictionary import Mismatch
from casescreen.text import visible

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

_ZIP, _OLE = b"PK\x03\x04", bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DAMAGED = Mismatch(
    "it cannot be read as a workbook", "Open it in a spreadsheet program, save it under a new name, and name that."
)
_WEB_PAGE = Mismatch(
    "its name is that of a workbook, and it is a web page, as some systems export it",
    "Open it in a spreadsheet program, and save it as a workbook (.xlsx).",
)
_PLAIN_TEXT = Mismatch(
    "its name is that of a workbook, and it is plain text",
    "If it is text with commas or semicolons, let its name end in .csv.",
)
_EMPTY = Mismatch("it is empty", "Fill it in, or take it away.")


def sheets_in(file: str, data: bytes) -> tuple[Sheet, ...] | Mismatch:
    """Every sheet of a workbook, hidden ones too; or why it has none that can be read.

    What a file is, is told by how it begins. Formulas count as the values that were saved with them, errors as blank.

    Raises:
        CasescreenError: what reads workbooks is not installed.
    """
    if (fault := _fault(data)) is not None:
        return fault
    calamine = needed("python_calamine", "Workbooks cannot be read", "tables", "save the sheets as CSV")
    try:
        with calamine.load_workbook(BytesIO(data)) as book:
            return tuple(
                _sheet(file, book.get_sheet_by_name(meta.name))
                for meta in book.sheets_metadata
                if meta.typ == calamine.SheetTypeEnum.WorkSheet
            )
    except calamine.PasswordError:
        return LOCKED
    except (calamine.CalamineError, OSError, ValueError):
        return _DAMAGED


def _fault(data: bytes) -> Mismatch | None:
    if data.startswith(_ZIP):
        return archive_fault(data)
    if data.startswith(_OLE):
        return LOCKED if _ENCRYPTED in data else None
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start:
        return _EMPTY
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<?xml", b"mime-version")):
        return _WEB_PAGE
    return _DAMAGED if b"\0" in data[:1024] else _PLAIN_TEXT


def _sheet(file: str, found: CalamineSheet) -> Sheet:
    # Rows come from the first of the sheet, but cells only from the first column that has anything.
    before: list[Cell] = [None] * (found.start or (0, 0))[1]
    rows: list[list[Cell]] = []
    for row in found.iter_rows():
        cells: list[Cell] = [None if cell == "" else cell for cell in row]
        while cells and cells[-1] is None:
            cells.pop()
        rows.append([*before, *cells] if cells else cells)
    assert len(rows) <= MOST_CELLS
    return Sheet(file, visible(found.name), found.name, rows, merged=found.merged_cell_ranges or ())
