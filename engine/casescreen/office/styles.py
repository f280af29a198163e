"""What Excel takes, what a sheet is made of, and how its cells look: every colour stands beside a word."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from enum import Enum
from types import MappingProxyType

from attrs import Factory, frozen

from casescreen.text import single_line, visible

LONGEST_NAME = 31
LONGEST_TEXT = 32_767
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
MOST_LINKS = 65_530
"""So many links a sheet can have."""

LONGEST_LINK = 2_080
MOST_EXACT = 2**53
"""From this number on, a cell no longer tells every whole number from the next."""

FIRST_DAY = date(1900, 3, 1)
"""Excel takes 1900 for a leap year, and no number says which day of its first two months is meant."""

_RESERVED = frozenset({"history"})  # Excel has a sheet of its own of this name
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
_NOT_IN_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")


def sheet_name(wanted: str, taken: Collection[str]) -> str:
    """The name that a sheet gets: allowed by Excel, and like no name in ``taken`` in any mix of capitals.

    >>> sheet_name("Actions: A/B", ()), sheet_name("cover", ("Cover",))
    ('Actions  A B', 'cover (2)')
    """
    used = {name.casefold() for name in taken} | _RESERVED
    base = _NOT_IN_A_NAME.sub(" ", single_line(wanted)).strip(" '") or "Sheet"
    name, number = _cut(base, LONGEST_NAME).rstrip(" '"), 1
    while name.casefold() in used:
        number += 1
        end = f" ({number})"
        name = _cut(base, LONGEST_NAME - len(end)).rstrip(" '") + end
    return name


def length_in_excel(text: str) -> int:
    """How long Excel takes the text to be: a character beyond the first 65,536 counts as two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _cut(text: str, longest: int) -> str:
    if length_in_excel(text) <= longest:
        return text
    return text.encode("utf-16-le")[: 2 * longest].decode("utf-16-le", errors="ignore")


def fitting(text: str) -> str:
    """The text with nothing in it that a program could act on, cut with a mark to what Excel holds in a cell."""
    return cut_to_cell(visible(text, LONGEST_TEXT))


def cut_to_cell(text: str) -> str:
    """The text, cut with a mark to what Excel holds in a cell."""
    return text if length_in_excel(text) <= LONGEST_TEXT else f"{_cut(text, LONGEST_TEXT - 1)}…"


def copied(text: str) -> str:
    """The text as it stands, but for what no workbook can hold, cut to what Excel holds in a cell."""
    return _cut(_NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text), LONGEST_TEXT)


Lines = tuple[str, ...]
"""Texts that stand below each other in one cell."""


@frozen
class SheetLink:
    """A text that leads to a row of another sheet of the workbook.

    Attributes:
        sheet: the name of the sheet, a word of ours.
        row: its number, from 1.
    """

    says: str
    sheet: str
    row: int

    @property
    def target(self) -> str:
        """Where it leads, as XlsxWriter has it."""
        return f"internal:'{self.sheet}'!A{self.row}"


@frozen
class FileLink:
    """A text that leads to a file, by an address relative to the workbook."""

    says: str
    address: str

    @property
    def target(self) -> str:
        """Where it leads, as XlsxWriter has it."""
        return f"external:{self.address}"


Cell = str | int | date | Lines | SheetLink | FileLink | None
Row = tuple[Cell, ...]


class Tone(Enum):
    """How a word is coloured. The word itself always says the same."""

    GOOD = "good"
    DOUBT = "doubt"
    BAD = "bad"
    QUIET = "quiet"


@frozen
class Line:
    """A line of the cover: what it is about, and what is said. A heading has nothing said."""

    about: str
    said: str = ""


@frozen
class BarChart:
    """A chart on the cover, of a bar for each row of a table.

    Attributes:
        title: what stands above it.
        about: the same and more in words, for those who cannot see it.
        sheet: the name of the sheet that has the table.
        labels: the number of the column that says what each bar is of.
        shares: the number of the column that has how long it is, in per cent.
        said: what stands beside each bar.
    """

    title: str
    about: str
    sheet: str
    labels: int
    shares: int
    said: tuple[str, ...]


@frozen
class SheetColumn:
    """A column of a sheet.

    Attributes:
        width: in characters.
        tones: the words that are coloured in it, each with its tone.
        choices: the words that a person may choose between when filling it in; none is no restriction.
        is_day: whether a person fills a day in.
        hint: what is shown to who fills it in; "" where nobody does.
        wanted_with: the title of another column and a word: where that stands there, it is not to be left empty.
    """

    title: str
    width: int
    tones: Mapping[str, Tone] = Factory(lambda: MappingProxyType({}))
    choices: tuple[str, ...] = ()
    is_day: bool = False
    hint: str = ""
    wanted_with: tuple[str, str] | None = None


@frozen
class SheetContent:
    """A table on a sheet of its own.

    Attributes:
        name: as a person would call it; it is made fit for Excel when it is written.
        rows: of as many cells as there are columns.
        nothing: what stands in the first cell when there are no rows.
    """

    name: str
    columns: tuple[SheetColumn, ...]
    rows: Iterable[Row]
    nothing: str = "Nothing."


DATES = "d mmm yyyy"
DATES_TO_FILL_IN = "dd/mm/yyyy"
COUNTS = "#,##0"

Properties = dict[str, object]

PLAIN: Properties = {"font_name": "Arial", "font_size": 10, "valign": "top"}
HEADER: Properties = {"bold": True, "bg_color": "#1F3A4D", "font_color": "#FFFFFF"}
LINK: Properties = {"font_color": "#1A5F8F", "underline": 1}
_CELL: Properties = {**PLAIN, "bottom": 1, "bottom_color": "#C8CED3"}
COLOURS: Mapping[Tone, Properties] = {
    Tone.GOOD: {"bg_color": "#DCEFE0", "font_color": "#0B4F27"},
    Tone.DOUBT: {"bg_color": "#FFF0C7", "font_color": "#5C4200"},
    Tone.BAD: {"bg_color": "#FBDDD9", "font_color": "#7D1007", "bold": True},
    Tone.QUIET: {"bg_color": "#EDEFF1", "font_color": "#3C464D"},
}

LOOKS: Mapping[str, Properties] = {
    "text": {**_CELL, "text_wrap": True, "indent": 1},
    # Somebody who edits such a cell in Excel does not turn its text into a formula.
    "guarded": {**_CELL, "text_wrap": True, "indent": 1, "quote_prefix": True},
    "link": {**_CELL, "text_wrap": True, "indent": 1, **LINK},
    "guarded link": {**_CELL, "text_wrap": True, "indent": 1, "quote_prefix": True, **LINK},
    # What somebody writes into a cell that was left empty.
    "empty": {**PLAIN, "text_wrap": True, "indent": 1},
    "empty day": {**PLAIN, "num_format": DATES, "align": "left"},
    "to fill in": {**_CELL, **HEADER, "bg_color": "#0B5C3B", "text_wrap": True, "indent": 1},
    "count": {**_CELL, "num_format": COUNTS},
    "day": {**_CELL, "num_format": DATES, "align": "left"},
    "header": {**_CELL, **HEADER, "text_wrap": True, "indent": 1},
    "title": {**PLAIN, "bold": True, "font_size": 18},
    "heading": {**PLAIN, "bold": True, "font_size": 13, "valign": "bottom"},
    "label": {**_CELL, "bold": True, "text_wrap": True},
}
