"""What falls due as files for other programs: a workbook, and a calendar as RFC 5545 has it.

A calendar is often copied to a cloud. So an event has a pseudonym for its title, and neither what falls due, nor whose
it is, nor a name.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from hashlib import sha256

from attrs import frozen

from casescreen.office.excel import Book
from casescreen.office.styles import Line, Row, SheetColumn, SheetContent
from casescreen.report.falling_due import (
    CALENDAR_NAME,
    NO_OWNER,
    DueItem,
    DueList,
    beside_the_list,
    by_owner,
    in_short,
)
from casescreen.report.formats.excel.sheets import SEVERITIES
from casescreen.text import counted, in_words

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


def due_workbook(due: DueList, where: str, *, per_owner: bool) -> bytes:
    """The workbook: the same list, the same bytes.

    Args:
        due: the list.
        where: what tells of what was due before, as it is typed.
        per_owner: whether each owner has a sheet of their own beside the sheet of all.
    """
    book = Book(due.title, due.as_of)
    book.write_cover(_cover(due, where))
    book.write_table(_sheet("Due", due.items, due.as_of))
    if per_owner:
        for owner, items in by_owner(due).items():
            book.write_table(_sheet(owner or NO_OWNER, items, due.as_of))
    return book.to_bytes()


def _cover(due: DueList, where: str) -> Iterator[Line]:
    yield Line(due.title)
    yield Line("In all", in_short(due))
    for owner, items in by_owner(due).items():
        yield Line(owner or NO_OWNER, f"{counted(len(items), 'thing')}, the first by {in_words(items[0].due)}")
    for line in beside_the_list(due, where):
        yield Line("Beside this list", line)


def _sheet(name: str, items: Sequence[DueItem], as_of: date) -> SheetContent:
    named = any(item.calendar_name for item in items)
    columns = (
        SheetColumn("Last day", 14),
        SheetColumn("Days", 9),
        SheetColumn("Owner", 20),
        SheetColumn("Case", 16),
        *((SheetColumn(CALENDAR_NAME, 20),) if named else ()),
        SheetColumn("What falls due", 60),
        SheetColumn("Severity", 12, SEVERITIES),
    )
    return SheetContent(name, columns, [_row(item, as_of, named=named) for item in items], "Nothing falls due.")


def _row(item: DueItem, as_of: date, *, named: bool) -> Row:
    name = (item.calendar_name,) if named else ()
    owner = item.owner or NO_OWNER
    return (item.due, (item.due - as_of).days, owner, item.case, *name, item.says, item.severity.value)
