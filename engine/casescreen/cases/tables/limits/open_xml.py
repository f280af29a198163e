"""How much the sheets of workbooks in XML (.xlsx and .ods) hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.parsers import expat

from attrs import define

from casescreen.cases.tables.limits.budget import MOST_SHEETS, TEXT_TIMES, TOO_MANY_SHEETS, Budget, Extent
from casescreen.cases.tables.limits.sheet_bounds import (
    CellReader,
    SharedStrings,
    SkimmedSheet,
    parse,
    shared_text,
    skimmed_sheet,
    text_memory,
)
from casescreen.files.archive import LOCKED, STRANGE, Archive
from casescreen.model.problem import FaultError

_MOST_SMALL = 4 * 1024 * 1024
_ESCAPED = re.compile("[&<>\"']")
_MERGED_BYTES = 300
_MOST_READ = 400_000


def weigh_open_xml(archive: Archive, budget: Budget) -> None:
    """Take what the sheets that the workbook names hold from the budget.

    Raises:
        FaultError: they hold too much, or the workbook is damaged or written in a strange way.
    """
    home = _home(archive)
    strings = SharedStrings(archive, f"{home}sharedstrings.xml")
    budget.take_bytes(strings.memory)
    for _ in archive.xml(f"{home}styles.xml"):
        pass  # the reader unpacks it, too
    skimmed: dict[str, SkimmedSheet] = {}
    for _, path in _sheets(archive, home):
        sheet = skimmed.setdefault(path, skimmed.get(path) or skimmed_sheet(archive, path))
        archive.unpack(2 * sheet.size)  # it is read for its cells, and again for what is merged
        budget.take_bytes(sheet.merged * _MERGED_BYTES)
        budget.take(_extent(archive, path, sheet, strings, budget))


def _extent(archive: Archive, path: str, sheet: SkimmedSheet, strings: SharedStrings, budget: Budget) -> Extent:
    """The first bound of what a sheet holds that fits; else what it does hold."""
    extent = sheet.extent(sheet.shared * strings.longest)
    if not budget.fits(extent):
        extent = sheet.extent(shared_text(archive.xml(path), sheet.shared, strings))
    if budget.fits(extent) or sheet.cells > _MOST_READ:
        return extent
    return CellReader(strings.lengths(), budget).extent(archive.xml(path))


def _home(archive: Archive) -> str:
    """The folder of the workbook in the archive."""
    target = "xl/workbook.xml"
    for attributes in _elements(archive, "_rels/.rels", "Relationship"):
        if attributes.get("Type", "").endswith("/relationships/officeDocument"):
            target = attributes.get("Target", "")
    return target[: target.rfind("/") + 1].removeprefix("/").lower()


def _sheets(archive: Archive, home: str) -> Iterator[tuple[str, str]]:
    """The name and the part of each sheet of the workbook, in order; of two sheets of one name, twice the first."""
    relations = relations_of(archive, f"{home}_rels/workbook.xml.rels")
    sheets = _elements(archive, f"{home}workbook.xml", "sheet")
    if len(sheets) > MOST_SHEETS:
        raise FaultError(TOO_MANY_SHEETS)
    first: dict[str, str] = {}
    for sheet in sheets:
        of = next((value for key, value in reversed(sheet.items()) if key.rpartition(":")[2] == "id"), "")
        target = relations.get(of, "").lower()
        path = target.removeprefix("/") if target.startswith("/") else home + target
        name = sheet.get("name", "")
        yield name, first.setdefault(name, path)


def sheet_paths(archive: Archive) -> dict[str, str]:
    """The part of each sheet by its name.

    Raises:
        FaultError: the workbook is damaged, or written so that it could be taken in two ways.
    """
    return dict(_sheets(archive, _home(archive)))


def relations_of(archive: Archive, path: str) -> dict[str, str]:
    """The parts that a part names, by their ids.

    Raises:
        FaultError: they are written so that they could be taken in two ways.
    """
    elements = _elements(archive, path, "Relationship")
    relations = {one.get("Id", ""): one.get("Target", "") for one in elements}
    if any(_ESCAPED.search(of + target) for of, target in relations.items()):
        raise FaultError(STRANGE)  # readers differ in whether they resolve it there
    return relations


def _elements(archive: Archive, path: str, name: str) -> Sequence[dict[str, str]]:
    """The attributes of every element of that name, whatever its prefix."""
    found: list[dict[str, str]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == name:
            found.append(attributes)

    if data := archive.whole(path, _MOST_SMALL):
        parser = expat.ParserCreate()
        parser.StartElementHandler = start
        parse(parser, [data])
    return found


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
