"""Checks of the record itself: what cannot be is taken as not known, and what is unusual is told."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve, frozen

from casescreen.conditions.compiler import NO_ROW, Context, Test, compile_condition
from casescreen.model.case import Case, RecordPath, Row, Unreadable
from casescreen.model.condition import Truth
from casescreen.model.dictionary import Field
from casescreen.model.rulebook import Check, Rulebook


@frozen(eq=False)
class CheckResult:
    """A check that holds of a case, or of one of its rows.

    Attributes:
        row: the number of the row from 0; None where it is about the case.
    """

    check: Check
    row: int | None = None


class RecordChecker:
    """Checks one record after another. All checks read the record as it came, and none sees what another does."""

    def __init__(self, rulebook: Rulebook, context: Context) -> None:
        """Compile the checks."""
        self._checks: tuple[tuple[Check, Test], ...] = tuple(
            (check, compile_condition(check.when, context)) for check in rulebook.checks
        )

    def results(self, case: Case) -> tuple[CheckResult, ...]:
        """Every check that holds of the case, in the rulebook's order."""
        return tuple(result for check, test in self._checks for result in _holding(check, test, case))


def _holding(check: Check, test: Test, case: Case) -> Iterator[CheckResult]:
    if not check.table:
        if test(case, NO_ROW) is Truth.TRUE:
            yield CheckResult(check)
        return
    for number, row in enumerate(case.tables.get(check.table, ())):
        if test(case, row) is Truth.TRUE:
            yield CheckResult(check, number)


def without_impossible(case: Case, results: tuple[CheckResult, ...]) -> Case:
    """The case without the values that are not believed: they stand in it, and are not known."""
    disbelieved: dict[RecordPath, Unreadable] = {}
    for result in results:
        for field in result.check.disbelieved:
            path = _path(field, result.row)
            row = case.tables[field.table][int(path[1])] if field.table else case.fields
            value = row.get(field.name)
            if value is not None and path not in disbelieved:
                what = f"it is not believed: {result.check.says}"
                disbelieved[path] = Unreadable(path, str(value), what, result.check.advice, place=case.place)
    if not disbelieved:
        return case
    fields, tables = dict(case.fields), {name: list(rows) for name, rows in case.tables.items()}
    for path in disbelieved:
        if len(path) == _ON_CASE:
            fields[f"{path[0]}.{path[1]}"] = None
        else:
            table, number, name = str(path[0]), int(path[1]), str(path[2])
            tables[table][number] = {**tables[table][number], name: None}
    return evolve(
        case,
        fields=fields,
        tables={name: tuple[Row, ...](rows) for name, rows in tables.items()},
        unreadable=(*case.unreadable, *disbelieved.values()),
    )


_ON_CASE = 2


def _path(field: Field, row: int | None) -> RecordPath:
    if field.table:
        assert row is not None, "a column is disbelieved only of the row that a check is about"
        return (field.table, row, field.name)
    section, _, name = field.name.partition(".")
    return (section, name)
