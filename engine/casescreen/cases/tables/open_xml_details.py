"""What workbooks in XML (.xlsx and .ods) say of their cells beside the values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from posixpath import join, normpath
from xml.etree import ElementTree as ET
from xml.parsers import expat
from zipfile import ZipFile

from attrs import Factory, define

from casescreen.cases.tables.sheet_details import SheetDetails

_CHUNK = 1024 * 1024
_LONGEST_ROW = 16 * 1024 * 1024
_BOOK = "xl/workbook.xml"
_ROW = re.compile(rb"<(?:\w+:)?row\b([^<>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^<>]*)>")
_CELL = re.compile(
    rb"<(?:\w+:)?c\b([^<>]*[^/<>])>\s*"
    rb"(<(?:\w+:)?f\b[^<>]*?(?:/>|>([^<]*)</(?:\w+:)?f>)\s*)?"
    rb"(?:<(?:\w+:)?v\b[^<>]*?(?:/>|>([^<]*)</(?:\w+:)?v>)\s*)?</(?:\w+:)?c>"
)
_ATTRIBUTE = re.compile(rb"""(?:^|\s)([a-z]+)\s*=\s*["']([^"']*)["']""", re.IGNORECASE)
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.IGNORECASE)
_ZEROS = re.compile(r"(0{2,30})(?:;.*)?", re.DOTALL)


def excel_details(archive: ZipFile) -> Mapping[str, SheetDetails]:
    """What is said of the cells of each sheet, by its name.

    Cells are found as programs write them, with their references; of others nothing is said.
    """
    names = set(archive.namelist())
    links = {
        link.get("Id"): normpath(join("xl", link.get("Target", ""))).lstrip("/")
        for link in ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - entities were refused
    }
    padding = _padding(archive) if "xl/styles.xml" in names else {}
    found: dict[str, SheetDetails] = {}
    for element in ET.fromstring(archive.read(_BOOK)).iter():  # noqa: S314 - entities were refused
        if element.tag.rpartition("}")[2] == "sheet":
            link = next((value for key, value in element.items() if key.endswith("}id")), "")
            if (part := links.get(link)) in names:
                details = SheetDetails(is_hidden=element.get("state", "visible") != "visible")
                for piece in _pieces(archive, str(part)):
                    _take(piece, padding, details)
                found[element.get("name", "")] = details
    return found


def _padding(archive: ZipFile) -> Mapping[bytes, int]:
    """How many figures the formats of cells show that show zeros before a number, by their index."""
    styles = ET.fromstring(archive.read("xl/styles.xml"))  # noqa: S314 - entities were refused
    formats: dict[str, int] = {}
    padding: dict[bytes, int] = {}
    for element in styles.iter():
        name = element.tag.rpartition("}")[2]
        if name == "numFmt" and (zeros := _ZEROS.fullmatch(element.get("formatCode", ""))):
            formats[element.get("numFmtId", "")] = len(zeros[1])
        elif name == "cellXfs":
            for index, cell_format in enumerate(element):
                if figures := formats.get(cell_format.get("numFmtId", "")):
                    padding[str(index).encode()] = figures
    return padding


def _pieces(archive: ZipFile, part: str) -> Iterator[bytes]:
    """A part of the archive in pieces that end between two rows."""
    rest = b""
    with archive.open(part) as file:
        while more := file.read(_CHUNK):
            whole = rest + more
            end = max(whole.rfind(b"<row"), whole.rfind(b":row "))
            cut = whole.rfind(b"<", 0, end + 1) if end > 0 else 0
            if len(whole) > _LONGEST_ROW:
                cut = cut or len(whole)
            yield whole[:cut]
            rest = whole[cut:]
    yield rest


def _take(piece: bytes, padding: Mapping[bytes, int], details: SheetDetails) -> None:
    if b"hidden" in piece:
        for row in _ROW.finditer(piece):
            said = _attributes(row[1])
            if said.get(b"hidden") in {b"1", b"true"} and said.get(b"r", b"").isdigit():
                details.hidden_rows.add(int(said[b"r"]) - 1)
        for column in _COLUMN.finditer(piece):
            said = _attributes(column[1])
            if said.get(b"hidden") in {b"1", b"true"} and said.get(b"min", b"").isdigit():
                details.hide_columns(int(said[b"min"]) - 1, int(said.get(b"max", said[b"min"])))
    if padding or b"f>" in piece or b"f/>" in piece or b'"e"' in piece or b"'e'" in piece:
        for cell in _CELL.finditer(piece):
            _take_cell(cell, padding, details)


def _take_cell(cell: re.Match[bytes], padding: Mapping[bytes, int], details: SheetDetails) -> None:
    said = _attributes(cell[1])
    figures = padding.get(said.get(b"s", b""))
    is_error, has_no_value = said.get(b"t") == b"e", not cell[4]
    # A text that came out as nothing was worked out.
    is_unworked = bool(cell[2]) and has_no_value and said.get(b"t") != b"str"
    if not (figures or is_error or is_unworked):
        return
    if reference := _REFERENCE.fullmatch(said.get(b"r", b"").decode("ascii", "replace")):
        at = int(reference[2]) - 1, _number(reference[1]) - 1
        if is_error:
            details.errors[at] = (cell[4] or b"#N/A").decode("utf-8", "replace")
        elif is_unworked:
            details.unworked[at] = _formula(cell[3] or b"")
        elif figures:
            details.padded[at] = figures


def _formula(written: bytes) -> str:
    """A formula as it is typed; "" where the cell only says that it has that of another one."""
    return f"={unescape(written.decode('utf-8', 'replace'))}" if written else ""


def _attributes(written: bytes) -> Mapping[bytes, bytes]:
    return dict(_ATTRIBUTE.findall(written))


def _number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


_TELLING = (b'"error"', b"visibility", b"rows-spanned", b"table:display", b"table:formula", b":p>0")
_LONGEST_NUMBER = 40


def ods_details(archive: ZipFile) -> Mapping[str, SheetDetails]:
    """What is said of the cells of each sheet, by its name."""
    content = archive.read("content.xml")
    if not any(word in content for word in _TELLING):
        return {}
    reader = _OdsReader()
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    parser.Parse(content, True)
    return reader.found


@define(eq=False)
class _OdsReader:
    """Where in the tables it is, and what was found; of a cell, its type and what it shows."""

    found: dict[str, SheetDetails] = Factory(dict)
    here: SheetDetails = Factory(SheetDetails)
    row: int = 0
    rows: int = 0
    column: int = 0
    columns: int = 0
    kind: str = ""
    shown: str = ""
    style: str = ""
    hidden_styles: set[str] = Factory(set)

    def start(self, name: str, said: dict[str, str]) -> None:
        hidden = said.get("table:visibility", "visible") != "visible"
        match name:
            case "style:style":
                self.style = said.get("style:name", "")
            case "style:table-properties" if said.get("table:display") == "false":
                self.hidden_styles.add(self.style)
            case "table:table":
                self.here = SheetDetails(is_hidden=said.get("table:style-name") in self.hidden_styles)
                self.found[said.get("table:name", "")] = self.here
                self.row = self.rows = self.columns = 0
            case "table:table-column":
                repeated = int(said.get("table:number-columns-repeated", "1"))
                if hidden:
                    self.here.hide_columns(self.columns, self.columns + repeated)
                self.columns += repeated
            case "table:table-row":
                self.row += self.rows
                self.column, self.rows = 0, int(said.get("table:number-rows-repeated", "1"))
                if hidden:
                    self.here.hide_rows(self.row, self.row + self.rows)
            case "table:table-cell" | "table:covered-table-cell":
                self._start_cell(said)
            case _:
                pass

    def _start_cell(self, said: Mapping[str, str]) -> None:
        at = self.row, self.column
        self.kind, self.shown = said.get("calcext:value-type") or said.get("office:value-type", ""), ""
        if (spanned := int(said.get("table:number-rows-spanned", "1"))) > 1:
            right = self.column + int(said.get("table:number-columns-spanned", "1")) - 1
            self.here.merged.append((at, (self.row + spanned - 1, right)))
        if (formula := said.get("table:formula")) and not self.kind:
            self.here.unworked[at] = formula.removeprefix("of:")
        self.column += int(said.get("table:number-columns-repeated", "1"))

    def text(self, words: str) -> None:
        if self.kind in {"error", "float"} and len(self.shown) < _LONGEST_NUMBER:
            self.shown += words

    def end(self, name: str) -> None:
        if name != "table:table-cell":
            return
        at, shown = (self.row, self.column - 1), self.shown.strip()
        if self.kind == "error":
            self.here.errors[at] = shown or "#N/A"
        elif self.kind == "float" and shown.startswith("0") and len(shown) > 1 and shown.isdecimal():
            self.here.padded[at] = len(shown)
        self.kind = ""
