"""Three truth values as two booleans that are never null, single tests, and deadlines, as expressions."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache, reduce

import polars as pl
from attrs import frozen

from casescreen.model.calendar import Duration, OutsideCalendarError, Unit, WorkingCalendar
from casescreen.model.dictionary import Field, Kind, Value
from casescreen.model.rulebook import Parameter

Bool = pl.Expr | bool
"""A boolean of every case or row that is never null; a bool where it is the same for all of them."""


def and_(*parts: Bool) -> Bool:
    """Every part is true; plain booleans are worked out at once."""
    if any(part is False for part in parts):
        return False
    rest = [part for part in parts if not isinstance(part, bool)]
    return reduce(lambda one, other: one & other, rest) if rest else True


def or_(*parts: Bool) -> Bool:
    """At least one part is true."""
    if any(part is True for part in parts):
        return True
    rest = [part for part in parts if not isinstance(part, bool)]
    return reduce(lambda one, other: one | other, rest) if rest else False


def not_(part: Bool) -> Bool:
    """The part is false."""
    return not part if isinstance(part, bool) else part.not_()


def as_expression(part: Bool) -> pl.Expr:
    """The boolean as an expression."""
    return pl.lit(part) if isinstance(part, bool) else part


@frozen(eq=False)
class Kleene:
    """What a condition comes to for each case, or for each row.

    Attributes:
        true: it is certainly true.
        false: it is certainly false.
    """

    true: Bool
    false: Bool

    @property
    def unknown(self) -> Bool:
        """It is neither."""
        return and_(not_(self.true), not_(self.false))

    @property
    def not_false(self) -> Bool:
        """It is true or unknown."""
        return not_(self.false)


TRUE, UNKNOWN = Kleene(True, False), Kleene(False, False)


def negation(part: Kleene) -> Kleene:
    """True and false change places."""
    return Kleene(part.false, part.true)


def conjunction(parts: Iterable[Kleene]) -> Kleene:
    """False if any part is false, else unknown if any is unknown, else true."""
    asked = tuple(parts)
    return Kleene(and_(*(part.true for part in asked)), or_(*(part.false for part in asked)))


def disjunction(parts: Iterable[Kleene]) -> Kleene:
    """True if any part is true, else unknown if any is unknown, else false."""
    return negation(conjunction(negation(part) for part in parts))


WORDS = (Kind.TEXT, Kind.CHOICE)
"""What is held in words, which may be kept as text or as numbers that stand for it."""

_TYPES: dict[Kind, pl.DataType] = {
    Kind.TEXT: pl.String(),
    Kind.YES_NO: pl.Boolean(),
    Kind.NUMBER: pl.Int64(),
    Kind.DATE: pl.Date(),
}
_LITERAL_TYPES: dict[type, pl.DataType] = {str: pl.String(), bool: pl.Boolean(), int: pl.Int64(), date: pl.Date()}


def type_of(field: Field) -> pl.DataType:
    """The type of the column that holds the field; a choice is one of its words, in the dictionary's order."""
    return pl.Enum(field.allowed) if field.kind is Kind.CHOICE else _TYPES[field.kind]


def is_text(stored: pl.DataType) -> bool:
    """Whether a column of the stored type holds text, or numbers that stand for it."""
    return isinstance(stored, pl.String | pl.Enum | pl.Categorical)


def has_zone(stored: pl.DataType) -> bool:
    """Whether a column of the stored type holds times with a zone, each of which can be another day here."""
    return isinstance(stored, pl.Datetime) and stored.time_zone is not None


def is_foreign(field: Field, stored: pl.DataType) -> bool:
    """Whether a column holds what must be read as something else: text, too large numbers, or times with a zone."""
    if field.kind is Kind.NUMBER and isinstance(stored, pl.UInt64 | pl.Int128 | pl.UInt128):
        return True
    if field.kind is Kind.DATE and has_zone(stored):
        return True
    return field.kind is not Kind.TEXT and is_text(stored) and stored != type_of(field)


