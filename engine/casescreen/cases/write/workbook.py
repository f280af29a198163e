"""Cases as an Excel workbook, a sheet a table and the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from io import BytesIO
from typing import Any

from casescreen.cases.write.tables import WrittenTable, case_tables, check_same, check_texts, in_cell
from casescreen.extras import import_extra, part_missing
from casescreen.model.case import Case
from casescreen.model.dictionary import Dictionary
from casescreen.model.problem import CasescreenError
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
