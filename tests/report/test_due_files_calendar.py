"""Calendars as RFC 5545 has them."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casescreen.report.due_files import CalendarDay, calendar_text, folded_line

_KEY, _OTHER_KEY = b"k" * 32, b"o" * 32
_AS_OF = date(2024, 6, 1)
_DAY = CalendarDay(date(2024, 6, 30), "case-7q2m9xd4hk")


def _values(text: str, name: str) -> list[str]:
    return re.findall(rf"^{name}[^:\r\n]*:(.*)\r$", text, re.MULTILINE)


def test_an_event_says_whose_case_is_due_and_nothing_else() -> None:
    """It is a whole day, and ends on the next one, over the end of a month too."""
    text = calendar_text([_DAY], _AS_OF, _KEY)
    assert _values(text, "SUMMARY") == ["case-7q2m9xd4hk due"]
    assert _values(text, "DTSTART") == ["20240630"]
    assert _values(text, "DTEND") == ["20240701"]
    names = {re.split("[:;]", line)[0] for line in text.splitlines()}
    assert names == {
        *("BEGIN", "END", "VERSION", "PRODID", "CALSCALE"),
        *("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "CLASS", "TRANSP"),
    }


def test_the_stamp_is_the_day_of_the_screening() -> None:
    """No clock is read: the same input, the same text."""
    assert _values(calendar_text([_DAY], _AS_OF, _KEY), "DTSTAMP") == ["20240601T000000Z"]
    assert calendar_text([_DAY], _AS_OF, _KEY) == calendar_text([_DAY], _AS_OF, _KEY)


def test_the_uid_is_kept_and_tells_nothing() -> None:
    """The same case and day have the same UID in every week; without the key it cannot be worked out."""
    [uid] = _values(calendar_text([_DAY], _AS_OF, _KEY), "UID")
    assert [uid] == _values(calendar_text([_DAY], date(2024, 6, 8), _KEY), "UID")
    other_day, other_case = CalendarDay(date(2024, 7, 1), _DAY.name), CalendarDay(_DAY.due, "case-0000000000")
    others = [([_DAY], _OTHER_KEY), ([other_day], _KEY), ([other_case], _KEY)]
    assert len({uid, *(_values(calendar_text(days, _AS_OF, key), "UID")[0] for days, key in others)}) == 4


def test_a_case_has_one_event_a_day() -> None:
    """However much of it falls due; and events are in order of day."""
    later = CalendarDay(date(2024, 7, 2), "case-0000000000")
    assert _values(calendar_text([later, _DAY, _DAY], _AS_OF, _KEY), "DTSTART") == ["20240630", "20240702"]


def test_an_empty_calendar_is_one() -> None:
    """Nothing due is a calendar without events."""
    assert calendar_text([], _AS_OF, _KEY).splitlines()[-1] == "END:VCALENDAR"


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=300))
def test_lines_are_folded_and_come_back(text: str) -> None:
    """No piece has more than 75 octets, no character is cut, and what is unfolded is what was folded."""
    folded = folded_line(text)
    assert folded.replace("\r\n ", "") == text
    assert all(len(piece.encode()) <= 75 for piece in folded.split("\r\n"))


@given(st.lists(st.builds(CalendarDay, st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.text("a-z;,\\0", max_size=99))))
def test_every_line_ends_as_the_standard_says(days: list[CalendarDay]) -> None:
    """In a carriage return and a line feed, whatever a case is called, and each event is whole."""
    text = calendar_text(days, _AS_OF, _KEY)
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.count("BEGIN:VEVENT\r\n") == text.count("END:VEVENT\r\n") == len(set(days))


@pytest.mark.parametrize(("name", "written"), [("a;b", "a\\;b"), ("a,b", "a\\,b"), ("a\\b", "a\\\\b")])
def test_signs_of_the_format_are_escaped(name: str, written: str) -> None:
    """A title is text, whatever is in it."""
    text = calendar_text([CalendarDay(_DAY.due, name)], _AS_OF, _KEY)
    assert _values(text, "SUMMARY") == [f"{written} due"]
