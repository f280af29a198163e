"""One inference engine through as many cases as a country supervises in some years."""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from casescreen.evaluate.inference.inferrer import inferrer
from casescreen.model.outcome import EVERY_STANDING, Outcome, Standing, decide
from casescreen.model.rulebook import (
    Concluded,
    ConclusionKind,
    ConclusionRule,
    FactIs,
    FlagIs,
    OutcomeIs,
    Premise,
    Rulebook,
    Scope,
)

CASES, WARM_UP = 80_000, 10_000
CRITERIA = tuple(f"c{number}" for number in range(37))
FACTS = ("f0", "f1", "f2")
DECIDED = {standing: decide(standing) for standing in EVERY_STANDING}


def conclusions(chance: random.Random) -> list[ConclusionRule]:
    """Fifteen, of the sizes that rulebooks have: mostly one outcome a premise, and some chained."""
    rules: list[ConclusionRule] = []
    for number in range(15):
        premises: list[Premise] = [
            OutcomeIs(chance.choice(CRITERIA), tuple(chance.sample(tuple(Outcome), chance.choice((1, 1, 1, 1, 2)))))
            for _ in range(chance.choice((1, 2, 2, 3)))
        ]
        premises += [FactIs(chance.choice(FACTS))] * (number % 4 == 0)
        premises += [FlagIs(chance.choice(CRITERIA), "raised")] * (number % 5 == 0)
        premises += [Concluded(f"k{number - 3}")] * (number % 6 == 5)
        every = number % 3 > 0
        rules.append(
            ConclusionRule(f"k{number}", Scope.CASE, ConclusionKind.ACTION, "It holds.", every, tuple(premises))
        )
    return rules


def resident() -> int:
    """The bytes of memory that this process has in use."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.soak
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="this system does not say how much memory is in use")
def test_memory_does_not_grow(concluding: Callable[..., Rulebook]) -> None:
    """In 80,000 cases memory grows by no more than a tenth, no thread starts, and every outcome is the table's."""
    pytest.importorskip("durable_rules_engine", reason="durable-rules is not installed here")
    chance = random.Random(7)  # noqa: S311 - made-up cases need no secrets
    infer = inferrer(concluding(*conclusions(chance), criteria=len(CRITERIA)), "durable-rules")
    threads, warm, held = threading.active_count(), 0, 0
    for number in range(CASES):
        if number == WARM_UP:
            warm = resident()
        standings = tuple(zip(CRITERIA, chance.choices(EVERY_STANDING, k=len(CRITERIA)), strict=True))
        facts, flags = chance.sample(FACTS, number % 3), ((chance.choice(CRITERIA), "raised"),)
        drawn = infer.on_case(standings, facts, flags)
        assert drawn.outcomes == _table(standings)
        held += len(drawn.conclusions)
    assert resident() <= warm * 1.1
    assert threading.active_count() == threads
    assert held > CASES


def _table(standings: tuple[tuple[str, Standing], ...]) -> dict[tuple[str, Standing], Outcome]:
    return {pair: DECIDED[pair[1]] for pair in standings}
