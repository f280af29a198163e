"""Three ways to infer, on generated conclusions and cases: durable-rules, plain chaining, and reading the rulebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import pytest
from attrs import evolve, frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casescreen.evaluate.inference.inferrer import Inference, inferrer
from casescreen.model.outcome import EVERY_STANDING, Outcome, Standing, decide
from casescreen.model.rulebook import (
    Concluded,
    ConclusionKind,
    ConclusionRule,
    FactIs,
    FlagIs,
    OutcomeIs,
    Premise,
    RateIn,
    Rulebook,
    Scope,
)

Concluding = Callable[..., Rulebook]
T = TypeVar("T")

CRITERIA = tuple(f"c{number}" for number in range(4))
FACTS = ("f0", "f1", "f2")
BANDS = ("high", "middle", "low", "too few")


def some_of(values: Iterable[T], least: int = 1) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(st.sampled_from(tuple(values)), min_size=least, max_size=4, unique=True).map(tuple)


criteria = st.sampled_from(CRITERIA)
on_case: st.SearchStrategy[Premise] = st.one_of(
    st.builds(OutcomeIs, criteria, some_of(Outcome)),
    st.builds(FlagIs, criteria, st.just("raised")),
    st.builds(FactIs, st.sampled_from(FACTS)),
)
on_group: st.SearchStrategy[Premise] = st.builds(RateIn, criteria, some_of(BANDS), st.sampled_from((0, 0, 1, 5, 10)))


@st.composite
def conclusions(draw: st.DrawFn, scope: Scope) -> tuple[ConclusionRule, ...]:
    """Up to eight, each resting on what is known and on any of those before it, and told in any order."""
    known = on_case if scope is Scope.CASE else on_group
    written: list[ConclusionRule] = []
    for number in range(draw(st.integers(1, 8))):
        others = st.sampled_from([Concluded(rule.id) for rule in written]) if written else st.nothing()
        premises = tuple(draw(st.lists(known | others, min_size=1, max_size=4)))
        kind = draw(st.sampled_from((ConclusionKind.PATTERN, ConclusionKind.ACTION)))
        rule = ConclusionRule(f"k{number}", scope, kind, "It holds.", draw(st.booleans()), premises)
        written.append(rule)
    return tuple(draw(st.permutations(written)))


@frozen
class Known:
    """What is known of a case."""

    standings: tuple[tuple[str, Standing], ...]
    facts: tuple[str, ...]
    flags: tuple[tuple[str, str], ...]
    is_open: bool


CASES = st.builds(
    Known,
    st.lists(st.tuples(criteria, st.sampled_from(EVERY_STANDING)), max_size=8).map(tuple),
    some_of(FACTS, 0),
    some_of([(criterion, "raised") for criterion in CRITERIA], 0),
    st.booleans(),
)
RATES = st.dictionaries(criteria, st.tuples(st.sampled_from(BANDS), st.sampled_from((0, 1, 4, 5, 9, 10, 11))))


def read(
    rules: tuple[ConclusionRule, ...], holds: Callable[[Premise], bool], *, actions: bool = True
) -> Mapping[str, tuple[Premise, ...]]:
    """Each conclusion that holds, by going through them as a reader would until there is nothing to add."""
    drawn: dict[str, tuple[Premise, ...]] = {}
    for _ in rules:
        for rule in rules:
            if rule.kind is ConclusionKind.ACTION and not actions:
                continue
            held = tuple(
                one for one in rule.premises if (one.conclusion in drawn if isinstance(one, Concluded) else holds(one))
            )
            if held and (len(held) == len(rule.premises) or not rule.every):
                drawn[rule.id] = tuple(dict.fromkeys(held))
    return drawn


def of_case(case: Known) -> Callable[[Premise], bool]:
    outcomes = {(criterion, decide(standing)) for criterion, standing in case.standings}

    def holds(premise: Premise) -> bool:
        match premise:
            case OutcomeIs(criterion, wanted):
                return any((criterion, outcome) in outcomes for outcome in wanted)
            case FactIs(fact):
                return fact in case.facts
            case FlagIs(criterion, flag):
                return (criterion, flag) in case.flags
            case _:
                raise AssertionError(premise)

    return holds


def of_group(rates: Mapping[str, tuple[str, int]]) -> Callable[[Premise], bool]:
    def holds(premise: Premise) -> bool:
        assert isinstance(premise, RateIn)
        band, cases = rates.get(premise.criterion, ("", 0))
        return band in premise.bands and cases >= premise.minimum

    return holds


@pytest.fixture(params=["plain", "durable-rules"], scope="module")
def engine(request: pytest.FixtureRequest) -> str:
    if request.param == "durable-rules":
        pytest.importorskip("durable_rules_engine", reason="durable-rules is not installed here")
    return str(request.param)


# What durable-rules builds for a rulebook it never frees, so each rulebook is tried on several cases.
few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@few
@given(
    rules=conclusions(Scope.CASE),
    cases=st.lists(CASES, min_size=1, max_size=6),
    open_cases=st.sampled_from(("", FACTS[0])),
)
def test_inference_on_a_case_is_what_the_rulebook_says(
    rules: tuple[ConclusionRule, ...], cases: list[Known], open_cases: str, engine: str, concluding: Concluding
) -> None:
    """Outcomes are those of the outcome table, and conclusions those that a reader of the rulebook would draw."""
    infer = inferrer(evolve(concluding(*rules), open_cases=open_cases), engine)  # type: ignore[arg-type]
    for case in cases:
        drawn = infer.on_case(case.standings, case.facts, case.flags, is_open=case.is_open)
        outcomes = {pair: decide(pair[1]) for pair in case.standings}
        actions = case.is_open or not open_cases
        assert drawn == Inference(outcomes, read(rules, of_case(case), actions=actions))
        assert list(drawn.outcomes) == list(outcomes)
        assert list(drawn.conclusions) == [rule.id for rule in rules if rule.id in drawn.conclusions]


@few
@given(rules=conclusions(Scope.SAMPLE), groups=st.lists(RATES, min_size=1, max_size=6))
def test_inference_on_a_group_is_what_the_rulebook_says(
    rules: tuple[ConclusionRule, ...], groups: list[dict[str, tuple[str, int]]], engine: str, concluding: Concluding
) -> None:
    """Conclusions on a group are those that a reader of the rulebook would draw from its rates."""
    infer = inferrer(concluding(*rules), engine)  # type: ignore[arg-type]
    for rates in groups:
        bands, cases = ({criterion: one[n] for criterion, one in rates.items()} for n in (0, 1))
        drawn = infer.on_group(Scope.SAMPLE, bands, cases)  # type: ignore[arg-type]
        assert drawn == Inference({}, read(rules, of_group(rates)))
