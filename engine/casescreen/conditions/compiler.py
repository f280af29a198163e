"""Conditions compiled to closures: what each comes to for a case, and what it needs to know beside the record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from typing import TypeVar, assert_never

from attrs import field, frozen

from casescreen.conditions.operators import counted, covered, for_row, over_rows, within, within_both_ends
from casescreen.model.calendar import Duration, OutsideCalendarError, WorkingCalendar
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
    Truth,
    Within,
    negate,
    parts_of,
    walk,
)
from casescreen.model.dictionary import Field, Value
from casescreen.model.rulebook import DerivedField, DerivedSource, Parameter, Rulebook
from casescreen.model.screening import Quoting


@frozen
class Context:
    """The terms of one screening, the same for every case.

    Attributes:
        references: the full names of the texts that name something, and are quoted where others are not.
        quoting: how much of the text of a record is put into words.
        shared: conditions that stand in several others, each asked of a case once; nothing is shared where it is None.
    """

    as_of: date
    calendar: WorkingCalendar
    parameters: Mapping[str, Parameter]
    references: frozenset[str] = frozenset()
    quoting: Quoting = Quoting.EVERYTHING
    shared: SharedConditions | None = field(default=None, eq=False, repr=False)


def context_of(rulebook: Rulebook, as_of: date, quoting: Quoting = Quoting.REFERENCES) -> Context:
    """The terms on which a rulebook is applied as at a date, and how much of the records' text is quoted."""
    return Context(as_of, rulebook.calendar, rulebook.parameters, rulebook.references, quoting)


Test = Callable[[Case, Row], Truth]
_Result = TypeVar("_Result")
Supply = Callable[[Case, Row], Value | tuple[Value, ...] | Duration | None]

NO_ROW: Row = {}
_TRUE, _FALSE, _UNKNOWN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
_DENIED = {one: negate(one) for one in Truth}  # the quicker to look up: it is asked of every record very often


def field_value(field: Field, case: Case, row: Row) -> Value | None:
    """What is recorded: in the row if the field is a column, else in the case; None if nothing is."""
    return row.get(field.name) if field.table else case.fields.get(field.name)


def parameter_value(parameter: Parameter, case: Case, _row: Row) -> Value | Duration | None:
    """What the parameter is for this case; None if a field that it varies by is not recorded."""
    for variation in parameter.variations:
        recorded = case.fields.get(variation.field.name)
        if recorded is None:
            return None
        if recorded == variation.value:
            return variation.then
    return parameter.value


def supply(operand: Operand, context: Context) -> Supply:
    """A function that gives the other side of a test; None if it is not known."""
    match operand:
        case FromField(field):
            return partial(field_value, field)
        case FromParameter(name):
            return partial(parameter_value, context.parameters[name])
        case Literal() | AsOf():
            constant = operand.value if isinstance(operand, Literal) else context.as_of
            return lambda _case, _row: constant
        case _:
            assert_never(operand)


def compile_condition(condition: Condition | None, context: Context, otherwise: Truth = _TRUE) -> Test:
    """A function of a case (and a row of it) that says what the condition comes to; no condition is ``otherwise``."""
    if context.shared is not None and condition is not None and context.shared.has(condition):
        return context.shared.test(condition, lambda: _compiled(condition, context, otherwise))
    return _compiled(condition, context, otherwise)


class SharedConditions:
    """The conditions that stand in several others, such as a fact that many rules name: each is asked of a case once.

    Only what depends on the case alone is shared, and not on a row of it; and no test of a single field.
    """

    def __init__(self, conditions: Iterable[Condition]) -> None:
        """Find them in all the conditions that are asked of one case after another."""
        counts = Counter(part for one in conditions for part in walk(one) if parts_of(part) and is_of_case(part))
        self._shared = frozenset(part for part, number in counts.items() if number > 1)
        self._tests: dict[Condition, Test] = {}

    def has(self, condition: Condition) -> bool:
        """Whether it is one of them."""
        return condition in self._shared

    def test(self, condition: Condition, compiled: Callable[[], Test]) -> Test:
        """The one test of it."""
        if condition not in self._tests:
            self._tests[condition] = once_a_case(compiled())
        return self._tests[condition]


def is_of_case(condition: Condition) -> bool:
    """Whether what it comes to depends on no row of which it is asked."""
    match condition:
        case Compare(field, _, operand):
            return not field.table and not (isinstance(operand, FromField) and operand.field.table)
        case Recorded(field):
            return not field.table
        case Within(field, _, of):
            return not field.table and not of.table
        case All() | Any() | Not():
            return all(map(is_of_case, parts_of(condition)))
        case _:
            return True  # it goes through the rows of a table itself


def once_a_case(test: Callable[[Case, Row], _Result]) -> Callable[[Case, Row], _Result]:
    """The same test, which keeps what it came to until it is asked of another case: a case does not change."""
    last: tuple[Case, _Result] | None = None

    def remembered(case: Case, row: Row) -> _Result:
        nonlocal last
        if last is None or last[0] is not case:
            last = (case, test(case, row))
        return last[1]

    return remembered


def _compiled(condition: Condition | None, context: Context, otherwise: Truth) -> Test:
    match condition:
        case None:
            return lambda _case, _row: otherwise
        case Compare():
            return _compare(condition, context)
        case Recorded(field, expected):
            name, column = field.name, bool(field.table)
            return lambda case, row: recorded(name, row if column else case.fields, expected=expected)
        case Within():
            return _within(condition, context)
        case All() | Any():
            return _combination(condition, context)
        case Not(part):
            denied = compile_condition(part, context)
            return lambda case, row: _DENIED[denied(case, row)]
        case OverRows() | Count() | Covered():
            return _over_rows(condition, context)
        case _:
            assert_never(condition)


