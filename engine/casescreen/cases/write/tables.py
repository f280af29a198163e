"""Cases laid out as tables and written as CSV and Parquet, each read back and compared before it is given out."""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO
from itertools import zip_longest
from typing import Any, Literal

from attrs import frozen

from casescreen.cases.schema import has_label, plain_case
from casescreen.cases.tables.cells import Cell
from casescreen.cases.tables.readers import read_sheets
from casescreen.cases.tables.sheet import Sheet
from casescreen.cases.write.toml_and_json import half_character
from casescreen.extras import import_extra, part_missing
from casescreen.model.case import ANSWERS, ANSWERS_TABLE, CASES, EXAMPLE, HAS, ID, Case, is_example
from casescreen.model.dictionary import Dictionary, Field, Kind, Value
from casescreen.model.problem import CasescreenError, Fault, InternalFaultError
from casescreen.office.styles import FIRST_DAY, MOST_EXACT, length_in_excel
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


def table_columns(dictionary: Dictionary) -> Mapping[str, tuple[Field, ...]]:
    """The columns that each table can have, in the dictionary's order: the cases come first, and the answers last.

    Whether a table is in a case's record stands in a column of the cases, so that an empty one is not lost.
    """
    identity = dictionary.fields[ID]
    tables = dictionary.tables.values()
    on_cases = [field for name, field in dictionary.fields.items() if name != ID]
    for table in tables:
        meaning = f"Yes where every {table.one} is on its sheet, also where there are none. Blank: not known."
        on_cases.append(Field(f"{HAS}{table.name}", has_label(table), Kind.YES_NO, meaning))
    rows = {table.name: (identity, *table.columns.values()) for table in (*tables, ANSWERS_TABLE)}
    return {CASES: (identity, *on_cases), **rows}


def case_tables(cases: Iterable[Case], dictionary: Dictionary) -> tuple[WrittenTable, ...]:
    """The tables and columns that some case uses, in the order of ``table_columns``.

    Raises:
        CasescreenError: a case is called as the rows are that show how a table is filled in, and are never read.
    """
    columns = table_columns(dictionary)
    records: dict[str, list[_Record]] = {name: [] for name in columns}
    for case in cases:
        refuse_example(case)
        records[CASES].append({**case.fields, ID: case.id, **{f"{HAS}{name}": True for name in case.tables}})
        answers = plain_case(case).get(ANSWERS, [])
        assert isinstance(answers, list)  # answers are rows, never a group
        for name, rows in {**case.tables, ANSWERS: answers}.items():
            records[name].extend([{ID: case.id, **row} for row in rows])
    return tuple(_table(name, columns[name], rows) for name, rows in records.items() if rows or name == CASES)


def refuse_example(case: Case) -> None:
    """Hold that the case can be written in tables.

    Raises:
        CasescreenError: it is called as the rows are that show how a table is filled in, and are never read.
    """
    if is_example(case.id):
        raise CasescreenError(
            f'A case has the id "{EXAMPLE}", which tables keep for rows that are never read.',
            advice="give the case another id.",
        )


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


_HALVES = re.compile("[\ud800-\udfff]")
_OTHER_FORM = "Shorten or correct it, or convert to another form, such as .json."
Written = Callable[[Value], Cell]


def check_texts(tables: Iterable[WrittenTable], longest: int | None = None) -> None:
    """Refuse texts that the form cannot hold: with half of a character, or longer than a cell may be in Excel.

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
                if longest is not None and length_in_excel(value) > longest:
                    why = f"is longer than the {longest:,} characters that a cell of a workbook can hold"
                    raise cannot_hold(table, row, number, why)


def cannot_hold(table: WrittenTable, row: Sequence[Value | None], number: int, why: str) -> CasescreenError:
    """The error that a value cannot be written, with its case and field."""
    field = table.columns[number].full_name
    return CasescreenError(f'Case "{visible(str(row[0]))}", field {field}: it {why}.', advice=_OTHER_FORM)


def check_same(tables: Sequence[WrittenTable], files: Mapping[str, bytes], written: Written) -> None:
    """Hold that the files, read back, say what the tables do.

    Args:
        tables: what was written.
        files: what they were written as, in the same order, by names with the ending of their form.
        written: what a value was written as.

    Raises:
        CasescreenError: a text with an unusual character does not survive in the form.
        InternalFaultError: anything else differs.
    """
    sheets: list[Sheet] = []
    for name, content in files.items():
        read = read_sheets(name, content)
        if isinstance(read, Fault):
            raise InternalFaultError("what was written as tables cannot be read back")
        sheets.extend(read)
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
    check_texts(tables)
    files = {f"{table.name}.csv": as_csv(table) for table in tables}
    check_same(tables, files, _word)
    return files


def as_csv(table: WrittenTable) -> bytes:
    """A table as CSV, in UTF-8 with a byte-order mark, with an apostrophe before what could be taken for a formula."""
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


def cases_to_parquet(cases: Iterable[Case], dictionary: Dictionary) -> Mapping[str, bytes]:
    """The cases as Parquet by the names of the files: text, booleans, whole numbers of 64 bits and days.

    Raises:
        CasescreenError: a text cannot be written in any file, or what writes Parquet is not installed.
    """
    tables = case_tables(cases, dictionary)
    check_texts(tables)
    pl = import_extra("polars", *part_missing("Parquet cannot be written", "bulk", "convert to CSV"))
    files = {f"{table.name}.parquet": _as_parquet(table, pl) for table in tables}
    check_same(tables, files, lambda value: value)
    return files


def _as_parquet(table: WrittenTable, pl: Any) -> bytes:  # noqa: ANN401 - a module that may not be there
    kinds = {Kind.YES_NO: pl.Boolean, Kind.NUMBER: pl.Int64, Kind.DATE: pl.Date}
    schema = {column.name: kinds.get(column.kind, pl.String) for column in table.columns}
    to = BytesIO()
    pl.DataFrame(table.rows, schema=schema, orient="row").write_parquet(to)
    return to.getvalue()
