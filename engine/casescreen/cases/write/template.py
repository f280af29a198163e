"""The workbook to fill in: sheets for the cases and their tables, the questions to answer, and a form for one case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from io import BytesIO
from math import ceil
from typing import Any

from attrs import define, evolve, field, frozen

from casescreen.cases.one_case_form import FORM, FormSheet, words_of
from casescreen.cases.schema import ASIDE, DAY_FIRST
from casescreen.cases.tables.cells import Cell
from casescreen.cases.tables.sheet import letters
from casescreen.cases.write.tables import table_columns
from casescreen.cases.write.workbook import SheetRow, any_answer_apart, new_book, rows_of_sheets
from casescreen.conditions.analysis import OPTIONAL_NOTE, most_decisive, optional_fields
from casescreen.model.case import ANSWER, ANSWERS, ANSWERS_TABLE, CASES, CRITERION, EXAMPLE, ID, ITEM, Case
from casescreen.model.dictionary import Field, Kind
from casescreen.model.outcome import Basis
from casescreen.model.rulebook import Criterion, Rulebook
from casescreen.office.styles import DATES_TO_FILL_IN, FIRST_DAY, HEADER, PLAIN, Properties
from casescreen.text import folded, listed

_OPTIONAL = "optional"
_READ_ME, _FIELDS, _LISTS, _ = ASIDE
_ROWS = 5_000
_LONGEST_TITLE, _LONGEST_MESSAGE, _LONGEST_LIST = 32, 255, 255
_LEAST_WIDTH, _MOST_WIDTH = 14, 30
_LETTERS, _LINE = 82, 14
_SAMPLES: Mapping[Kind, str | int | date] = {
    Kind.TEXT: "some words",
    Kind.YES_NO: "yes",
    Kind.NUMBER: 1,
    Kind.DATE: date(2026, 1, 31),
}
_EXAMPLE: Properties = {**PLAIN, "italic": True, "font_color": "#4C565D", "bg_color": "#EDEFF1"}
_DAY: Properties = {"num_format": DATES_TO_FILL_IN, "align": "left"}
_LOOKS: Mapping[str, Properties] = {
    "text": {**PLAIN, "text_wrap": True},
    "title": {**PLAIN, "bold": True, "font_size": 16},
    "header": {**PLAIN, **HEADER, "text_wrap": True},
    "optional": {**PLAIN, **HEADER, "text_wrap": True, "bold": False, "font_color": "#1B1F23", "bg_color": "#C9CED3"},
    "example": _EXAMPLE,
    "example day": {**_EXAMPLE, **_DAY},
    "day": {**PLAIN, **_DAY},
    "words": {**PLAIN, "num_format": "@"},
    "number": {**PLAIN, "num_format": "0"},
    "heading": {**PLAIN, "bold": True, "font_size": 12, "valign": "bottom"},
    "asked": {**PLAIN, "text_wrap": True, "valign": "vcenter"},
    "box": {**PLAIN, "border": 1, "border_color": "#6B757D", "valign": "vcenter", "text_wrap": True},
    "box day": {**PLAIN, **_DAY, "border": 1, "border_color": "#6B757D", "valign": "vcenter"},
}
_FORMATS = {Kind.DATE: "day", Kind.NUMBER: "number"}


@frozen
class _Sheet:
    """A sheet to fill in: its fields by the headings of their columns."""

    name: str
    about: str
    columns: Mapping[str, Field]


def template(rulebook: Rulebook, cases: Sequence[Case] = (), *, typed: bool = True) -> bytes:
    """A workbook with a sheet for the cases, which opens with what decides most, and one for each table.

    Args:
        rulebook: what a case may say, and what readers are asked.
        cases: what it is filled in with; if there are none, a row of each sheet shows how.
        typed: whether who fills it in types commands, so that they are told which.

    Raises:
        CasescreenError: a text or a number of rows is more than a workbook can hold, or what writes workbooks is not
            installed.
    """
    sheets = tuple(_sheets(rulebook, cases))
    rows = rows_of_sheets(cases, {sheet.name: sheet.columns for sheet in sheets}, rulebook)
    to = BytesIO()
    writer = _Writer(new_book(to, rulebook.title), optional_fields(rulebook))
    writer.read_me(rulebook.title, _guide(sheets, filled=bool(cases), typed=typed))
    for sheet in sheets:
        writer.to_fill_in(sheet, rows[sheet.name] if cases else None)
    judged = _judged(rulebook)
    answers = next(sheet for sheet in sheets if sheet.name == ANSWERS)
    form = FormSheet(writer.book.add_worksheet(FORM), writer.looks, writer.validation)
    form.write(rulebook.title, _headed_as(_ahead(rulebook), sheets), answers.columns, judged)
    writer.fields(sheets)
    writer.close()
    return to.getvalue()


def _sheets(rulebook: Rulebook, cases: Sequence[Case]) -> Iterator[_Sheet]:
    """The sheets to fill in; that of the cases opens with whose they are and what decides most."""
    dictionary = rulebook.dictionary
    about = {CASES: "One row for each case. The columns that decide most come first."}
    for table in (*dictionary.tables.values(), ANSWERS_TABLE):
        about[table.name] = f"{table.meaning} One row for each {table.one}, with the id of its case."
    for name, columns in table_columns(dictionary).items():
        ordered = dict.fromkeys([*_ahead(rulebook), *columns]) if name == CASES else columns
        if name == ANSWERS and (questions := _judged(rulebook)):
            yield _answers_sheet(columns, questions, apart=any_answer_apart(cases, rulebook))
        else:
            yield _Sheet(name, about[name], _headed(tuple(ordered)))


def _ahead(rulebook: Rulebook) -> Sequence[Field]:
    """Whose a case is, and the facts that decide most."""
    named = (rulebook.dictionary.fields[name] for name in (ID, *rulebook.roles.fields))
    return [*dict.fromkeys([*named, *most_decisive(rulebook)])]


def _judged(rulebook: Rulebook) -> Sequence[Criterion]:
    """The criteria that a reader answers."""
    return [criterion for criterion in rulebook.criteria if criterion.basis is Basis.JUDGEMENT]


def _answers_sheet(columns: Sequence[Field], questions: Sequence[Criterion], *, apart: bool) -> _Sheet:
    """The questions across and the cases down, with what is told once of all answers of a row.

    Args:
        columns: those of the table of answers.
        questions: what is asked.
        apart: whether answers stand in rows of their own, too, each with the criterion that it is to.
    """
    often = Counter(folded(one.question) for one in questions)
    asked = {}
    for one in questions:
        rows = "" if one.per is None else f"Asked of each of the {one.per.table}: name it in the column {ITEM}. "
        meaning = f"{rows}Yes means: {one.title}."
        answer = evolve(ANSWERS_TABLE.columns[ANSWER], name=one.id, label=one.question, meaning=meaning)
        asked[one.question if often[folded(one.question)] == 1 else one.id] = answer
    beside = {one.label: one for one in columns if apart or one.name not in (CRITERION, ANSWER)}
    first = {heading: one for heading, one in beside.items() if one.name == ID}
    about = (
        "What readers answered: one row for each case, and another where a reason, a reader or the item is not the "
        "same. Leave blank what nobody has judged."
    )
    return _Sheet(ANSWERS, about, {**first, **asked, **beside})


def _headed_as(fields: Sequence[Field], sheets: Iterable[_Sheet]) -> Mapping[str, Field]:
    """The fields by the headings that they have on the sheet of the cases."""
    cases = next(sheet for sheet in sheets if sheet.name == CASES)
    return {heading: one for heading, one in cases.columns.items() if one in fields}


def _headed(columns: Sequence[Field]) -> dict[str, Field]:
    """The fields by their labels; by their full names where a label says two things."""
    often = Counter(folded(column.label) for column in columns)
    return {column.label if often[folded(column.label)] == 1 else column.full_name: column for column in columns}


@define(eq=False)
class _Writer:
    """The workbook while it is written.

    Attributes:
        optional: the fields that no question rests on.
    """

    book: Any
    optional: Collection[Field]
    looks: dict[str, Any] = field(init=False)
    lists: dict[tuple[str, ...], str] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self.looks = {name: self.book.add_format(look) for name, look in _LOOKS.items()}

    def read_me(self, title: str, lines: Iterator[str]) -> None:
        sheet = self.book.add_worksheet(_READ_ME)
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 76)
        sheet.write_string(0, 0, f"Cases for {title}", self.looks["title"])
        for row, line in enumerate(lines, 2):
            sheet.set_row(row, _LINE * max(1, ceil(len(line) / _LETTERS)))  # not every program works it out for itself
            sheet.write_string(row, 0, line, self.looks["text"])
        sheet.fit_to_pages(1, 0)

    def to_fill_in(self, content: _Sheet, rows: Sequence[SheetRow] | None) -> None:
        """A sheet with its rows; with one that shows how where there are to be none."""
        sheet = self.book.add_worksheet(content.name)
        sheet.freeze_panes(1, 1)
        sheet.set_row(0, 45)
        for number, (title, column) in enumerate(content.columns.items()):
            width = min(_MOST_WIDTH, max(_LEAST_WIDTH, len(title) // 2 + 4))
            sheet.set_column(number, number, width, self.looks[_FORMATS.get(column.kind, "words")])
            sheet.write_string(0, number, title, self.looks["optional" if column in self.optional else "header"])
            if rows is None:
                self._write_example(sheet, number, column)
            sheet.data_validation(1, number, _ROWS, number, self.validation(title, column))
        for index, row in enumerate(rows or (), 1):
            for number, title in enumerate(content.columns):
                self._write(sheet, index, number, row.get(title))

    def _write(self, sheet: Any, row: int, number: int, cell: Cell) -> None:  # noqa: ANN401 - no types
        if isinstance(cell, date):
            sheet.write_datetime(row, number, cell, self.looks["day"])
        elif isinstance(cell, int) and not isinstance(cell, bool):
            sheet.write_number(row, number, cell, self.looks["number"])
        elif isinstance(cell, str):
            sheet.write_string(row, number, cell, self.looks["words"])

    def fields(self, sheets: Sequence[_Sheet]) -> None:
        sheet = self.book.add_worksheet(_FIELDS)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        titles = (
            ("sheet", 16),
            ("column", 34),
            ("name", 28),
            ("kind", 10),
            ("allowed words", 40),
            (_OPTIONAL, 10),
            ("meaning", 70),
        )
        for number, (title, width) in enumerate(titles):
            sheet.set_column(number, number, width)
            sheet.write_string(0, number, title, self.looks["header"])
        lines = ((content.name, title, one) for content in sheets for title, one in content.columns.items())
        for row, (name, title, one) in enumerate(lines, 1):
            optional = _OPTIONAL if one in self.optional else ""
            said = (name, title, one.full_name, one.kind.value, listed(words_of(one)), optional, one.meaning)
            lines_needed = max(ceil(len(text) / width) for text, (_, width) in zip(said, titles, strict=True))
            sheet.set_row(row, _LINE * lines_needed)
            for number, text in enumerate(said):
                sheet.write_string(row, number, text, self.looks["text"])

    def close(self) -> None:
        if self.lists:
            sheet = self.book.add_worksheet(_LISTS)
            sheet.hide()
            for number, words in enumerate(self.lists):
                for row, word in enumerate(words):
                    sheet.write_string(row, number, word)
        self.book.close()

    def _write_example(self, sheet: Any, number: int, column: Field) -> None:  # noqa: ANN401 - XlsxWriter has no types
        sample = EXAMPLE if column.name == ID else (words_of(column) or (_SAMPLES[column.kind],))[0]
        if isinstance(sample, date):
            sheet.write_datetime(1, number, sample, self.looks["example day"])
        else:
            sheet.write(1, number, sample, self.looks["example"])

    def validation(self, title: str, column: Field) -> dict[str, object]:
        """What a cell takes, and what is said when somebody comes to it."""
        words = words_of(column)
        told = f" One of: {listed(words)}." if words else ""
        optional = f"{OPTIONAL_NOTE} " if column in self.optional else ""
        options: dict[str, object] = {
            "validate": "any",
            "input_title": _cut(title, _LONGEST_TITLE),
            "input_message": _cut(f"{optional}{column.meaning}{told}", _LONGEST_MESSAGE),
        }
        wrong = {"error_title": "Not as expected", "error_type": "warning"}
        if words:
            error = {"error_title": "Not in the list", "error_message": "Choose a word of the list, or leave it blank."}
            return {**options, **error, "validate": "list", "source": self._source(words)}
        if column.kind is Kind.DATE:
            error = {"error_message": "Write a date, as in 31/01/2026."}
            return {**options, **wrong, **error, "validate": "date", "criteria": ">=", "value": FIRST_DAY}
        if column.kind is Kind.NUMBER:
            error = {"error_message": "Write a whole number, in figures."}
            return {**options, **wrong, **error, "validate": "integer", "criteria": ">=", "value": -(2**31)}
        return options

    def _source(self, words: tuple[str, ...]) -> object:
        """The words themselves, or the name of a list of them where Excel takes no more or would part one of them."""
        if len(",".join(words)) <= _LONGEST_LIST and not any("," in word for word in words):
            return list(words)
        if words not in self.lists:
            letter = letters(len(self.lists))
            self.lists[words] = f"=list_{letter.lower()}_words"
            self.book.define_name(f"list_{letter.lower()}_words", f"={_LISTS}!${letter}$1:${letter}${len(words)}")
        return self.lists[words]


def _guide(sheets: Sequence[_Sheet], *, filled: bool, typed: bool) -> Iterator[str]:
    yield "How to fill this in"
    yield f'1. On the sheet "{CASES}", give each case a row and an id of your own. No names, please.'
    yield "2. Leave a cell blank where something is not known. That is never counted as a failure."
    yield "3. On each other sheet, give each thing a row, and the id of its case in the first column."
    yield (
        '4. In the columns that end in "all listed", answer yes where every row of that sheet is there for the case, '
        "also where there are none."
    )
    yield f"5. Write dates as 12 Oct 2026, or {DAY_FIRST}."
    yield "   Click on a cell to see what belongs in it, and choose from the lists."
    if filled:
        yield "6. Each row says what was read and answered. What could not be read stands as it stood: mend it."
    else:
        yield f"6. The grey rows, whose case is {EXAMPLE}, only show how. They are not read, and may be deleted."
    yield "7. Columns with a grey heading are optional: no question rests on them."
    yield f'8. On the sheet "{ANSWERS}", answer each question for each case. Where an answer is n/a, say why.'
    yield f'9. The sheet "{FORM}" is a page for a single case, to print, or to fill in instead of rows on those two.'
    yield f'10. The sheet "{_FIELDS}" explains every column. Do not change the headings or the names of the sheets.'
    what = "run: casescreen check, then the name of this file" if typed else "drop it on the page that it came from"
    yield f"11. Save the workbook, and {what}."
    yield ""
    yield "The sheets"
    for sheet in sheets:
        yield f"{sheet.name}: {sheet.about}"


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 2].rstrip()} …"[:longest]
