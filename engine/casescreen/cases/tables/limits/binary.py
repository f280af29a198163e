"""How much the sheets of binary workbooks (.xlsb, and .xls of Excel up to 2003) hold, by their records."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence

from attrs import define

from casescreen.cases.tables.limits.budget import (
    MOST_SHEETS,
    TEXT_TIMES,
    TOO_MANY_SHEETS,
    TOO_WIDE,
    Budget,
    RecordCounter,
    RecordSheet,
)
from casescreen.cases.tables.limits.open_xml import relations_of
from casescreen.files.archive import DAMAGED, Archive, stream_of
from casescreen.model.problem import FaultError

_ROW, _SHARED, _TEXT, _FORMULA_TEXT, _END = 0x0000, 0x0007, 0x0006, 0x0008, 0x0092
_CELLS = set(range(0x0002, 0x000B))
_SHEET, _SHARED_TEXT = 0x009C, 0x0013
_LAST_ROW = 0x0010_0000
_LONGEST_RECORD = 16 * 1024 * 1024
_TEXT_BYTES = 64


def weigh_binary(archive: Archive, budget: Budget) -> None:
    """Take what the sheets that the workbook names hold from the budget.

    Raises:
        FaultError: they hold too much, or the file is damaged.
    """
    try:
        _weigh(archive, budget)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise FaultError(DAMAGED) from error


def _weigh(archive: Archive, budget: Budget) -> None:
    counter = RecordCounter()
    texts = (
        record for kind, record in binary_records(archive, "xl/sharedstrings.bin", counter) if kind == _SHARED_TEXT
    )
    lengths = {index: TEXT_TIMES * len(record) for index, record in enumerate(texts)}
    budget.take_bytes(sum(lengths.values()) + len(lengths) * _TEXT_BYTES)
    relations = relations_of(archive, "xl/_rels/workbook.bin.rels")
    sheets: dict[str, RecordSheet] = {}
    first: dict[str, str] = {}
    number = 0
    for kind, record in binary_records(archive, "xl/workbook.bin", counter):
        if kind != _SHEET:
            continue
        number += 1
        if number > MOST_SHEETS:
            raise FaultError(TOO_MANY_SHEETS)
        of, at = wide_text(record, 8)
        name, _ = wide_text(record, at)
        path = first.setdefault(name, f"xl/{relations.get(of, '')}".lower())
        if path not in sheets:
            sheets[path] = _sheet(archive, path, counter)
        archive.unpack(sheets[path].other)
        counter.take(sheets[path].records)
        budget.take(sheets[path].extent(lengths, place=40))


def wide_text(record: bytes, at: int) -> tuple[str, int]:
    """A text and where it ends."""
    (length,) = struct.unpack_from("<I", record, at)
    if length == 0xFFFFFFFF:  # noqa: PLR2004 - no text
        return "", at + 4
    end = at + 4 + 2 * length
    return record[at + 4 : end].decode("utf-16-le"), end


@define
class _Stream:
    """A part as bytes that are taken from its beginning."""

    pieces: Iterator[bytes]
    data: bytes = b""
    at: int = 0

    def byte(self) -> int:
        if self.at == len(self.data):
            self.data, self.at = next(self.pieces, b""), 0
            if not self.data:
                return -1
        self.at += 1
        return self.data[self.at - 1]

    def take(self, length: int) -> bytes:
        while len(self.data) - self.at < length:
            if not (more := next(self.pieces, b"")):
                break
            self.data, self.at = self.data[self.at :] + more, 0
        self.at = min(self.at + length, len(self.data))
        return self.data[self.at - length : self.at] if length else b""


def binary_records(archive: Archive, path: str, counter: RecordCounter) -> Iterator[tuple[int, bytes]]:
    """The records of a part of .xlsb, each with its kind; a number of up to 4 bytes says how long each is.

    Raises:
        FaultError: the part is damaged, or it and others have too many records.
    """
    stream = _Stream(archive.pieces(path))
    while (kind := stream.byte()) >= 0:
        if kind & 0x80:
            kind = (kind & 0x7F) + ((stream.byte() & 0x7F) << 7)
        length, shift = 0, 0
        while shift < 28:  # noqa: PLR2004 - four times seven bits
            part = stream.byte()
            length += (part & 0x7F) << shift
            shift += 7
            if not part & 0x80:
                break
        if length > _LONGEST_RECORD:
            raise FaultError(DAMAGED)
        counter.take(1)
        yield kind, stream.take(length)


def _sheet(archive: Archive, path: str, counter: RecordCounter) -> RecordSheet:
    sheet, row, records = RecordSheet(), 0, 0
    for kind, record in binary_records(archive, path, counter):
        records += 1
        sheet.other += 2 + len(record)
        if kind == _ROW:
            (row,) = struct.unpack_from("<I", record)
        elif kind in _CELLS:
            if row <= _LAST_ROW:
                sheet.cell(row, struct.unpack_from("<I", record)[0])
            if kind == _SHARED:
                sheet.share(struct.unpack_from("<I", record, 8)[0])
            elif kind in {_TEXT, _FORMULA_TEXT}:
                sheet.text += TEXT_TIMES * len(record)
        elif kind == _END:
            break
    sheet.records = records
    return sheet


_STREAMS = ("Workbook", "Book", "WORKBOOK", "BOOK")
_EOF, _BOF, _CONTINUE, _BOUND_SHEET, _SHARED_TEXTS = 0x000A, 0x0809, 0x003C, 0x0085, 0x00FC
_DIMENSIONS, _MERGED, _FORMULA, _XLS_FORMULA_TEXT = 0x0200, 0x00E5, 0x0006, 0x0207
_MANY_NUMBERS, _XLS_SHARED, _XLS_TEXT, _RICH_TEXT = 0x00BD, 0x00FD, 0x0204, 0x00D6
_XLS_CELLS = {0x0203, 0x0205, 0x027E, _FORMULA, _XLS_TEXT, _RICH_TEXT, _XLS_SHARED, _MANY_NUMBERS}
# Every cell that a sheet can have: the room that it may ask for, though it fills little of it.
_MOST_ROOM = 65_536 * 256
# The reader keeps a grid of values and one of formulas, and hands out a copy of the first.
_XLS_PLACE = 100
_MERGED_BYTES = 40
# A formula names sheets and fields by a few bytes each, and is kept with their names.
_FORMULA_TIMES = 50

_Record = tuple[int, bytes]


def weigh_legacy(data: bytes, budget: Budget) -> None:
    """Take what the sheets hold from the budget.

    Raises:
        FaultError: they hold too much, or the file is damaged.
    """
    stream = stream_of(data, _STREAMS)
    try:
        starts, lengths = _xls_sheets(stream)
        if len(starts) > MOST_SHEETS:
            raise FaultError(TOO_MANY_SHEETS)
        counter, sheets = RecordCounter(), dict[int, RecordSheet]()
        for start in starts:
            if start not in sheets:
                sheets[start] = _xls_sheet(stream, start, counter)
            counter.take(sheets[start].records)
            budget.take(sheets[start].extent(lengths, _XLS_PLACE))
            budget.take_bytes(sheets[start].other)
    except (struct.error, IndexError) as error:
        raise FaultError(DAMAGED) from error


def _xls_records(stream: bytes, start: int) -> Iterator[_Record]:
    """The records from a place on, each with its kind."""
    at, end = start, len(stream)
    while at + 4 <= end:
        kind, length = struct.unpack_from("<HH", stream, at)
        at += 4 + length
        if at > end:
            return
        yield kind, stream[at - length : at]


def _xls_sheets(stream: bytes) -> tuple[Sequence[int], Mapping[int, int]]:
    """Where its sheets begin, and how many bytes each shared text takes."""
    starts: list[int] = []
    shared: list[bytes] = []
    before = 0
    for kind, record in _xls_records(stream, 0):
        if kind == _BOUND_SHEET:
            starts.append(struct.unpack_from("<I", record)[0])
        elif kind == _SHARED_TEXTS or (kind == _CONTINUE and before == _SHARED_TEXTS):
            shared.append(record)
        elif kind == _EOF:
            break
        before = before if kind == _CONTINUE else kind
    return starts, dict(enumerate(_text_lengths(shared)))


def _text_lengths(records: Sequence[bytes]) -> Iterator[int]:
    """How many bytes each shared text takes at most; texts run on from record to record."""
    waiting = iter(records)
    data, at = next(waiting, b""), 8
    while True:
        while at >= len(data):
            if (following := next(waiting, None)) is None:
                return
            data, at = following, at - len(data)
        characters, flags = struct.unpack_from("<HB", data, at)
        at += 3
        after = 0
        if flags & 8:
            after += 4 * struct.unpack_from("<H", data, at)[0]
            at += 2
        if flags & 4:
            after += struct.unpack_from("<I", data, at)[0]
            at += 4
        yield TEXT_TIMES * characters
        wide = flags & 1
        while characters:
            fit = min(characters, (len(data) - at) >> wide)
            characters -= fit
            at += fit << wide
            if characters:
                if (following := next(waiting, None)) is None:
                    return
                data, at, wide = following, 1, following[0] & 1
        at += after


def _xls_sheet(stream: bytes, start: int, counter: RecordCounter) -> RecordSheet:
    """A sheet by its records; those of charts inside it are passed over."""
    sheet, depth = RecordSheet(), 0
    for number, (kind, record) in enumerate(_xls_records(stream, start)):
        counter.left -= 1
        counter.take(0)
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                break
        elif depth <= 1:
            _take(sheet, kind, record)
        sheet.records = number + 1
    return sheet


def _take(sheet: RecordSheet, kind: int, record: bytes) -> None:
    if kind in _XLS_CELLS:
        row, column = struct.unpack_from("<HH", record)
        if kind == _MANY_NUMBERS:
            last = struct.unpack_from("<H", record, len(record) - 2)[0]
            sheet.filled += max(0, last - column)
            column = max(column, last)
        sheet.cell(row, column)
        if kind == _XLS_SHARED:
            sheet.share(struct.unpack_from("<I", record, 6)[0])
        elif kind in {_XLS_TEXT, _RICH_TEXT}:
            sheet.text += TEXT_TIMES * len(record)
        elif kind == _FORMULA:
            sheet.other += _FORMULA_TIMES * len(record)
    elif kind == _XLS_FORMULA_TEXT:
        sheet.filled += 1
        sheet.text += TEXT_TIMES * len(record)
    elif kind == _MERGED:
        sheet.other += _MERGED_BYTES * len(record) // 8
    elif kind == _DIMENSIONS:
        _check_room(record)


def _check_room(record: bytes) -> None:
    """Refuse room for more cells than a sheet can have: the reader would ask for it at once."""
    form = {10: "<HHHH", 14: "<IIHH"}.get(len(record))
    if form is None:
        return  # the reader fails on it
    first_row, last_row, _, last_column = struct.unpack_from(form, record)
    if first_row > max(last_row, 1) or max(last_row - first_row, 1) * max(last_column, 1) > _MOST_ROOM:
        raise FaultError(TOO_WIDE)
