"""What of a record a condition can read: two records that do not differ in that have the same proof."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from attrs import frozen

from casescreen.model.case import Case, Row
from casescreen.model.condition import (
    All,
    Any,
    AsOf,
    Compare,
    Condition,
    Count,
    Covered,
    FromField,
    FromParameter,
    Literal,
    Not,
    Operand,
    OverRows,
    Recorded,
    Within,
)
from casescreen.model.dictionary import Field
from casescreen.model.rulebook import Due, Rulebook

Place = tuple[str, str, str]
"""The table whose rows are gone through, or "" outside of one; the field's own table, or ""; and its name."""


@frozen
class Reads:
    """Everything that the proof of a condition, for a case or for a row of it, depends on.

    Attributes:
        fields: of the case.
        columns: of the row that it is asked of.
        tables: the tables whose rows it goes through, each with the columns that count.
    """

    fields: tuple[str, ...]
    columns: tuple[str, ...]
    tables: tuple[tuple[str, tuple[str, ...]], ...]

    def of(self, case: Case, row: Row) -> tuple[Hashable, ...]:
        """What these are: the same for records of which the same is to be said."""
        fields, tables = case.fields, case.tables
        return (
            *[fields.get(name) for name in self.fields],
            *[row.get(name) for name in self.columns],
            *[_rows(tables.get(table), columns) for table, columns in self.tables],
        )


def _rows(rows: tuple[Row, ...] | None, columns: tuple[str, ...]) -> Hashable:
    return None if rows is None else tuple([tuple([row.get(name) for name in columns]) for row in rows])


def reads_of(asked: Condition | Due, rulebook: Rulebook) -> Reads:
    """What the proof of a condition, or of a deadline that cannot be told, depends on."""
    places = set(_of_operand(asked.within, rulebook, "")) | {_place(asked.of, "")} if isinstance(asked, Due) else set()
    if not isinstance(asked, Due):
        places = set(_of(asked, rulebook, ""))
    through = sorted({table for table, _, _ in places if table})
    return Reads(
        tuple(sorted({name for _, own, name in places if not own and name})),
        tuple(sorted({name for table, own, name in places if own and not table})),
        tuple((table, tuple(sorted({name for _, own, name in places if own == table}))) for table in through),
    )


def _of(condition: Condition, rulebook: Rulebook, table: str) -> Iterator[Place]:
    match condition:
        case Compare(field=field, operand=operand):
            yield _place(field, table)
            yield from _of_operand(operand, rulebook, table)
        case Recorded(field=field):
            yield _place(field, table)
        case Within(field=field, limit=limit, of=of):
            yield from (_place(field, table), _place(of, table))
            yield from _of_operand(limit, rulebook, table)
        case All(parts) | Any(parts):
            for part in parts:
                yield from _of(part, rulebook, table)
        case Not(part):
            yield from _of(part, rulebook, table)
        case OverRows() | Count() | Covered():
            yield from _of_rows(condition, rulebook)


def _of_rows(condition: OverRows | Count | Covered, rulebook: Rulebook) -> Iterator[Place]:
    table = condition.table
    yield table, table, rulebook.dictionary.tables[table].named_by
    if condition.where is not None:
        yield from _of(condition.where, rulebook, table)
    if isinstance(condition, OverRows):
        yield from _of(condition.satisfies, rulebook, table)
    if isinstance(condition, Covered):
        yield _place(condition.field, table)
        yield _place(condition.by, condition.by.table)


def _of_operand(operand: Operand, rulebook: Rulebook, table: str) -> Iterator[Place]:
    match operand:
        case FromField(field):
            yield _place(field, table)
        case FromParameter(name):
            yield from (_place(one.field, table) for one in rulebook.parameters[name].variations)
        case Literal() | AsOf():
            return


def _place(field: Field, table: str) -> Place:
    return (table if field.table else ""), field.table, field.name
