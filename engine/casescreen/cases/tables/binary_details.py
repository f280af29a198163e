"""What a binary workbook of Excel (.xls up to 2003, and .xlsb) says of its cells beside their values."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping

from attrs import Factory, define

from casescreen.cases.tables.limits.binary import binary_records, wide_text
from casescreen.cases.tables.limits.budget import RecordCounter
from casescreen.cases.tables.limits.open_xml import relations_of
from casescreen.cases.tables.sheet_details import SheetDetails
from casescreen.files.archive import Archive, stream_of

_END, _START, _SHEET, _FORMAT, _CELL_FORMAT = 0x000A, 0x0809, 0x0085, 0x041E, 0x00E0
_ROW, _COLUMNS, _ERROR_OR_BOOLEAN, _FORMULA = 0x0208, 0x007D, 0x0205, 0x0006
_NUMBER, _SHORT_NUMBER, _SHORT_NUMBERS = 0x0203, 0x027E, 0x00BD
_HIDDEN_ROW, _HIDDEN_COLUMN, _IS_ERROR = 0x20, 0x01, 2
_EIGHTH = 0x0600
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_ZEROS = re.compile(r"(0{2,30})(?:;.*)?", re.DOTALL)


def xls_details(data: bytes) -> Mapping[str, SheetDetails]:
    """What is said of the cells of each sheet, by its name; nothing of workbooks older than Excel 97.

    Raises:
        FaultError: the file is damaged.
        struct.error: a record is shorter than it must be.
    """
    stream = stream_of(data, ("Workbook", "WORKBOOK"))
    if stream[4:6] != _EIGHTH.to_bytes(2, "little"):
        return {}
    book = _Book()
    for kind, record in _records(stream, 0):
        book.take(kind, record)
    found = {}
    for name, (start, is_hidden) in book.sheets.items():
        found[name] = SheetDetails(is_hidden=is_hidden)
        for kind, record in _records(stream, start):
            _take(found[name], kind, record, book)
    return found


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The records of one part of the stream, without those of charts inside it."""
    at, depth = start, 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        record = stream[at + 4 : at + 4 + length]
        at += 4 + length
        depth += (kind == _START) - (kind == _END)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, record


@define
class _Book:
    """What is said once for all sheets.

    Attributes:
        sheets: where each sheet begins, and whether it is hidden.
        zeros: how many figures a format shows, with zeros before a number, by the number of the format.
        formats: the number of the format of each kind of cell.
    """

    sheets: dict[str, tuple[int, bool]] = Factory(dict)
    zeros: dict[int, int] = Factory(dict)
    formats: list[int] = Factory(list)

    def take(self, kind: int, record: bytes) -> None:
        if kind == _SHEET:
            start, state, _, length, wide = struct.unpack_from("<IBBBB", record)
            self.sheets[_text(record[8:], length, wide)] = start, bool(state & 3)
        elif kind == _FORMAT:
            number, length, wide = struct.unpack_from("<HHB", record)
            if zeros := _ZEROS.fullmatch(_text(record[5:], length, wide)):
                self.zeros[number] = len(zeros[1])
        elif kind == _CELL_FORMAT:
            self.formats.append(struct.unpack_from("<H", record, 2)[0])

    def figures(self, cell_format: int) -> int:
        return self.zeros.get(self.formats[cell_format], 0) if cell_format < len(self.formats) else 0


def _text(record: bytes, length: int, wide: int) -> str:
    return record[: 2 * length].decode("utf-16-le", "replace") if wide & 1 else record[:length].decode("latin-1")


def _take(details: SheetDetails, kind: int, record: bytes, book: _Book) -> None:
    if kind == _ROW:
        if record[12] & _HIDDEN_ROW:
            details.hidden_rows.add(struct.unpack_from("<H", record)[0])
    elif kind == _COLUMNS:
        first, last = struct.unpack_from("<HH", record)
        if record[8] & _HIDDEN_COLUMN:
            details.hide_columns(first, last + 1)
    else:
        _take_cells(details, kind, record, book)


