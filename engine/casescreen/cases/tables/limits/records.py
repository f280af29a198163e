"""What the records of the sheets of a binary workbook add up to."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import Factory, define

from casescreen.cases.tables.limits.budget import Extent
from casescreen.model.problem import Fault, FaultError

_MOST_RECORDS = 4_000_000
_TOO_LONG = Fault("its sheets have more records than can be read at once", "Divide it into several workbooks.")


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
