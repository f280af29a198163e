"""What an OpenDocument spreadsheet says of its cells beside their values."""

from __future__ import annotations

from collections.abc import Mapping
from xml.parsers import expat
from zipfile import ZipFile

from attrs import Factory, define

from casescreen.cases.tables.sheet_details import MOST_REPEATED, SheetDetails

_TELLING = (b"error", b"visibility", b"min-integer-digits", b"rows-spanned", b"table:display", b"table:formula")


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
    """Where in the tables it is, and what was found."""

    found: dict[str, SheetDetails] = Factory(dict)
    here: SheetDetails = Factory(SheetDetails)
    row: int = 0
    rows: int = 0
    column: int = 0
    columns: int = 0
    failed: bool = False
    words: str = ""
    style: str = ""
    figures: dict[str, int] = Factory(dict)
    hidden_styles: set[str] = Factory(set)
    defaults: list[str] = Factory(list)

    def start(self, name: str, said: dict[str, str]) -> None:
        if name.startswith("table:"):
            self._start_part(name, said)
        elif name in {"number:number-style", "style:style"}:
            self.style = said.get("style:name", "")
            if figures := self.figures.get(said.get("style:data-style-name", "")):
                self.figures[self.style] = figures
        elif name == "number:number" and int(said.get("number:min-integer-digits", "1")) > 1:
            self.figures[self.style] = int(said["number:min-integer-digits"])
        elif name == "style:table-properties" and said.get("table:display") == "false":
            self.hidden_styles.add(self.style)

    def _start_part(self, name: str, said: Mapping[str, str]) -> None:
        hidden = said.get("table:visibility", "visible") != "visible"
        match name:
            case "table:table":
                self.here = SheetDetails(is_hidden=said.get("table:style-name") in self.hidden_styles)
                self.found[said.get("table:name", "")] = self.here
                self.row = self.rows = self.columns = 0
                self.defaults = []
            case "table:table-column":
                repeated = min(int(said.get("table:number-columns-repeated", "1")), MOST_REPEATED)
                self.here.hidden_columns.update(range(self.columns, self.columns + repeated) if hidden else ())
                self.columns += repeated
                self.defaults += [said.get("table:default-cell-style-name", "")] * repeated
            case "table:table-row":
                self.row += self.rows
                self.rows = int(said.get("table:number-rows-repeated", "1"))
                self.column = 0
                self.here.hidden_rows.update(
                    range(self.row, self.row + min(self.rows, MOST_REPEATED)) if hidden else ()
                )
            case "table:table-cell" | "table:covered-table-cell":
                self._start_cell(said)
            case _:
                pass

    def _start_cell(self, said: Mapping[str, str]) -> None:
        at, self.words = (self.row, self.column), ""
        kind, repeated = said.get("office:value-type"), int(said.get("table:number-columns-repeated", "1"))
        self.failed = said.get("calcext:value-type") == "error"
        if (spanned := int(said.get("table:number-rows-spanned", "1"))) > 1:
            right = self.column + int(said.get("table:number-columns-spanned", "1")) - 1
            self.here.merged.append((at, (self.row + spanned - 1, right)))
        if said.get("table:formula") and kind is None and not self.failed:
            self.here.unworked.add(at)
        default = self.defaults[self.column] if self.column < len(self.defaults) else ""
        if kind == "float" and (figures := self.figures.get(said.get("table:style-name") or default)):
            self.here.padded.update(((self.row, self.column + n), figures) for n in range(min(repeated, 100)))
        self.column += repeated

    def text(self, words: str) -> None:
        if self.failed:
            self.words += words

    def end(self, name: str) -> None:
        if name == "table:table-cell" and self.failed:
            self.here.errors[self.row, self.column - 1] = self.words.strip() or "#N/A"
            self.failed = False
