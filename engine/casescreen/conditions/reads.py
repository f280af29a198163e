"""What of a record a condition reads: two records that do not differ in that have the same proof."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping

from casescreen.model.calendar import Duration, Unit
from casescreen.model.case import Case, Row
from casescreen.model.condition import (
    Compare,
    Condition,
    Count,
    Covered,
    FromField,
    FromParameter,
    OverRows,
    Recorded,
    Within,
    operand_of,
    parts_of,
    walk,
)
from casescreen.model.dictionary import Field
from casescreen.model.rulebook import Parameter, Rulebook


def fields_read(
    condition: Condition, parameters: Mapping[str, Parameter | None], table: str = ""
) -> Iterator[tuple[str, Field | None]]:
    """All that a condition reads, as pairs: the table whose rows are gone through, and the field that is read there.

    Args:
        condition: what is asked, of the case, of a row, or of each row of a table.
        parameters: those that the condition may name.
        table: the table whose rows are gone through to ask it; "" where they are not.

    Yields:
        The table is "" outside of a test over rows. The field is None where the rows are only counted.
    """
    match condition:
        case Compare(field=field) | Recorded(field=field):
            yield table, field
        case Within(field=field, of=of):
            yield from ((table, field), (table, of))
        case Covered(table=table, field=field, by=by):
            yield from ((table, field), (by.table, by))
        case OverRows(table=table) | Count(table=table):
            yield table, None
    match operand_of(condition):
        case FromField(field):
            yield table, field
        case FromParameter(name):
            parameter = parameters[name]
            assert parameter is not None  # a rule that names a broken parameter is itself broken
            for variation in parameter.variations:
                yield table, variation.field
    for part in parts_of(condition):
        yield from fields_read(part, parameters, table)


def asks_calendar(condition: Condition, parameters: Mapping[str, Parameter]) -> bool:
    """Whether working days are counted in the condition, for which the calendar of public holidays is needed."""
    limits = (one.limit for one in walk(condition) if isinstance(one, Within))
    values = (parameters[one.name].values if isinstance(one, FromParameter) else (one.value,) for one in limits)
    return any(isinstance(one, Duration) and one.unit is Unit.WORKING_DAY for several in values for one in several)


def reads_key(condition: Condition, rulebook: Rulebook) -> Callable[[Case, Row], tuple[Hashable, ...]]:
    """A function whose result is the same for records, and rows of them, that have the same proof of the condition."""
    fields, columns, tables = set[str](), set[str](), dict[str, set[str]]()
    for table, field in fields_read(condition, rulebook.parameters):
        if table:
            tables.setdefault(table, {rulebook.dictionary.tables[table].named_by})
        if field is not None:
            (tables[table] if table and field.table else columns if field.table else fields).add(field.name)

    def key(case: Case, row: Row) -> tuple[Hashable, ...]:
        values: list[Hashable] = [*map(case.fields.get, fields), *map(row.get, columns)]
        for table, names in tables.items():
            rows = case.tables.get(table)
            values.append(None if rows is None else tuple([tuple(map(row.get, names)) for row in rows]))
        return tuple(values)

    return key
