"""Expression languages: zen, JSON Logic and CEL, with one expression for the outcomes of a case."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain
from typing import Any, TypeVar

import attrs
from peer_formulas import Formulas
from peer_logic import OUTCOMES, SIGNS, CannotSayError, Dialect, Rules
from peer_records import Counts, Run, named

from casescreen.conditions.operators import IS
from casescreen.model.calendar import Duration
from casescreen.model.case import Case, Row
from casescreen.model.condition import Operator
from casescreen.model.dictionary import Field, Value
from casescreen.model.outcome import ReadersAnswer
from casescreen.model.rulebook import Criterion, Rulebook

Record = dict[str, Any]
T = TypeVar("T")
LONGEST_CEL = 99_000
"""CEL takes 100,000 characters; the rest is for commas."""
NOT_KNOWN = "_not_known"
"""What the name of a yes ends with that says of a derived field that it is not known."""


def plain(value: Value) -> Value:
    """A date as the number of its day."""
    return value.toordinal() if isinstance(value, date) else value


class WithDeadlines(Dialect[T]):
    """A language that is given deadlines, and notes which: no peer could work them out."""

    def __init__(self) -> None:
        self.limits: set[tuple[Field, Duration]] = set()

    def deadline(self, of: Field, allowed: Duration) -> T:
        self.limits.add((of, allowed))
        return self.value(attrs.evolve(of, name=name_of_deadline(of, allowed)))

    def unknown(self, field: Field) -> T:
        return self.known(attrs.evolve(field, name=f"{field.name}{NOT_KNOWN}"))


def name_of_deadline(of: Field, allowed: Duration) -> str:
    """What a deadline is called that stands beside its date."""
    return f"{of.name}_{'first' if allowed.count < 0 else 'last'}_{abs(allowed.count)}_{allowed.unit.name.lower()}"


class Texts(WithDeadlines[str], Formulas):
    """What CEL and zen have in common."""

    def literal(self, value: Value) -> str:
        return json.dumps(plain(value))


class Cel(Texts):
    """The Common Expression Language: ``has`` tells what is there, ``exists`` looks through rows."""

    def value(self, field: Field) -> str:
        return f"{'r' if field.table else 'c'}.{named(field.name)}"

    def known(self, field: Field) -> str:
        return f"has({self.value(field)})"

    def some(self, table: str, row: Any) -> str:
        return f"(has(c.{table}) && {f'c.{table}.exists(r, {row})' if row else f'size(c.{table}) > 0'})"

    def present(self, table: str) -> str:
        return f"has(c.{table})"

    def answered(self, criterion: Criterion, answer: ReadersAnswer) -> str:
        name = f"c.answers.{named(criterion.id)}"
        return f'(has({name}) && {name} == "{answer.value}")'

    def found(self, field: Field, by: Field) -> str:
        other = f"has(o.{by.name}) && o.{by.name} == {self.value(field)}"
        return f"(has(c.{by.table}) && c.{by.table}.exists(o, {other}))"


class Zen(Texts):
    """The expressions of GoRules' zen: what is not there is null, ``some`` looks through rows."""

    joint, disjoint, negation = " and ", " or ", "not "

    def value(self, field: Field) -> str:
        return f"{'#.' if field.table else ''}{named(field.name)}"

    def known(self, field: Field) -> str:
        return f"({self.value(field)} != null)"

    def some(self, table: str, row: Any) -> str:
        return f"({table} != null and {f'some({table}, {row})' if row else f'len({table}) > 0'})"

    def present(self, table: str) -> str:
        return f"({table} != null)"

    def answered(self, criterion: Criterion, answer: ReadersAnswer) -> str:
        return f'(answers.{named(criterion.id)} == "{answer.value}")'


class JsonLogic(WithDeadlines[Any]):
    """JSON Logic: operators are objects."""

    def literal(self, value: Value) -> Any:
        return plain(value)

    def value(self, field: Field) -> Any:
        from_row = self.table and not field.table
        return {"val": [[2], named(field.name)]} if from_row else {"var": named(field.name)}

    def known(self, field: Field) -> Any:
        return {"!==": [self.value(field), None]}

    def compares(self, operator: Operator, field: Field, other: Any) -> Any:
        sign = "===" if operator is IS else SIGNS[operator]
        return {sign: [self.value(field), other]}

    def less(self, one: Any, other: Any) -> Any:
        return {"<": [one, other]}

    def every(self, parts: list[Any]) -> Any:
        return {"and": parts}

    def either(self, parts: list[Any]) -> Any:
        return {"or": parts}

    def no(self, part: Any) -> Any:
        return {"!": [part]}

    def when(self, test: Any, then: Any, other: Any) -> Any:
        return {"if": [test, then, other]}

    def some(self, table: str, row: Any) -> Any:
        return {"some": [{"var": [table, []]}, True if row is None else row]}

    def present(self, table: str) -> Any:
        return {"!==": [{"var": table}, None]}

    def answered(self, criterion: Criterion, answer: ReadersAnswer) -> Any:
        return {"===": [{"var": f"answers.{named(criterion.id)}"}, answer.value]}


