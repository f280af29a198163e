"""What may be laid out in memory for one file, what sheets add up to, and what is said where it would be more."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import Factory, define, frozen

from casescreen.model.problem import Fault, FaultError

MOST_CELLS = 12_000_000
MOST_SHEETS = 2_000
MOST_FILLED = 3_000_000
_MOST_MEMORY = 640 * 1024 * 1024
# What cells cost, measured: a place in the grid of the reader and in a list of Python; a value in both.
_PLACE, _VALUE = 40, 130
# A text that takes a byte for most of its characters takes four for each in Python, if one of them needs four.
TEXT_TIMES = 5

TOO_WIDE = Fault(
    f"a sheet in it reaches over more than {MOST_CELLS:,} cells, counted from its first cell to its last",
    "Look for something far below or far to the right of the rows, delete those rows and columns, and save it.",
)
TOO_MUCH = Fault(
    "its sheets hold more than can be read at once, counting a text as often as it stands in a cell",
    "Divide it into several workbooks; a folder of them is read as one.",
)
TOO_MANY_SHEETS = Fault(f"it has more than {MOST_SHEETS:,} sheets", "Divide it into several workbooks.")
_MOST_RECORDS = 4_000_000
_TOO_LONG = Fault("its sheets have more records than can be read at once", "Divide it into several workbooks.")


@frozen
class Extent:
    """What a sheet holds.

    Attributes:
        rows: the number of its last row that has anything, as blank rows above it count.
        columns: the number of its last column that has anything.
        filled: how many cells have anything.
        text: how many bytes of memory their texts take, each counted as often as it stands there.
        place: how many bytes a place in the grid takes, filled or not.
    """

    rows: int = 0
    columns: int = 0
    filled: int = 0
    text: int = 0
    place: int = _PLACE

    @property
    def places(self) -> int:
        """How many cells are laid out, filled or not."""
        return self.rows * self.columns

    @property
    def memory(self) -> int:
        """How many bytes it takes."""
        return self.places * self.place + self.filled * _VALUE + self.text


@define
class Budget:
    """What may still be laid out for a file.

    Attributes:
        places: cells, filled or not.
        filled: cells that have anything.
        memory: bytes.
    """

    places: int = MOST_CELLS
    filled: int = MOST_FILLED
    memory: int = _MOST_MEMORY

    def fits(self, extent: Extent) -> bool:
        """Whether a sheet can still be laid out."""
        return extent.places <= self.places and extent.filled <= self.filled and extent.memory <= self.memory

    def take(self, extent: Extent) -> None:
        """Lay a sheet out.

        Raises:
            FaultError: there is no room for it.
        """
        if extent.places > self.places:
            raise FaultError(TOO_WIDE)
        if not self.fits(extent):
            raise FaultError(TOO_MUCH)
        self.places -= extent.places
        self.filled -= extent.filled
        self.memory -= extent.memory

    def take_bytes(self, number: int) -> None:
        """Keep bytes of another kind than cells.

        Raises:
            FaultError: there is no room for them.
        """
        self.memory -= number
        if self.memory < 0:
            raise FaultError(TOO_MUCH)


@define
class RecordCounter:
    """How many records may still be gone through."""

    left: int = _MOST_RECORDS

    def take(self, number: int) -> None:
        """Count records.

        Raises:
            FaultError: they are too many.
        """
        self.left -= number
        if self.left < 0:
            raise FaultError(_TOO_LONG)


@define
class RecordSheet:
    """A sheet as its records say it.

    Attributes:
        records: how many records it has.
        rows: the number of its last row that has a cell.
        columns: the number of its last column that has one.
        filled: how many cells it has.
        text: how many bytes of text stand in its own records.
        other: how many bytes are kept beside cells.
        shared: how often each shared text stands in it, by its index.
    """

    records: int = 0
    rows: int = 0
    columns: int = 0
    filled: int = 0
    text: int = 0
    other: int = 0
    shared: dict[int, int] = Factory(dict)

    def cell(self, row: int, column: int) -> None:
        """Count a cell, by its row and column from 0."""
        self.filled += 1
        self.rows = max(self.rows, row + 1)
        self.columns = max(self.columns, column + 1)

    def share(self, index: int) -> None:
        """Count a shared text."""
        self.shared[index] = self.shared.get(index, 0) + 1

    def extent(self, lengths: Mapping[int, int], place: int) -> Extent:
        """The sheet, with shared texts of those lengths by index."""
        text = sum(times * lengths.get(index, 0) for index, times in self.shared.items())
        return Extent(self.rows, self.columns, self.filled, self.text + text, place)
