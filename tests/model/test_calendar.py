"""Working days and lengths of time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from casescreen.model.calendar import Duration, OutsideCalendarError, Unit, WorkingCalendar, add_months, read_duration

HOLIDAYS = frozenset({date(2015, 12, 25), date(2015, 12, 28), date(2016, 1, 1), date(2016, 3, 25), date(2016, 3, 28)})
CALENDAR = WorkingCalendar("c", "C", date(2015, 1, 1), date(2016, 12, 31), HOLIDAYS, "made up")
DAYS = st.dates(date(2015, 2, 1), date(2016, 10, 31))


def working(count: int) -> Duration:
    return Duration(count, Unit.WORKING_DAY)


@pytest.mark.parametrize(
    ("start", "count", "last"),
    [
        (date(2016, 2, 1), 15, date(2016, 2, 22)),  # three plain weeks
        (date(2016, 3, 24), 1, date(2016, 3, 29)),  # over Easter
        (date(2015, 12, 24), 3, date(2015, 12, 31)),  # over Christmas and Boxing Day's substitute
        (date(2016, 2, 6), 1, date(2016, 2, 8)),  # from a Saturday
        (date(2016, 2, 5), 0, date(2016, 2, 5)),  # none: the day itself
    ],
)
def test_last_working_day(start: date, count: int, last: date) -> None:
    """The last day within some working days leaves out weekends and holidays, and does not count the first."""
    assert CALENDAR.deadline(start, working(count)) == last


@given(DAYS, st.integers(1, 40))
def test_deadline_is_the_first_day_with_so_many_working_days(start: date, count: int) -> None:
    """The deadline is a working day, and exactly so many working days after the start."""
    last = CALENDAR.deadline(start, working(count))
    assert CALENDAR.working_days_between(start, last) == count
    assert last.isoweekday() <= 5
    assert last not in HOLIDAYS


@given(DAYS, DAYS, DAYS)
def test_working_days_add_up(first: date, second: date, third: date) -> None:
    """Working days from one date to a third are those to a second and on from there, whatever their order."""
    between = CALENDAR.working_days_between
    assert between(first, second) + between(second, third) == between(first, third)


@pytest.mark.parametrize("day", [date(2014, 12, 31), date(2017, 1, 1)])
def test_outside_the_calendar_nothing_is_guessed(day: date) -> None:
    """A working day is never counted from a date that the calendar does not cover."""
    with pytest.raises(OutsideCalendarError, match="covers 2015-01-01 to 2016-12-31"):
        CALENDAR.deadline(day, working(1))


def test_deadline_beyond_the_calendar_is_refused() -> None:
    """A deadline that would fall after the calendar's last day is refused, not cut short."""
    with pytest.raises(OutsideCalendarError):
        CALENDAR.deadline(date(2016, 12, 28), working(10))


@pytest.mark.parametrize(
    ("start", "count", "first"),
    [
        (date(2016, 2, 22), 15, date(2016, 2, 1)),  # three plain weeks
        (date(2016, 3, 29), 1, date(2016, 3, 24)),  # over Easter
        (date(2016, 2, 6), 1, date(2016, 2, 5)),  # from a Saturday
        (date(2016, 2, 6), 0, date(2016, 2, 6)),  # none: the day itself
    ],
)
def test_working_days_are_counted_back(start: date, count: int, first: date) -> None:
    """The first day within so many working days before a day leaves out weekends and holidays too."""
    assert CALENDAR.deadline(start, -working(count)) == first


@given(DAYS, st.integers(1, 15))
def test_so_many_working_days_lie_before_the_start(start: date, count: int) -> None:
    """The first day is a working day, and from it to the day before the start there are exactly so many."""
    first, day = CALENDAR.deadline(start, -working(count)), timedelta(1)
    assert CALENDAR.working_days_between(first - day, start - day) == count
    assert first.isoweekday() <= 5
    assert first not in HOLIDAYS


def test_counting_back_before_the_calendar_is_refused() -> None:
    """Where the first day would fall before the calendar's own first, nothing is guessed."""
    with pytest.raises(OutsideCalendarError, match="2014-12-31"):
        CALENDAR.deadline(date(2015, 1, 5), -working(10))


@pytest.mark.parametrize(
    ("start", "months", "first"),
    [
        (date(2016, 3, 31), 1, date(2016, 2, 29)),
        (date(2016, 1, 15), 3, date(2015, 10, 15)),
        (date(1, 1, 31), 1, date.min),
    ],
)
def test_months_back_begin_on_the_same_day_or_the_last(start: date, months: int, first: date) -> None:
    """Months back is the same day of the earlier month, or its last; no day is earlier than the first there is."""
    assert CALENDAR.deadline(start, -Duration(months, Unit.MONTH)) == first


def test_local_holidays_count_for_local_durations_alone() -> None:
    """The same five days end a day later where a day among them is a holiday here."""
    calendar = evolve(CALENDAR, local_holidays=frozenset([date(2016, 5, 11)]))
    start, limit = date(2016, 5, 9), working(5)
    assert calendar.deadline(start, limit) == CALENDAR.deadline(start, limit) == date(2016, 5, 16)
    assert calendar.deadline(start, evolve(limit, local=True)) == date(2016, 5, 17)
    assert calendar.working_days_between(start, date(2016, 5, 16)) == 5


@pytest.mark.parametrize("unit", [Unit.DAY, Unit.WEEK, Unit.MONTH])
@pytest.mark.parametrize("start", [date(2014, 12, 31), date(9999, 1, 1), date.max])
def test_other_days_never_ask_for_the_calendar(start: date, unit: Unit) -> None:
    """Wherever they begin; where they would end after the last day that there is, no day is later than that one."""
    assert CALENDAR.deadline(start, Duration(0, unit)) == start
    assert CALENDAR.deadline(start, Duration(9999, unit)) == date.max or start.year < 9999


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2015, 11, 30), 3, date(2016, 2, 29)),
        (date(2016, 1, 31), 1, date(2016, 2, 29)),
        (date(2016, 10, 15), 3, date(2017, 1, 15)),
    ],
)
def test_months_end_on_the_same_day_or_the_last(start: date, months: int, end: date) -> None:
    """Months on is the same day of the month, or its last day where there is none such."""
    assert add_months(start, months) == end
    assert CALENDAR.deadline(start, Duration(months, Unit.MONTH)) == end


@pytest.mark.parametrize(
    ("written", "duration"),
    [
        ("15 working days", working(15)),
        ("1 working day", working(1)),
        ("3 months", Duration(3, Unit.MONTH)),
        ("2 weeks", Duration(2, Unit.WEEK)),
        ("10 days", Duration(10, Unit.DAY)),
    ],
)
def test_durations_are_read_and_written(written: str, duration: Duration) -> None:
    """A length of time is read as it is written, and written as it was read."""
    assert read_duration(written) == duration
    assert str(duration) == written


@pytest.mark.parametrize(
    "written", ["", "15", "fifteen days", "-1 days", "1.5 months", "15 Working Days", "99999 days"]
)
def test_what_is_no_duration_is_not_read(written: str) -> None:
    """Text that does not state a whole number of known units is no length of time."""
    assert read_duration(written) is None
