"""Deadlines for a whole column of dates at once."""

from __future__ import annotations

from datetime import date
from functools import cache

import polars as pl

from casescreen.model.calendar import Duration, OutsideCalendarError, Unit, WorkingCalendar

_EPOCH = date(1970, 1, 1).toordinal()


def deadline(start: pl.Expr, allowed: Duration, calendar: WorkingCalendar) -> pl.Expr:
    """The last day within ``allowed`` of each date.

    Null where there is no date, or where the deadline lies beyond what the calendar covers.
    """
    if allowed.unit is Unit.WORKING_DAY:
        table = _by_day(allowed, calendar)
        before = calendar.covers_from.toordinal() - _EPOCH - 1
        return pl.lit(table).gather((start.to_physical() - before).clip(0, len(table) - 1))
    return pl.when(start <= pl.lit(last_start(allowed, calendar))).then(_calendar_days_on(start, allowed))


def last_start(allowed: Duration, calendar: WorkingCalendar) -> date:
    """The latest date, on which the calendar begins or later, whose deadline is known; the day before if none is.

    Deadlines never go back, so halving finds it.
    """
    low, high = calendar.covers_from.toordinal() - 1, date.max.toordinal()
    while low < high:
        middle = (low + high + 1) // 2
        if _deadline(date.fromordinal(middle), allowed, calendar) is None:
            high = middle - 1
        else:
            low = middle
    return date.fromordinal(low)


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


def _calendar_days_on(start: pl.Expr, allowed: Duration) -> pl.Expr:
    if allowed.unit is Unit.MONTH:
        return start.dt.offset_by(f"{allowed.count}mo")
    days = allowed.count * (7 if allowed.unit is Unit.WEEK else 1)
    return (start.to_physical() + days).cast(pl.Date)
