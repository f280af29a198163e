"""The value of a cell for a field: converted where there is one way to, and otherwise told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from casescreen.intake.tables.dates import DateOrder, day_in
from casescreen.intake.tables.sheet import Cell
from casescreen.model.dictionary import YES_NO, Field, Kind, Mismatch, Value
from casescreen.text import folded, in_words

# Beyond it a number of a spreadsheet no longer holds every whole number.
_EXACT = 2**53
_MOST_FIGURES = 20

_AS_TEXT = "Give the column the format Text, and write it again."
_OTHER_WORDS = "Write yes or no. A mapping can say what other words mean."


def is_blank(cell: Cell) -> bool:
    """Whether nothing is recorded in the cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def value_in(cell: Cell, field: Field, order: DateOrder) -> Value | Mismatch:
    """What a cell that is not blank says for a field, or why it says nothing."""
    return _READERS[field.kind](cell, field, order)


def text_in(cell: Cell) -> str | Mismatch:
    """What a cell says as text. A whole number is its figures: spreadsheets make numbers of references.

    A date and a number with a point are refused: a reference such as 1-2 or 1.10 was changed to it.
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    number = _whole(cell)
    return str(number) if number is not None else Mismatch(f"it is {_kind_of(cell)}, and text belongs here", _AS_TEXT)


def _text(cell: Cell, field: Field, order: DateOrder) -> Value | Mismatch:  # noqa: ARG001 - one signature for all kinds
    return text_in(cell)


def _choice(cell: Cell, field: Field, order: DateOrder) -> Value | Mismatch:  # noqa: ARG001 - the same
    written = in_words(cell) if isinstance(cell, bool) else text_in(cell)
    if isinstance(written, Mismatch) or written in field.allowed:
        return written
    plain = folded(written)
    return next((word for word in field.allowed if folded(word) == plain), written)


def _yes_no(cell: Cell, field: Field, order: DateOrder) -> Value | Mismatch:  # noqa: ARG001 - the same
    if isinstance(cell, bool):
        return cell
    word = folded(cell) if isinstance(cell, str) else str(_whole(cell))
    if (found := YES_NO.get(word)) is not None:
        return found
    return Mismatch(f"{_shown(cell)} is not yes or no", _OTHER_WORDS)


def _number(cell: Cell, field: Field, order: DateOrder) -> Value | Mismatch:  # noqa: ARG001 - the same
    if isinstance(cell, str):
        figures = cell.strip()
        if figures.removeprefix("-").isdecimal() and figures.isascii() and len(figures) <= _MOST_FIGURES:
            return int(figures)
    number = _whole(cell)
    return (
        Mismatch(f"{_shown(cell)} is not a whole number", "Write figures only, as in 3.") if number is None else number
    )


def _day_in_cell(cell: Cell, field: Field, order: DateOrder) -> Value | Mismatch:  # noqa: ARG001 - the same
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, str):
        return day_in(cell, order)
    return Mismatch(f"it is {_kind_of(cell)}, and a date belongs here", "Give the column the format of a date.")


_READERS: Mapping[Kind, Callable[[Cell, Field, DateOrder], Value | Mismatch]] = {
    Kind.TEXT: _text,
    Kind.CHOICE: _choice,
    Kind.YES_NO: _yes_no,
    Kind.NUMBER: _number,
    Kind.DATE: _day_in_cell,
}


def _whole(cell: Cell) -> int | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int):
        return cell
    return int(cell) if isinstance(cell, float) and cell.is_integer() and abs(cell) <= _EXACT else None


def _shown(cell: Cell) -> str:
    return f'"{in_words(cell)}"' if isinstance(cell, str) else _kind_of(cell)


def _kind_of(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, date):
        return f"a date ({in_words(cell)})"
    if isinstance(cell, time | timedelta):
        return "a time"
    return f"a number ({cell:.15g})" if isinstance(cell, float) else f"a number ({in_words(cell)})"
