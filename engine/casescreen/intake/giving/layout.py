"""Cases laid out as tables: a row for each case, and a table for each list that a case may have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from casescreen.intake.plain import plain
from casescreen.intake.tables.headings import CASES, HAS, ID, has_label
from casescreen.intake.terms import ANSWERS, ANSWERS_TABLE
from casescreen.model.case import EXAMPLE, Case, is_example
from casescreen.model.dictionary import Dictionary, Field, Kind, Table, Value
from casescreen.model.problem import CasescreenError

GivenRow = tuple[Value | None, ...]
_Record = Mapping[str, Any]  # values of the dictionary's kinds


@frozen
class GivenTable:
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


def case_tables(cases: Iterable[Case], dictionary: Dictionary) -> tuple[GivenTable, ...]:
    """The tables and columns that some case uses, in the dictionary's order; the cases come first.

    Whether a table is in a case's record stands in a column of the cases, so that an empty one is not lost.

    Raises:
        CasescreenError: a case is called as the rows are that show how a table is filled in, and are never read.
    """
    given = tuple(cases)
    if any(is_example(case.id) for case in given):
        raise CasescreenError(
            f'A case has the id "{EXAMPLE}", which tables keep for rows that are never read.\n'
            "  What to do: give the case another id."
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
        rows = plain(case).get(ANSWERS, []) if table.name == ANSWERS else case.tables.get(table.name, ())
        for row in rows:
            assert isinstance(row, Mapping)  # answers are rows, never a group
            yield {ID: case.id, **row}


def _table(name: str, columns: Sequence[Field], records: Sequence[_Record]) -> GivenTable:
    used = {ID}.union(*records)
    kept = tuple(column for column in columns if column.name in used)
    return GivenTable(name, kept, tuple(tuple(record.get(column.name) for column in kept) for record in records))
