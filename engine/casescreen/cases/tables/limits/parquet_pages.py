"""How much the pages of a Parquet file hold when they are unpacked, by their own headers."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from attrs import define

_MARK, _FOOTER_END = b"PAR1", 8
_DEEPEST = 16
# The fields that are asked for, by their numbers in the format.
_ROW_GROUPS, _COLUMNS, _OF_COLUMN = 4, 1, 3
_VALUES, _PACKED, _FIRST_PAGE, _FIRST_DICTIONARY = 5, 7, 9, 11
_PAGE_UNPACKED, _PAGE_PACKED = 2, 3
_PAGE_HEADERS = (5, 8)

_Struct = Mapping[int, object]


class PagesError(Exception):
    """The file is not written as the format has it."""


def unpacked_size(data: bytes, most: int) -> int:
    """How many bytes the pages of all columns take; no more are counted than a little over ``most``.

    Raises:
        PagesError: the file is damaged.
    """
    if len(data) < _FOOTER_END or data[-4:] != _MARK:
        raise PagesError
    (length,) = struct.unpack_from("<I", data, len(data) - _FOOTER_END)
    if length > len(data) - _FOOTER_END:
        raise PagesError
    try:
        footer = _Compact(data, len(data) - _FOOTER_END - length).struct()
        size = 0
        for group in _list(footer, _ROW_GROUPS):
            for column in _list(group, _COLUMNS):
                if size <= most and isinstance(one := column.get(_OF_COLUMN), dict):
                    size += _column(data, one, most)
    except (IndexError, struct.error, RecursionError) as error:
        raise PagesError from error
    return size


def _list(of: _Struct, field: int) -> list[dict[int, object]]:
    found = of.get(field)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _column(data: bytes, column: _Struct, most: int) -> int:
    """The bytes that the pages of one column take."""
    first = [at for field in (_FIRST_PAGE, _FIRST_DICTIONARY) if (at := _number(column, field))]
    at, values, size = min(first, default=0), _number(column, _VALUES), 0
    end = at + _number(column, _PACKED)
    while values > 0 and at < end and size <= most:
        reader = _Compact(data, at)
        page = reader.struct()
        size += _number(page, _PAGE_UNPACKED)
        at = reader.at + _number(page, _PAGE_PACKED)
        values -= sum(_number(header, 1) for one in _PAGE_HEADERS if isinstance(header := page.get(one), dict))
    return size


def _number(of: _Struct, field: int) -> int:
    number = of.get(field, 0)
    if not isinstance(number, int) or number < 0:
        raise PagesError
    return number


@define
class _Compact:
    """Reads values in the compact protocol of Thrift, in which Parquet writes its headers."""

    data: bytes
    at: int
    depth: int = 0

    def byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def whole(self) -> int:
        number = shift = 0
        while (part := self.byte()) & 0x80:
            number |= (part & 0x7F) << shift
            shift += 7
            if shift > 63:  # noqa: PLR2004 - no number has more bits
                raise PagesError
        return number | part << shift

    def signed(self) -> int:
        number = self.whole()
        return (number >> 1) ^ -(number & 1)

    def struct(self) -> dict[int, object]:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise PagesError
        fields: dict[int, object] = {}
        field = 0
        while head := self.byte():
            field = field + (head >> 4) if head >> 4 else self.signed()
            fields[field] = self.value(head & 15)
        self.depth -= 1
        return fields

    def value(self, kind: int) -> object:
        match kind:
            case 1 | 2:
                return kind == 1
            case 3:
                return self.byte()
            case 4 | 5 | 6:
                return self.signed()
            case 7:
                self.at += 8
                return None
            case 8:
                length = self.whole()  # which moves on, too
                self.at += length
                return None
            case 9 | 10:
                return self._values()
            case 12:
                return self.struct()
            case _:
                raise PagesError

    def _values(self) -> list[object]:
        head = self.byte()
        number = head >> 4 if head >> 4 < 15 else self.whole()  # noqa: PLR2004 - then the number follows
        if number > len(self.data):
            raise PagesError
        kind = head & 15
        # In a list, yes and no take a byte each.
        return [self.byte() if kind in {1, 2} else self.value(kind) for _ in range(number)]
