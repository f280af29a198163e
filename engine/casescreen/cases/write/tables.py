"""Cases laid out as tables and written as CSV and Parquet, each read back and compared before it is given out."""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO
from itertools import zip_longest
from typing import Any, Literal

from attrs import frozen

from casescreen.cases.schema import has_label
from casescreen.cases.serialise import plain_case
from casescreen.cases.tables.cells import Cell
from casescreen.cases.tables.parquet_file import parquet_sheet
from casescreen.cases.tables.readers import sheet_in
from casescreen.cases.tables.sheet import Sheet
from casescreen.cases.write.toml_and_json import half_character
from casescreen.extras import import_extra, part_missing
from casescreen.model.case import ANSWERS, ANSWERS_TABLE, CASES, EXAMPLE, HAS, ID, Case, is_example
from casescreen.model.dictionary import Dictionary, Field, Kind, Table, Value
from casescreen.model.problem import CasescreenError, Fault, InternalFaultError
from casescreen.office.styles import FIRST_DAY, LONGEST_TEXT, MOST_EXACT, MOST_ROWS, length_in_excel
from casescreen.text import in_words, visible

GivenRow = tuple[Value | None, ...]
_Record = Mapping[str, Any]  # values of the dictionary's kinds


@frozen
class WrittenTable:
    """A table to be written.

    Attributes:
        name: what it is called.
        columns: the fields by whose names its columns are headed; the first is the case's id.
        rows: the values, None where nothing is recorded; of as many cells as there are columns.
    """

    name: str
    columns: tuple[Field, ...]
    rows: tuple[GivenRow, ...]

    @property
    def headings(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)


def case_tables(cases: Iterable[Case], dictionary: Dictionary) -> tuple[WrittenTable, ...]:
    """The tables and columns that some case uses, in the dictionary's order; the cases come first.

    Whether a table is in a case's record stands in a column of the cases, so that an empty one is not lost.

    Raises:
        CasescreenError: a case is called as the rows are that show how a table is filled in, and are never read.
    """
    given = tuple(cases)
    if any(is_example(case.id) for case in given):
        raise CasescreenError(
            f'A case has the id "{EXAMPLE}", which tables keep for rows that are never read.',
            advice="give the case another id.",
        )
    identity = dictionary.fields[ID]
    tables = [*dictionary.tables.values(), ANSWERS_TABLE]
    found = [_table(CASES, _case_columns(dictionary, identity), [_case_record(case) for case in given])]
    for table in tables:
        rows = list(_row_records(given, table))
        if rows:
            found.append(_table(table.name, [identity, *table.columns.values()], rows))
    return tuple(found)


def has_field(table: Table) -> Field:
    """The column of the cases that says whether a table is in the record."""
    return Field(f"{HAS}{table.name}", has_label(table), Kind.YES_NO, "")


def _case_columns(dictionary: Dictionary, identity: Field) -> list[Field]:
    fields = [field for name, field in dictionary.fields.items() if name != ID]
    return [identity, *fields, *map(has_field, dictionary.tables.values())]


def _case_record(case: Case) -> _Record:
    return {**case.fields, ID: case.id, **{f"{HAS}{name}": True for name in case.tables}}


def _row_records(cases: Iterable[Case], table: Table) -> Iterator[_Record]:
    for case in cases:
        rows = plain_case(case).get(ANSWERS, []) if table.name == ANSWERS else case.tables.get(table.name, ())
        for row in rows:
            assert isinstance(row, Mapping)  # answers are rows, never a group
            yield {ID: case.id, **row}


def _table(name: str, columns: Sequence[Field], records: Sequence[_Record]) -> WrittenTable:
    used = {ID}.union(*records)
    kept = tuple(column for column in columns if column.name in used)
    return WrittenTable(name, kept, tuple(tuple(record.get(column.name) for column in kept) for record in records))


def in_cell(value: Value) -> Cell:
    """What a value is written as: dates and numbers as text where a cell cannot hold them as such."""
    if isinstance(value, bool):
        return in_words(value)
    if isinstance(value, date) and value < FIRST_DAY:
        return value.isoformat()
    if isinstance(value, int) and abs(value) >= MOST_EXACT:
        return str(value)
    return value


def too_long(text: str) -> str:
    """Why a cell cannot hold the text; "" where it can."""
    if length_in_excel(text) > LONGEST_TEXT:
        return f"is longer than the {LONGEST_TEXT:,} characters that a cell of a workbook can hold"
    return ""


