"""Reading what people wrote in a workbook of actions, whatever they made of it.

It may be sorted, filtered, with rows and columns of somebody else, saved by another program. It is read within the
bounds of any other workbook, and all that is taken from it is text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from hashlib import sha256
from pathlib import Path

from attrs import Factory, define, frozen

from casescreen.cases.tables.cells import Cell, is_blank, text_in, written_in
from casescreen.cases.tables.readers import sheets_in_workbook
from casescreen.cases.tables.sheet import Sheet, headings_in, letters
from casescreen.cases.tables.workbook_file import emptied, with_details
from casescreen.files.content import read_bytes
from casescreen.model.problem import CasescreenError, Fault, FaultError, Problem
from casescreen.report.carried_over import (
    ACTIONS,
    BY_WHEN,
    CASE,
    FOUND,
    HOW_BAD,
    KIND,
    NO_LONGER_OPEN,
    NO_REF,
    NO_SUCH_REF,
    NOTES,
    NOTHING,
    OTHER_SHEETS,
    OWNER,
    PROGRESS,
    REF,
    STATES,
    WHAT_TO_DO,
    WHY,
    CarriedOver,
    WrittenBeside,
)
from casescreen.report.refs import is_ref
from casescreen.text import folded, in_words, visible

_READ = {folded(one): one for one in (REF, CASE, OWNER, FOUND, PROGRESS, NOTES)} | {folded("What is wrong"): FOUND}
_OURS = {folded(one) for one in (KIND, BY_WHEN, HOW_BAD, WHAT_TO_DO)}
_MOST_BYTES = 256 * 1024 * 1024
_MOST_ROWS_ABOVE, _MOST_ROWS, _MOST_ALIKE = 100, 100_000, 50
_LINE_END = re.compile(r"\r\n|\r|\n")
_LOOK = "Look at it on the sheet No longer open, and put it where it belongs."
_SEVERAL = "its Ref stands in several rows, and not with the same words"
_ALL_KEPT = "All of them are kept, in one row: look at it there."


def read_carried_over(path: Path, *, replaced: bool) -> CarriedOver | None:
    """What people wrote in a workbook; None if it is one without actions.

    Args:
        path: the workbook.
        replaced: whether another takes its place, so that sheets of somebody else would be lost.

    Raises:
        CasescreenError: it is no workbook that can be read, or something in it would be lost.
    """
    data, book = read_bytes(str(path), _MOST_BYTES), _Book(path, replaced)
    sheets = _sheets(book, data)
    headed = [(sheet, _Headings.of(sheet)) for sheet in sheets if sheet.is_filled]
    if all(headings is None and folded(sheet.called) != folded(ACTIONS) for sheet, headings in headed):
        return None
    reader = _Reader(book)
    for sheet, headings in headed:
        if headings is not None:
            reader.read(sheet, headings)
        elif folded(sheet.called) == folded(ACTIONS):
            what = f'has a sheet "{ACTIONS}" without the columns {PROGRESS} and {NOTES}'
            raise book.refused(what, "give these columns their headings again")
        elif replaced and folded(sheet.called) not in map(folded, OTHER_SHEETS):
            what = f'has a sheet "{in_words(sheet.called)}" that is not one of ours'
            raise book.refused(what, "move that sheet into a workbook of its own")
    assert isinstance(data, bytes), "what could not be read was refused"
    return CarriedOver(tuple(reader.rows), tuple(reader.problems), sha256(data).hexdigest())


@frozen
class _Book:
    """The workbook that is read, and whether another takes its place."""

    path: Path
    replaced: bool

    def refused(self, what: str, advice: str) -> CasescreenError:
        """The error that it cannot be used as it is: where it is replaced, that it stays."""
        file = visible(str(self.path))
        if self.replaced:
            return CasescreenError(
                f"{file} {what}, and was left as it is.",
                why="what people wrote in it would be lost.",
                advice=f"{advice}, or write to a file of another name.",
            )
        return CasescreenError(
            f"{file} {what}, so nothing can be carried over from it.",
            why="what people wrote in it would not stand in the new workbook.",
            advice=f"{advice}, or leave out --carry-over for this file.",
        )


def _sheets(book: _Book, data: bytes | Problem) -> Sequence[Sheet]:
    if isinstance(data, bytes) and not data:
        return ()  # nothing can be lost
    read: Sequence[Sheet] | Fault | Problem
    try:
        read = data if isinstance(data, Problem) else _read(book.path, emptied(data, OTHER_SHEETS))
    except FaultError as error:
        read = error.fault
    if isinstance(read, Fault | Problem):
        advice = "move it away" if book.replaced else "look whether it is the file that you mean"
        raise book.refused(f"cannot be read as a workbook of actions ({read.what})", advice)
    return read


def _read(path: Path, data: bytes) -> Sequence[Sheet] | Fault:
    sheets = sheets_in_workbook(str(path), data)
    return sheets if isinstance(sheets, Fault) else with_details(sheets, data)


@frozen
class _Headings:
    """Where the headings of a sheet are.

    Attributes:
        row: the index of their row.
        columns: the index of each column that is read, by its heading.
        ours: the index and the heading of each other column of ours.
        others: the same of each column of somebody else.
    """

    row: int
    columns: Mapping[str, int]
    ours: Mapping[int, str]
    others: Mapping[int, str]

    @classmethod
    def of(cls, sheet: Sheet) -> _Headings | None:
        """The headings; None if there are no Progress and Notes among them."""
        width = max(map(len, sheet.rows), default=0)
        for row in range(min(len(sheet.rows), _MOST_ROWS_ABOVE)):
            columns, ours, others = dict[str, int](), dict[int, str](), dict[int, str]()
            headings = headings_in(sheet, (row,))
            for index in range(width):
                heading = headings[index] if index < len(headings) else ""
                name = _READ.get(folded(heading), "")
                if name and name not in columns:
                    columns[name] = index
                elif folded(heading) in _OURS:
                    ours[index] = heading
                elif folded(heading) != folded(WHY):
                    others[index] = heading or f"Column {letters(index)}"
            if PROGRESS in columns and NOTES in columns:
                return cls(row, columns, ours, others)
        return None


@define(eq=False)
class _Reader:
    """Reads the sheets of a workbook one after another."""

    book: _Book
    rows: list[WrittenBeside] = Factory(list)
    problems: list[Problem] = Factory(list)
    first: dict[str, WrittenBeside] = Factory(dict)
    alike: Counter[str] = Factory(Counter)

    def read(self, sheet: Sheet, headings: _Headings) -> None:
        """Take what is written below the headings."""
        others: set[str] = set()
        for number in range(headings.row + 1, len(sheet.rows)):
            cells = sheet.rows[number]
            row = _written(cells, headings)
            if row is None:
                continue
            self.rows.append(row)
            self.alike[row.ref.upper()] += bool(row.ref)
            if len(self.rows) > _MOST_ROWS or self.alike[row.ref.upper()] > _MOST_ALIKE:
                what = f"has more than {_MOST_ROWS:,} rows in which something is written, or {_MOST_ALIKE} of one Ref"
                raise self.book.refused(what, "take away what is not needed")
            others.update(heading for index, heading in headings.others.items() if _text(cells, index))
            if folded(sheet.called) == folded(NO_LONGER_OPEN):
                continue  # what is wrong with it stands beside it there
            place = sheet.place(number, headings.columns.get(REF))
            if not is_ref(row.ref):
                self.problems.append(Problem(place, NO_SUCH_REF if row.ref else NO_REF, _LOOK))
            elif row.differs(self.first.setdefault(row.ref.upper(), row)):
                self.problems.append(Problem(place, _SEVERAL, _ALL_KEPT))
        for heading in sorted(others):
            what = f'"{in_words(heading)}" is not one of our columns, so what stands in it goes into {NOTES}'
            self.problems.append(Problem(sheet.place(headings.row), what))


def _written(cells: Sequence[Cell], headings: _Headings) -> WrittenBeside | None:
    """What is written in a row; None if it is as it was made."""
    ref, case, owner, found, progress, notes = (
        _text(cells, headings.columns.get(one)) for one in (REF, CASE, OWNER, FOUND, PROGRESS, NOTES)
    )
    # A row that we did not make: all that stands in it was written by somebody.
    is_own = REF in headings.columns and not is_ref(ref) and (not ref or not progress)
    lines = _lines(notes)
    for index, heading in (*(headings.ours.items() if is_own else ()), *headings.others.items()):
        if text := _text(cells, index):
            first, *rest = _lines(text)
            lines += (f"{heading}: {first}", *rest)
    state = next((one for one in STATES if folded(one) == folded(progress)), progress) or STATES[0]
    row = WrittenBeside(ref, case, owner, _lines(found), state, lines)
    has_more = is_own and ref != NOTHING and any((ref, case, owner, found))
    return row if row.is_written or has_more else None


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.rstrip() for line in _LINE_END.split(text)) if text else ()


def _text(cells: Sequence[Cell], index: int | None) -> str:
    """What a cell says, as text."""
    cell = cells[index] if index is not None and index < len(cells) else None
    if is_blank(cell):
        return ""
    if isinstance(cell, datetime):
        cell = cell.date() if cell.time() == time() else str(cell)
    if isinstance(cell, date):
        return in_words(cell)
    if isinstance(cell, float) and not cell.is_integer():
        return f"{cell:.15g}"
    said = text_in(cell)
    return (written_in(cell) if isinstance(said, Fault) else said).strip()