def comparable_column(field: Field) -> pl.Expr:
    """The field as it can be compared with any other: words as text."""
    column = pl.col(field.name)
    return column.cast(pl.String) if field.kind in WORDS else column


def literal(value: Value | Duration) -> pl.Expr:
    """The same value for every case or row, of the type that columns of such values have."""
    assert not isinstance(value, Duration)
    return pl.lit(value, dtype=_LITERAL_TYPES[type(value)])


def parameter_column(parameter: Parameter, of_value: Callable[[Value | Duration], pl.Expr]) -> pl.Expr:
    """What is made of the parameter's value for each case; null where a field that it varies by is not recorded."""
    result = of_value(parameter.value)
    for variation in reversed(parameter.variations):
        column = pl.col(variation.field.name)
        then = pl.when(column == literal(variation.value)).then(of_value(variation.then)).otherwise(result)
        result = pl.when(column.is_not_null()).then(then)
    return result


_EPOCH = date(1970, 1, 1).toordinal()
_FIRST_DAY, _LAST_DAY = (day.toordinal() - _EPOCH for day in (date.min, date.max))
_CYCLE = 146_097  # days: after 400 years months and leap years come again in the same order


def deadline(start: pl.Expr, allowed: Duration, calendar: WorkingCalendar) -> pl.Expr:
    """The last day within ``allowed`` of each date; the first one where it is counted back.

    Null where there is no date, or where the calendar does not reach to the end of so many working days. A deadline
    past the last or first day that there is counts as that day does: no date is later, or earlier.
    """
    if allowed.unit is Unit.WORKING_DAY:
        table = _by_day(allowed, calendar)
        before = calendar.covers_from.toordinal() - _EPOCH - 1
        return pl.lit(table).gather((start.to_physical() - before).clip(0, len(table) - 1))
    if allowed.unit is Unit.MONTH:
        days: pl.Expr | int = pl.lit(_days_of_months(allowed.count)).gather(start.to_physical() % _CYCLE)
    else:
        days = allowed.count * (7 if allowed.unit is Unit.WEEK else 1)
    return (start.to_physical() + days).clip(_FIRST_DAY, _LAST_DAY).cast(pl.Date)


def last_start(allowed: Duration, calendar: WorkingCalendar) -> date:
    """The latest date in the calendar from which so many working days are known; the day before it if there is none.

    Deadlines never go back, so halving finds it.
    """
    low, high = calendar.covers_from.toordinal() - 1, calendar.covers_until.toordinal()
    while low < high:
        middle = (low + high + 1) // 2
        if _deadline(date.fromordinal(middle), allowed, calendar) is None:
            high = middle - 1
        else:
            low = middle
    return date.fromordinal(low)


def first_start(back: Duration, calendar: WorkingCalendar) -> date:
    """The earliest date in the calendar from which so many working days back are known; the day after it if none is."""
    days = range(calendar.covers_from.toordinal(), calendar.covers_until.toordinal() + 1)
    known = bisect_left(days, True, key=lambda day: _deadline(date.fromordinal(day), back, calendar) is not None)
    return date.fromordinal(days.start + known)


@cache
def _days_of_months(count: int) -> pl.Series:
    """How many days so many months are, from each day of a cycle that begins where Polars counts days from.

    To look them up takes half the time of going through the calendar for every case.
    """
    days = pl.int_range(_CYCLE, dtype=pl.Int32, eager=True)
    return days.cast(pl.Date).dt.offset_by(f"{count}mo").to_physical() - days


@cache
def _by_day(allowed: Duration, calendar: WorkingCalendar) -> pl.Series:
    """The deadline of each day that the calendar covers, between two nulls that other days are clipped to."""
    first, last = calendar.covers_from.toordinal(), calendar.covers_until.toordinal()
    known = (_deadline(date.fromordinal(day), allowed, calendar) for day in range(first, last + 1))
    return pl.Series([None, *known, None], dtype=pl.Date)


def _deadline(start: date, allowed: Duration, calendar: WorkingCalendar) -> date | None:
    try:
        return calendar.deadline(start, allowed)
    except OutsideCalendarError:
        return None
