"""How much the sheets of an Office Open XML workbook (.xlsx) hold, each as often as the workbook names it.

Most sheets are only skimmed: patterns give bounds that are never too low. Where a bound is too high, the sheet is read
as the reader reads it, cell by cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.parsers import expat

from casescreen.cases.tables.limits.budget import MOST_SHEETS, TOO_MANY_SHEETS, Budget, Extent
from casescreen.cases.tables.limits.cell_reader import CellReader
from casescreen.cases.tables.limits.skim import SharedStrings, SkimmedSheet, parse, shared_text, skimmed_sheet
from casescreen.files.archive import STRANGE, Archive
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
