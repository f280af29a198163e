"""Reading a calendar of public holidays."""

from __future__ import annotations

from datetime import date, datetime

from casescreen.model.calendar import WorkingCalendar
from casescreen.rulebook.specs import CalendarSpec
from casescreen.rulebook.structuring import structure
from casescreen.syntax.rule_file import Spot
from casescreen.text import in_words


def read_calendar(name: str, spot: Spot) -> WorkingCalendar | None:
    """The calendar, or None after telling everything that is wrong with it."""
    spec = structure(spot.file.data, CalendarSpec, spot)
    if spec is None:
        return None
    if spec.covers_from > spec.covers_until:
        what = f"it covers {in_words(spec.covers_from)} until {in_words(spec.covers_until)}, which is earlier"
        spot.at("covers_until").tell(what, "Swap the dates.")
        return None
    holidays = _holidays(spec, spot.at("holidays"))
    if holidays is None:
        return None
    return WorkingCalendar(name, spec.title, spec.covers_from, spec.covers_until, frozenset(holidays), spec.source)


def _holidays(spec: CalendarSpec, spot: Spot) -> set[date] | None:
    if not isinstance(spec.holidays, list):
        spot.tell('"holidays" is not a list', "Write the dates as holidays = [2016-01-01, ...].")
        return None
    found: set[date] = set()
    for number, day in enumerate(spec.holidays):
        wrong = _wrong(day, found, spec)
        if wrong:
            spot.at(number).tell(*wrong)
        else:
            found.add(day)
    return found


def _wrong(day: object, found: set[date], spec: CalendarSpec) -> tuple[str, str] | None:
    if not isinstance(day, date) or isinstance(day, datetime):
        return f'"{in_words(day)}" is not a date', "Write year-month-day without quotes, as in 2016-01-01."
    if not spec.covers_from <= day <= spec.covers_until:
        return f"{in_words(day)} lies outside the dates that the calendar covers", "Mend the date, or covers_until."
    if day in found:
        return f"{in_words(day)} stands in the list twice", "Keep it once, and look whether another day was meant."
    return None
