"""Plain forward chaining: what the rules give, where durable-rules cannot be installed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

from casescreen.evaluate.inference.ruleset import Fact, FactPattern, Firing, Rule


class ForwardChaining:
    """Fires every rule whose premises hold, until nothing new does."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        """Find the rules that each fact can help to fire."""
        self._waiting = {rule.id: len(rule.premises) for rule in rules}
        self._open: dict[str, list[Rule]] = defaultdict(list)
        self._opened = cache(self._open_firings)
        self._exact: dict[Fact, list[Rule]] = defaultdict(list)
        for rule in rules:
            for pattern in rule.premises:
                self._index(rule, pattern)

    def _index(self, rule: Rule, pattern: FactPattern) -> None:
        if pattern.key is None:
            self._open[pattern.kind].append(rule)
        else:
            self._exact[_fact(pattern)].append(rule)

    def fire(self, facts: Iterable[Fact]) -> list[Firing]:
        """Every rule that fires on these facts and on what follows from them, once for each way that it does."""
        waiting = dict(self._waiting)
        known = dict.fromkeys(facts)
        agenda, firings = list(known), []
        for fact in agenda:  # it grows as it is read
            for firing in self._on(fact, waiting):
                firings.append(firing)
                if firing.states not in known:
                    known[firing.states] = None
                    agenda.append(firing.states)
        return firings

    def _on(self, fact: Fact, waiting: dict[str, int]) -> Iterator[Firing]:
        yield from self._opened(fact)
        for rule in self._exact.get(fact, ()):
            waiting[rule.id] -= 1
            if not waiting[rule.id]:
                yield Firing(rule, _fact(rule.premises[0]))

    def _open_firings(self, fact: Fact) -> tuple[Firing, ...]:
        return tuple(Firing(rule, fact) for rule in self._open.get(fact.kind, ()) if rule.premises[0].matches(fact))


def _fact(pattern: FactPattern) -> Fact:
    """The only fact that a pattern with nothing open matches."""
    assert pattern.key is not None
    return Fact(pattern.kind, pattern.key, tuple(value for value in pattern.values if value is not None))
