"""What a sheet is made of before it is written, and how its cells look: every colour stands beside a word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import Enum
from types import MappingProxyType

from attrs import Factory, frozen

Cell = str | int | date | None
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
class SheetColumn:
    """A column of a sheet.

    Attributes:
        width: in characters.
        tones: the words that are coloured in it, each with its tone.
        choices: the words that a person may choose between when filling it in; none is no restriction.
    """

    title: str
    width: int
    tones: Mapping[str, Tone] = Factory(lambda: MappingProxyType({}))
    choices: tuple[str, ...] = ()


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
COUNTS = "#,##0"

Properties = dict[str, object]

_PLAIN: Properties = {"font_name": "Arial", "font_size": 10, "valign": "top"}
_CELL: Properties = {**_PLAIN, "bottom": 1, "bottom_color": "#C8CED3"}
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
    "count": {**_CELL, "num_format": COUNTS},
    "day": {**_CELL, "num_format": DATES, "align": "left"},
    "header": {**_CELL, "bold": True, "text_wrap": True, "indent": 1, "bg_color": "#1F3A4D", "font_color": "#FFFFFF"},
    "title": {**_PLAIN, "bold": True, "font_size": 18},
    "heading": {**_PLAIN, "bold": True, "font_size": 13, "valign": "bottom"},
    "label": {**_CELL, "bold": True, "text_wrap": True},
}