def written(dialect: WithDeadlines[Any], rulebook: Rulebook, as_of: date) -> dict[str, Any]:
    """The code of the outcome of each criterion that the language has words for, and that is asked of the case."""
    rules, found = Rules[Any](dialect, rulebook, as_of), {}
    for criterion in rulebook.criteria:
        if criterion.per is None:
            try:
                found[criterion.id] = rules.code(rules.outcomes(criterion))
            except CannotSayError:
                continue
    return found


def records(cases: Sequence[Case], limits: set[tuple[Field, Duration]], rulebook: Rulebook) -> list[Record]:
    """The cases as plain dictionaries, with the deadlines that were asked for beside the dates."""
    return [_record(case, limits, rulebook) for case in cases]


def _record(case: Case, limits: set[tuple[Field, Duration]], rulebook: Rulebook) -> Record:
    def values(of: Row, table: str) -> Record:
        found: Record = {named(name): plain(value) for name, value in of.items() if value is not None}
        found |= {named(f"{name}{NOT_KNOWN}"): True for name, value in of.items() if value is None}
        for field, allowed in limits:
            start = of.get(field.name)
            if field.table == table and isinstance(start, date):
                last = rulebook.calendar.deadline(start, allowed)
                found[named(name_of_deadline(field, allowed))] = last.toordinal()
        return found

    said = {named(answer.criterion): answer.answer.value for answer in case.answers if not answer.item}
    tables = {name: [values(row, name) for row in rows] for name, rows in case.tables.items()}
    return {**values(case.fields, ""), **tables, "answers": said}


def _short(codes: Iterable[str]) -> list[list[str]]:
    """The codes in order, in lists each of which CEL takes as one expression."""
    lists: list[list[str]] = [[]]
    for code in codes:
        if sum(map(len, lists[-1])) + len(code) > LONGEST_CEL:
            lists.append([])
        lists[-1].append(code)
    return lists


def counted(ids: Sequence[str], codes: Counter[tuple[int, int]]) -> Counts:
    """How many cases have each outcome."""
    found: Counts = {id_: {} for id_ in ids}
    for (number, code), count in sorted(codes.items()):
        found[ids[number]][OUTCOMES[code].value] = count
    return found


def zen(rulebook: Rulebook, cases: Sequence[Case], as_of: date) -> Run:
    """zen-engine: one compiled expression that gives the outcomes of a case."""
    import zen as engine  # noqa: PLC0415 - measured only where it is installed

    dialect = Zen()
    codes = written(dialect, rulebook, as_of)
    expression = engine.compile_expression(f"[{', '.join(codes.values())}]")
    data = records(cases, dialect.limits, rulebook)

    def run() -> Counts:
        found: Counter[tuple[int, int]] = Counter()
        for record in data:
            found.update((number, int(code)) for number, code in enumerate(expression.evaluate(record)))
        return counted(list(codes), found)

    return run


def datalogic(rulebook: Rulebook, cases: Sequence[Case], as_of: date) -> Run:
    """datalogic-py: one compiled JSON Logic rule that gives the outcomes of a case."""
    from datalogic_py import Engine  # noqa: PLC0415 - measured only where it is installed

    dialect = JsonLogic()
    codes = written(dialect, rulebook, as_of)
    rule = Engine().compile(json.dumps(list(codes.values())))
    data = records(cases, dialect.limits, rulebook)

    def run() -> Counts:
        found: Counter[tuple[int, int]] = Counter()
        for record in data:
            found.update(enumerate(rule.evaluate(record)))
        return counted(list(codes), found)

    return run


def cel(rulebook: Rulebook, cases: Sequence[Case], as_of: date) -> Run:
    """cel-expr-python: as few compiled expressions as its limit on their size allows, for the outcomes of a case."""
    from cel_expr_python import cel as engine  # noqa: PLC0415 - measured only where it is installed

    dialect = Cel()
    codes = written(dialect, rulebook, as_of)
    env = engine.NewEnv(variables={"c": engine.Type.Map(engine.Type.STRING, engine.Type.DYN)})
    expressions = [env.compile(f"[{', '.join(some)}]") for some in _short(codes.values())]
    data = records(cases, dialect.limits, rulebook)

    def run() -> Counts:
        found: Counter[tuple[int, int]] = Counter()
        for record in data:
            outcomes = (one.eval(data={"c": record}).plain_value() for one in expressions)
            found.update(enumerate(chain.from_iterable(outcomes)))
        return counted(list(codes), found)

    return run
