"""The outcome table and conclusions as rules over small facts: plain data, for any engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from itertools import count, product
from typing import assert_never

from attrs import field, frozen

from casescreen.model.condition import Truth
from casescreen.model.outcome import OUTCOME_TABLE, Basis, Deadline, Outcome, ReadersAnswer, Standing
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import (
    Concluded,
    ConclusionRule,
    FactIs,
    FlagIs,
    OutcomeIs,
    Premise,
    RateIn,
    Rulebook,
    Scope,
)

# What one engine of ours, durable-rules, can hold. Both engines keep to it: what a rulebook may say
# must not depend on where it runs.
MOST_JOINED = 16
_MOST_RULES = 4000
_MOST_ON_ONE = 255
_MOST_KEYS = 500

# Stands in what a rule states for the key of the fact that its premise matched.
SAME_KEY = ""


@frozen(cache_hash=True)
class Fact:
    """Something that holds: of what kind, about what, and what about it."""

    kind: str
    key: str
    values: tuple[str, ...] = ()


@frozen
class FactPattern:
    """The facts of one kind whose key and values are these; None is any."""

    kind: str
    key: str | None
    values: tuple[str | None, ...] = ()

    def matches(self, fact: Fact) -> bool:
        """Whether the fact is one of them."""
        return (
            self.kind == fact.kind
            and self.key in (None, fact.key)
            and all(wanted in (None, value) for wanted, value in zip(self.values, fact.values, strict=True))
        )


@frozen
class Rule:
    """When there is a fact for every premise, then another fact holds.

    A premise that leaves the key open stands alone in its rule, and the rule states its fact about that key.
    """

    id: str
    premises: tuple[FactPattern, ...]
    then: Fact


@frozen
class Firing:
    """A rule that fired, the fact that its first premise matched, and the fact that holds because of it."""

    rule: Rule
    on: Fact
    states: Fact = field(init=False)

    @states.default
    def _stated(self) -> Fact:
        then = self.rule.then
        return then if then.key != SAME_KEY else Fact(then.kind, self.on.key, then.values)


@frozen
class Ruleset:
    """The rules of one scope, and what each of those that draws a conclusion draws it from.

    Attributes:
        outcomes: the outcome that a rule of the outcome table gives, by the rule's id.
        draws: the conclusion that a rule draws and the premises that it rests on, by the rule's id,
            in the rulebook's order.
    """

    rules: tuple[Rule, ...]
    outcomes: Mapping[str, Outcome]
    draws: Mapping[str, tuple[str, tuple[Premise, ...]]]


def _numbered(letter: str, words: Iterable[Hashable]) -> dict[Hashable, str]:
    return {word: f"{letter}{number}" for number, word in enumerate(words)}


_ASPECT_CODES = {
    "basis": _numbered("a", Basis),
    "applies": _numbered("a", Truth),
    "answer": _numbered("a", ReadersAnswer),
    "met": _numbered("a", Truth),
    "deadline": _numbered("a", Deadline),
}
_OUTCOME_CODES = _numbered("o", Outcome)


class FactVocabulary:
    """The facts that can hold of a case, or of a group of cases, by what they say."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Give every criterion, fact, flag, band and conclusion of the rulebook an identifier."""
        self._criteria = _numbered("c", (criterion.id for criterion in rulebook.criteria))
        flags = ((criterion.id, flag.id) for criterion in rulebook.criteria for flag in criterion.flags)
        self._flags = _numbered("g", flags)
        self._facts = _numbered("f", (fact.id for fact in rulebook.facts))
        self._bands = _numbered("b", rulebook.bands.ids)
        self._conclusions = _numbered("k", (rule.id for rule in rulebook.conclusions))

    def standing(self, criterion: str, standing: Standing) -> Fact:
        """A finding of the criterion stands so."""
        values = tuple(codes[getattr(standing, name)] for name, codes in _ASPECT_CODES.items())
        return Fact("standing", self._criteria[criterion], values)

    def fact(self, fact: str) -> Fact:
        """A named fact is true."""
        return Fact("fact", self._facts[fact])

    def flag(self, criterion: str, flag: str) -> Fact:
        """A flag of the criterion is raised."""
        return Fact("flag", self._flags[criterion, flag])

    def rate(self, criterion: str, band: str) -> Fact:
        """The rate of the criterion is in the band."""
        return Fact("rate", self._criteria[criterion], (self._bands[band],))

    def conclusion(self, conclusion: str) -> Fact:
        """The conclusion holds."""
        return Fact("conclusion", self._conclusions[conclusion])

    def alternatives(self, premise: Premise) -> tuple[Fact, ...]:
        """The facts of which any one makes the premise hold."""
        match premise:
            case OutcomeIs(criterion, outcomes):
                key = self._criteria[criterion]
                return tuple(Fact("outcome", key, (_OUTCOME_CODES[outcome],)) for outcome in outcomes)
            case RateIn(criterion, bands):
                return tuple(self.rate(criterion, band) for band in bands)
            case FactIs(fact):
                return (self.fact(fact),)
            case FlagIs(criterion, flag):
                return (self.flag(criterion, flag),)
            case Concluded(conclusion):
                return (self.conclusion(conclusion),)
            case _:
                assert_never(premise)


