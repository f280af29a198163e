"""What a sheet of an .xlsx workbook holds, read cell by cell as the reader of workbooks does: exact, and slow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.parsers import expat

from attrs import define

from casescreen.cases.tables.limits.budget import Budget, Extent
from casescreen.cases.tables.limits.skim import column_number, parse, text_memory
from casescreen.files.archive import STRANGE
from casescreen.model.problem import FaultError

_REFERENCE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
_ROW_REFERENCE = re.compile(r"[A-Za-z]{0,3}(\d{1,7})")
_OFTEN = 1_024


@define
class CellReader:
    """Goes through the cells of a sheet as the reader does: one without a place of its own follows the one before."""

    lengths: Sequence[int]
    budget: Budget
    rows: int = 0
    columns: int = 0
    filled: int = 0
    text: int = 0
    _row: int = 0
    _column: int = 0
    _at: tuple[int, int] = (0, 0)
    _is_filled: bool = False
    _is_shared: bool = False
    _index: list[str] | None = None

    def extent(self, pieces: Iterable[bytes]) -> Extent:
        """What the sheet holds; more than the budget has room for as soon as that is plain."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parse(parser, pieces)
        return self._extent()

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            if "r" in attributes:
                reference = _REFERENCE.fullmatch(attributes["r"])
                if reference is None:
                    raise FaultError(STRANGE)
                self._at = int(reference[2]), column_number(reference[1].encode())
                self._column = self._at[1] - 1
            else:
                self._at = self._row + 1, self._column + 1
            self._is_filled, self._is_shared = False, attributes.get("t") == "s"
        elif name == "row" and "r" in attributes:
            place = _ROW_REFERENCE.fullmatch(attributes["r"])
            if place is None:
                raise FaultError(STRANGE)
            self._row = int(place[1]) - 1
        elif name in {"v", "is"}:
            self._is_filled = True
            self._index = []

    def _characters(self, text: str) -> None:
        if self._index is not None:
            self._index.append(text)

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name in {"v", "is"}:
            self._count("".join(self._index or ()))
            self._index = None
        elif name == "c":
            self._column += 1
            if self._is_filled:
                self._fill()
        elif name == "row":
            self._row, self._column = self._row + 1, 0

    def _count(self, text: str) -> None:
        if not self._is_shared:
            self.text += text_memory(text)
        elif text.isascii() and text.isdecimal() and (index := int(text[:9])) < len(self.lengths):
            self.text += self.lengths[index]

    def _fill(self) -> None:
        self.filled += 1
        self.rows, self.columns = max(self.rows, self._at[0]), max(self.columns, self._at[1])
        if self.filled % _OFTEN == 0 and not self.budget.fits(extent := self._extent()):
            self.budget.take(extent)

    def _extent(self) -> Extent:
        return Extent(self.rows, self.columns, self.filled, self.text)
