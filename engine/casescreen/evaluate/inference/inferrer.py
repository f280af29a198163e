"""Inference: outcomes and conclusions drawn by durable-rules, or by plain forward chaining where it is missing."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache, lru_cache
from threading import Lock
from typing import Any, Literal

from attrs import frozen

from casescreen.evaluate.inference.ruleset import Fact, FactVocabulary, Firing, Rule, ruleset
from casescreen.model.outcome import Outcome, Standing
from casescreen.model.problem import CasescreenError, InternalFaultError
from casescreen.model.rulebook import Premise, Rulebook, Scope

Engine = Literal["auto", "durable-rules", "plain", "bulk"]

PLAIN = "plain forward chaining"
DURABLE = "durable-rules 2.0.28"  # the one release that pyproject.toml admits; asking the installation takes 40 ms


@frozen
class Inference:
    """What the rules gave.

    Attributes:
        outcomes: for every distinct criterion and standing that was given.
        conclusions: those that hold, in the rulebook's order, each with the premises it fired on, in the rule's order.
    """

    outcomes: Mapping[tuple[str, Standing], Outcome]
    conclusions: Mapping[str, tuple[Premise, ...]]


def inferrer(rulebook: Rulebook, engine: Engine = "auto") -> Inferrer:
    """Something that draws the rulebook's outcomes and conclusions.

    Args:
        rulebook: whose conclusions to draw.
        engine: "auto" is durable-rules where it is installed, else plain forward chaining; they give the same.
            "bulk" is the same: it is about outcomes, which are worked out elsewhere.

    Raises:
        CasescreenError: durable-rules was asked for and is not installed, or there are too many conclusions.
    """
    if engine == "plain" or (engine != "durable-rules" and not _durable_is_installed()):
        return Inferrer(rulebook, PLAIN, ForwardChaining)
    if not _durable_is_installed():
        raise CasescreenError(
            "durable-rules was asked for, and it is not installed here.",
            why="nothing else can stand in for it when it is asked for by name.",
            advice="leave the engine to be chosen, and plain forward chaining gives the same results;"
            " or install durable-rules 2.0.28, which needs Python 3.12 or earlier and a C compiler.",
        )
    return Inferrer(rulebook, DURABLE, _durable)


_MOST_KNOWN = 10_000  # what follows from more different cases than these is inferred anew


class Inferrer:
    """Draws what follows from what is known of a case or of a group of cases.

    It says what is known in facts, lets an engine fire the rules on them, and reads what fired. What fires on a
    standing does not depend on what else holds, and a case's conclusions depend only on the facts that they rest on.
    Both are a closed vocabulary, so what was inferred for one case serves all that are like it.

    Attributes:
        name: the engine, in words for a report.
    """

    def __init__(
        self, rulebook: Rulebook, name: str, chaining: Callable[[tuple[Rule, ...]], ForwardChaining | _DurableRules]
    ) -> None:
        """Write the rules for each scope, and give them to the engine."""
        self.name = name
        self._vocabulary = FactVocabulary(rulebook)
        self._rulesets = {scope: ruleset(rulebook, scope, self._vocabulary) for scope in Scope}
        self._chaining = {scope: chaining(rules.rules) for scope, rules in self._rulesets.items()}
        rules = self._rulesets[Scope.CASE]
        self._premises = {one for rule in rules.rules if rule.id not in rules.outcomes for one in rule.premises}
        self._fired: dict[tuple[str, Standing], Firing | None] = {}
        self._follows = lru_cache(_MOST_KNOWN)(self._infer)

    def on_case(
        self,
        standings: Iterable[tuple[str, Standing]],
        facts: Iterable[str],
        flags: Iterable[tuple[str, str]],
        *,
        is_open: bool = True,
    ) -> Inference:
        """What follows for a case.

        Args:
            standings: each finding's criterion and standing.
            facts: the named facts that are true.
            flags: the flags that are raised, each with its criterion.
            is_open: whether the case is not closed: of one that is, no action is concluded.
        """
        pairs = dict.fromkeys(standings)
        rules, vocabulary = self._rulesets[Scope.CASE], self._vocabulary
        if new := {vocabulary.standing(*pair): pair for pair in pairs if pair not in self._fired}:
            fired: dict[tuple[str, Standing], Firing | None] = dict.fromkeys(new.values())
            for firing in self._chaining[Scope.CASE].fire(new):
                if firing.rule.id in rules.outcomes:
                    fired[new[firing.on]] = firing
            self._fired.update(fired)
        outcomes, known = {}, []
        for pair in pairs:
            if (decided := self._fired[pair]) is not None:
                outcomes[pair] = rules.outcomes[decided.rule.id]
                known.append(decided.states)
        known += map(vocabulary.facts.__getitem__, facts)
        known += map(vocabulary.flags.__getitem__, flags)
        known += [vocabulary.is_open] if is_open else []
        premises = dict.fromkeys(filter(self._premises.__contains__, known))
        return Inference(outcomes, self._follows(Scope.CASE, tuple(premises)))

    def on_group(self, scope: Scope, bands: Mapping[str, str], cases: Mapping[str, int]) -> Inference:
        """What follows for the sample, a manager or a team.

        Args:
            scope: which of them it is.
            bands: the band of the rate of each criterion.
            cases: the number of known cases that each of these rates rests on.
        """
        known = [self._vocabulary.rates[of] for of in bands.items()]
        enough = self._vocabulary.enough.items()
        known += [fact for (criterion, least), fact in enough if cases.get(criterion, 0) >= least]
        return Inference({}, self._follows(scope, tuple(known)))

    def _infer(self, scope: Scope, known: tuple[Fact, ...]) -> Mapping[str, tuple[Premise, ...]]:
        """The conclusions that follow from what is known, in the rulebook's order."""
        fired = {firing.rule.id for firing in self._chaining[scope].fire(known)}
        drawn: dict[str, tuple[Premise, ...]] = {}
        for rule, (conclusion, premises) in self._rulesets[scope].draws.items():
            if rule in fired:
                drawn[conclusion] = tuple(dict.fromkeys((*drawn.get(conclusion, ()), *premises)))
        return drawn


