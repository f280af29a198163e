"""The value of a cell for a field: converted where there is one way to, and otherwise told. Days are never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Self

from casescreen.model.dictionary import YES_NO, Field, Kind, Value
from casescreen.model.problem import Advice, Fault
from casescreen.text import evened, folded, in_words

Cell = str | bool | int | float | date | datetime | time | timedelta | Fault | None
"""What a cell can hold; None where it is blank, and a Fault where something stands that cannot be read."""


class PaddedNumber(float):
    """A whole number that its file shows with zeros before it, as 7 shown as 000007.

    Attributes:
        shown: the figures as they are shown.
    """

    shown: str

    def __new__(cls, number: float, shown: str) -> Self:
        """The number, and how it is shown."""
        padded = super().__new__(cls, number)
        padded.shown = shown
        return padded


# What spreadsheet programs write where a formula came to nothing, or where a column is too narrow for its cell.
_ERROR = re.compile(
    r"#(?:BLOCKED|BUSY|CALC|CONNECT|DIV/0|ERROR|EXTERNAL|FIELD|GETTING_DATA|N/A|NAME|NULL|NUM|PYTHON|REF|SPILL|UNKNOWN"
    r"|VALUE)[!?]?|Err:[0-9]{3}|#{4,}",
    re.IGNORECASE,
)

_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_ISO = re.compile(rf"(\d{{4}})-(\d{{2}})-(\d{{2}}){_TIME}", re.ASCII)
# Two figures with dashes can be the year first, as in 26-09-18, so they are no day in figures.
_FIGURES = re.compile(rf"(\d{{1,2}})([/.-])(\d{{1,2}})\2(\d{{4}}|(?<=[/.])\d{{2}}){_TIME}", re.ASCII)
_SHORT_WITH_DASHES = re.compile(rf"\d{{1,2}}-\d{{1,2}}-\d{{2}}{_TIME}", re.ASCII)
_NAMED = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th)?[ -]([A-Za-z]{{3,9}})\.?[ -](\d{{4}}|\d{{2}}){_TIME}", re.ASCII | re.IGNORECASE
)
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
# By the name or its first three letters; September by four too.
_MONTH_NUMBERS = {name: number for number, month in enumerate(_MONTHS, 1) for name in (month, month[:3])} | {"sept": 9}
_CENTURY = 2000
_FOUR_FIGURES = 4

_AS_DATE = "Write it as year-month-day, as in 2016-05-09, or as a date that the spreadsheet knows."
_SAY_WHICH = Advice(
    'Write the days as year-month-day, or say in a mapping which comes first: dates = "day-first" or "month-first".',
    "Write the days as year-month-day, or as dates that the spreadsheet knows.",
)
_AS_TEXT = "Give the column the format Text, and write it again."
# Beyond it a number of a spreadsheet no longer holds every whole number.
_EXACT = 2**53
_MOST_FIGURES = 20


ZONE = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)? ?(?:Z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)"
"""What a text of a time with a zone has in it, in any capitals."""

ZONED = "is a time with a zone, and can be another day here"
"""Why such a time is not read."""

_ZONE = re.compile(ZONE, re.IGNORECASE)


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
    matches = (_FIGURES.fullmatch(text.strip()) for text in texts)
    readings = [both for match in matches if match and any(both := _both_ways(match))]
    if readings and beside_dates:
        return DateOrder.BESIDE_DATES
    match all(day_first for day_first, _ in readings), all(month_first for _, month_first in readings):
        case True, True:
            return DateOrder.UNCLEAR
        case True, False:
            return DateOrder.DAY_FIRST
        case False, True:
            return DateOrder.MONTH_FIRST
        case _:
            return DateOrder.MIXED


def day_in(text: str, order: DateOrder, taken_on: date | None = None) -> date | Fault:
    """The day that a text names: year-month-day, with the month's English name, or in figures in the order given.

    A time of day after it is passed over. Nothing else is a day.

    Args:
        text: what is written.
        order: how days in figures are read.
        taken_on: the day on which the records were taken. A year of two figures is 20yy up to a year after it, and
            is not read otherwise, or if the day is not known.
    """
    written = text.strip()
    if match := _FIGURES.fullmatch(written):
        day = _day_in_figures(match, order)
        return day if isinstance(day, Fault) else _within_a_year(day, match[4], written, taken_on)
    if match := _ISO.fullmatch(written):
        return _date(*match.groups()) or _unreadable_day(written, _NO_DAY)
    if (match := _NAMED.fullmatch(written)) and (month := _MONTH_NUMBERS.get(match[2].lower())):
        named = _date(match[3], month, match[1])
        return _within_a_year(named, match[3], written, taken_on) if named else _unreadable_day(written, _NO_DAY)
    if _SHORT_WITH_DASHES.fullmatch(written):
        return _short_year(written)
    return Fault(f'"{in_words(written)}" is not a date', _AS_DATE, unquoted="it is not a date")


def has_short_year(text: str) -> bool:
    """Whether a text that is a day has a year of two figures."""
    written = text.strip()
    if match := _FIGURES.fullmatch(written):
        return len(match[4]) < _FOUR_FIGURES
    match = _NAMED.fullmatch(written)
    return match is not None and len(match[3]) < _FOUR_FIGURES


_NO_DAY = "is not a day in the calendar"


def _within_a_year(day: date, year: str, written: str, taken_on: date | None) -> date | Fault:
    """The day, unless its year was written with two figures and it lies too far ahead for what that stands for."""
    if len(year) == _FOUR_FIGURES:
        return day
    if taken_on is None:
        return _short_year(written)
    # The 29th of February has no day a year on.
    if (day.year - 1, day.month, day.day) <= (taken_on.year, taken_on.month, taken_on.day):
        return day
    return _short_year(written, f", and {day.year} is more than a year ahead")


def _short_year(written: str, more: str = "") -> Fault:
    two = f"has two figures{more}"
    advice = "Write the year with four figures."
    return Fault(f'the year in "{in_words(written)}" {two}', advice, unquoted=f"its year {two}")


def _unreadable_day(written: str, why: str, advice: str = _AS_DATE) -> Fault:
    return Fault(f"{written} {why}", advice, unquoted=f"it {why}")


def _day_in_figures(written: re.Match[str], order: DateOrder) -> date | Fault:
    day_first, month_first = _both_ways(written)
    if not (day_first or month_first):
        return _unreadable_day(written[0], _NO_DAY)
    match order:
        case DateOrder.DAY_FIRST | DateOrder.MONTH_FIRST:
            day = day_first if order is DateOrder.DAY_FIRST else month_first
            return day or _unreadable_day(written[0], f"{_NO_DAY}, read {order.value}")
        case DateOrder.UNCLEAR if day_first and day_first == month_first:
            return day_first
        case DateOrder.UNCLEAR:
            why = "can be read day first or month first, and no day of the column tells"
        case DateOrder.BESIDE_DATES:
            why = "is text in a column in which other cells are real dates, which may be wrong then"
        case DateOrder.MIXED:
            why = "stands in a column in which neither day first nor month first fits all"
    return _unreadable_day(written[0], why, _SAY_WHICH)


def _both_ways(figures: re.Match[str]) -> tuple[date | None, date | None]:
    """The day that figures are, read day first and month first."""
    first, _, second, year = figures.groups()
    return _date(year, second, first), _date(year, first, second)


def _date(year: str, month: str | int, day: str) -> date | None:
    try:
        return date(int(year) if len(year) == _FOUR_FIGURES else _CENTURY + int(year), int(month), int(day))
    except ValueError:
        return None


def is_blank(cell: Cell) -> bool:
    """Whether nothing is recorded in the cell, or nothing that can be seen."""
    if not isinstance(cell, str):
        return cell is None
    plain = cell.strip()
    return not plain or not ("!" <= plain[0] <= "~" or evened(plain))


def written_in(cell: Cell) -> str:
    """All that stands in the cell as text, also where it cannot be read."""
    return cell.written if isinstance(cell, Fault) else str(cell)


def error_in(cell: Cell) -> Fault | None:
    """Why the cell cannot be read whatever belongs there; None if it can be."""
    if isinstance(cell, Fault):
        return cell
    if not isinstance(cell, str) or not ("#" in cell or "rr:" in cell) or not _ERROR.fullmatch(cell.strip()):
        return None
    what = f"the cell holds the error {cell.strip()}"
    advice = "Mend the formula in the spreadsheet, or write the value itself, and save it."
    if "##" in cell:
        what, advice = (
            "the cell holds only ###, as is shown for a value that its column is too narrow for",
            ("Make the column wider, and export it again."),
        )
    return Fault(what, advice, written=cell)


def value_in(cell: Cell, field: Field, order: DateOrder, taken_on: date | None = None) -> Value | Fault:
    """What a cell that is not blank says for a field, or why it says nothing.

    Args:
        cell: what stands there.
        field: what it is read for.
        order: how days in figures are read.
        taken_on: the day on which the records were taken, for years of two figures.
    """
    if (fault := error_in(cell)) is not None:
        return fault
    match field.kind:
        case Kind.DATE:
            return _date_in(cell, order, taken_on)
        case Kind.TEXT:
            return text_in(cell)
        case Kind.YES_NO:
            return _yes_or_no(cell)
        case Kind.CHOICE:
            return _choice(cell, field.allowed)
        case Kind.NUMBER:
            return _number(cell)


def text_in(cell: Cell) -> str | Fault:
    """What a cell says as text. A whole number is its figures: spreadsheets make numbers of references.

    A date and a number with a point are refused: a reference such as 1-2 or 1.10 was changed to it.
    """
    if (fault := error_in(cell)) is not None:
        return fault
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, PaddedNumber):
        return cell.shown
    number = _whole(cell)
    return _misplaced(cell, "text", _AS_TEXT) if number is None else str(number)


def _misplaced(cell: Cell, wanted: str, advice: str) -> Fault:
    """The fault of a cell that holds a value of another type."""
    noun = {datetime: "a date", date: "a date", time: "a time", timedelta: "a time", bool: "yes or no"}
    what = noun.get(type(cell), "a number")
    return Fault(
        f"it is {_shown(cell)}, and {wanted} belongs here", advice, unquoted=f"it is {what}, and {wanted} belongs here"
    )


def _date_in(cell: Cell, order: DateOrder, taken_on: date | None) -> date | Fault:
    if isinstance(cell, datetime):
        return cell.date() if cell.tzinfo is None else _zoned(cell.isoformat(" "))
    if isinstance(cell, date):
        return cell
    if isinstance(cell, str):
        return _zoned(cell) if ":" in cell and _ZONE.search(cell) else day_in(cell, order, taken_on)
    return _misplaced(cell, "a date", "Give the column the format of a date.")


def _zoned(written: str) -> Fault:
    advice = "Export it as a day, or as a time of the place that it is about, without Z or +00:00."
    return Fault(f'"{in_words(written)}" {ZONED}', advice, unquoted=f"it {ZONED}")


def _yes_or_no(cell: Cell) -> bool | Fault:
    if isinstance(cell, bool):
        return cell
    answer = YES_NO.get(folded(cell) if isinstance(cell, str) else str(_whole(cell)))
    if answer is None:
        advice = "Write yes or no. A mapping can say what other words mean."
        return Fault(f"{_shown(cell)} is not yes or no", advice, unquoted="it is not yes or no")
    return answer


def _choice(cell: Cell, allowed: Iterable[str]) -> str | Fault:
    written = in_words(cell) if isinstance(cell, bool) else text_in(cell)
    if isinstance(written, Fault) or written in allowed:
        return written
    plain = folded(written)
    return next((word for word in allowed if folded(word) == plain), written)


def _number(cell: Cell) -> int | Fault:
    if isinstance(cell, str):
        figures = cell.strip()
        if figures.removeprefix("-").isdecimal() and figures.isascii() and len(figures) <= _MOST_FIGURES:
            return int(figures)
    number = _whole(cell)
    if number is None:
        what = "is not a whole number"
        return Fault(f"{_shown(cell)} {what}", "Write figures only, as in 3.", unquoted=f"it {what}")
    return number


def _whole(cell: Cell) -> int | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int):
        return cell
    return int(cell) if isinstance(cell, float) and cell.is_integer() and abs(cell) <= _EXACT else None


def _shown(cell: Cell) -> str:
    match cell:
        case str():
            return f'"{in_words(cell)}"'
        case bool():
            return "yes" if cell else "no"
        case date():
            return f"a date ({in_words(cell)})"
        case time() | timedelta():
            return "a time"
        case float():
            return f"a number ({cell:.15g})"
        case _:
            return f"a number ({in_words(cell)})"
