"""The table of operators, and what the other forms of condition come to once their values are known."""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterable
from datetime import date
from functools import reduce

from casescreen.model.calendar import Duration, OutsideCalendarError, WorkingCalendar
from casescreen.model.condition import Count, Operator, Quantifier, Truth, all_of, any_of, negate, truth
from casescreen.model.dictionary import Kind, Value


def _is_one_of(value: Value, values: Collection[Value]) -> bool:
    return value in values


def _is_none_of(value: Value, values: Collection[Value]) -> bool:
    return value not in values


def _column_is_one_of(column: object, values: Iterable[object]) -> object:
    return reduce(operator.or_, (column == value for value in values))


def _column_is_none_of(column: object, values: Iterable[object]) -> object:
    return reduce(operator.and_, (column != value for value in values))


_ANY = tuple(Kind)
_LISTED = (Kind.TEXT, Kind.CHOICE, Kind.NUMBER, Kind.DATE)
_NUMBER, _DATE = (Kind.NUMBER,), (Kind.DATE,)

# Types were checked when the rulebook was read, so any two values that meet here can be compared.
IS = Operator("is", _ANY, operator.eq)
IS_NOT = Operator("is_not", _ANY, operator.ne, "not ", denies=IS)
IN = Operator("in", _LISTED, _is_one_of, for_one=IS, over_columns=_column_is_one_of)
NOT_IN = Operator("not_in", _LISTED, _is_none_of, "not ", IN, for_one=IS_NOT, over_columns=_column_is_none_of)
AT_LEAST = Operator("at_least", _NUMBER, operator.ge, "at least ")
AT_MOST = Operator("at_most", _NUMBER, operator.le, "at most ")
MORE_THAN = Operator("more_than", _NUMBER, operator.gt, "more than ")
LESS_THAN = Operator("less_than", _NUMBER, operator.lt, "less than ")
BEFORE = Operator("before", _DATE, operator.lt, "before ")
ON_OR_BEFORE = Operator("on_or_before", _DATE, operator.le, "on or before ")
AFTER = Operator("after", _DATE, operator.gt, "after ")
ON_OR_AFTER = Operator("on_or_after", _DATE, operator.ge, "on or after ")

OPERATORS = {
    one.name: one
    for one in (
        *(IS, IS_NOT, IN, NOT_IN),
        *(AT_LEAST, AT_MOST, MORE_THAN, LESS_THAN),
        *(BEFORE, ON_OR_BEFORE, AFTER, ON_OR_AFTER),
    )
}
"""Every operator by its name, in the order in which messages list them."""


def operators_of(kind: Kind) -> tuple[Operator, ...]:
    """The operators that test a kind of field."""
    return tuple(one for one in OPERATORS.values() if kind in one.kinds)


def within(value: object, limit: object, start: object, calendar: WorkingCalendar) -> Truth:
    """Whether a date is on or before the last day within ``limit`` of ``start``.

    Unknown if any is missing, or if the calendar does not reach to that day.
    """
    if not (isinstance(value, date) and isinstance(limit, Duration) and isinstance(start, date)):
        return Truth.UNKNOWN
    try:
        return truth(value <= calendar.deadline(start, limit))
    except OutsideCalendarError:
        return Truth.UNKNOWN


def within_both_ends(value: object, early: object, limit: object, start: object, calendar: WorkingCalendar) -> Truth:
    """Whether a date is within ``limit`` of ``start``, and not before the first day within ``early`` back from it.

    Unknown if any is missing, or if the calendar does not reach to either day.
    """
    in_time = within(value, limit, start, calendar)
    if in_time is Truth.UNKNOWN or not isinstance(early, Duration):
        return Truth.UNKNOWN
    assert isinstance(value, date), "what is in time, or late, is a date"
    assert isinstance(start, date), "and so is what it is in time for"
    try:
        return in_time if value >= calendar.deadline(start, -early) else Truth.FALSE
    except OutsideCalendarError:
        return Truth.UNKNOWN


def for_row(quantifier: Quantifier, chosen: Truth, satisfied: Truth) -> Truth:
    """What one row contributes: ``(not chosen) or satisfied`` for every, ``chosen and satisfied`` for some."""
    if quantifier is Quantifier.EVERY:
        return any_of((negate(chosen), satisfied))
    return all_of((chosen, satisfied))


def over_rows(quantifier: Quantifier, rows: Iterable[Truth]) -> Truth:
    """What the rows come to together."""
    return all_of(rows) if quantifier is Quantifier.EVERY else any_of(rows)


def counted(condition: Count, chosen: Iterable[Truth]) -> Truth:
    """Whether the number of chosen rows is within bounds however the unknown rows fall."""
    sure = possible = 0
    for row in chosen:
        sure += row is Truth.TRUE
        possible += row is not Truth.FALSE
    low = 0 if condition.at_least is None else condition.at_least
    high = possible if condition.at_most is None else condition.at_most
    if low <= sure and possible <= high:
        return Truth.TRUE
    return Truth.FALSE if possible < low or sure > high else Truth.UNKNOWN


def covered(value: Value | None, column: Collection[Value | None] | None) -> Truth:
    """Whether a value stands in a column; None in the column is a row that does not say, no column an absent table."""
    if value is None or column is None:
        return Truth.UNKNOWN
    if value in column:
        return Truth.TRUE
    return Truth.UNKNOWN if None in column else Truth.FALSE
