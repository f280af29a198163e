"""A copy of the tables that were read, in which every cell with a problem is marked and says what to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from attrs import define, field

from casescreen.cases.sheet_records import sheets_of
from casescreen.cases.tables.cells import Cell, PaddedNumber, written_in
from casescreen.cases.tables.sheet import Sheet
from casescreen.cases.write.workbook import new_book
from casescreen.files.discovery import TEXTS, find_files
from casescreen.model.problem import CasescreenError, Fault, Problem
from casescreen.office.styles import (
    COLOURS,
    DATES_TO_FILL_IN,
    FIRST_DAY,
    HEADER,
    MOST_COLUMNS,
    MOST_EXACT,
    MOST_ROWS,
    Properties,
    Tone,
    copied,
    sheet_name,
)
from casescreen.text import counted, visible

MOST_MARKS = 10_000
_LIST = "problems"
_LONGEST_NOTE = 2_000
_TITLES = (("file", 24), ("sheet", 18), ("row", 8), ("column", 8), ("what is wrong", 70), ("what to do", 60))
_MARK: Properties = {**COLOURS[Tone.BAD], "bold": False, "border": 2, "border_color": "#7D1007"}
_LOOKS: Mapping[str, Properties] = {
    "": {},
    "day": {"num_format": DATES_TO_FILL_IN},
    "moment": {"num_format": f"{DATES_TO_FILL_IN} hh:mm:ss"},
    "time": {"num_format": "[h]:mm:ss"},
}

_Position = tuple[int, int]


def marked_copy(sheets: Sequence[Sheet], problems: Sequence[Problem]) -> bytes:
    """A workbook with a list of the problems, and the sheets as they were read with their cells marked.

    Each mark is a colour, a frame and a note. A column after the last says "look" in every row that has one, to
    filter by; rows and columns keep their numbers and letters. No text of the tables becomes a formula or a
    link, and a formula without a value is the text of it; where that cannot be had, a mark says so. At most
    ``MOST_MARKS`` problems are marked; the list says so.

    Args:
        sheets: what was read, of whatever files.
        problems: what is wrong; those that are in none of the sheets are only listed.

    Raises:
        CasescreenError: a sheet is larger than a workbook can hold, or what writes workbooks is not installed.
    """
    shown = sorted(problems)[:MOST_MARKS]
    to = BytesIO()
    copy = _Copy(new_book(to, "Problems"))
    copy.write_problems(shown, len(problems) - len(shown))
    for sheet in sheets:
        copy.write(sheet, [one for one in shown if (one.place.file, one.place.sheet) == (sheet.file, sheet.name)])
    copy.book.close()
    return to.getvalue()


def marked_files(sources: Sequence[str], problems: Sequence[Problem]) -> bytes:
    """A copy of the workbooks, CSV and Parquet files under the names, with the cells that have problems marked.

    Raises:
        CasescreenError: there are no such files, or the copy cannot be made.
    """
    sheets, _ = sheets_of(file for file in find_files(sources).files if not file.lower().endswith((*TEXTS, "-")))
    if not sheets:
        raise CasescreenError(
            "There is no table that could be marked: only workbooks, CSV and Parquet files can.",
            advice="ask for no copy. For other files the problems are told with their lines.",
        )
    return marked_copy(sheets, problems)


@define(eq=False)
class _Copy:
    """The copy while it is written."""

    book: Any
    names: list[str] = field(factory=lambda: [_LIST], init=False)
    plain: dict[str, Any] = field(init=False)
    marks: dict[str, Any] = field(init=False)
    header: Any = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.plain = {name: self.book.add_format(look) for name, look in _LOOKS.items()}
        self.marks = {name: self.book.add_format({**_MARK, **look}) for name, look in _LOOKS.items()}
        self.header = self.book.add_format(HEADER)

    def write_problems(self, problems: Sequence[Problem], more: int) -> None:
        sheet = self.book.add_worksheet(_LIST)
        wrapped = self.book.add_format({"text_wrap": True, "valign": "top"})
        for number, (title, width) in enumerate(_TITLES):
            sheet.set_column(number, number, width)
            sheet.write_string(0, number, title, self.header)
        sheet.freeze_panes(1, 0)
        for row, one in enumerate(problems, 1):
            place = one.place
            line = str(place.line) if place.line else ""
            for number, text in enumerate((place.file, place.sheet, line, place.column, *_what_and_advice(one))):
                sheet.write_string(row, number, visible(text, _LONGEST_NOTE), wrapped)
        if more:
            text = f"and {counted(more, 'more problem')} like these: mend the first ones, and read again"
            sheet.write_string(len(problems) + 1, 4, text, wrapped)
        sheet.autofilter(0, 0, max(1, len(problems)), len(_TITLES) - 1)

    def write(self, content: Sheet, problems: Iterable[Problem]) -> None:
        width = max(map(len, content.rows), default=0)
        if len(content.rows) + content.first > MOST_ROWS or width >= MOST_COLUMNS:
            raise CasescreenError(
                f"{content.place(0)}: the table is larger than a sheet of a workbook, so it cannot be marked.",
                advice="divide it, or work from the problems as they are told.",
            )
        self.names.append(sheet_name(content.called, self.names))
        sheet = self.book.add_worksheet(self.names[-1])
        notes = {**_notes_on_lost(content), **_notes(content, problems, width)}
        rows = {row for row, _ in notes}
        for index, cells in enumerate(content.rows):
            row = index + content.first - 1
            if row in rows:
                sheet.write_string(row, width, "look", self.marks[""])
            for number, cell in enumerate(cells):
                self._write(sheet, (row, number), cell, notes.keys())
        for at, texts in notes.items():
            sheet.write_comment(*at, visible(" ".join(texts), _LONGEST_NOTE), {"author": "casescreen", "x_scale": 2})
        if content.rows:
            first = content.first - 1
            sheet.autofilter(first, 0, first + len(content.rows) - 1, width)

    def _write(self, sheet: Any, at: _Position, cell: Cell, marked: Collection[_Position]) -> None:  # noqa: ANN401 - no types
        looks = self.marks if at in marked else self.plain
        if cell is None or (isinstance(cell, Fault) and not cell.written):
            if at in marked:
                sheet.write_blank(*at, None, looks[""])
        elif isinstance(cell, PaddedNumber):
            sheet.write_string(*at, cell.shown, looks[""])
        elif isinstance(cell, bool):
            sheet.write_boolean(*at, cell, looks[""])
        elif isinstance(cell, int | float) and abs(cell) < MOST_EXACT:  # neither endless nor without a value
            sheet.write_number(*at, cell, looks[""])
        elif isinstance(cell, timedelta) and cell >= timedelta():
            sheet.write_datetime(*at, cell, looks["time"])
        elif isinstance(cell, datetime) and cell.date() >= FIRST_DAY:
            sheet.write_datetime(*at, cell.replace(tzinfo=None), looks["moment" if cell.time() != time() else "day"])
        elif isinstance(cell, date) and not isinstance(cell, datetime) and cell >= FIRST_DAY:
            sheet.write_datetime(*at, cell, looks["day"])
        else:
            sheet.write_string(*at, copied(written_in(cell)), looks[""])


def _notes(content: Sheet, problems: Iterable[Problem], width: int) -> dict[_Position, list[str]]:
    """What is told at each cell of the copy; in the first column where it is about a whole row."""
    notes: defaultdict[_Position, list[str]] = defaultdict(list)
    for one in problems:
        row = (one.place.line or content.first) - 1
        column = 0
        for letter in one.place.column:
            column = column * 26 + ord(letter) - ord("A") + 1
        column = max(0, column - 1)
        if row < content.first - 1 + max(1, len(content.rows)) and column < max(1, width):
            where = f"Column {one.place.column}: " if one.place.column else ""
            notes[row, column].append(where + " ".join(_what_and_advice(one)).strip())
    return dict(notes)


def _notes_on_lost(content: Sheet) -> dict[_Position, list[str]]:
    """What is told at each cell of which it cannot be had what stands there, and which is left empty."""
    return {
        (index + content.first - 1, column): [f"{cell.what}. It cannot be copied. {cell.advice}"]
        for index, cells in enumerate(content.rows)
        for column, cell in enumerate(cells)
        if isinstance(cell, Fault) and not cell.written
    }


def _what_and_advice(problem: Problem) -> tuple[str, str]:
    part = f" ({problem.place.part})" if problem.place.part else ""
    return f"{problem.what}{part}.", f"{problem.why} {problem.advice}".strip()
