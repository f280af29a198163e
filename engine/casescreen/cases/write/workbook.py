"""Cases as Excel workbooks: a sheet a table and the same bytes each time, and the rows of one to fill in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from casescreen.cases.tables.cells import Cell
from casescreen.cases.write.tables import WrittenTable, case_tables, check_same, check_texts, in_cell, refuse_example
from casescreen.extras import import_extra, part_missing
from casescreen.model.case import (
    ANSWER,
    ANSWERED_ON,
    ANSWERS,
    CASES,
    CRITERION,
    HAS,
    ID,
    ITEM,
    READER,
    REASON,
    SOURCE,
    Answer,
    Case,
)
from casescreen.model.dictionary import Dictionary, Field, Value
from casescreen.model.outcome import Basis
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Rulebook
from casescreen.office.styles import DATES_TO_FILL_IN, LONGEST_TEXT, MOST_ROWS

_MADE = date(2000, 1, 1)  # any one day: the same cases are the same bytes
_WIDTH = 18


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


SheetRow = Mapping[str, Cell]
"""What stands in a row, by the heading of its column."""

_Values = Mapping[str, Value | None]


def rows_of_sheets(
    cases: Sequence[Case], sheets: Mapping[str, Mapping[str, Field]], rulebook: Rulebook
) -> Mapping[str, Sequence[SheetRow]]:
    """The rows of each sheet, whose columns are given by their headings.

    Raises:
        CasescreenError: a text or a number of rows is more than a workbook can hold.
    """
    rows: dict[str, list[SheetRow]] = {}
    for name, columns in sheets.items():
        values = [one for case in cases for one in _values(case, name, rulebook)]
        table = WrittenTable(name, (*columns.values(),), tuple(tuple(map(one.get, _names(columns))) for one in values))
        check_texts([table], LONGEST_TEXT)
        if len(values) >= MOST_ROWS:
            raise CasescreenError(
                f'The table "{name}" has {len(values):,} rows, and a sheet holds {MOST_ROWS - 1:,}.',
                advice="divide the cases.",
            )
        rows[name] = [
            {title: None if cell is None else in_cell(cell) for title, cell in zip(columns, row, strict=True)}
            for row in table.rows
        ]
    return rows


def _names(columns: Mapping[str, Field]) -> list[str]:
    return [field.name for field in columns.values()]


def _values(case: Case, sheet: str, rulebook: Rulebook) -> Iterator[_Values]:
    refuse_example(case)
    if sheet == CASES:
        yield {**case.fields, ID: case.id, **{f"{HAS}{name}": True for name in case.tables}}
    elif sheet == ANSWERS:
        yield from _answers(case, rulebook)
    else:
        yield from ({ID: case.id, **row} for row in case.tables.get(sheet, ()))


def _answers(case: Case, rulebook: Rulebook) -> Iterator[_Values]:
    """A row for the answers that go together; one of its own for what is answered apart."""
    together: dict[tuple[object, ...], dict[str, Value | None]] = {}
    for answer in case.answers:
        beside: dict[str, Value | None] = {
            ITEM: answer.item or None,
            REASON: answer.reason or None,
            READER: answer.reader or None,
            ANSWERED_ON: answer.answered_on,
            SOURCE: answer.source or None,
        }
        if _is_apart(answer, rulebook):
            yield {ID: case.id, CRITERION: answer.criterion, ANSWER: answer.answer.value, **beside}
        else:
            row = together.setdefault((*beside.values(),), {ID: case.id, **beside})
            row[answer.criterion] = answer.answer.value
    yield from together.values()


def _is_apart(answer: Answer, rulebook: Rulebook) -> bool:
    """Whether no question has a column for it: it is to none that readers are asked, or about a row of a case's."""
    criterion = rulebook.criterion.get(answer.criterion)
    if criterion is None or criterion.basis is not Basis.JUDGEMENT:
        return True
    return bool(answer.item) and criterion.per is None


def any_answer_apart(cases: Sequence[Case], rulebook: Rulebook) -> bool:
    """Whether some answer has no column of a question."""
    return any(_is_apart(answer, rulebook) for case in cases for answer in case.answers)