def ruleset(rulebook: Rulebook, scope: Scope, vocabulary: FactVocabulary) -> Ruleset:
    """The rules for one scope: its conclusions, and for a case the outcome table.

    Raises:
        CasescreenError: the rulebook has more conclusions than can be inferred.
    """
    table = tuple(_outcome_rules()) if scope is Scope.CASE else ()
    writer = _Writer(vocabulary)
    for rule in rulebook.conclusions:
        if rule.on is scope:
            writer.write(rule)
    rules = (*(rule for rule, _ in table), *writer.rules)
    _check(rules, scope)
    return Ruleset(rules, {rule.id: outcome for rule, outcome in table}, writer.draws)


def _outcome_rules() -> Iterator[tuple[Rule, Outcome]]:
    """The outcome table as rules; a line that takes one of several values becomes one rule for each."""
    numbers = count()
    for row in OUTCOME_TABLE:
        choices: list[tuple[str | None, ...]] = []
        for name, codes in _ASPECT_CODES.items():
            chosen = getattr(row, name)
            some = tuple(code for value, code in codes.items() if value in chosen)
            choices.append((None,) if len(some) == len(codes) else some)
        then = Fact("outcome", SAME_KEY, (_OUTCOME_CODES[row.outcome],))
        for values in product(*choices):
            yield Rule(f"t{next(numbers)}", (FactPattern("standing", None, values),), then), row.outcome


class _Writer:
    """Turns conclusions into rules that only join facts; "one of these" becomes a fact of its own.

    That keeps the rules as many as the values a rulebook lists, where one rule for every combination
    of them would multiply.
    """

    def __init__(self, vocabulary: FactVocabulary) -> None:
        self.rules: list[Rule] = []
        self.draws: dict[str, tuple[str, tuple[Premise, ...]]] = {}
        self._vocabulary = vocabulary
        self._stand_ins: dict[tuple[str, tuple[FactPattern, ...]], FactPattern] = {}

    def write(self, rule: ConclusionRule) -> None:
        """Add the rules that draw the conclusion: one for all its premises, or one for each."""
        then = self._vocabulary.conclusion(rule.id)
        for premises in (rule.premises,) if rule.every else ((premise,) for premise in rule.premises):
            patterns = self._few(tuple(self._pattern(premise) for premise in premises))
            self.draws[self._add(patterns, then)] = (rule.id, premises)

    def _pattern(self, premise: Premise) -> FactPattern:
        patterns = tuple(_exactly(fact) for fact in self._vocabulary.alternatives(premise))
        return patterns[0] if len(patterns) == 1 else self._stand_in("any", patterns)

    def _few(self, patterns: tuple[FactPattern, ...]) -> tuple[FactPattern, ...]:
        """The same patterns, without repeats, joined in groups until there are few enough for one rule."""
        patterns = tuple(dict.fromkeys(patterns))
        while len(patterns) > MOST_JOINED:
            starts = range(0, len(patterns), MOST_JOINED)
            patterns = tuple(self._stand_in("all", patterns[start : start + MOST_JOINED]) for start in starts)
        return patterns

    def _stand_in(self, how: str, patterns: tuple[FactPattern, ...]) -> FactPattern:
        """A pattern for the fact that any, or all, of these facts hold, written once however often it is needed."""
        if (how, patterns) not in self._stand_ins:
            then = Fact(how, f"p{len(self._stand_ins)}")
            self._stand_ins[how, patterns] = _exactly(then)
            for premises in (patterns,) if how == "all" else ((pattern,) for pattern in patterns):
                self._add(premises, then)
        return self._stand_ins[how, patterns]

    def _add(self, premises: tuple[FactPattern, ...], then: Fact) -> str:
        rule = Rule(f"r{len(self.rules)}", premises, then)
        self.rules.append(rule)
        return rule.id


def _exactly(fact: Fact) -> FactPattern:
    return FactPattern(fact.kind, fact.key, fact.values)


def _check(rules: tuple[Rule, ...], scope: Scope) -> None:
    used = Counter(pattern for rule in rules for pattern in rule.premises)
    keys = Counter(kind for kind, _ in {(pattern.kind, pattern.key) for pattern in used})
    most_used, most_keys = max(used.values(), default=0), max(keys.values(), default=0)
    if len(rules) > _MOST_RULES:
        why = f"they make {len(rules):,} rules, and the most is {_MOST_RULES:,}"
    elif most_used > _MOST_ON_ONE:
        why = f"{most_used:,} of them rest on the same premise, and the most is {_MOST_ON_ONE}"
    elif most_keys > _MOST_KEYS:
        kinds = "outcomes, facts, flags, rates or conclusions"
        why = f"they rest on {most_keys:,} different things of one kind ({kinds}), and the most is {_MOST_KEYS}"
    else:
        return
    about = "the sample" if scope is Scope.SAMPLE else f"a {scope.value}"
    raise CasescreenError(
        f"The conclusions on {about} are too many to be inferred: {why}.",
        advice="draw what many of them share as one conclusion, and let the others rest on that;"
        " or split the rulebook.",
    )
