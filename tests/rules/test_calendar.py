"""The shipped calendar of public holidays in England and Wales."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest

from casescreen.model.calendar import WorkingCalendar
from casescreen.rulebook.load import load_rulebook

_SATURDAY = 5


@pytest.fixture(scope="module")
def calendar() -> WorkingCalendar:
    return load_rulebook("sqs-2016").calendar


def test_every_weekday_agrees_with_an_independent_calendar(calendar: WorkingCalendar) -> None:
    """On every weekday it covers, the calendar and the holidays package say the same."""
    years = range(calendar.covers_from.year, calendar.covers_until.year + 1)
    others = holidays.country_holidays("GB", subdiv="ENG", years=years)
    days = (calendar.covers_until - calendar.covers_from).days + 1
    every = (calendar.covers_from + timedelta(days=number) for number in range(days))
    weekdays = [day for day in every if day.weekday() < _SATURDAY]
    assert len(weekdays) > 260 * len(years) - len(years)
    assert [day for day in weekdays if (day in others) != (day in calendar.holidays)] == []


def test_every_holiday_is_a_weekday(calendar: WorkingCalendar) -> None:
    """No holiday is wasted on a Saturday or Sunday, where only its substitute counts."""
    assert [day for day in sorted(calendar.holidays) if day.weekday() >= _SATURDAY] == []


@pytest.mark.parametrize(
    "day",
    [
        date(2011, 4, 29),  # a royal wedding
        date(2012, 6, 4),  # moved from the last Monday of May, for the jubilee on the next day
        date(2012, 6, 5),
        date(2016, 12, 27),  # for Christmas Day on a Sunday
        date(2020, 5, 8),  # moved from the first Monday of May
        date(2021, 12, 27),  # for Christmas Day on a Saturday
        date(2021, 12, 28),  # for Boxing Day on a Sunday
        date(2022, 6, 2),  # moved from the last Monday of May, for the jubilee on the next day
        date(2022, 6, 3),
        date(2022, 9, 19),  # a state funeral
        date(2023, 5, 8),  # a coronation
    ],
)
def test_substitutes_and_single_days_are_holidays(calendar: WorkingCalendar, day: date) -> None:
    """A day that was proclaimed, moved to, or given in place of a weekend is no working day."""
    assert calendar.working_days_between(day - timedelta(days=1), day) == 0


@pytest.mark.parametrize(
    "day",
    [
        date(2012, 5, 28),  # the last Monday of May, moved to June
        date(2020, 5, 4),  # the first Monday of May, moved to Friday
        date(2022, 5, 30),  # the last Monday of May, moved to June
        date(2016, 8, 1),  # a holiday in Scotland
        date(2016, 3, 17),  # a holiday in Northern Ireland
    ],
)
def test_days_moved_away_and_holidays_elsewhere_are_working_days(calendar: WorkingCalendar, day: date) -> None:
    """A day from which a holiday was moved, or that is one elsewhere in the kingdom, is a working day."""
    assert calendar.working_days_between(day - timedelta(days=1), day) == 1
