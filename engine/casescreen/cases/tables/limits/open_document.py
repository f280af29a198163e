"""How much the sheets of an OpenDocument spreadsheet (.ods) hold, repeated rows, columns, texts and spaces counted."""

from __future__ import annotations

from xml.parsers import expat

from attrs import define

from casescreen.cases.tables.limits.budget import MOST_SHEETS, TEXT_TIMES, TOO_MANY_SHEETS, Budget, Extent
from casescreen.cases.tables.limits.skim import parse, text_memory
from casescreen.files.archive import LOCKED, STRANGE, Archive
from casescreen.model.problem import FaultError

# The reader keeps a grid of values and one of formulas, each in two states of work, and hands out a copy.
_PLACE = 150
_CELLS = {"table:table-cell", "table:covered-table-cell"}


def weigh_open_document(archive: Archive, budget: Budget) -> None:
    """Take what the sheets hold from the budget.

    Raises:
        FaultError: they hold too much, or the file is damaged, locked or written in a strange way.
    """
    before = b""
    for piece in archive.xml("meta-inf/manifest.xml"):
        if b"encryption-data" in before + piece:
            raise FaultError(LOCKED)
        before = piece[-32:]
    reader = _TableReader(budget)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parse(parser, archive.xml("content.xml"))


@define
class _TableReader:
    """Adds up what each table holds, and takes it from the budget at its end."""

    budget: Budget
    tables: int = 0
    rows: int = 0
    columns: int = 0
    filled: int = 0
    text: int = 0
    _row: int = 0
    _rows_repeated: int = 0
    _column: int = 0
    _repeated: int = 0
    _characters: int = 0
    _is_cell: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self.tables += 1
            if self.tables > MOST_SHEETS:
                raise FaultError(TOO_MANY_SHEETS)
        elif name == "table:table-row":
            self._row += self._rows_repeated
            self._rows_repeated = _number(attributes.get("table:number-rows-repeated"))
            self._column = 0
        elif name in _CELLS:
            self._repeated = _number(attributes.get("table:number-columns-repeated"))
            self._column += self._repeated
            self._is_cell = "table:formula" in attributes or any(key.startswith("office:") for key in attributes)
            self._characters = sum(text_memory(value) for value in attributes.values())
        elif name == "text:s":
            self._characters += TEXT_TIMES * _number(attributes.get("text:c"))

    def characters(self, text: str) -> None:
        if self._is_cell:
            self._characters += text_memory(text)

    def end(self, name: str) -> None:
        if name in _CELLS and self._is_cell:
            self._is_cell = False
            times = self._repeated * self._rows_repeated
            self.filled += times
            self.text += times * self._characters
            self.rows = max(self.rows, self._row + self._rows_repeated)
            self.columns = max(self.columns, self._column)
            extent = Extent(self.rows, self.columns, self.filled, self.text, _PLACE)
            if not self.budget.fits(extent):
                self.budget.take(extent)
        elif name == "table:table":
            self.budget.take(Extent(self.rows, self.columns, self.filled, self.text, _PLACE))
            self.rows = self.columns = self.filled = self.text = self._row = self._rows_repeated = 0


def _number(text: str | None) -> int:
    if text is None:
        return 1
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):  # noqa: PLR2004 - far more than any sheet has
        raise FaultError(STRANGE)
    return int(text)
