"""Dates some working days on, for many at once."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from attrs import frozen

from casescreen.generate.columns import Whole, days_of
from casescreen.model.calendar import WorkingCalendar

_WORKING_WEEK = 5


@frozen(eq=False)
class WorkingDays:
    """The working days of a calendar in order, as days since 1970."""

    days: Whole

    def on(self, start: Whole, offsets: Whole) -> Whole:
        """So many working days after each date, or before it; no days is the date itself.

        Beyond the calendar it is the calendar's first or last working day.
        """
        after = np.searchsorted(self.days, start, side="right") - 1 + offsets
        before = np.searchsorted(self.days, start, side="left") + offsets
        places = np.clip(np.where(offsets > 0, after, before), 0, len(self.days) - 1)
        return np.where(offsets == 0, start, self.days[places])


def working_days(calendar: WorkingCalendar) -> WorkingDays:
    """Those that the calendar covers."""
    length = (calendar.covers_until - calendar.covers_from).days + 1
    days = (calendar.covers_from + timedelta(days=number) for number in range(length))
    working = [day for day in days if day.weekday() < _WORKING_WEEK and day not in calendar.holidays]
    return WorkingDays(np.array([days_of(day) for day in working], dtype=np.int64))