def _durable_is_installed() -> bool:
    try:
        import durable_rules_engine  # noqa: F401, PLC0415 - it is loaded only where it is used
    except ImportError:
        return False
    return True


@cache
def _durable(rules: tuple[Rule, ...]) -> _DurableRules:
    """One ruleset for the same rules, however often they are asked for: what durable-rules builds it never frees."""
    return _DurableRules(rules)


class ForwardChaining:
    """Fires every rule whose premises hold, until nothing new does."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        """Find the rules that each fact can help to fire."""
        self._waiting: dict[str, int] = {}
        self._open: dict[str, list[Rule]] = defaultdict(list)
        self._exact: dict[Fact, list[Rule]] = defaultdict(list)
        for rule in rules:
            self._waiting[rule.id] = len(rule.premises)
            for premise in rule.premises:
                if premise.key is None:
                    self._open[premise.kind].append(rule)
                else:
                    self._exact[premise].append(rule)

    def fire(self, facts: Iterable[Fact]) -> list[Firing]:
        """Every rule that fires on these facts and on what follows from them, once for each way that it does."""
        waiting = self._waiting.copy()
        known = dict.fromkeys(facts)
        agenda, firings = list(known), list[Firing]()
        for fact in agenda:  # it grows as it is read
            fired = [Firing(rule, fact) for rule in self._open.get(fact.kind, ()) if rule.premises[0].matches(fact)]
            for rule in self._exact.get(fact, ()):
                waiting[rule.id] -= 1
                if not waiting[rule.id]:
                    fired.append(Firing(rule, rule.premises[0]))
            for firing in fired:
                if firing.states not in known:
                    known[firing.states] = None
                    agenda.append(firing.states)
            firings += fired
        return firings


_SENTINEL = Rule("first", (Fact("first", "x"),), Fact("first", "x"))  # states what it rests on: nothing follows
_STATE = "0"  # what durable-rules calls the state of facts that name none
# What one run takes, amply. To have had so much once and given it back lets glibc keep it between runs;
# else it hands the top of the heap to the system after each, and fetching it anew takes longer than the rules do.
_ROOM = 8_000_000


class _DurableRules:
    """Rules that durable-rules fires, within the walls that it is known to be right in.

    Its compiled engine is driven here, and not through its Python classes. Those start timer threads, swallow what
    goes wrong, and take a rule for unfinished, and drop every rule after it, when ten seconds pass on the clock while
    it runs, as they do when a laptop sleeps.

    Facts are only ever asserted, under ids with different 32-bit hashes, since it compares ids by those alone. All
    belong to one state, which is deleted after each run; a sentinel fires first, because deleting a state in which
    nothing ever fired frees memory that was never set.
    """

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._rules = {rule.id: rule for rule in (_SENTINEL, *rules)}
        self._asked = {premise for rule in self._rules.values() for premise in rule.premises}
        self._open = {premise.kind for premise in self._asked if premise.key is None}
        self._facts: dict[str, Fact] = {}
        self._ids = distinct_ids()
        # What can be said and what can fire are a closed vocabulary, so these stop growing.
        self._written, self._firing = cache(self._write), cache(self._read)
        self._begin_anew()
        os.register_at_fork(after_in_child=self._begin_anew)

    def _begin_anew(self) -> None:
        """Have nothing built, as in a forked process: what the parent built may be in the midst of a run."""
        self._lock, self._built, self._running = Lock(), False, False

    def fire(self, facts: Iterable[Fact]) -> list[Firing]:
        """Every rule that fires on these facts and on what follows from them, once for each way that it does."""
        if len(self._rules) == 1:  # the sentinel
            return []
        with self._lock:
            if not self._built:
                self._build()
            try:
                return self._run_alone(facts)
            except self._engine.error as error:
                raise InternalFaultError(f"durable-rules stopped: {error}") from error

    def _build(self) -> None:
        import durable_rules_engine  # noqa: PLC0415 - as above

        self._engine: Any = durable_rules_engine
        bytes(_ROOM)
        self._handle = self._engine.create_ruleset("casescreen", json.dumps(definition(self._rules.values())))
        self._run_alone(())  # from here on a state can be deleted whether or not anything fired in it
        self._built = True

    def _run_alone(self, facts: Iterable[Fact]) -> list[Firing]:
        if self._running:  # a run was broken off, as by Ctrl-C; there is no state if that was at its beginning or end
            with suppress(self._engine.error):
                self._engine.delete_state(self._handle, _STATE)
        self._running = True
        _, *firings = self._run(facts)  # the first is the sentinel's
        self._engine.delete_state(self._handle, _STATE)
        self._running = False
        return firings

    def _run(self, facts: Iterable[Fact]) -> Iterator[Firing]:
        known = dict.fromkeys((_SENTINEL.then, *facts))
        new = known.copy()
        # Only facts that some rule asks for are asserted.
        while batch := [text for text in map(self._written, new) if text]:
            fired = self._fired(batch)
            new = dict.fromkeys(firing.states for firing in fired if firing.states not in known)
            known.update(new)
            yield from fired

    def _write(self, fact: Fact) -> str:
        if fact.kind not in self._open and fact not in self._asked:
            return ""
        name = next(self._ids)
        self._facts[name] = fact
        return json.dumps({**dict(fields_of(fact)), "id": name})

    def _fired(self, batch: list[str]) -> list[Firing]:
        result, state = self._engine.assert_facts(self._handle, f"[{','.join(batch)}]")
        if result:
            raise InternalFaultError(f"durable-rules did not take the facts: {result}")
        started = self._engine.start_action_for_state(self._handle, state)
        message = started[1] if started else None
        fired = []
        while message:
            fired.append(self._firing(message))
            message = self._engine.complete_and_start_action(self._handle, state)
        return fired

    def _read(self, message: str) -> Firing:
        ((rule, matched),) = json.loads(message).items()
        return Firing(self._rules[rule], self._facts[matched["m0"]["id"]])


def definition(rules: Iterable[Rule]) -> dict[str, object]:
    """The rules as durable-rules reads them."""
    return {
        rule.id: {
            "all": [
                {f"m{number}": {"$and": [{name: value} for name, value in fields_of(premise)]}}
                for number, premise in enumerate(rule.premises)
            ]
        }
        for rule in rules
    }


def fields_of(fact: Fact) -> list[tuple[str, str]]:
    """The fields of a fact, or those that a premise asks for: the kind first, and always in one order."""
    named = [("kind", fact.kind), ("key", fact.key), *((f"v{n}", value) for n, value in enumerate(fact.values))]
    return [(name, value) for name, value in named if value is not None]


def distinct_ids() -> Iterator[str]:
    """Ids without end, no two of which have the same hash."""
    taken = {hash32(f"sid-{_STATE}")}  # the id of the state itself
    number = 0
    while True:
        name = f"i{number}"
        if hash32(name) not in taken:
            taken.add(hash32(name))
            yield name
        number += 1


def hash32(word: str) -> int:
    """The hash by which durable-rules compares ids and field names: FNV-1a of 32 bits."""
    value = 0x811C9DC5
    for byte in word.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value
