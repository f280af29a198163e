"""The value of a cell for a field: converted where there is one way to, and otherwise told. Days are never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from enum import Enum

from casescreen.cases.tables.sheet import Cell
from casescreen.model.dictionary import YES_NO, Field, Kind, Value
from casescreen.model.problem import Fault
from casescreen.text import folded, in_words

_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_ISO = re.compile(rf"(\d{{4}})-(\d{{2}})-(\d{{2}}){_TIME}", re.ASCII)
_NUMBERS = re.compile(rf"(\d{{1,2}})([/.-])(\d{{1,2}})\2(\d{{4}}){_TIME}", re.ASCII)
_SHORT_YEAR = re.compile(rf"\d{{1,2}}([/.-])\d{{1,2}}\1\d{{2}}{_TIME}", re.ASCII)
_NAMED = re.compile(rf"(\d{{1,2}})[ -]([A-Za-z]{{3,9}})[ -](\d{{4}}){_TIME}", re.ASCII)
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip

_ADVICE = "Write it as year-month-day, as in 2016-05-09, or as a date that the spreadsheet knows."
_SAY_WHICH = (
    'Write the days as year-month-day, or say in a mapping which comes first: dates = "day-first" or "month-first".'
)


class DateOrder(Enum):
    """What a column of days in figures means, by the name that a mapping gives it.

    A column is UNCLEAR where each day can be read both ways, MIXED where no one way fits all of them, and BESIDE_DATES
    where other cells are real dates.
    """

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"
    UNCLEAR = "unclear"
    MIXED = "mixed"
    BESIDE_DATES = "beside dates"


def order_of(texts: Iterable[str], *, beside_dates: bool) -> DateOrder:
    """The one order in which every day of a column that is written in figures can be read.

    Args:
        texts: what the cells of the column say as text; what is not a day in figures, read either way, tells nothing.
        beside_dates: whether other cells of the column are real dates. A program that takes month-first days for
            day-first ones leaves exactly such a column, with the dates wrong, so nothing in it is clear.
    """
    found = [match for text in texts if (match := _NUMBERS.fullmatch(text.strip())) and any(_both_ways(match))]
    if found and beside_dates:
        return DateOrder.BESIDE_DATES
    days = all(_day(match, DateOrder.DAY_FIRST) for match in found)
    months = all(_day(match, DateOrder.MONTH_FIRST) for match in found)
    if days and months:
        return DateOrder.UNCLEAR
    if days or months:
        return DateOrder.DAY_FIRST if days else DateOrder.MONTH_FIRST
    return DateOrder.MIXED


def day_in(text: str, order: DateOrder) -> date | Fault:
    """The day that a text names: year-month-day, with the month's English name, or in figures in the order given.

    A time of day after it is passed over. Nothing else is a day, and least of all a year of two figures.
    """
    written = text.strip()
    if match := _ISO.fullmatch(written):
        return _date(*match.groups()) or Fault(f"{in_words(written)} is not a day in the calendar", _ADVICE)
    if match := _NUMBERS.fullmatch(written):
        return _in_figures(match, order)
    if (match := _NAMED.fullmatch(written)) and (month := _month(match[2])):
        return _date(match[3], month, match[1]) or Fault(f"{written} is not a day in the calendar", _ADVICE)
    if _SHORT_YEAR.fullmatch(written):
        return Fault(f'the year in "{in_words(written)}" has two figures', "Write the year with four figures.")
    return Fault(f'"{in_words(written)}" is not a date', _ADVICE)


def _in_figures(match: re.Match[str], order: DateOrder) -> date | Fault:
    day_first, month_first = _both_ways(match)
    if not (day_first or month_first):
        return Fault(f"{match[0]} is not a day in the calendar", _ADVICE)
    if order in {DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST}:
        found = day_first if order is DateOrder.DAY_FIRST else month_first
        return found or Fault(f"{match[0]} is not a day in the calendar, read {order.value}", _ADVICE)
    if order is DateOrder.UNCLEAR and day_first == month_first and day_first:
        return day_first
    if order is DateOrder.UNCLEAR:
        return Fault(f"{match[0]} can be read day first or month first, and no day of the column tells", _SAY_WHICH)
    if order is DateOrder.BESIDE_DATES:
        what = f"{match[0]} is text in a column in which other cells are real dates, which may be wrong then"
        return Fault(what, _SAY_WHICH)
    return Fault(f"{match[0]} stands in a column in which neither day first nor month first fits all", _SAY_WHICH)


def _both_ways(match: re.Match[str]) -> tuple[date | None, date | None]:
    return _day(match, DateOrder.DAY_FIRST), _day(match, DateOrder.MONTH_FIRST)


def _day(match: re.Match[str], order: DateOrder) -> date | None:
    day, month = (match[1], match[3]) if order is DateOrder.DAY_FIRST else (match[3], match[1])
    return _date(match[4], month, day)


def _month(name: str) -> str:
    """The number of the month of which this is the name or its first three letters; empty if there is none."""
    word = name.lower()
    found = [n for n, month in enumerate(_MONTHS, 1) if word == month or word == month[:3]]
    return str(found[0]) if found else ""


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


# Beyond it a number of a spreadsheet no longer holds every whole number.
_EXACT = 2**53
_MOST_FIGURES = 20

_AS_TEXT = "Give the column the format Text, and write it again."
_OTHER_WORDS = "Write yes or no. A mapping can say what other words mean."


def is_blank(cell: Cell) -> bool:
    """Whether nothing is recorded in the cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def value_in(cell: Cell, field: Field, order: DateOrder) -> Value | Fault:
    """What a cell that is not blank says for a field, or why it says nothing."""
    return _READERS[field.kind](cell, field, order)


