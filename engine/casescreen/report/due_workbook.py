"""What falls due as a workbook: a cover, a sheet of all of it, and one for each owner where that is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

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
