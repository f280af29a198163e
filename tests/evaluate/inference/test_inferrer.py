"""Inference by either engine, and the walls around durable-rules."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

import pytest

from casescreen.evaluate.inference.inferrer import DURABLE, PLAIN, Engine, Inference, Inferrer, _durable, inferrer
from casescreen.model.outcome import EVERY_STANDING, Outcome, Standing, decide
from casescreen.model.problem import CasescreenError, InternalFaultError
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

NOT_MET, MET = (
    next(standing for standing in EVERY_STANDING if decide(standing) is outcome)
    for outcome in (Outcome.NOT_MET, Outcome.MET)
)
FAILED = OutcomeIs("c0", (Outcome.NOT_MET,))


@pytest.fixture(params=["plain", "durable-rules"])
def engine(request: pytest.FixtureRequest) -> Engine:
    if request.param == "durable-rules":
        request.getfixturevalue("durable")
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def durable() -> ModuleType:
    module: ModuleType = pytest.importorskip("durable_rules_engine", reason="durable-rules is not installed here")
    return module


def conclusion(id_: str, *premises: Premise, on: Scope = Scope.CASE, every: bool = True) -> ConclusionRule:
    return ConclusionRule(id_, on, ConclusionKind.ACTION, f"{id_} holds.", every, premises)


def on_case(
    infer: Inferrer,
    *standings: tuple[str, Standing],
    facts: Iterable[str] = (),
    flags: Iterable[tuple[str, str]] = (),
) -> Inference:
    return infer.on_case(standings, facts, flags)


def test_every_standing_has_the_outcome_of_the_table(engine: Engine, concluding: Concluding) -> None:
    """Each engine gives each of the 288 standings the outcome that the table gives it, also all in one case."""
    infer = inferrer(concluding(), engine)
    pairs = [(criterion, standing) for standing in EVERY_STANDING for criterion in ("c0", "c1")]
    expected = {pair: decide(pair[1]) for pair in pairs}
    assert dict(on_case(infer, *pairs).outcomes) == expected
    assert {pair: on_case(infer, pair).outcomes[pair] for pair in pairs} == expected


def test_conclusions_rest_on_their_premises(engine: Engine, concluding: Concluding) -> None:
    """A conclusion that holds comes with all the premises that it needs, in the rule's order."""
    premises = (FlagIs("c1", "raised"), FAILED, FactIs("f0"))
    infer = inferrer(concluding(conclusion("k", *premises)), engine)
    known = on_case(infer, ("c0", NOT_MET), facts=["f0"], flags=[("c1", "raised")])
    assert known.conclusions == {"k": premises}
    assert on_case(infer, ("c0", NOT_MET), facts=["f0"]).conclusions == {}
    assert on_case(infer, ("c0", MET), facts=["f0"], flags=[("c1", "raised")]).conclusions == {}
    assert on_case(infer, ("c1", NOT_MET), facts=["f0"], flags=[("c0", "raised")]).conclusions == {}


def test_alternatives_are_gathered(engine: Engine, concluding: Concluding) -> None:
    """A conclusion that needs one of its premises comes with every one that holds, in the rule's order."""
    infer = inferrer(concluding(conclusion("k", FactIs("f2"), FactIs("f0"), FactIs("f1"), every=False)), engine)
    assert on_case(infer, facts=["f1", "f2"]).conclusions == {"k": (FactIs("f2"), FactIs("f1"))}
    assert on_case(infer).conclusions == {}


def test_conclusions_chain(engine: Engine, concluding: Concluding) -> None:
    """A conclusion may rest on others, whichever stands first; they are given in the rulebook's order."""
    rules = (conclusion("k", Concluded("l")), conclusion("l", Concluded("m"), FactIs("f0")), conclusion("m", FAILED))
    infer = inferrer(concluding(*rules), engine)
    assert list(on_case(infer, ("c0", NOT_MET), facts=["f0"]).conclusions) == ["k", "l", "m"]
    assert list(on_case(infer, ("c0", NOT_MET)).conclusions) == ["m"]


def test_one_of_several_outcomes_is_enough(engine: Engine, concluding: Concluding) -> None:
    """A premise with a list of outcomes holds for each of them; several findings that fit make it hold once."""
    either = OutcomeIs("c0", (Outcome.MET, Outcome.NOT_MET))
    infer = inferrer(concluding(conclusion("k", either, either, FactIs("f0"))), engine)
    for standings in ([MET], [NOT_MET], [MET, NOT_MET]):
        known = on_case(infer, *(("c0", standing) for standing in standings), facts=["f0"])
        assert known.conclusions == {"k": (either, FactIs("f0"))}
        assert len(known.outcomes) == len(standings)
    assert on_case(infer, ("c1", MET), facts=["f0"]).conclusions == {}


