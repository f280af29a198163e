"""Engines that take a record at a time: ours, functions by hand, expression languages, and production rules.

Everything that a peer needs is put into the form it likes best before the clock starts: records as plain dictionaries
with dates as numbers, and the deadlines in working days worked out beforehand, which no peer could do.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import reduce
from itertools import product
from operator import mul
from typing import Any

import attrs
from by_hand import TEN
from peer_logic import OUTCOMES, CannotSayError, Dialect, Rules

from casescreen.evaluate.asking import Asker
from casescreen.evaluate.context import context_of
from casescreen.evaluate.deciding import decide
from casescreen.evaluate.inference import _DurableRules
from casescreen.evaluate.ruleset import Fact, Pattern, Rule
from casescreen.evaluate.screening import screen
from casescreen.model.case import Answer, Case, Caseload
from casescreen.model.condition import (
    All,
    Compare,
    Condition,
    Literal,
    Not,
    Operator,
    Recorded,
)
from casescreen.model.condition import Any as AnyOf
from casescreen.model.dictionary import Field, Kind, Value
from casescreen.model.duration import Duration, Unit
from casescreen.model.outcome import Basis, Outcome, ReadersAnswer
from casescreen.model.rulebook import Criterion, Rulebook

Counts = dict[str, dict[str, int]]
Record = dict[str, Any]
Run = Callable[[], Counts]
"""What is timed. Making it is not."""

SIGNS = {
    Operator.IS: "==",
    Operator.AT_LEAST: ">=",
    Operator.AT_MOST: "<=",
    Operator.MORE_THAN: ">",
    Operator.LESS_THAN: "<",
    Operator.BEFORE: "<",
    Operator.ON_OR_BEFORE: "<=",
    Operator.AFTER: ">",
    Operator.ON_OR_AFTER: ">=",
}
MOST_WAYS = 100
"""A criterion that more combinations of values than this decide is none for production rules."""


def named(name: str) -> str:
    """A name that every language takes for one."""
    return name.replace(".", "_").replace("-", "_")


def plain(value: Value) -> Value:
    """A date as the number of its day."""
    return value.toordinal() if isinstance(value, date) else value


class Expressions(Dialect[Any]):
    """What the expression languages have in common: operators between texts."""

    joint, disjoint, negation = " && ", " || ", "!"

    def __init__(self) -> None:
        self.limits: set[tuple[Field, int]] = set()

    def literal(self, value: Value) -> Any:
        return json.dumps(plain(value))

    def compares(self, operator: Operator, field: Field, other: Any) -> Any:
        return f"({self.value(field)} {SIGNS[operator]} {other})"

    def less(self, one: Any, other: Any) -> Any:
        return f"({one} < {other})"

    def every(self, parts: list[Any]) -> Any:
        return f"({self.joint.join(parts)})"

    def either(self, parts: list[Any]) -> Any:
        return f"({self.disjoint.join(parts)})"

    def no(self, part: Any) -> Any:
        return f"{self.negation}({part})"

    def when(self, test: Any, then: Any, other: Any) -> Any:
        return f"({test} ? {then} : {other})"

    def deadline(self, of: Field, days: int) -> Any:
        self.limits.add((of, days))
        return self.value(attrs.evolve(of, name=f"{of.name}_last_{days}"))


class Cel(Expressions):
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


class Zen(Expressions):
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


class JsonLogic(Expressions):
    """JSON Logic: operators are objects."""

    def literal(self, value: Value) -> Any:
        return plain(value)

    def value(self, field: Field) -> Any:
        return {"var": named(field.name)}

    def known(self, field: Field) -> Any:
        return {"!==": [self.value(field), None]}

    def compares(self, operator: Operator, field: Field, other: Any) -> Any:
        sign = "===" if operator is Operator.IS else SIGNS[operator]
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


def written(dialect: Expressions, rulebook: Rulebook, as_of: date) -> dict[str, Any]:
    """The code of the outcome of each criterion that the language has words for, and that is asked of the case."""
    rules, found = Rules[Any](dialect, rulebook, as_of), {}
    for criterion in rulebook.criteria:
        if criterion.per is None:
            try:
                found[criterion.id] = rules.code(rules.outcomes(criterion))
            except CannotSayError:
                continue
    return found


def records(cases: Sequence[Case], limits: set[tuple[Field, int]], rulebook: Rulebook) -> list[Record]:
    """The cases as plain dictionaries, with the deadlines that were asked for beside the dates."""
    return [_record(case, limits, rulebook) for case in cases]


def _record(case: Case, limits: set[tuple[Field, int]], rulebook: Rulebook) -> Record:
    def values(of: Mapping[str, Value], table: str) -> Record:
        found: Record = {named(name): plain(value) for name, value in of.items()}
        for field, days in limits:
            start = of.get(field.name)
            if field.table == table and isinstance(start, date):
                last = rulebook.calendar.deadline(start, Duration(days, Unit.WORKING_DAY))
                found[named(f"{field.name}_last_{days}")] = last.toordinal()
        return found

    said = {named(answer.criterion): answer.answer.value for answer in case.answers if not answer.item}
    tables = {name: [values(row, name) for row in rows] for name, rows in case.tables.items()}
    return {**values(case.fields, ""), **tables, "answers": said}


def counted(ids: Sequence[str], codes: Counter[tuple[int, int]]) -> Counts:
    """How many cases have each outcome."""
    found: Counts = {id_: {} for id_ in ids}
    for (number, code), count in sorted(codes.items()):
        found[ids[number]][OUTCOMES[code].value] = count
    return found


def ordinary(rulebook: Rulebook, cases: Sequence[Case], as_of: date) -> Run:
    """Ours, case by case: the outcome of every question, without reasons."""
    asker = Asker(rulebook, context_of(rulebook, as_of))

    def run() -> Counts:
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for case in cases:
            for asked in asker.ask(case):
                found[asked.criterion.id][decide(asked.standing).value] += 1
        return {id_: dict(counts) for id_, counts in found.items()}

    return run


def whole(rulebook: Rulebook, cases: Sequence[Case], as_of: date) -> Run:
    """Ours, case by case, with reasons and conclusions: what ``casescreen check`` does."""

    def run() -> Counts:
        rates = screen(rulebook, Caseload(tuple(cases), ""), as_of=as_of).rates
        return {
            one.criterion: {outcome.value: count for outcome, count in one.counts.items() if count} for one in rates
        }

    return run


def by_hand(rulebook: Rulebook, cases: Sequence[Case], as_of: date) -> Run:
    """Ten criteria as functions written by hand."""

    def run() -> Counts:
        found: Counts = {}
        for id_, function in TEN.items():
            outcomes = Counter(function(case, as_of, rulebook.calendar).value for case in cases)
            found[id_] = dict(outcomes)
        return found

    return run


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
    """cel-expr-python: one compiled expression that gives the outcomes of a case."""
    from cel_expr_python import cel as engine  # noqa: PLC0415 - measured only where it is installed

    dialect = Cel()
    codes = written(dialect, rulebook, as_of)
    env = engine.NewEnv(variables={"c": engine.Type.Map(engine.Type.STRING, engine.Type.DYN)})
    expression = env.compile(f"[{', '.join(codes.values())}]")
    data = records(cases, dialect.limits, rulebook)

    def run() -> Counts:
        found: Counter[tuple[int, int]] = Counter()
        for record in data:
            found.update(enumerate(expression.eval(data={"c": record}).plain_value()))
        return counted(list(codes), found)

    return run


Way = tuple[tuple[tuple[str, str], ...], Outcome]
"""Words of some fields, and the outcome that they come to."""


def decision_tables(rulebook: Rulebook, as_of: date) -> dict[str, list[Way]]:
    """For each criterion that the words of a few fields decide: every combination of them, with its outcome."""
    asker = Asker(rulebook, context_of(rulebook, as_of))
    found = {}
    for criterion in rulebook.criteria:
        fields = _fields(criterion)
        if fields is not None and reduce(mul, map(len, fields.values()), 1) <= MOST_WAYS:
            found[criterion.id] = [_way(asker, criterion, fields, values) for values in product(*fields.values())]
    return found


def _fields(criterion: Criterion) -> dict[str, list[Value | None]] | None:
    if criterion.per or criterion.due:
        return None
    found: dict[str, list[Value | None]] = {}
    try:
        for condition in (criterion.applies, criterion.met):
            if condition is not None:
                _read(condition, found)
    except CannotSayError:
        return None
    given = [None, *(answer.value for answer in ReadersAnswer if answer is not ReadersAnswer.NONE)]
    return {**found, criterion.id: given} if criterion.basis is Basis.JUDGEMENT else found


def _read(condition: Condition, found: dict[str, list[Value | None]]) -> None:
    match condition:
        case All(parts) | AnyOf(parts):
            for part in parts:
                _read(part, found)
        case Not(part):
            _read(part, found)
        case Recorded(field):
            found[field.name] = [None, date(2016, 1, 1)] if field.kind is Kind.DATE else [None, *_words(field)]
        case Compare(field, _, Literal()):
            found[field.name] = [None, *_words(field)]
        case _:
            raise CannotSayError(str(condition))


def _words(field: Field) -> list[Value]:
    if field.kind is Kind.YES_NO:
        return [True, False]
    if field.kind is Kind.CHOICE:
        return list(field.allowed)
    raise CannotSayError(field.full_name)


def _way(
    asker: Asker, criterion: Criterion, fields: Mapping[str, list[Value | None]], values: tuple[Value | None, ...]
) -> Way:
    said = dict(zip(fields, values, strict=True))
    given = said.get(criterion.id)
    answers = (Answer(criterion.id, ReadersAnswer(given), reason="."),) if given else ()
    case = Case("A", {name: value for name, value in said.items() if "." in name and value is not None}, {}, answers)
    (standing,) = [asked.standing for asked in asker.ask(case) if asked.criterion is criterion]
    return tuple((name, word(value)) for name, value in said.items()), decide(standing)


def word(value: Value | None) -> str:
    """A value as one word of letters, digits and underscores."""
    if isinstance(value, date):
        return "there"
    return "v_" + "".join(letter if letter.isalnum() else "_" for letter in str(value).lower())


def words_of(cases: Sequence[Case], tables: Mapping[str, list[Way]]) -> list[list[tuple[str, str]]]:
    """What the tables read of each case."""
    read = dict.fromkeys(name for ways in tables.values() for name, _ in ways[0][0])

    def words(case: Case) -> Iterator[tuple[str, str]]:
        given = {answer.criterion: answer.answer.value for answer in case.answers if not answer.item}
        for name in read:
            yield name, word(case.fields.get(name) if "." in name else given.get(name))

    return [list(words(case)) for case in cases]


def durable(rulebook: Rulebook, cases: Sequence[Case], as_of: date) -> Run:
    """durable-rules deciding alone: a rule for every combination of words, a fact for every word."""
    import durable_rules_engine  # noqa: F401, PLC0415 - measured only where it is installed

    tables = decision_tables(rulebook, as_of)
    rules = tuple(_rule(id_, way) for id_, ways in tables.items() for way in ways)
    engine = _DurableRules(rules)
    data = [[Fact("word", named(name), (one,)) for name, one in words] for words in words_of(cases, tables)]
    engine.fire(data[0])

    def run() -> Counts:
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for facts in data:
            for firing in engine.fire(facts):
                found[firing.states.kind][firing.states.values[0]] += 1
        return {id_: dict(counts) for id_, counts in found.items()}

    return run


def _rule(criterion: str, way: Way) -> Rule:
    words, outcome = way
    premises = tuple(Pattern("word", named(name), (one,)) for name, one in words)
    return Rule(
        "-".join([criterion, *(one for _, one in words)]), premises, Fact(criterion, criterion, (outcome.value,))
    )


def clips(rulebook: Rulebook, cases: Sequence[Case], as_of: date) -> Run:
    """clipspy: the same rules and facts in CLIPS.

    Facts go in as text and outcomes come out through a function. Through the package's own objects for facts, each case
    took longer than the one before, since CLIPS could not let go of them.
    """
    from clips import Environment  # noqa: PLC0415 - measured only where it is installed

    tables = decision_tables(rulebook, as_of)
    found: Counter[tuple[int, int]] = Counter()

    def outcome_is(criterion: int, code: int) -> None:
        found[criterion, code] += 1

    environment = Environment()
    environment.define_function(outcome_is)
    for number, ways in enumerate(tables.values()):
        for place, (words, outcome) in enumerate(ways):
            facts = " ".join(f"(word {named(name)} {one})" for name, one in words)
            then = f"(outcome_is {number} {OUTCOMES.index(outcome)})"
            environment.build(f"(defrule r{number}-{place} {facts} => {then})")
    data = ["".join(f"(word {named(name)} {one})" for name, one in words) for words in words_of(cases, tables)]

    def run() -> Counts:
        found.clear()
        for facts in data:
            environment.reset()
            environment.load_facts(facts)
            environment.run()
        return counted(list(tables), found)

    return run
