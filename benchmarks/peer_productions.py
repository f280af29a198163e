"""Production rules that decide alone: durable-rules and CLIPS, with a rule for each combination of words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import reduce
from itertools import product
from operator import mul

from peer_expressions import counted
from peer_logic import OUTCOMES, CannotSayError
from peer_records import Counts, Run, named

from casescreen.conditions.compiler import context_of
from casescreen.evaluate.criteria import CriteriaEvaluator
from casescreen.evaluate.inference.inferrer import _DurableRules
from casescreen.evaluate.inference.ruleset import Fact, Rule
from casescreen.model.case import Answer, Case
from casescreen.model.condition import All, Compare, Condition, Literal, Not, Recorded
from casescreen.model.condition import Any as AnyOf
from casescreen.model.dictionary import Field, Kind, Value
from casescreen.model.outcome import Basis, Outcome, ReadersAnswer, decide
from casescreen.model.rulebook import Criterion, Rulebook

MOST_WAYS = 100
"""A criterion that more combinations of values than this decide is none for production rules."""

Way = tuple[tuple[tuple[str, str], ...], Outcome]
"""Words of some fields, and the outcome that they come to."""


def decision_tables(rulebook: Rulebook, as_of: date) -> dict[str, list[Way]]:
    """For each criterion that the words of a few fields decide: every combination of them, with its outcome."""
    asker = CriteriaEvaluator(rulebook, context_of(rulebook, as_of))
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
        for condition in criterion.asked_where if criterion.met is None else (*criterion.asked_where, criterion.met):
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
    asker: CriteriaEvaluator,
    criterion: Criterion,
    fields: Mapping[str, list[Value | None]],
    values: tuple[Value | None, ...],
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
                found[firing.states.kind][str(firing.states.values[0])] += 1
        return {id_: dict(counts) for id_, counts in found.items()}

    return run


def _rule(criterion: str, way: Way) -> Rule:
    words, outcome = way
    premises = tuple(Fact("word", named(name), (one,)) for name, one in words)
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
