"""Workbooks, text with delimiters and Parquet files as sheets."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from datetime import date
from io import BytesIO, StringIO
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from casescreen.cases.tables.cells import Cell
from casescreen.cases.tables.limits.budget import MOST_CELLS, TEXT_TIMES, Budget, Extent
from casescreen.cases.tables.limits.parquet_pages import PagesError, unpacked_size
from casescreen.cases.tables.sheet import Sheet
from casescreen.cases.tables.workbook_file import UNREADABLE, with_details, workbook_fault, workbook_sheets
from casescreen.extras import call_library, import_extra, part_missing, without_last_words
from casescreen.files.archive import LOCKED
from casescreen.files.discovery import WORKBOOKS
from casescreen.model.problem import Fault, FaultError, LibraryError
from casescreen.text import in_words

if TYPE_CHECKING:
    from polars import DataFrame, Series

# Text with delimiters.
_MARKS = (b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")
_DELIMITERS = ",;\t|"
_NAMED_DELIMITER = re.compile(r'"?sep=([,;\t|])"?\r?\n', re.IGNORECASE)
_LONGEST_CELL = 1_000_000
_GUARDED = "=+-@\t\r\n'"
_FIGURES = re.compile(r"[0-9][0-9 ./:-]*")
_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
_BINARY = Fault(
    "it is not text in UTF-8 or Windows-1252",
    "If it is a workbook, let its name end in .xlsx, .xls or .ods. If it is text, save it as UTF-8.",
)
# A letter beyond ASCII in UTF-8. In Windows-1252 such letters hardly ever follow one another so.
_UTF_8_LETTER = re.compile(rb"[\xc3-\xc5][\x80-\xbf]|\xe2\x80[\x80-\xbf]")
_EMPTY = Fault("it is empty", "Fill it in, or take it away.")

# What is called as a table or a workbook, and is something else.
_START = 4_096
_AS_WORKBOOK = "Open it in a spreadsheet program, and save it as a workbook (.xlsx)."
_XML_SPREADSHEET = Fault("it is an XML Spreadsheet 2003, whatever its name ends in", _AS_WORKBOOK)
_FLAT = Fault("it is a flat OpenDocument spreadsheet, whatever its name ends in", _AS_WORKBOOK)
_NUMBERS_FILE = Fault("it is a spreadsheet of Apple Numbers, whatever its name ends in", _AS_WORKBOOK)
_ZIP, _OLE = b"PK\x03\x04", bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WEB_PAGE = Fault("its name is that of a workbook, and it is a web page, as some systems export it", _AS_WORKBOOK)
_PLAIN_TEXT = Fault(
    "its name is that of a workbook, and it is plain text",
    "If it is text with commas or semicolons, let its name end in .csv.",
)

_NOT_CALLED_WORKBOOK = Fault(
    "it is a workbook or an archive, and its name is not that of one",
    "If it is a workbook, let its name end in .xlsx, .xls or .ods.",
)

# Parquet files.
_MOST_PARQUET_BYTES = 384 * 1024 * 1024
# A column that numbers the cases for bulk work, and says nothing about them.
_CASE_NUMBERS = "case.row"
_NOT_PARQUET = Fault("it cannot be read as Parquet", "Write the file again, or export it as CSV.")
_IN_BULK = "Put it into a folder of its own as cases.parquet, to be screened in bulk."
_TOO_LARGE = Fault("unpacked it is too large to be read row by row", _IN_BULK)
_FIRST, _LAST = (day - date(1970, 1, 1) for day in (date.min, date.max))
_MOST_KEPT = 2**63 - 1
_PARTS_OF_DAY = {"ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}

_Rows = tuple[Sequence[Sequence[Cell]], frozenset[int]]
"""Rows, and the indexes of those with a date or time of no calendar."""


def read_sheets(file: str, data: bytes) -> Sequence[Sheet] | Fault:
    """Every sheet of a file, read as its name ends; or why it has none that can be read.

    Raises:
        CasescreenError: what reads such a file is not installed.
    """
    if (fault := _of_another_kind(data[:_START])) is not None:
        return fault
    if file.lower().endswith(WORKBOOKS):
        sheets = sheets_in_workbook(file, data)
        return sheets if isinstance(sheets, Fault) else with_details(sheets, data)
    if data.startswith((_ZIP, _OLE)):
        return _NOT_CALLED_WORKBOOK
    sheet = parquet_sheet(file, data) if file.lower().endswith(".parquet") else delimited_sheet(file, data)
    return sheet if isinstance(sheet, Fault) else (sheet,)


def _of_another_kind(start: bytes) -> Fault | None:
    """What a file is that is called as a table or a workbook, and is neither; None if nothing speaks against it."""
    plain = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if plain.startswith((b"<?xml", b"<workbook")) and (b"excel.sheet" in plain or b"office:spreadsheet" in plain):
        return _XML_SPREADSHEET
    if plain.startswith((b"<?xml", b"<office:document")) and b"opendocument" in plain:
        return _FLAT
    # What Numbers writes is an archive without compression, so that the names of its parts stand in it as they are.
    if start.startswith(_ZIP) and b"Index/" in start and b".iwa" in start:
        return _NUMBERS_FILE
    return None


def delimited_sheet(file: str, data: bytes) -> Sheet | Fault:
    r"""The one sheet of a text with delimiters, or why there is none.

    The text is UTF-8, UTF-16 with a mark, or else Windows-1252, the one that Excel writes. The delimiter is the comma,
    semicolon, tab or bar that stands most often in the first line outside quotes, or the one that a first line
    ``sep=;`` names. An apostrophe before ``= + - @``, before another apostrophe and before figures alone is taken
    off: it keeps spreadsheet programs from reading a text as a formula or a number. So is ``="..."`` around a text.
    """
    text = _decoded(data)
    if isinstance(text, Fault):
        return text
    named = _NAMED_DELIMITER.match(text)
    delimiter, first = (named[1], 2) if named else (_delimiter(text), 1)
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(StringIO(text[named.end() :] if named else text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[Cell]] = []
    try:
        rows.extend([_plain(cell) for cell in row] for row in reader)
    except csv.Error as error:
        row = len(rows) + first
        if "limit" in str(error):
            what = f"a cell in row {row} has more than {_LONGEST_CELL:,} characters"
            return Fault(what, "Look for a quotation mark that is never closed, or for what is no table at all.")
        what = f"row {row} cannot be read: a quotation mark is missing or stands where none can"
        return Fault(what, "Put a text that has a quotation mark in quotes, and write the mark twice there.")
    return Sheet(file, "", PurePath(file).stem, rows, first)


def _decoded(data: bytes) -> str | Fault:
    if not data.strip():
        return _EMPTY
    encoding = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "")
    if not encoding and b"\0" in data:
        return _BINARY
    for attempt in (encoding,) if encoding else ("utf-8", "cp1252"):
        try:
            return data.decode(attempt)
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            if attempt == "utf-8" and _UTF_8_LETTER.search(data):
                what = f"it is UTF-8 in one place, and line {line} is not"
                return Fault(what, "Export it again, and choose UTF-8 if you are asked.")
    return Fault(f"line {line} has a letter that is in no usual encoding", "Save it as UTF-8, and name that.")


def _delimiter(text: str) -> str:
    """The delimiter that stands most often outside quotes before the first line ends."""
    counts = dict.fromkeys(_DELIMITERS, 0)
    quoted = False
    for character in text:
        if character == '"':
            quoted = not quoted
        elif character in "\r\n" and not quoted and any(counts.values()):
            break
        elif character in counts and not quoted:
            counts[character] += 1
    return max(counts, key=counts.__getitem__)


def _plain(cell: str) -> Cell:
    if not cell:
        return None
    if cell[0] == "=":
        text = _TEXT_FORMULA.fullmatch(cell)
        return text[1].replace('""', '"') or None if text else cell
    guards = cell[0] == "'" and cell[1:2] and (cell[1] in _GUARDED or _FIGURES.fullmatch(cell, 1))
    return cell[1:] if guards else cell


def sheets_in_workbook(file: str, data: bytes) -> tuple[Sheet, ...] | Fault:
    """Every sheet of a workbook, hidden ones too; or why it has none that can be read.

    What a file is, is told by how it begins. Formulas count as the values that were saved with them, errors as blank.

    Raises:
        CasescreenError: what reads workbooks is not installed.
    """
    if (fault := _fault(data)) is not None:
        return fault
    missing = part_missing("Workbooks cannot be read", "tables", "save the sheets as CSV")
    calamine = import_extra("python_calamine", *missing)
    return workbook_sheets(file, data, calamine)


def _fault(data: bytes) -> Fault | None:
    if data.startswith(_ZIP):
        return workbook_fault(data)
    if data.startswith(_OLE):
        return LOCKED if _ENCRYPTED in data else workbook_fault(data)
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start:
        return _EMPTY
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<?xml", b"mime-version")):
        return _WEB_PAGE
    return UNREADABLE if b"\0" in data[:1024] else _PLAIN_TEXT


def parquet_sheet(file: str, data: bytes) -> Sheet | Fault:
    """The one sheet of a Parquet file, its first row the names of the columns; or why there is none.

    A date that is in no calendar is the number that it is kept as.

    Raises:
        CasescreenError: what reads Parquet is not installed.
    """
    pl = import_extra("polars", *part_missing("Parquet cannot be read", "bulk", "export the table as CSV"))
    try:
        if unpacked_size(data, _MOST_PARQUET_BYTES) > _MOST_PARQUET_BYTES:
            return _TOO_LARGE
        with without_last_words():
            rows, damaged = _rows(data, pl)
            return Sheet(file, "", PurePath(file).stem, rows, damaged_rows=damaged)
    except FaultError as error:
        return error.fault
    except (LibraryError, PagesError):
        return _NOT_PARQUET


def _rows(data: bytes, pl: Any) -> _Rows:  # noqa: ANN401 - a module that may not be there
    types = call_library(pl.read_parquet_schema, BytesIO(data))
    for name, stored in types.items():
        if not (isinstance(stored, _plain_types(pl)) or stored.is_integer() or stored.is_float()):
            what = f'the column "{in_words(name)}" holds neither text, numbers, dates nor yes and no'
            raise FaultError(Fault(what, "Give it one of these types."))
    lazy = call_library(pl.scan_parquet, BytesIO(data))
    height = call_library(lambda: lazy.select(pl.len()).collect().item())
    if height * len(types) > MOST_CELLS:
        raise FaultError(Fault(f"it has {height:,} rows, which is too many to read one by one", _IN_BULK))
    frame = call_library(lambda: lazy.select([name for name in types if name != _CASE_NUMBERS]).collect())
    return call_library(_cells, frame, pl)


def _plain_types(pl: Any) -> Any:  # noqa: ANN401 - the same
    return pl.String | pl.Categorical | pl.Enum | pl.Boolean | pl.Null | pl.Date | pl.Datetime


def _cells(frame: DataFrame, pl: Any) -> _Rows:  # noqa: ANN401 - the same
    frame = frame.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))
    text = TEXT_TIMES * sum(int(column.str.len_bytes().sum()) for column in frame if column.dtype == pl.String)
    filled = sum(len(column) - column.null_count() for column in frame)
    Budget().take(Extent(frame.height, frame.width, filled, text))
    strange: dict[tuple[int, int], int] = {}
    for number, column in enumerate(frame):
        if column.dtype.is_temporal():
            kept, in_calendar = column.to_physical(), _in_calendar(column)
            outside = (~in_calendar).fill_null(value=False).arg_true()
            strange |= {(row, number): kept[row] for row in outside}
            if len(outside):
                frame = frame.with_columns(column.set(~in_calendar, None))
    rows: list[Sequence[Cell]] = [tuple(frame.columns), *frame.rows()]
    for (row, number), value in strange.items():
        cells = [*rows[row + 1]]
        cells[number] = value
        rows[row + 1] = cells
    return rows, frozenset(row + 1 for row, _ in strange)


def _in_calendar(column: Series) -> Series:
    """Whether each day is one of the years from 1 to 9999."""
    unit = getattr(column.dtype, "time_unit", None)
    if unit is None:
        return column.to_physical().is_between(_FIRST.days, _LAST.days)
    # A day is left at each end, as a time zone can lead out of the calendar.
    parts = _PARTS_OF_DAY[unit]
    first, last = (_FIRST.days + 1) * parts, (_LAST.days - 1) * parts
    # Of billionths of a second fewer years can be kept than there are.
    return column.to_physical().is_between(max(first, -_MOST_KEPT), min(last, _MOST_KEPT))
