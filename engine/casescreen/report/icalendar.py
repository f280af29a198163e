"""Calendars of days as RFC 5545 has them: all-day events that say whose case is due and nothing else.

A calendar is often copied to a cloud. So an event has a pseudonym for its title, and neither what falls due, nor whose
it is, nor a name.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import date, timedelta
from hashlib import sha256

from attrs import frozen

_LONGEST_LINE = 75  # octets, without the end of the line
_UID_LENGTH = 40


@frozen(order=True)
class CalendarDay:
    """A day on which something falls due in a case.

    Attributes:
        due: the day.
        name: the pseudonym of the case.
    """

    due: date
    name: str


def calendar_text(days: Iterable[CalendarDay], as_of: date, key: bytes) -> str:
    """The calendar: the same days, as-of date and key, the same text; each day of a case is in it once.

    Args:
        days: what falls due when.
        as_of: the date of the screening, by which a calendar program knows the newer of two events of one UID.
        key: what the UIDs are made with, so that nobody without it can tell what a guess at one would be.
    """
    stamp = f"{as_of:%Y%m%d}T000000Z"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//casescreen//due//EN", "CALSCALE:GREGORIAN"]
    for day in sorted(set(days)):
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_uid(day, key)}",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{day.due:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day.due + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(day.name)} due",
            "CLASS:PRIVATE",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(f"{folded_line(line)}\r\n" for line in (*lines, "END:VCALENDAR"))


def _uid(day: CalendarDay, key: bytes) -> str:
    about = f"due\0{day.name}\0{day.due.isoformat()}"
    return hmac.new(key, about.encode(), sha256).hexdigest()[:_UID_LENGTH]


def _escaped(text: str) -> str:
    for character in "\\;,":
        text = text.replace(character, f"\\{character}")
    return text


def folded_line(line: str) -> str:
    r"""The line in pieces of at most 75 octets, each after the first begun by a space; no character is cut.

    >>> [len(piece) for piece in folded_line("SUMMARY:" + "x" * 80).split("\r\n")]
    [75, 14]
    """
    pieces, piece, room = list[str](), "", _LONGEST_LINE
    for character in line:
        size = len(character.encode())
        if size > room:
            pieces.append(piece)
            piece, room = "", _LONGEST_LINE - 1
        piece, room = piece + character, room - size
    return "\r\n ".join((*pieces, piece))
