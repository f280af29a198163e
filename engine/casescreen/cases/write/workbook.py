"""Cases as an Excel workbook: a sheet a table, text as text and dates as dates, the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from io import BytesIO
from typing import Any

from casescreen.cases.tables.readers import sheets_in
from casescreen.cases.write.tables import (
    WrittenTable,
    case_tables,
    check_rows,
    check_same,
    check_texts,
    in_cell,
    too_long,
)
from casescreen.extras import import_extra, part_missing
from casescreen.model.case import Case
from casescreen.model.dictionary import Dictionary
from casescreen.model.problem import Fault, InternalFaultError

INERT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # any one day: the same cases are the same bytes
_DATES = "dd/mm/yyyy"
_WIDTH = 18


def cases_to_xlsx(cases: Iterable[Case], dictionary: Dictionary) -> bytes:
    """The cases as a workbook for Excel.

    Raises:
        CasescreenError: a text or a number of rows is more than a workbook can hold.
    """
    tables = case_tables(cases, dictionary)
    check_texts(tables, too_long)
    for table in tables:
        check_rows(table)
    content = _written(tables)
    sheets = sheets_in("", content)
    if isinstance(sheets, Fault):
        raise InternalFaultError("the workbook that was written cannot be read back")
    check_same(tables, sheets, in_cell)
    return content


def new_book(to: BytesIO, title: str, *, whole: bool = False) -> Any:  # noqa: ANN401 - XlsxWriter has no types
    """A workbook to be written to a buffer.

    Args:
        to: where to.
        title: the title in its properties.
        whole: whether rows may be written in any order; else each is given up when the next begins.

    Raises:
        CasescreenError: what writes workbooks is not installed.
    """
    xlsxwriter = import_extra("xlsxwriter", *part_missing("Workbooks cannot be written", "tables", "use CSV"))
    book = xlsxwriter.Workbook(to, {"constant_memory": not whole, **INERT})
    book.set_properties({"title": title, "author": "casescreen", "created": MADE})
    return book


def _written(tables: Iterable[WrittenTable]) -> bytes:
    to = BytesIO()
    book = new_book(to, "Cases")
    header = book.add_format({"bold": True})
    day, text = book.add_format({"num_format": _DATES}), book.add_format({"num_format": "@"})
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
                    sheet.write_datetime(index, number, datetime.combine(cell, time()), day)
                elif isinstance(cell, int):
                    sheet.write_number(index, number, cell)
    book.close()
    return to.getvalue()
