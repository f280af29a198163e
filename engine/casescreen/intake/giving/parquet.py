"""Cases as Parquet, a file a table, in plain types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from casescreen.extras import needed
from casescreen.intake.giving.comparing import check_same, check_texts
from casescreen.intake.giving.layout import GivenTable, case_tables
from casescreen.intake.tables.parquet import parquet_sheet
from casescreen.intake.tables.sheet import Sheet
from casescreen.model.case import Case
from casescreen.model.dictionary import Dictionary, Kind, Mismatch
from casescreen.model.problem import InternalFaultError


def cases_to_parquet(cases: Iterable[Case], dictionary: Dictionary) -> Mapping[str, bytes]:
    """The cases as Parquet by the names of the files: text, booleans, whole numbers of 64 bits and days.

    Raises:
        CasescreenError: a text cannot be written in any file, or what writes Parquet is not installed.
    """
    tables = case_tables(cases, dictionary)
    check_texts(tables, lambda _: "")
    pl = needed("polars", "Parquet cannot be written", "bulk", "convert to CSV")
    files = {f"{table.name}.parquet": _as_parquet(table, pl) for table in tables}
    check_same(tables, [_from_parquet(name, content) for name, content in files.items()], lambda value: value)
    return files


def _as_parquet(table: GivenTable, pl: Any) -> bytes:  # noqa: ANN401 - a module that may not be there
    kinds = {Kind.YES_NO: pl.Boolean, Kind.NUMBER: pl.Int64, Kind.DATE: pl.Date}
    schema = {column.name: kinds.get(column.kind, pl.String) for column in table.columns}
    to = BytesIO()
    pl.DataFrame(table.rows, schema=schema, orient="row").write_parquet(to)
    return to.getvalue()


def _from_parquet(name: str, content: bytes) -> Sheet:
    sheet = parquet_sheet(name, content)
    if isinstance(sheet, Mismatch):
        raise InternalFaultError("the table that was written cannot be read back")
    return sheet