def recorded(name: str, among: Row, *, expected: bool) -> Truth:
    """Whether a value is recorded, or is not, as expected; unknown where what stands there is not known."""
    value = among.get(name)
    if value is None and name in among:
        return _UNKNOWN
    return _TRUE if (value is not None) is expected else _FALSE


def _compare(condition: Compare, context: Context) -> Test:
    holds, name, column = condition.operator.holds, condition.field.name, condition.field.table
    operand, other = condition.operand, supply(condition.operand, context)
    constant = operand.value if isinstance(operand, Literal) else None  # the commonest test by far, so it makes no call

    def test(case: Case, row: Row) -> Truth:
        value = row.get(name) if column else case.fields.get(name)
        against = other(case, row) if constant is None else constant
        if value is None or against is None:
            return _UNKNOWN
        return _TRUE if holds(value, against) else _FALSE

    return test


def _within(condition: Within, context: Context) -> Test:
    value, start = partial(field_value, condition.field), partial(field_value, condition.of)
    allowed, calendar = supply(condition.limit, context), context.calendar
    if condition.early is None:
        return lambda case, row: within(value(case, row), allowed(case, row), start(case, row), calendar)
    early = supply(condition.early, context)
    return lambda case, row: within_both_ends(
        value(case, row), early(case, row), allowed(case, row), start(case, row), calendar
    )


def _combination(condition: All | Any, context: Context) -> Test:
    """``all``, which one false part decides, or ``any``, which one true part does."""
    decisive, undecided = (_FALSE, _TRUE) if isinstance(condition, All) else (_TRUE, _FALSE)
    parts = [compile_condition(part, context) for part in condition.parts]

    def test(case: Case, row: Row) -> Truth:
        result = undecided
        for part in parts:
            value = part(case, row)
            if value is decisive:
                return value
            if value is _UNKNOWN:
                result = value
        return result

    return test


def _over_rows(condition: OverRows | Count | Covered, context: Context) -> Test:
    where, table = compile_condition(condition.where, context), condition.table
    if isinstance(condition, Count):
        return lambda case, _row: _rows_counted(condition, where, case)
    quantifier = condition.quantifier
    satisfies = _covered(condition) if isinstance(condition, Covered) else _satisfied(condition, context)
    passed_over = for_row(quantifier, _FALSE, _UNKNOWN)  # what it would have to satisfy is not asked

    def test(case: Case, _row: Row) -> Truth:
        rows = case.tables.get(table)
        if rows is None:
            return _UNKNOWN
        asked = satisfies(case)
        truths = (
            for_row(quantifier, chosen, asked(case, row)) if (chosen := where(case, row)) is not _FALSE else passed_over
            for row in rows
        )
        return over_rows(quantifier, truths)

    return test


def _satisfied(condition: OverRows, context: Context) -> Callable[[Case], Test]:
    test = compile_condition(condition.satisfies, context)
    return lambda _case: test


def _covered(condition: Covered) -> Callable[[Case], Test]:
    """What is asked of each row of a case, for all of which the other column is the same."""
    name, by = condition.field.name, condition.by

    def of_case(case: Case) -> Test:
        column = column_of(case, by)
        return lambda _case, row: covered(row.get(name), column)

    return of_case


def _rows_counted(condition: Count, where: Test, case: Case) -> Truth:
    rows = case.tables.get(condition.table)
    return _UNKNOWN if rows is None else counted(condition, [where(case, row) for row in rows])


def column_of(case: Case, field: Field) -> frozenset[Value | None] | None:
    """The values of a table's column, None among them if a row does not say; None for a table that is absent."""
    rows = case.tables.get(field.table)
    return None if rows is None else frozenset([row.get(field.name) for row in rows])


class Derivation:
    """Works out a derived field for one case, or row of it, after another; those that it names are there already."""

    def __init__(self, derived: DerivedField, context: Context) -> None:
        """Compile the conditions of its sources."""
        self.field = derived.field
        self._sources = [
            (one, compile_condition(one.when, context), None if one.plus is None else supply(one.plus, context))
            for one in derived.sources
        ]
        self._calendar = context.calendar

    def source(self, case: Case, row: Row) -> tuple[DerivedSource | None, Truth]:
        """The source that gives it; or that whose condition is not known, so that it may; or none, where none does."""
        source, reached, _ = self._reached(case, row)
        return source, reached

    def value(self, case: Case, row: Row) -> Row:
        """What it adds to the case or the row: itself, or None where it is not known; nothing if it is not recorded."""
        source, reached, allowed = self._reached(case, row)
        if source is None:
            return {}
        if reached is _UNKNOWN:
            return {self.field.name: None}
        value = source.value
        if source.field is not None:
            among, name = row if source.field.table else case.fields, source.field.name
            if name not in among:
                return {}
            value = among[name]
        if isinstance(value, date) and allowed is not None:
            value = self._last(value, allowed(case, row))
        return {self.field.name: value}

    def _reached(self, case: Case, row: Row) -> tuple[DerivedSource | None, Truth, Supply | None]:
        for source, test, allowed in self._sources:
            if (reached := test(case, row)) is not _FALSE:
                return source, reached, allowed
        return None, _FALSE, None

    def _last(self, start: date, allowed: object) -> date | None:
        """The last day within a length of time; None where that, or so far a calendar, is not known."""
        try:
            return self._calendar.deadline(start, allowed) if isinstance(allowed, Duration) else None
        except OutsideCalendarError:
            return None
