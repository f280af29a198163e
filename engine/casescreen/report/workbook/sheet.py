"""What a sheet of the workbook is made of, before anything is written: columns, and rows of values."""

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
class Column:
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
class Sheet:
    """A table on a sheet of its own.

    Attributes:
        name: as a person would call it; it is made fit for Excel when it is written.
        rows: of as many cells as there are columns.
        nothing: what stands in the first cell when there are no rows.
    """

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Row]
    nothing: str = "Nothing."
