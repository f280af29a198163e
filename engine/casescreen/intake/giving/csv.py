"""Cases as CSV, a file a table, in which no text can become a formula."""

from __future__ import annotations

import csv
from codecs import BOM_UTF8
from collections.abc import Iterable, Mapping
from io import StringIO
from typing import Literal

from casescreen.intake.giving.comparing import check_same, check_texts
from casescreen.intake.giving.layout import GivenTable, case_tables
from casescreen.intake.tables.delimited import sheet_in
from casescreen.intake.tables.sheet import Sheet
from casescreen.model.case import Case
from casescreen.model.dictionary import Dictionary, Mismatch, Value
from casescreen.model.problem import InternalFaultError

_GUARDED = ("=", "+", "-", "@", "\t", "\r", "\n", "'")


def cases_to_csv(cases: Iterable[Case], dictionary: Dictionary) -> Mapping[str, bytes]:
    """The cases as CSV by the names of the files, in UTF-8 with a byte-order mark.

    A text that a spreadsheet program could take for a formula begins with an apostrophe, which is no part of it.

    Raises:
        CasescreenError: a text in them cannot be written in any file.
    """
    tables = case_tables(cases, dictionary)
    check_texts(tables, lambda _: "")
    files = {f"{table.name}.csv": _as_csv(table) for table in tables}
    check_same(tables, [_from_csv(name, content) for name, content in files.items()], _word)
    return files


def _as_csv(table: GivenTable) -> bytes:
    to = StringIO(newline="")
    # A first line without a comma does not say what the delimiter is: in quotes, nothing else can be taken for it.
    quoting: Literal[0, 1] = csv.QUOTE_MINIMAL if len(table.columns) > 1 else csv.QUOTE_ALL
    writer = csv.writer(to, lineterminator="\r\n", quoting=quoting)
    writer.writerow(table.headings)
    writer.writerows([_guarded(value) for value in row] for row in table.rows)
    return BOM_UTF8 + to.getvalue().encode()


def _guarded(value: Value | None) -> str:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_GUARDED) else value
    return "" if value is None else _word(value)


def _word(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else str(value)


def _from_csv(name: str, content: bytes) -> Sheet:
    sheet = sheet_in(name, content)
    if isinstance(sheet, Mismatch):
        raise InternalFaultError("the table that was written cannot be read back")
    return sheet
