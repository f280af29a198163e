"""How much the sheets of a binary workbook (.xlsb) hold, by their records."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from attrs import define

from casescreen.cases.tables.limits.budget import MOST_SHEETS, TEXT_TIMES, TOO_MANY_SHEETS, Budget
from casescreen.cases.tables.limits.open_xml import relations_of
from casescreen.cases.tables.limits.records import RecordCounter, RecordSheet
from casescreen.files.archive import DAMAGED, Archive
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
    texts = (record for kind, record in _records(archive, "xl/sharedstrings.bin", counter) if kind == _SHARED_TEXT)
    lengths = {index: TEXT_TIMES * len(record) for index, record in enumerate(texts)}
    budget.take_bytes(sum(lengths.values()) + len(lengths) * _TEXT_BYTES)
    relations = relations_of(archive, "xl/_rels/workbook.bin.rels")
    sheets: dict[str, RecordSheet] = {}
    first: dict[str, str] = {}
    number = 0
    for kind, record in _records(archive, "xl/workbook.bin", counter):
        if kind != _SHEET:
            continue
        number += 1
        if number > MOST_SHEETS:
            raise FaultError(TOO_MANY_SHEETS)
        of, at = _wide(record, 8)
        name, _ = _wide(record, at)
        path = first.setdefault(name, f"xl/{relations.get(of, '')}".lower())
        if path not in sheets:
            sheets[path] = _sheet(archive, path, counter)
        archive.unpack(sheets[path].other)
        counter.take(sheets[path].records)
        budget.take(sheets[path].extent(lengths, place=40))


def _wide(record: bytes, at: int) -> tuple[str, int]:
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


def _records(archive: Archive, path: str, counter: RecordCounter) -> Iterator[tuple[int, bytes]]:
    """The records of a part, each with its kind; a number of up to 4 bytes says how long each is."""
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
    for kind, record in _records(archive, path, counter):
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
