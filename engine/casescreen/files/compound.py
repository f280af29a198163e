"""Compound files, in which the workbooks of Excel up to 2003 are kept: the bytes of a stream, in bounded time."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from casescreen.files.archive import DAMAGED
from casescreen.model.problem import FaultError

_SECTOR_SIZES = {9: 512, 12: 4_096}
_MINI, _SMALL = 64, 4_096
_END, _LAST_SECTOR = 0xFFFFFFFE, 0xFFFFFFFA
_HEADER, _ENTRY = 512, 128
# The reader makes room for as many numbers as it takes a header to say.
_MOST_ROOM = 64 * 1024 * 1024


def stream_of(data: bytes, names: Sequence[str]) -> bytes:
    """The stream of the first of the names that the file has; empty if it has none.

    Raises:
        FaultError: a chain of its sectors leads nowhere or back into itself, which the reader would follow for ever.
    """
    try:
        return _CompoundFile(data).stream(names)
    except (struct.error, IndexError, KeyError) as error:
        raise FaultError(DAMAGED) from error


class _CompoundFile:
    def __init__(self, data: bytes) -> None:
        header = data[:_HEADER]
        self._data = data
        self._size = _SECTOR_SIZES[struct.unpack_from("<H", header, 30)[0]]
        fats, directory = struct.unpack_from("<II", header, 44)
        first_mini, minis, first_more = struct.unpack_from("<III", header, 60)
        (room,) = struct.unpack_from("<I", header, 62)  # read so by the reader
        most = len(data) // self._size
        if max(fats, minis) > most or room > _MOST_ROOM:
            raise FaultError(DAMAGED)
        tables = [*struct.unpack_from("<109I", header, 76)]
        seen: set[int] = set()
        while first_more < _LAST_SECTOR:
            if first_more in seen:
                raise FaultError(DAMAGED)
            seen.add(first_more)
            *more, first_more = self._numbers(self._sector(first_more))
            tables += more
        self._next = self._numbers(b"".join(self._sector(one) for one in tables if one < _LAST_SECTOR))
        self._entries = self._chain(directory)
        first, length = struct.unpack_from("<II", self._entries, 116)
        self._mini = self._chain(first, length) if minis else b""
        self._mini_next = self._numbers(self._chain(first_mini, minis * self._size)) if minis else ()

    @staticmethod
    def _numbers(data: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        if start >= len(self._data) + self._size:
            raise FaultError(DAMAGED)
        return self._data[start : start + self._size]

    def _chain(self, first: int, length: int | None = None) -> bytes:
        """The bytes of a chain of sectors, as many as are asked for; all, if None."""
        most = len(self._data) if length is None else -(-length // self._size)
        return b"".join(self._sector(number) for number in _followed(first, self._next, most))[:length]

    def stream(self, names: Sequence[str]) -> bytes:
        places: dict[str, tuple[int, int]] = {}
        for at in range(0, len(self._entries) - _ENTRY + 1, _ENTRY):
            name = self._entries[at : at + 64].decode("utf-16-le", "replace").partition("\0")[0]
            places.setdefault(name, struct.unpack_from("<II", self._entries, at + 116))
        found = next((name for name in names if name in places), None)
        if found is None:
            return b""
        first, length = places[found]
        if length >= _SMALL:
            return self._chain(first, length)
        sectors = _followed(first, self._mini_next, -(-length // _MINI))
        return b"".join(self._mini[number * _MINI : (number + 1) * _MINI] for number in sectors)[:length]


def _followed(first: int, following: Sequence[int], most: int) -> Sequence[int]:
    """The numbers of a chain, up to so many; it must not come back to where it has been."""
    chain: dict[int, None] = {}
    number = first
    while number != _END and len(chain) < most:
        if number in chain or number >= len(following):
            raise FaultError(DAMAGED)
        chain[number] = None
        number = following[number]
    return [*chain]
