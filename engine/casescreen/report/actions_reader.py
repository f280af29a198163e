"""Reading what people wrote in a sheet of actions, whatever they made of it.

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

from casescreen.cases.tables.cells import Cell, DateOrder, day_in, is_blank, order_of, text_in, written_in
from casescreen.cases.tables.readers import delimited_sheet, sheets_in_workbook
from casescreen.cases.tables.sheet import Sheet, headings_in, letters
from casescreen.cases.tables.workbook_file import emptied, with_details
from casescreen.files.content import read_bytes
from casescreen.model.problem import CasescreenError, Fault, FaultError, Problem
from casescreen.report.carried_over import (
    ACTIONS,
    BY_WHEN,
    CASE,
    DONE_ON,
    EVIDENCE,
    FORMERLY,
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
    QUESTIONS,
    REF,
    STATES,
    TO_DO,
    WHAT_TO_DO,
    WHY,
    CarriedOver,
    WrittenBeside,
)
from casescreen.report.refs import is_ref
from casescreen.text import folded, in_words, visible

_READ = (REF, CASE, OWNER, FOUND, PROGRESS, NOTES, DONE_ON, EVIDENCE, BY_WHEN, HOW_BAD, QUESTIONS)
_NAMES = {folded(one): one for one in _READ}
_ALSO = {folded(also): one for also, one in (("What is wrong", FOUND), ("Status", PROGRESS), ("Note", NOTES))}
"""What people may call a column too, where none has its name."""
_OURS = {folded(one) for one in (KIND, BY_WHEN, HOW_BAD, WHAT_TO_DO)}
_TEXTS = (".csv", ".tsv", ".txt")
_MOST_BYTES = 256 * 1024 * 1024
_MOST_ROWS_ABOVE, _MOST_ROWS, _MOST_ALIKE = 100, 100_000, 50
_LINE_END = re.compile(r"\r\n|\r|\n")
_LOOK = "Look at it on the sheet No longer open, and put it where it belongs."
_SEVERAL = "its Ref stands in several rows, and not with the same words"
_ALL_KEPT = "All of them are kept, in one row: look at it there."


_BY_NAME = "Write the day with the name of its month, as in 9 May 2016, and save the sheet of actions."


def read_carried_over(path: Path, *, replaced: bool, option: str = "--carry-over") -> CarriedOver | None:
    """What people wrote in a workbook, or a CSV of its sheet; None if it is one without actions.

    Args:
        path: the workbook.
        replaced: whether another takes its place, so that sheets of somebody else would be lost.
        option: what it was named with, where it is not replaced.

    Raises:
        CasescreenError: it is no workbook that can be read, or something in it would be lost.
    """
    data, book = read_bytes(str(path), _MOST_BYTES), _Book(path, replaced, option)
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
    problems = (*reader.problems, *reader.days)
    return CarriedOver(tuple(reader.rows), problems, sha256(data).hexdigest(), tuple(reader.untouched))


@frozen
class ReturnedSheet:
    """A sheet of actions that came back.

    Attributes:
        rows: its rows, whether anything was written in them or not.
        problems: what stands as a day and cannot be read as one.
    """

    rows: tuple[WrittenBeside, ...]
    problems: tuple[Problem, ...]


def read_returned(path: Path) -> ReturnedSheet:
    """Every row of a sheet of actions: a workbook, or a CSV of the sheet.

    Raises:
        CasescreenError: it cannot be read, or has no columns Ref and Progress.
    """
    book = _Book(path, replaced=False, option="")
    reader = _Reader(book, carries=False)
    some = False
    for sheet in _sheets(book, read_bytes(str(path), _MOST_BYTES)):
        headings = _Headings.of(sheet, (REF, PROGRESS)) if sheet.is_filled else None
        if headings is not None:
            some = True
            reader.read(sheet, headings)
    if not some:
        what = f"has no sheet of actions: no row of headings in it has {REF} and {PROGRESS}"
        raise book.refused(what, f"give these columns their headings again; as CSV, save the sheet {ACTIONS}")
    return ReturnedSheet((*reader.rows, *reader.untouched), tuple(reader.days))


@frozen
class _Book:
    """The workbook that is read, whether another takes its place, and else with what option it was named."""

    path: Path
    replaced: bool
    option: str

    def refused(self, what: str, advice: str) -> CasescreenError:
        """The error that it cannot be used as it is: where it is replaced, that it stays."""
        file = visible(str(self.path))
        if self.replaced:
            return CasescreenError(
                f"{file} {what}, and was left as it is.",
                why="what people wrote in it would be lost.",
                advice=f"{advice}, or write to a file of another name.",
            )
        if not self.option:
            return CasescreenError(f"{file} {what}, so nothing can be read back from it.", advice=f"{advice}.")
        return CasescreenError(
            f"{file} {what}, so nothing can be carried over from it.",
            why="what people wrote in it would not stand in the new workbook.",
            advice=f"{advice}, or leave out {self.option} for this file.",
        )


def _sheets(book: _Book, data: bytes | Problem) -> Sequence[Sheet]:
    if isinstance(data, bytes) and not data and book.replaced:
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
    if path.suffix.lower() in _TEXTS and not data.startswith(b"PK"):
        sheet = delimited_sheet(str(path), data)
        return sheet if isinstance(sheet, Fault) else (sheet,)
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
    def of(cls, sheet: Sheet, needed: Sequence[str] = (PROGRESS, NOTES)) -> _Headings | None:
        """The headings; None if those that are needed are not among them."""
        width = max(map(len, sheet.rows), default=0)
        for row in range(min(len(sheet.rows), _MOST_ROWS_ABOVE)):
            columns, ours, others = dict[str, int](), dict[int, str](), dict[int, str]()
            headings = headings_in(sheet, (row,))
            there = {_NAMES[folded(one)] for one in headings if folded(one) in _NAMES}
            for index in range(width):
                heading = headings[index] if index < len(headings) else ""
                also = _ALSO.get(folded(heading), "")
                name = _NAMES.get(folded(heading), "" if also in there else also)
                if folded(heading) in _OURS:
                    ours[index] = heading
                if name and name not in columns:
                    columns[name] = index
                elif folded(heading) not in {*_OURS, folded(WHY)}:
                    others[index] = heading or f"Column {letters(index)}"
            if all(one in columns for one in needed):
                return cls(row, columns, ours, others)
        return None


@define(eq=False)
class _Reader:
    """Reads the sheets of a workbook one after another.

    Attributes:
        carries: whether it is read to be carried over: then what is no longer open, and what stands in columns of
            somebody else, is read too.
        rows: those in which somebody wrote.
        untouched: the others in which something stands as a Ref.
        problems: what cannot be found again, or stands several times.
        days: what stands as a day, and cannot be read as one.
    """

    book: _Book
    carries: bool = True
    rows: list[WrittenBeside] = Factory(list)
    untouched: list[WrittenBeside] = Factory(list)
    problems: list[Problem] = Factory(list)
    days: list[Problem] = Factory(list)
    first: dict[str, WrittenBeside] = Factory(dict)
    alike: Counter[str] = Factory(Counter)

    def read(self, sheet: Sheet, headings: _Headings) -> None:
        """Take what is written below the headings."""
        others: set[str] = set()
        apart = folded(sheet.called) == folded(NO_LONGER_OPEN)
        if apart and not self.carries:
            return
        orders = {one: _order(sheet, headings, one) for one in (DONE_ON, BY_WHEN)}
        for number in range(headings.row + 1, len(sheet.rows)):
            cells = sheet.rows[number]
            if list(cells) == list(sheet.rows[headings.row]):
                continue  # the headings again, as on each page of what was put together from several
            row, is_own = self._row(sheet, number, headings, orders)
            if row.is_written or is_own:
                self._take(row, apart=apart)
                others.update(heading for index, heading in headings.others.items() if _text(cells, index))
            elif row.ref and row.ref != NOTHING and not apart:
                self.untouched.append(row)
        for heading in sorted(others):
            what = f'"{in_words(heading)}" is not one of our columns, so what stands in it goes into {NOTES}'
            self.problems.append(Problem(sheet.place(headings.row), what))

    def _take(self, row: WrittenBeside, *, apart: bool) -> None:
        """Keep a row in which somebody wrote, and tell what is wrong with it, unless that stands beside it there."""
        self.rows.append(row)
        self.alike[row.ref.upper()] += bool(row.ref)
        if len(self.rows) > _MOST_ROWS or self.alike[row.ref.upper()] > _MOST_ALIKE:
            what = f"has more than {_MOST_ROWS:,} rows in which something is written, or {_MOST_ALIKE} of one Ref"
            raise self.book.refused(what, "take away what is not needed")
        if apart:
            return
        if not is_ref(row.ref):
            self.problems.append(Problem(row.place, NO_SUCH_REF if row.ref else NO_REF, _LOOK))
        elif row.differs(self.first.setdefault(row.ref.upper(), row)):
            self.problems.append(Problem(row.place, _SEVERAL, _ALL_KEPT))

    def _row(
        self, sheet: Sheet, number: int, headings: _Headings, orders: Mapping[str, DateOrder]
    ) -> tuple[WrittenBeside, bool]:
        """What is written in a row, and whether it is one of somebody else in which anything stands."""
        cells = sheet.rows[number]
        ref, case, owner, found, progress, notes, evidence, how_bad, questions = (
            _text(cells, headings.columns.get(one))
            for one in (REF, CASE, OWNER, FOUND, PROGRESS, NOTES, EVIDENCE, HOW_BAD, QUESTIONS)
        )
        # A row that we did not make: all that stands in it was written by somebody.
        is_own = REF in headings.columns and not is_ref(ref) and (not ref or not progress)
        lines = _lines(notes)
        ours, others = headings.ours if is_own else {}, headings.others if self.carries else {}
        for index, heading in (*ours.items(), *others.items()):
            if text := _text(cells, index):
                first, *rest = _lines(text)
                lines += (f"{heading}: {first}", *rest)
        state = next((one for one in (*STATES, *FORMERLY) if folded(one) == folded(progress)), progress)
        days = {} if is_own else {one: self._day(sheet, number, headings, one, orders[one]) for one in orders}
        done_on, by_when = days.get(DONE_ON, _text(cells, headings.columns.get(DONE_ON))), days.get(BY_WHEN)
        row = WrittenBeside(
            ref,
            case,
            owner,
            _lines(found),
            FORMERLY.get(state, state) or TO_DO,
            lines,
            done_on=done_on,
            evidence=_lines(evidence),
            by_when=by_when if isinstance(by_when, date) else None,
            how_bad=how_bad,
            questions=tuple(filter(None, map(str.strip, _lines(questions)))),
            place=sheet.place(number, headings.columns.get(REF)),
        )
        return row, is_own and ref != NOTHING and any((ref, case, owner, found))

    def _day(self, sheet: Sheet, number: int, headings: _Headings, column: str, order: DateOrder) -> date | str:
        """The day in a cell; as it is written where it cannot be read as one, which is told; "" where nothing is."""
        index = headings.columns.get(column)
        cells = sheet.rows[number]
        text = _text(cells, index)
        if index is None or not text:
            return ""
        cell = cells[index]
        if isinstance(cell, datetime | date):
            return cell.date() if isinstance(cell, datetime) else cell
        day = day_in(text, order) if isinstance(cell, str) else Fault(f"{text} is a number, and no day")
        if isinstance(day, Fault):
            if order is DateOrder.MIXED:
                day = Fault(f"{text} stands in a column in which not all days can be read day first")
            self.days.append(Problem(sheet.place(number, index), f"{column}: {day.what}", _BY_NAME))
            return text
        return day


def _order(sheet: Sheet, headings: _Headings, column: str) -> DateOrder:
    """How the days of a column that are text in figures are read: day first, unless something in it speaks against."""
    index = headings.columns.get(column)
    rows = sheet.rows[headings.row + 1 :] if index is not None else ()
    cells = [row[index] for row in rows if index is not None and index < len(row)]
    texts = [cell for cell in cells if isinstance(cell, str)]
    order = order_of(texts, beside_dates=any(isinstance(cell, date) for cell in cells))
    match order:
        case DateOrder.UNCLEAR:
            return DateOrder.DAY_FIRST
        case DateOrder.MONTH_FIRST:
            return DateOrder.MIXED  # a sheet that says day first, and days that are not
    return order


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