def _take_cells(details: SheetDetails, kind: int, record: bytes, book: _Book) -> None:
    if kind == _ERROR_OR_BOOLEAN and record[7]:
        details.errors[struct.unpack_from("<HH", record)] = _ERRORS.get(record[6], "#N/A")
    elif kind == _FORMULA and record[12:14] == b"\xff\xff" and record[6] == _IS_ERROR:
        details.errors[struct.unpack_from("<HH", record)] = _ERRORS.get(record[8], "#N/A")
    elif kind in {_NUMBER, _SHORT_NUMBER}:
        row, column, cell_format = struct.unpack_from("<HHH", record)
        if figures := book.figures(cell_format):
            details.padded[row, column] = figures
    elif kind == _SHORT_NUMBERS:
        row, first = struct.unpack_from("<HH", record)
        for number, at in enumerate(range(4, len(record) - 2, 6)):
            if figures := book.figures(struct.unpack_from("<H", record, at)[0]):
                details.padded[row, first + number] = figures


_BINARY_ROW, _BINARY_COLUMNS, _BINARY_SHEET = 0x0000, 0x003C, 0x009C
_BINARY_ERRORS, _BINARY_NUMBERS = {0x0003, 0x000B}, {0x0002, 0x0005, 0x0009}
_BINARY_FORMAT, _BINARY_CELL_FORMAT, _CELL_FORMATS, _CELL_FORMATS_END = 0x002C, 0x002F, 0x0269, 0x026A
_BINARY_HIDDEN_ROW, _STYLE = 0x10, 0x00FF_FFFF


def xlsb_details(archive: Archive) -> Mapping[str, SheetDetails]:
    """What is said of the cells of each sheet of an .xlsb, by its name.

    Raises:
        FaultError: the file is damaged.
        struct.error: a record is shorter than it must be.
    """
    counter = RecordCounter()
    padding = _binary_padding(archive, counter)
    relations = relations_of(archive, "xl/_rels/workbook.bin.rels")
    found: dict[str, SheetDetails] = {}
    for kind, record in binary_records(archive, "xl/workbook.bin", counter):
        if kind == _BINARY_SHEET:
            of, at = wide_text(record, 8)
            name, _ = wide_text(record, at)
            details = SheetDetails(is_hidden=bool(struct.unpack_from("<I", record)[0]))
            if found.setdefault(name, details) is details:
                _take_sheet(archive, f"xl/{relations.get(of, '')}".lower(), padding, details, counter)
    return found


def _binary_padding(archive: Archive, counter: RecordCounter) -> Mapping[int, int]:
    """How many figures the formats of cells show that show zeros before a number, by their index."""
    zeros: dict[int, int] = {}
    formats: list[int] = []
    of_cells = False
    for kind, record in binary_records(archive, "xl/styles.bin", counter):
        if kind in {_CELL_FORMATS, _CELL_FORMATS_END}:
            of_cells = kind == _CELL_FORMATS
        elif kind == _BINARY_FORMAT and (match := _ZEROS.fullmatch(wide_text(record, 2)[0])):
            zeros[struct.unpack_from("<H", record)[0]] = len(match[1])
        elif kind == _BINARY_CELL_FORMAT and of_cells:
            formats.append(struct.unpack_from("<H", record, 2)[0])
    return {index: zeros[number] for index, number in enumerate(formats) if number in zeros}


def _take_sheet(
    archive: Archive, path: str, padding: Mapping[int, int], details: SheetDetails, counter: RecordCounter
) -> None:
    row = 0
    for kind, record in binary_records(archive, path, counter):
        if kind == _BINARY_ROW:
            (row,) = struct.unpack_from("<I", record)
            if len(record) > 11 and record[11] & _BINARY_HIDDEN_ROW:  # noqa: PLR2004 - it may be cut short
                details.hide_rows(row, row + 1)
        elif kind == _BINARY_COLUMNS:
            first, last = struct.unpack_from("<II", record)
            if record[16] & _HIDDEN_COLUMN:
                details.hide_columns(first, last + 1)
        elif kind in _BINARY_ERRORS:
            details.errors[row, struct.unpack_from("<I", record)[0]] = _ERRORS.get(record[8], "#N/A")
        elif kind in _BINARY_NUMBERS:
            column, style = struct.unpack_from("<II", record)
            if figures := padding.get(style & _STYLE):
                details.padded[row, column] = figures
