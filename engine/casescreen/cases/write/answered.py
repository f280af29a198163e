"""Cases with what readers answered, written so that they read as they were read: what could not be read stays."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

from attrs import evolve

from casescreen.model.case import Case, Row, Unreadable
from casescreen.model.dictionary import Value
from casescreen.model.problem import CasescreenError
from casescreen.text import counted, listed, visible

_FEW = 3
_LOST = "not read"
"""What is written where nothing stands, and something may have: a row that ends too soon."""
_FIELD, _CELL = 2, 3


def as_it_stood(case: Case) -> Case:
    """The case with what stands in place of values that cannot be read, where it is kept."""
    fields, tables = {**case.fields}, {name: [*rows] for name, rows in case.tables.items()}
    for one in case.unreadable:
        names = tuple(map(str, one.path))
        if len(one.path) == _FIELD and f"{names[0]}.{names[1]}" in fields:
            fields[f"{names[0]}.{names[1]}"] = _written(one)
        elif len(one.path) == _CELL and names[0] in tables:
            _put_into(tables[names[0]], one)
    kept = {name: tuple(map(_known, rows)) for name, rows in tables.items()}
    return evolve(case, fields=_known(fields), tables=kept, unreadable=())


def _known(row: Row) -> Row:
    """A row without what is not known, and of which it is not kept what stands there."""
    return {name: value for name, value in row.items() if value is not None}


def _put_into(rows: list[Row], one: Unreadable) -> None:
    number, column = one.path[1], str(one.path[2])
    if isinstance(number, int) and number < len(rows) and column in rows[number]:
        rows[number] = {**rows[number], column: _written(one)}


def _written(one: Unreadable) -> Value:
    """What stands there; a text where it is nothing that a record can hold."""
    try:
        value = json.loads(one.written)
    except ValueError:
        value = None
    stands = value if isinstance(value, str | bool | int) else one.written
    return _LOST if stands == "" else stands


def check_same_cases(cases: Sequence[Case], read: Iterable[Case]) -> None:
    """Hold that cases read from what was written are those that were written.

    Raises:
        CasescreenError: some are not; the first of them are named.
    """
    again = {case.id: case for case in read}
    changed = [case.id for case in cases if case.id not in again or _differ(case, again[case.id])]
    if changed or len(again) != len(cases):
        names = [f'"{visible(case_id)}"' for case_id in changed[:_FEW]]
        names += [f"{len(changed) - _FEW:,} more"] if len(changed) > _FEW else []
        raise CasescreenError(
            f"{counted(len(changed), 'case')} cannot be kept in this form as read: {listed(names, 'and')}.",
            why="something stands there that cannot be read, and that would read otherwise.",
            advice="choose another form, or mend what could not be read in the file, and read it again.",
        )


def _differ(one: Case, other: Case) -> bool:
    """Whether they say other things, or what cannot be read in them stands elsewhere."""
    ways: tuple[Callable[[Case], object], ...] = (
        lambda case: case.fields,
        lambda case: case.tables,
        lambda case: frozenset(case.answers),
        _lost,
    )
    return any(way(one) != way(other) for way in ways)


def _lost(case: Case) -> frozenset[object]:
    """Where values are lost to what cannot be read."""
    known = {tuple(name.split(".", 1)) for name in case.fields} | {
        (name, number, column)
        for name, rows in case.tables.items()
        for number, row in enumerate(rows)
        for column in row
    }
    return frozenset(one.path for one in case.unreadable if one.path in known)