def check_rows(table: WrittenTable) -> None:
    """Refuse a table that is longer than a sheet."""
    if len(table.rows) >= MOST_ROWS:
        raise CasescreenError(
            f'The table "{table.name}" has {len(table.rows):,} rows, and a sheet holds {MOST_ROWS - 1:,}.',
            advice="convert to CSV or Parquet: add --form csv or --form parquet.",
        )


_HALVES = re.compile("[\ud800-\udfff]")
_OTHER_FORM = "Shorten or correct it, or convert to another form, such as .json."
Written = Callable[[Value], Cell]


def check_texts(tables: Iterable[WrittenTable], refused: Callable[[str], str]) -> None:
    """Refuse texts that the form cannot hold.

    Args:
        tables: what is to be written.
        refused: why a text cannot be held, as words after "a text"; "" where it can.

    Raises:
        CasescreenError: a text cannot be held; the first such case and field are named.
    """
    for table in tables:
        for row in table.rows:
            for number, value in enumerate(row):
                if not isinstance(value, str):
                    continue
                if _HALVES.search(value):
                    raise half_character()
                if why := refused(value):
                    raise cannot_hold(table, row, number, why)


def cannot_hold(table: WrittenTable, row: Sequence[Value | None], number: int, why: str) -> CasescreenError:
    """The error that a value cannot be written, with its case and field."""
    field = table.columns[number].full_name
    return CasescreenError(f'Case "{visible(str(row[0]))}", field {field}: it {why}.', advice=_OTHER_FORM)


def check_same(tables: Sequence[WrittenTable], sheets: Sequence[Sheet], written: Written) -> None:
    """Hold that the sheets read back say what the tables do.

    Args:
        tables: what was written.
        sheets: what was read back, in the same order.
        written: what a value was written as.

    Raises:
        CasescreenError: a text with an unusual character does not survive in the form.
        InternalFaultError: anything else differs.
    """
    if [table.name for table in tables] != [sheet.called for sheet in sheets]:
        raise InternalFaultError("the tables that were written do not read back the same")
    for table, sheet in zip(tables, sheets, strict=True):
        _check_cells(table, sheet, written)


def _check_cells(table: WrittenTable, sheet: Sheet, written: Written) -> None:
    grid: list[Sequence[Value | None]] = [table.headings, *table.rows]
    for row, found in zip_longest(grid, sheet.rows):
        if row is None or found is None:
            raise InternalFaultError("the rows that were written do not read back the same")
        for number, (value, cell) in enumerate(zip_longest(row, found)):
            wanted = None if value is None else written(value)
            if _same(wanted, cell):
                continue
            if isinstance(value, str) and (not value.isprintable() or "_x" in value):
                raise cannot_hold(table, row, number, "has a character that this form cannot hold")
            raise InternalFaultError("the cells that were written do not read back the same")


def _same(wanted: Cell, found: Cell) -> bool:
    if isinstance(found, datetime):
        found = found.date()
    # A whole number comes back as a float; every other type as itself.
    numbers = isinstance(wanted, int) and isinstance(found, int | float) and not isinstance(found, bool)
    return wanted == found and (numbers or type(wanted) is type(found))


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


def _as_csv(table: WrittenTable) -> bytes:
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
    if isinstance(sheet, Fault):
        raise InternalFaultError("the table that was written cannot be read back")
    return sheet


def cases_to_parquet(cases: Iterable[Case], dictionary: Dictionary) -> Mapping[str, bytes]:
    """The cases as Parquet by the names of the files: text, booleans, whole numbers of 64 bits and days.

    Raises:
        CasescreenError: a text cannot be written in any file, or what writes Parquet is not installed.
    """
    tables = case_tables(cases, dictionary)
    check_texts(tables, lambda _: "")
    pl = import_extra("polars", *part_missing("Parquet cannot be written", "bulk", "convert to CSV"))
    files = {f"{table.name}.parquet": _as_parquet(table, pl) for table in tables}
    check_same(tables, [_from_parquet(name, content) for name, content in files.items()], lambda value: value)
    return files


def _as_parquet(table: WrittenTable, pl: Any) -> bytes:  # noqa: ANN401 - a module that may not be there
    kinds = {Kind.YES_NO: pl.Boolean, Kind.NUMBER: pl.Int64, Kind.DATE: pl.Date}
    schema = {column.name: kinds.get(column.kind, pl.String) for column in table.columns}
    to = BytesIO()
    pl.DataFrame(table.rows, schema=schema, orient="row").write_parquet(to)
    return to.getvalue()


def _from_parquet(name: str, content: bytes) -> Sheet:
    sheet = parquet_sheet(name, content)
    if isinstance(sheet, Fault):
        raise InternalFaultError("the table that was written cannot be read back")
    return sheet
