"""What an OpenDocument spreadsheet says of its cells beside their values."""

from __future__ import annotations

from collections.abc import Mapping
from xml.parsers import expat
from zipfile import ZipFile

from attrs import Factory, define

from casescreen.cases.tables.sheet_details import SheetDetails

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
        if said.get("table:formula") and not self.kind:
            self.here.unworked.add(at)
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
