"""Excel workbooks of cases, a sheet a table and the same bytes each time: with the cases, or a template to fill in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from io import BytesIO
from math import ceil
from typing import Any

from attrs import define, field, frozen

from casescreen.cases.schema import ASIDE
from casescreen.cases.tables.sheet import letters
from casescreen.cases.write.tables import WrittenTable, case_tables, check_same, check_texts, in_cell, table_columns
from casescreen.conditions.analysis import OPTIONAL_NOTE, most_decisive, optional_fields
from casescreen.extras import import_extra, part_missing
from casescreen.model.case import ANSWERS_TABLE, CASES, EXAMPLE, ID, Case
from casescreen.model.dictionary import Dictionary, Field, Kind
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Rulebook
from casescreen.office.styles import DATES_TO_FILL_IN, FIRST_DAY, HEADER, LONGEST_TEXT, MOST_ROWS, PLAIN, Properties
from casescreen.text import folded, listed

_MADE = date(2000, 1, 1)  # any one day: the same cases are the same bytes
_WIDTH = 18

# Of templates.
_OPTIONAL = "optional"
_READ_ME, _FIELDS, _LISTS = ASIDE
_ROWS = 5_000
_LONGEST_TITLE, _LONGEST_MESSAGE, _LONGEST_LIST = 32, 255, 255
_LEAST_WIDTH, _MOST_WIDTH = 14, 30
_LETTERS, _LINE = 82, 14
_YES_NO = ("yes", "no")
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
}
_FORMATS = {Kind.DATE: "day", Kind.NUMBER: "number"}


def cases_to_xlsx(cases: Iterable[Case], dictionary: Dictionary) -> bytes:
    """The cases as a workbook for Excel.

    Raises:
        CasescreenError: a text or a number of rows is more than a workbook can hold.
    """
    tables = case_tables(cases, dictionary)
    check_texts(tables, LONGEST_TEXT)
    for table in tables:
        if len(table.rows) >= MOST_ROWS:
            raise CasescreenError(
                f'The table "{table.name}" has {len(table.rows):,} rows, and a sheet holds {MOST_ROWS - 1:,}.',
                advice="convert to CSV or Parquet: add --form csv or --form parquet.",
            )
    content = _written(tables)
    check_same(tables, {"cases.xlsx": content}, in_cell)
    return content


def new_book(to: BytesIO, title: str, *, streams: bool = False) -> Any:  # noqa: ANN401 - XlsxWriter has no types
    """A workbook of cases to be written to a buffer: ``office.excel.open_workbook``, if it can be had.

    Raises:
        CasescreenError: what writes workbooks is not installed.
    """
    excel = import_extra("casescreen.office.excel", *part_missing("Workbooks cannot be written", "tables", "use CSV"))
    return excel.open_workbook(to, title, _MADE, streams=streams)


def _written(tables: Iterable[WrittenTable]) -> bytes:
    to = BytesIO()
    book = new_book(to, "Cases", streams=True)
    header = book.add_format({"bold": True})
    day, text = book.add_format({"num_format": DATES_TO_FILL_IN}), book.add_format({"num_format": "@"})
    for table in tables:
        sheet = book.add_worksheet(table.name)
        sheet.set_column(0, len(table.columns) - 1, _WIDTH)
        sheet.freeze_panes(1, 1)
        for number, name in enumerate(table.headings):
            sheet.write_string(0, number, name, header)
        for index, row in enumerate(table.rows, 1):
            for number, value in enumerate(row):
                cell = None if value is None else in_cell(value)
                if isinstance(cell, str):
                    sheet.write_string(index, number, cell, text)
                elif isinstance(cell, date):
                    sheet.write_datetime(index, number, cell, day)
                elif isinstance(cell, int):
                    sheet.write_number(index, number, cell)
    book.close()
    return to.getvalue()


@frozen
class _Sheet:
    """A sheet to fill in: its fields by the headings of their columns."""

    name: str
    about: str
    columns: Mapping[str, Field]


def template(rulebook: Rulebook) -> bytes:
    """A workbook with a sheet for the cases, which opens with what decides most, and one for each table.

    Raises:
        CasescreenError: what writes workbooks is not installed.
    """
    sheets = tuple(_sheets(rulebook))
    to = BytesIO()
    writer = _Writer(new_book(to, rulebook.title), optional_fields(rulebook))
    writer.read_me(rulebook.title, sheets)
    for sheet in sheets:
        writer.to_fill_in(sheet)
    writer.fields(sheets)
    writer.close()
    return to.getvalue()


def _sheets(rulebook: Rulebook) -> Iterator[_Sheet]:
    """The sheets to fill in; that of the cases opens with whose they are and what decides most."""
    dictionary = rulebook.dictionary
    about = {CASES: "One row for each case. The columns that decide most come first."}
    ahead = [*(dictionary.fields[name] for name in (ID, *rulebook.roles.fields)), *most_decisive(rulebook)]
    for table in (*dictionary.tables.values(), ANSWERS_TABLE):
        about[table.name] = f"{table.meaning} One row for each {table.one}, with the id of its case."
    for name, columns in table_columns(dictionary).items():
        ordered = dict.fromkeys([*ahead, *columns]) if name == CASES else columns
        yield _Sheet(name, about[name], _headed(tuple(ordered)))


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

    def read_me(self, title: str, sheets: Sequence[_Sheet]) -> None:
        sheet = self.book.add_worksheet(_READ_ME)
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 76)
        sheet.write_string(0, 0, f"Cases for {title}", self.looks["title"])
        for row, line in enumerate(_guide(sheets), 2):
            sheet.set_row(row, _LINE * max(1, ceil(len(line) / _LETTERS)))  # not every program works it out for itself
            sheet.write_string(row, 0, line, self.looks["text"])
        sheet.fit_to_pages(1, 0)

    def to_fill_in(self, content: _Sheet) -> None:
        sheet = self.book.add_worksheet(content.name)
        sheet.freeze_panes(1, 1)
        sheet.set_row(0, 45)
        for number, (title, column) in enumerate(content.columns.items()):
            width = min(_MOST_WIDTH, max(_LEAST_WIDTH, len(title) // 2 + 4))
            sheet.set_column(number, number, width, self.looks[_FORMATS.get(column.kind, "words")])
            sheet.write_string(0, number, title, self.looks["optional" if column in self.optional else "header"])
            self._write_example(sheet, number, column)
            sheet.data_validation(1, number, _ROWS, number, self._validation(title, column))

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
            said = (name, title, one.full_name, one.kind.value, listed(_words(one)), optional, one.meaning)
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
        sample = EXAMPLE if column.name == ID else (_words(column) or (_SAMPLES[column.kind],))[0]
        if isinstance(sample, date):
            sheet.write_datetime(1, number, sample, self.looks["example day"])
        else:
            sheet.write(1, number, sample, self.looks["example"])

    def _validation(self, title: str, column: Field) -> dict[str, object]:
        words = _words(column)
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


def _guide(sheets: Sequence[_Sheet]) -> Iterator[str]:
    yield "How to fill this in"
    yield f'1. On the sheet "{CASES}", give each case a row and an id of your own. No names, please.'
    yield "2. Leave a cell blank where something is not known. That is never counted as a failure."
    yield "3. On each other sheet, give each thing a row, and the id of its case in the first column."
    yield (
        '4. In the columns that end in "all listed", answer yes where every row of that sheet is there for the case, '
        "also where there are none."
    )
    yield "5. Write dates as day/month/year. Click on a cell to see what belongs in it, and choose from the lists."
    yield f"6. The grey rows, whose case is {EXAMPLE}, only show how. They are not read, and may be deleted."
    yield "7. Columns with a grey heading are optional: no question rests on them."
    yield f'8. The sheet "{_FIELDS}" explains every column. Do not change the headings or the names of the sheets.'
    yield "9. Save the workbook, and run: casescreen check, then the name of this file."
    yield ""
    yield "The sheets"
    for sheet in sheets:
        yield f"{sheet.name}: {sheet.about}"


def _words(column: Field) -> tuple[str, ...]:
    return _YES_NO if column.kind is Kind.YES_NO else column.allowed


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 2].rstrip()} …"[:longest]