@pytest.mark.parametrize("premises", [16, 17, 300])
def test_a_conclusion_may_have_many_premises(premises: int, engine: Engine, concluding: Concluding) -> None:
    """Beyond what one rule can join, a conclusion still needs every single premise."""
    names = [f"f{number}" for number in range(premises)]
    infer = inferrer(concluding(conclusion("k", *map(FactIs, names)), facts=premises), engine)
    assert on_case(infer, facts=names).conclusions == {"k": tuple(map(FactIs, names))}
    for missing in (0, premises // 2, premises - 1):
        assert on_case(infer, facts=[name for name in names if name != names[missing]]).conclusions == {}


def test_as_many_conclusions_as_are_let_in(engine: Engine, concluding: Concluding) -> None:
    """At the limit of conclusions that share a premise, every one is drawn."""
    infer = inferrer(concluding(*(conclusion(f"k{number}", FAILED) for number in range(255))), engine)
    assert len(on_case(infer, ("c0", NOT_MET)).conclusions) == 255


def test_as_many_things_as_are_let_in(engine: Engine, concluding: Concluding) -> None:
    """At the limit of different facts that conclusions name, each draws its own."""
    rules = (conclusion(f"k{number}", FactIs(f"f{number}")) for number in range(500))
    infer = inferrer(concluding(*rules, facts=500), engine)
    assert len(on_case(infer, facts=[f"f{number}" for number in range(500)]).conclusions) == 500
    assert list(on_case(infer, facts=["f499"]).conclusions) == ["k499"]


def test_order_and_repeats_do_not_matter(engine: Engine, concluding: Concluding) -> None:
    """The same things told in another order, or twice, give the same."""
    rules = (conclusion("k", FAILED, FactIs("f0")), conclusion("l", FactIs("f1"), Concluded("k"), every=False))
    infer = inferrer(concluding(*rules), engine)
    standings = [("c0", NOT_MET), ("c0", MET), ("c1", MET)]
    once = on_case(infer, *standings, facts=["f0", "f1"])
    again = on_case(infer, *reversed(standings), *standings, facts=["f1", "f0", "f1"])
    assert once == again
    assert list(once.conclusions.items()) == list(again.conclusions.items())


def test_one_case_leaves_nothing_for_the_next(engine: Engine, concluding: Concluding) -> None:
    """What is known of one case is not known of the next, nor of a case of which nothing is known."""
    infer = inferrer(concluding(conclusion("k", FactIs("f0"), FactIs("f1"))), engine)
    assert on_case(infer, ("c0", MET), facts=["f0"]).conclusions == {}
    assert on_case(infer, facts=["f1"]) == Inference({}, {})
    assert on_case(infer) == Inference({}, {})
    assert len(on_case(infer, facts=["f0", "f1"]).conclusions) == 1


@pytest.mark.parametrize("scope", [Scope.SAMPLE, Scope.MANAGER, Scope.TEAM])
def test_groups_have_their_own_conclusions(scope: Scope, engine: Engine, concluding: Concluding) -> None:
    """A conclusion on a group follows from its rates and its other conclusions, and on no other scope."""
    weak, few = RateIn("c0", ("low", "middle")), RateIn("c1", ("too few",))
    rules = (conclusion("k", weak, on=scope), conclusion("l", Concluded("k"), few, on=scope))
    infer = inferrer(concluding(*rules), engine)
    assert infer.on_group(scope, {"c0": "low", "c1": "too few"}, {}) == Inference(
        {}, {"k": (weak,), "l": rules[1].premises}
    )
    assert infer.on_group(scope, {"c0": "middle", "c1": "high"}, {}).conclusions == {"k": (weak,)}
    assert infer.on_group(scope, {"c0": "high", "c1": "too few"}, {}).conclusions == {}
    for other in (Scope.SAMPLE, Scope.MANAGER, Scope.TEAM):
        if other is not scope:
            assert infer.on_group(other, {"c0": "low", "c1": "too few"}, {}).conclusions == {}


def test_the_engine_is_named(durable: ModuleType, concluding: Concluding) -> None:
    """An inferrer says what it infers with, and durable-rules is taken where it is installed."""
    assert durable
    assert inferrer(concluding()).name == inferrer(concluding(), "durable-rules").name == DURABLE
    assert inferrer(concluding(), "plain").name == PLAIN


def test_without_durable_rules_plain_takes_its_place(monkeypatch: pytest.MonkeyPatch, concluding: Concluding) -> None:
    """Where durable-rules is not installed plain forward chaining infers, unless durable-rules is asked for by name."""
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    infer = inferrer(concluding(conclusion("k", FAILED)))
    assert infer.name == PLAIN
    assert on_case(infer, ("c0", NOT_MET)).conclusions == {"k": (FAILED,)}
    with pytest.raises(CasescreenError, match=r"not installed here(.|\n)*What to do: leave the engine to be chosen"):
        inferrer(concluding(), "durable-rules")


def test_the_installed_release_is_the_one_named(durable: ModuleType) -> None:
    """The name in reports is that of the release that is installed."""
    from importlib.metadata import version  # noqa: PLC0415 - only where there is one

    assert durable
    assert f"durable-rules {version('durable-rules')}" == DURABLE


def test_plain_never_loads_durable_rules(monkeypatch: pytest.MonkeyPatch, concluding: Concluding) -> None:
    """Asking for plain forward chaining does not touch durable-rules."""
    monkeypatch.delitem(sys.modules, "durable_rules_engine", raising=False)
    on_case(inferrer(concluding(conclusion("k", FAILED)), "plain"), ("c0", NOT_MET))
    assert "durable_rules_engine" not in sys.modules


class Watched:
    """The compiled engine, with something done before a call, and the calls counted."""

    def __init__(self, module: ModuleType) -> None:
        self.module, self.error = module, module.error
        self.calls: Counter[str] = Counter()
        self.texts: list[str] = []
        self.before: Callable[[str], None] = lambda _: None

    def __getattr__(self, name: str) -> Callable[..., object]:
        def call(*arguments: Any) -> object:  # noqa: ANN401 - whatever the engine takes
            self.calls[name] += 1
            self.texts.extend(one for one in arguments if isinstance(one, str))
            self.before(name)
            return getattr(self.module, name)(*arguments)

        return call


@pytest.fixture
def watched(durable: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    watching = Watched(durable)
    monkeypatch.setitem(sys.modules, "durable_rules_engine", watching)
    _durable.cache_clear()  # so that the ruleset is built with what watches
    yield watching
    _durable.cache_clear()  # and no other test meets it


def test_the_engine_runs_once_for_cases_that_are_alike(watched: Watched, concluding: Concluding) -> None:
    """For a standing that is new, and for premises that are new together, and each time from nothing."""
    infer = inferrer(concluding(conclusion("k", FAILED)), "durable-rules")
    for _ in range(3):
        on_case(infer, ("c0", NOT_MET))
    assert watched.calls["delete_state"] == watched.calls["assert_facts"] - 1 == 3  # the first of them to warm up
    assert watched.calls["create_ruleset"] == 1
    assert set(watched.calls) == {
        "create_ruleset", "assert_facts", "start_action_for_state", "complete_and_start_action", "delete_state",
    }  # fmt: skip


def test_the_same_rules_are_built_once(watched: Watched, concluding: Concluding) -> None:
    """Inferrers over the same conclusions share one ruleset, since none that is built is ever freed."""
    for _ in range(3):
        infer = inferrer(concluding(conclusion("k", FAILED)), "durable-rules")
        assert on_case(infer, ("c0", NOT_MET)).conclusions
    assert watched.calls["create_ruleset"] == 1


def test_a_scope_without_conclusions_costs_nothing(watched: Watched, concluding: Concluding) -> None:
    """No ruleset is built for a scope that concludes nothing, nor before it is used."""
    infer = inferrer(concluding(), "durable-rules")
    assert infer.on_group(Scope.TEAM, {"c0": "low"}, {}) == Inference({}, {})
    assert not watched.calls


def test_nothing_of_a_case_or_rulebook_reaches_the_engine(watched: Watched, concluding: Concluding) -> None:
    """Only identifiers of ours are handed over, in plain ASCII."""
    name = 'k"}\x00 $s'
    infer = inferrer(concluding(conclusion(name, FAILED), conclusion("l", Concluded(name))), "durable-rules")
    assert list(on_case(infer, ("c0", NOT_MET)).conclusions) == [name, "l"]
    assert all(text.isascii() and "\\" not in text and name not in text for text in watched.texts)


@pytest.mark.parametrize(
    "stage", ["assert_facts", "start_action_for_state", "complete_and_start_action", "delete_state"]
)
@pytest.mark.parametrize("call", range(3))
def test_a_run_broken_off_leaves_nothing(stage: str, call: int, watched: Watched, concluding: Concluding) -> None:
    """Ctrl-C comes through at once, and the next case is inferred as if there had been no other."""
    infer = inferrer(concluding(conclusion("k", FAILED, FactIs("f0"))), "durable-rules")
    on_case(infer)

    def break_off(name: str) -> None:
        if name == stage and watched.calls[name] - before[name] > call:
            raise KeyboardInterrupt

    before = watched.calls.copy()
    watched.before = break_off
    try:
        on_case(infer, ("c0", NOT_MET), ("c1", NOT_MET))
    except KeyboardInterrupt:
        watched.calls["broken off"] = 1
    watched.before = lambda _: None
    assert watched.calls["broken off"] or call >= 1  # not every call is made as often
    assert on_case(infer, ("c1", MET), facts=["f0"]) == Inference({("c1", MET): Outcome.MET}, {})
    assert on_case(infer, ("c0", NOT_MET), facts=["f0"]).conclusions


def test_what_goes_wrong_in_the_engine_is_a_fault_of_ours(watched: Watched, concluding: Concluding) -> None:
    """An error of durable-rules, or facts that it does not take, is told as an internal fault and not swallowed."""
    infer = inferrer(concluding(conclusion("k", FAILED)), "durable-rules")
    on_case(infer)

    def fail(name: str) -> None:
        if name == "complete_and_start_action":
            raise watched.error("Could not start action, error code: 304")

    watched.before = fail
    with pytest.raises(InternalFaultError, match="error code: 304"):
        on_case(infer, ("c0", NOT_MET))
    watched.before = lambda _: None
    assert on_case(infer, ("c0", NOT_MET)).conclusions


def test_facts_that_are_not_taken_are_a_fault_of_ours(watched: Watched, concluding: Concluding) -> None:
    """If durable-rules says that it has seen a fact before, the run stops: something would be missing."""
    infer = inferrer(concluding(conclusion("k", FAILED)), "durable-rules")
    on_case(infer)
    watched.assert_facts = lambda *_: (2, 1)  # type: ignore[attr-defined]
    with pytest.raises(InternalFaultError, match="did not take the facts: 2"):
        on_case(infer, ("c0", NOT_MET))


@pytest.mark.parametrize(
    "stage",
    ["create_ruleset", "assert_facts", "start_action_for_state", "complete_and_start_action", "delete_state"],
)
def test_a_beginning_broken_off_is_begun_again(stage: str, watched: Watched, concluding: Concluding) -> None:
    """Ctrl-C while the engine is being set up comes through, and the next case sets it up anew."""
    infer = inferrer(concluding(conclusion("k", FAILED)), "durable-rules")

    def break_off(name: str) -> None:
        if name == stage:
            raise KeyboardInterrupt

    watched.before = break_off
    with pytest.raises(KeyboardInterrupt):
        on_case(infer, ("c0", NOT_MET))
    watched.before = lambda _: None
    assert on_case(infer, ("c0", NOT_MET)).conclusions


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_process_builds_its_own(watched: Watched, concluding: Concluding) -> None:
    """A process that forks off in the midst of another thread's case infers as if alone."""
    infer = inferrer(concluding(conclusion("k", FAILED, FactIs("f0"))), "durable-rules")
    on_case(infer)
    statuses: list[int] = []

    def fork() -> None:
        child = os.fork()
        if not child:
            signal.alarm(20)  # rather die than wait for a lock that nobody holds
            known = on_case(infer, ("c0", NOT_MET)), on_case(infer, ("c0", NOT_MET), facts=["f0"])
            os._exit([len(one.conclusions) for one in known] != [0, 1])
        statuses.append(os.waitpid(child, 0)[1])

    def in_another_thread(name: str) -> None:
        if name == "complete_and_start_action":
            watched.before = lambda _: None
            thread = threading.Thread(target=fork)
            thread.start()
            thread.join()

    watched.before = in_another_thread
    assert on_case(infer, ("c0", NOT_MET), facts=["f0"]).conclusions
    assert statuses == [0]


def test_threads_share_an_inferrer(engine: Engine, concluding: Concluding) -> None:
    """Cases inferred in several threads at once do not mix, and the engine starts no thread of its own."""
    infer = inferrer(concluding(conclusion("k", FAILED, FactIs("f0"))), engine)

    def check(number: int) -> bool:
        standing, facts = (NOT_MET if number % 2 else MET), (["f0"] if number % 3 else [])
        holds = number % 2 and number % 3
        return bool(on_case(infer, ("c0", standing), facts=facts).conclusions) == bool(holds)

    before = threading.active_count()
    with ThreadPoolExecutor(4) as pool:  # the first cases race to build the ruleset
        assert all(pool.map(check, range(400)))
    assert threading.active_count() == before
