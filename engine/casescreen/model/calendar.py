"""Lengths of time, and working days: weekdays that are not public holidays, within the dates a calendar covers."""

from __future__ import annotations

import calendar
import re
from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from enum import Enum

from attrs import field, frozen

_WRITTEN = re.compile(r"(\d{1,4}) (working day|day|week|month)s?")


class Unit(Enum):
    """The units that a length of time can be counted in."""

    WORKING_DAY = "working day"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@frozen
class Duration:
    """A whole number of units of time.

    Attributes:
        count: how many; negative where it is counted back.
        local: whether local holidays are no working days of it.
    """

    count: int
    unit: Unit
    local: bool = False

    def __str__(self) -> str:
        return f"{self.count} {self.unit.value}{'' if self.count == 1 else 's'}"

    def __neg__(self) -> Duration:
        """The same length, counted back."""
        return Duration(-self.count, self.unit, self.local)


def read_duration(written: str) -> Duration | None:
    """The duration that the text states, or None if it states none."""
    match = _WRITTEN.fullmatch(written)
    return Duration(int(match[1]), Unit(match[2])) if match else None


def add_months(start: date, count: int) -> date:
    """The same day of the month, ``count`` months on; the month's last day where there is none."""
    months = start.year * 12 + start.month - 1 + count
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


_SATURDAY = 5


class OutsideCalendarError(Exception):
    """A date was needed that the calendar of public holidays does not cover."""

    def __init__(self, needed: date, calendar: WorkingCalendar) -> None:
        """Keep the date that was needed and the calendar that does not reach it."""
        self.needed = needed
        self.calendar = calendar
        super().__init__(
            f"{needed.isoformat()} is outside the calendar {calendar.id}, "
            f"which covers {calendar.covers_from.isoformat()} to {calendar.covers_until.isoformat()}"
        )


@frozen(eq=False)
class WorkingCalendar:
    """The public holidays of a place between two dates, both included.

    Outside those dates every question about working days raises ``OutsideCalendarError``:
    a wrong deadline is worse than none.

    Attributes:
        local_holidays: days that are holidays too for durations that are local.
    """

    id: str
    title: str
    covers_from: date
    covers_until: date
    holidays: frozenset[date]
    source: str
    local_holidays: frozenset[date] = frozenset()
    _days: tuple[int, ...] = field(init=False, repr=False)
    _local_days: tuple[int, ...] = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        closed = set(map(date.toordinal, self.holidays))
        every = range(self.covers_from.toordinal(), self.covers_until.toordinal() + 1)
        days = tuple([n for n in every if (n + 6) % 7 < _SATURDAY and n not in closed])
        local = set(map(date.toordinal, self.local_holidays))
        object.__setattr__(self, "_days", days)
        object.__setattr__(self, "_local_days", tuple([n for n in days if n not in local]) if local else days)

    def covers(self, day: date) -> bool:
        """Whether the calendar knows this date."""
        return self.covers_from <= day <= self.covers_until

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and including ``end``; negative if ``end`` is earlier."""
        self._check(start, end)
        return bisect_right(self._days, end.toordinal()) - bisect_right(self._days, start.toordinal())

    def deadline(self, start: date, allowed: Duration) -> date:
        """The last date on which something is within ``allowed`` of ``start``; the first one where it is counted back.

        The day of ``start`` itself is day nought. Nought working days is ``start``. Only working days ask what the
        calendar covers: other days, weeks and months that lead past the last or first day there is end on that day.
        """
        if allowed.unit is Unit.WORKING_DAY:
            self._check(start)
            if not allowed.count:
                return start
            days = self._local_days if allowed.local else self._days
            forward = allowed.count > 0
            position = bisect_left(days, start.toordinal() + forward) + allowed.count - forward
            if position < 0:
                raise OutsideCalendarError(self.covers_from - timedelta(days=1), self)
            if position >= len(days):
                raise OutsideCalendarError(self.covers_until + timedelta(days=1), self)
            return date.fromordinal(days[position])
        try:
            if allowed.unit is Unit.MONTH:
                return add_months(start, allowed.count)
            return start + timedelta(days=allowed.count * (7 if allowed.unit is Unit.WEEK else 1))
        except (OverflowError, ValueError):
            return date.max if allowed.count > 0 else date.min

    def _check(self, *days: date) -> None:
        for day in days:
            if not self.covers(day):
                raise OutsideCalendarError(day, self)