def text_in(cell: Cell) -> str | Fault:
    """What a cell says as text. A whole number is its figures: spreadsheets make numbers of references.

    A date and a number with a point are refused: a reference such as 1-2 or 1.10 was changed to it.
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    number = _whole(cell)
    return str(number) if number is not None else Fault(f"it is {_kind_of(cell)}, and text belongs here", _AS_TEXT)


def _text(cell: Cell, field: Field, order: DateOrder) -> Value | Fault:  # noqa: ARG001 - one signature for all kinds
    return text_in(cell)


def _choice(cell: Cell, field: Field, order: DateOrder) -> Value | Fault:  # noqa: ARG001 - the same
    written = in_words(cell) if isinstance(cell, bool) else text_in(cell)
    if isinstance(written, Fault) or written in field.allowed:
        return written
    plain = folded(written)
    return next((word for word in field.allowed if folded(word) == plain), written)


def _yes_no(cell: Cell, field: Field, order: DateOrder) -> Value | Fault:  # noqa: ARG001 - the same
    if isinstance(cell, bool):
        return cell
    word = folded(cell) if isinstance(cell, str) else str(_whole(cell))
    if (found := YES_NO.get(word)) is not None:
        return found
    return Fault(f"{_shown(cell)} is not yes or no", _OTHER_WORDS)


def _number(cell: Cell, field: Field, order: DateOrder) -> Value | Fault:  # noqa: ARG001 - the same
    if isinstance(cell, str):
        figures = cell.strip()
        if figures.removeprefix("-").isdecimal() and figures.isascii() and len(figures) <= _MOST_FIGURES:
            return int(figures)
    number = _whole(cell)
    return Fault(f"{_shown(cell)} is not a whole number", "Write figures only, as in 3.") if number is None else number


def _day_in_cell(cell: Cell, field: Field, order: DateOrder) -> Value | Fault:  # noqa: ARG001 - the same
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, str):
        return day_in(cell, order)
    return Fault(f"it is {_kind_of(cell)}, and a date belongs here", "Give the column the format of a date.")


_READERS: Mapping[Kind, Callable[[Cell, Field, DateOrder], Value | Fault]] = {
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
