"""Deadlines of whole columns are those of the calendar, day by day."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from casescreen.columnar.expressions import deadline, first_start, last_start
from casescreen.model.calendar import Duration, OutsideCalendarError, Unit, WorkingCalendar

# Easter and Christmas 2023, the leap day of 2024, Easter 2024.
CALENDAR = WorkingCalendar(
    "town",
    "Town",
    date(2023, 3, 1),
    date(2024, 4, 30),
    frozenset(
        date.fromisoformat(day)
        for day in ("2023-04-07", "2023-04-10", "2023-12-25", "2023-12-26", "2024-01-01", "2024-03-29", "2024-04-01")
    ),
    "made up",
)
DAYS = [date(2023, 2, 20) + timedelta(n) for n in range(450)]
EDGES = [date.min, date(1, 1, 31), date(9998, 12, 31), date(9999, 11, 30), date(9999, 12, 24), date(9999, 12, 31)]


def one_by_one(start: date, allowed: Duration) -> date | None:
    try:
        return CALENDAR.deadline(start, allowed)
    except OutsideCalendarError:
        return None


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("number", [0, 1, 2, 5, 12, 20, 9999, -1, -2, -5, -12, -20, -9999])
def test_every_deadline_is_the_calendars(number: int, unit: Unit) -> None:
    """Over Easter, Christmas, leap days and the ends of time; null exactly where the calendar raises."""
    allowed = Duration(number, unit)
    starts = pl.Series("start", [*DAYS, *EDGES, None], dtype=pl.Date)
    found = starts.to_frame().select(deadline(pl.col("start"), allowed, CALENDAR)).to_series().to_list()
    assert found == [*(one_by_one(start, allowed) for start in (*DAYS, *EDGES)), None]


@pytest.mark.parametrize("number", [0, 1, 5, 12, 9999])
def test_the_last_start_is_the_last(number: int) -> None:
    """Up to the last start, from where the calendar begins, every deadline is known; after it none is."""
    allowed = Duration(number, Unit.WORKING_DAY)
    last = last_start(allowed, CALENDAR)
    known = [start for start in (*DAYS, *EDGES) if one_by_one(start, allowed) and start >= CALENDAR.covers_from]
    assert all(start <= last for start in known)
    assert all(one_by_one(start, allowed) for start in (*DAYS, *EDGES) if CALENDAR.covers_from <= start <= last)


@pytest.mark.parametrize("number", [1, 5, 12, 9999])
def test_the_first_start_is_the_first(number: int) -> None:
    """From the first start, up to where the calendar ends, every day so far back is known; before it none is."""
    back = Duration(-number, Unit.WORKING_DAY)
    first = first_start(back, CALENDAR)
    known = [start for start in (*DAYS, *EDGES) if one_by_one(start, back) and start <= CALENDAR.covers_until]
    assert all(start >= first for start in known)
    assert all(one_by_one(start, back) for start in (*DAYS, *EDGES) if first <= start <= CALENDAR.covers_until)
