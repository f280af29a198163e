"""Workbooks: what must not be opened, the sheets of the rest, and what they say of their cells beside the values.

A compiled library reads the sheets. It is kept from failing for a single cell, and from taking memory without bound.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Collection, Mapping, Sequence
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from attrs import evolve, frozen

from casescreen.cases.tables.binary_details import xls_details, xlsb_details
from casescreen.cases.tables.cells import Cell
from casescreen.cases.tables.limits.binary import weigh_binary, weigh_legacy
from casescreen.cases.tables.limits.budget import Budget
from casescreen.cases.tables.limits.open_xml import sheet_paths, weigh_open_document, weigh_open_xml
from casescreen.cases.tables.open_xml_details import excel_details, ods_details
from casescreen.cases.tables.sheet import Sheet
from casescreen.cases.tables.sheet_details import SheetDetails, detailed
from casescreen.extras import call_library, without_last_words
from casescreen.files.archive import LOCKED, archive_of
from casescreen.model.problem import Fault, FaultError, LibraryError
from casescreen.text import in_words, visible

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_AT_ONCE = 1_000
_COMPOUND = bytes.fromhex("D0CF11E0A1B11AE1")
# The last day that a spreadsheet has, in the year 9999, is number 2,958,465.
_LAST_DAY = 3_000_000
_ROW = re.compile(rb"""<row\s(?:[^<>]*?\s)?r=["'](\d+)["'][^<>]*>.*?</row>""", re.DOTALL)
_CELL = re.compile(rb"""(<c\s[^<>]*?)\ss=["']\d+["']([^<>]*>(?:<f\b[^<>]*(?:/>|>[^<]*</f>))?<v>)([^<]*)(?=</v>)""")
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
            if (failed := read.failed) and (changed := without_formats(data, failed)) is not None:
                read = _read(file, changed, calamine)
    except FaultError as error:
        return error.fault
    except LibraryError as error:
        return LOCKED if isinstance(error.__cause__, calamine.PasswordError) else UNREADABLE
    for name, rows in read.failed.items():
        return Fault(f'row {rows[0]} of the sheet "{in_words(name)}" cannot be read', _CORRECT)
    return tuple(_damaged(sheet, failed.get(sheet.called, ())) for sheet in read.sheets) or _NO_SHEETS


def _damaged(sheet: Sheet, numbers: Collection[int]) -> Sheet:
    return evolve(sheet, damaged_rows=frozenset(number - 1 for number in numbers)) if numbers else sheet


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


def _trimmed(row: list[Cell], before: Sequence[Cell]) -> list[Cell]:
    while row and row[-1] == "":
        row.pop()
    cells = [None if cell == "" else cell for cell in row] if "" in row else row
    return [*before, *cells] if before and cells else cells


def with_details(sheets: Sequence[Sheet], data: bytes) -> tuple[Sheet, ...]:
    """The sheets of a workbook with what it says of their cells beside the values; as they are where it says nothing.

    Args:
        sheets: the sheets as they were read.
        data: the workbook, which was found safe to be opened.
    """
    try:
        details = _details(data)
    except (BadZipFile, FaultError, ET.ParseError, expat.ExpatError, struct.error, IndexError, KeyError, ValueError):
        return tuple(sheets)
    return tuple(detailed(sheet, details[sheet.called]) if sheet.called in details else sheet for sheet in sheets)


def _details(data: bytes) -> Mapping[str, SheetDetails]:
    if not data.startswith(b"PK"):
        return xls_details(data)
    with ZipFile(BytesIO(data)) as archive:
        names = archive.namelist()
        if "content.xml" in names:
            return ods_details(archive)
        return xlsb_details(archive_of(data)) if "xl/workbook.bin" in names else excel_details(archive)


def without_formats(data: bytes, rows: Mapping[str, Collection[int]]) -> bytes | None:
    """The workbook with the formats taken off numbers in those rows that can be no date; None where that cannot be.

    Args:
        data: a workbook that can be unpacked in bounded memory.
        rows: the numbers of the rows by the name of their sheet.

    Raises:
        FaultError: it is damaged.
    """
    if not data.startswith(b"PK"):
        return None
    archive = archive_of(data)
    paths = sheet_paths(archive)
    wanted = {paths[name]: numbers for name, numbers in rows.items() if name in paths}
    if not wanted:
        return None
    to = BytesIO()
    with ZipFile(to, "w", ZIP_DEFLATED) as target:
        for path, member in archive.members.items():
            content = b"".join(archive.pieces(path))
            target.writestr(member.filename, _plain(content, wanted[path]) if path in wanted else content)
    return to.getvalue()


_EMPTY_SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'


def emptied(data: bytes, names: Collection[str]) -> bytes:
    """A workbook with nothing on the sheets of these names, so that they count for no bound; any but .xlsx as it is.

    Raises:
        FaultError: it is damaged.
    """
    if not data.startswith(b"PK"):
        return data
    archive = archive_of(data)
    if "xl/workbook.xml" not in archive.members:
        return data
    paths = sheet_paths(archive)
    empty = {paths[name] for name in names if name in paths}
    to = BytesIO()
    with ZipFile(to, "w", ZIP_DEFLATED, compresslevel=1) as target:
        for path, member in archive.members.items():
            pieces = (_EMPTY_SHEET,) if path in empty else archive.pieces(path)
            with target.open(member.filename, "w") as file:
                for piece in pieces:
                    file.write(piece)
    return to.getvalue()


def _plain(sheet: bytes, rows: Collection[int]) -> bytes:
    def row(found: re.Match[bytes]) -> bytes:
        return _CELL.sub(_plain_cell, found[0]) if int(found[1]) in rows else found[0]

    return _ROW.sub(row, sheet)


def _plain_cell(cell: re.Match[bytes]) -> bytes:
    start, middle, written = cell.groups()
    try:
        is_day = abs(float(written)) < _LAST_DAY
    except ValueError:
        is_day = True
    return cell[0] if is_day else start + middle + written


def workbook_fault(data: bytes) -> Fault | None:
    """Why a workbook must not be opened; None if it can be.

    What reads workbooks lays out every cell between the first and the last of a sheet, writes out each text as often
    as it stands in a cell, and follows whatever is there. So it is added up here what that would take. What a file is
    called does not matter: the reader tries each kind in turn.
    """
    budget = Budget()
    try:
        if data.startswith(_COMPOUND):
            weigh_legacy(data, budget)
            return None
        archive = archive_of(data)
        if "_rels/.rels" in archive.members:
            weigh_open_xml(archive, budget)
        if "xl/workbook.bin" in archive.members:
            weigh_binary(archive, budget)
        if "content.xml" in archive.members:
            weigh_open_document(archive, budget)
    except FaultError as error:
        return error.fault
    return None
