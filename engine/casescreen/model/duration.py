"""Lengths of time as a rule writes them: "15 working days", "3 months"."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from enum import Enum

from attrs import frozen

_WRITTEN = re.compile(r"(\d{1,4}) (working day|day|week|month)s?")


class Unit(Enum):
    """The units that a length of time can be counted in."""

    WORKING_DAY = "working day"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@frozen
class Duration:
    """A whole number of units of time."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.count} {self.unit.value}{'' if self.count == 1 else 's'}"


def read_duration(written: str) -> Duration | None:
    """The duration that the text states, or None if it states none."""
    match = _WRITTEN.fullmatch(written)
    return Duration(int(match[1]), Unit(match[2])) if match else None


def add_months(start: date, count: int) -> date:
    """The same day of the month, ``count`` months on; the month's last day where there is none."""
    months = start.year * 12 + start.month - 1 + count
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def add_days(start: date, count: int) -> date:
    """The date ``count`` calendar days on."""
    return start + timedelta(days=count)
