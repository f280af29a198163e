"""Inference over very many cases: what follows from one pattern of outcomes is inferred once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from casescreen.evaluate.inference import Inference, Inferrer
from casescreen.model.outcome import Outcome, Standing
from casescreen.model.rulebook import OutcomeIs, Premise, Rulebook, Scope

_MOST_KEPT = 20_000  # patterns: enough for any caseload with something in common, and memory stays bounded

_Asserted = tuple[tuple[tuple[str, Standing], ...], tuple[str, ...], tuple[tuple[str, str], ...]]


class Remembering:
    """Asks an engine about every distinct standing, and about every distinct pattern of what conclusions rest on.

    No rule of the outcome table asks for anything beside the one standing, and no conclusion for anything but
    outcomes, facts and flags that it names; so the engine would say the same again.
    """

    def __init__(self, rulebook: Rulebook, infer: Inferrer) -> None:
        """Remember nothing yet."""
        self.name = infer.name
        self._infer = infer
        premises = (premise for rule in rulebook.conclusions if rule.on is Scope.CASE for premise in rule.premises)
        self._asked = {(one.criterion, out) for one in premises if isinstance(one, OutcomeIs) for out in one.outcomes}
        self._outcomes: dict[tuple[str, Standing], Outcome | None] = {}
        self._kept = lru_cache(_MOST_KEPT)(self._drawn)
        self._of_groups = lru_cache(_MOST_KEPT)(self._drawn_of_group)

    def on_case(
        self, standings: Iterable[tuple[str, Standing]], facts: Iterable[str], flags: Iterable[tuple[str, str]]
    ) -> Inference:
        """What follows for a case, as ``Inferrer`` says."""
        outcomes = {pair: outcome for pair in standings if (outcome := self._outcome(pair)) is not None}
        matter = [pair for pair, outcome in outcomes.items() if (pair[0], outcome) in self._asked]
        return Inference(outcomes, self._kept((tuple(matter), tuple(facts), tuple(flags))))

    def on_group(self, scope: Scope, bands: Mapping[str, str]) -> Inference:
        """What follows for the sample, a manager or a team."""
        return self._of_groups(scope, tuple(bands.items()))

    def _outcome(self, pair: tuple[str, Standing]) -> Outcome | None:
        if pair not in self._outcomes:
            self._outcomes[pair] = self._infer.on_case([pair], (), ()).outcomes.get(pair)
        return self._outcomes[pair]

    def _drawn(self, asserted: _Asserted) -> Mapping[str, tuple[Premise, ...]]:
        return self._infer.on_case(*asserted).conclusions

    def _drawn_of_group(self, scope: Scope, bands: tuple[tuple[str, str], ...]) -> Inference:
        return self._infer.on_group(scope, dict(bands))
