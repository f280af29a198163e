"""What the forms of condition come to, once their values are known; ``truth`` has all, any and not."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Any

from casescreen.model.calendar import Duration, WorkingCalendar
from casescreen.model.condition import Count, Operator, Quantifier, Truth, all_of, any_of, negate, truth
from casescreen.model.dictionary import Value


def _among(value: Value, values: Collection[Value]) -> bool:
    return value in values


def _not_among(value: Value, values: Collection[Value]) -> bool:
    return value not in values


# Types were checked when the rulebook was read, so any two values that meet here can be compared.
HOLDS: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.IS: operator.eq,
    Operator.IS_NOT: operator.ne,
    Operator.IN: _among,
    Operator.NOT_IN: _not_among,
    Operator.AT_LEAST: operator.ge,
    Operator.AT_MOST: operator.le,
    Operator.MORE_THAN: operator.gt,
    Operator.LESS_THAN: operator.lt,
    Operator.BEFORE: operator.lt,
    Operator.ON_OR_BEFORE: operator.le,
    Operator.AFTER: operator.gt,
    Operator.ON_OR_AFTER: operator.ge,
}


def within(value: object, limit: object, start: object, calendar: WorkingCalendar) -> Truth:
    """Whether a date is on or before the last day within ``limit`` of ``start``; unknown if any is missing."""
    if not (isinstance(value, date) and isinstance(limit, Duration) and isinstance(start, date)):
        return Truth.UNKNOWN
    return truth(value <= calendar.deadline(start, limit))


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
