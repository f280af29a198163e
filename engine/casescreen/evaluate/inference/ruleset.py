"""The outcome table and conclusions as rules over small facts: plain data, for any engine."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import product
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


@frozen(cache_hash=True)
class Fact:
    """Something that holds: of what kind, about what, and what about it.

    In a rule, None is left open: a premise matches any key or value there, and what the rule states is about the key
    that its premise matched.
    """

    kind: str
    key: str | None
    values: tuple[str | None, ...] = ()

    def matches(self, fact: Fact) -> bool:
        """Whether the fact is one of those that this premise asks for."""
        return (
            self.kind == fact.kind
            and self.key in (None, fact.key)
            and all(wanted in (None, value) for wanted, value in zip(self.values, fact.values, strict=True))
        )


@frozen
class Rule:
    """When there is a fact for every premise, then another fact holds.

    A premise that leaves the key open stands alone in its rule.
    """

    id: str
    premises: tuple[Fact, ...]
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
        return Fact(then.kind, self.on.key, then.values) if then.key is None else then


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


# No word of a rulebook or a record is in a fact: identifiers of ours stand for them.
_CODES = {word: f"w{n}" for n, word in enumerate((*Basis, *Truth, *ReadersAnswer, *Deadline, *Outcome))}


class FactVocabulary:
    """The facts that can hold of a case, or of a group of cases, by what they say.

    Attributes:
        facts: that a named fact is true, by its id.
        flags: that a flag is raised, by its criterion and its id.
        outcomes: that a finding of a criterion has an outcome, by the two.
        rates: that the rate of a criterion is in a band, by the two.
        enough: that the rate of a criterion rests on at least so many cases as a conclusion asks for, by the two.
        conclusions: that a conclusion holds, by its id.
        is_open: that the case is not closed.
    """

    def __init__(self, rulebook: Rulebook) -> None:
        """Give every criterion, fact, flag, band and conclusion of the rulebook an identifier."""
        self.facts = {fact.id: Fact("fact", f"f{n}") for n, fact in enumerate(rulebook.facts)}
        self.conclusions = {rule.id: Fact("conclusion", f"k{n}") for n, rule in enumerate(rulebook.conclusions)}
        self.is_open = Fact("open", "o")
        self.flags: dict[tuple[str, str], Fact] = {}
        self.outcomes: dict[tuple[str, Outcome], Fact] = {}
        self.rates: dict[tuple[str, str], Fact] = {}
        self.enough: dict[tuple[str, int], Fact] = {}
        self._criteria: dict[str, str] = {}
        for n, criterion in enumerate(rulebook.criteria):
            key = self._criteria[criterion.id] = f"c{n}"
            for flag in criterion.flags:
                self.flags[criterion.id, flag.id] = Fact("flag", f"g{len(self.flags)}")
            for outcome in Outcome:
                self.outcomes[criterion.id, outcome] = Fact("outcome", key, (_CODES[outcome],))
            for number, band in enumerate(rulebook.bands.ids):
                self.rates[criterion.id, band] = Fact("rate", key, (f"b{number}",))
        for premise in (premise for rule in rulebook.conclusions for premise in rule.premises):
            if isinstance(premise, RateIn) and premise.minimum:
                key, of = self._criteria[premise.criterion], (premise.criterion, premise.minimum)
                self.enough[of] = Fact("enough", key, (f"m{premise.minimum}",))

    def standing(self, criterion: str, standing: Standing) -> Fact:
        """A finding of the criterion stands so."""
        aspects = (standing.basis, standing.applies, standing.answer, standing.met, standing.deadline)
        return Fact("standing", self._criteria[criterion], tuple(map(_CODES.__getitem__, aspects)))

    def alternatives(self, premise: Premise) -> list[Fact]:
        """The facts of which any one makes the premise hold."""
        match premise:
            case OutcomeIs(criterion, outcomes):
                return [self.outcomes[criterion, outcome] for outcome in outcomes]
            case RateIn(criterion, bands):
                return [self.rates[criterion, band] for band in bands]
            case FactIs(fact):
                return [self.facts[fact]]
            case FlagIs(criterion, flag):
                return [self.flags[criterion, flag]]
            case Concluded(conclusion):
                return [self.conclusions[conclusion]]
            case _:
                assert_never(premise)


def ruleset(rulebook: Rulebook, scope: Scope, vocabulary: FactVocabulary) -> Ruleset:
    """The rules for one scope: its conclusions, and for a case the outcome table.

    Raises:
        CasescreenError: the rulebook has more conclusions than can be inferred.
    """
    table = _outcome_rules() if scope is Scope.CASE else {}
    writer = _Writer(vocabulary)
    for rule in rulebook.conclusions:
        if rule.on is scope:
            writer.write(rule, only_if_open=rulebook.concludes_on_open_cases_only(rule))
    rules = (*table, *writer.rules)
    _check(rules, scope)
    return Ruleset(rules, {rule.id: outcome for rule, outcome in table.items()}, writer.draws)


def _outcome_rules() -> dict[Rule, Outcome]:
    """The outcome table as rules; a line that takes one of several values becomes one rule for each."""
    rules: dict[Rule, Outcome] = {}
    for row in OUTCOME_TABLE:
        aspects = (
            (row.basis, Basis),
            (row.applies, Truth),
            (row.answer, ReadersAnswer),
            (row.met, Truth),
            (row.deadline, Deadline),
        )
        choices = []
        for chosen, every in aspects:
            choices.append(
                [None] if len(chosen) == len(every) else [_CODES[value] for value in every if value in chosen]
            )
        then = Fact("outcome", None, (_CODES[row.outcome],))
        for values in product(*choices):
            rules[Rule(f"t{len(rules)}", (Fact("standing", None, values),), then)] = row.outcome
    return rules


class _Writer:
    """Turns conclusions into rules that only join facts; "one of these" becomes a fact of its own.

    That keeps the rules as many as the values a rulebook lists, where one rule for every combination
    of them would multiply.
    """

    def __init__(self, vocabulary: FactVocabulary) -> None:
        self.rules: list[Rule] = []
        self.draws: dict[str, tuple[str, tuple[Premise, ...]]] = {}
        self._vocabulary = vocabulary
        self._stand_ins: dict[tuple[str, tuple[Fact, ...]], Fact] = {}

    def write(self, rule: ConclusionRule, *, only_if_open: bool = False) -> None:
        """Add the rules that draw the conclusion: one for all its premises, or one for each."""
        for premises in (rule.premises,) if rule.every else zip(rule.premises):
            needed = [self._vocabulary.is_open] if only_if_open else []
            for premise in premises:
                facts = self._vocabulary.alternatives(premise)
                needed.append(facts[0] if len(facts) == 1 else self._stand_in("any", tuple(facts)))
                if isinstance(premise, RateIn) and premise.minimum:
                    needed.append(self._vocabulary.enough[premise.criterion, premise.minimum])
            self.draws[self._add(needed, self._vocabulary.conclusions[rule.id])] = (rule.id, premises)

    def _stand_in(self, how: str, facts: tuple[Fact, ...]) -> Fact:
        """The fact that any, or all, of these hold; its rules are written once, however often it is needed."""
        stand_in = self._stand_ins.get((how, facts))
        if stand_in is None:
            stand_in = self._stand_ins[how, facts] = Fact(how, f"p{len(self._stand_ins)}")
            for premises in (facts,) if how == "all" else zip(facts):
                self._add(premises, stand_in)
        return stand_in

    def _add(self, premises: Iterable[Fact], then: Fact) -> str:
        """Add a rule, and give its id; premises that are too many for one rule are joined in groups first."""
        joined = tuple(dict.fromkeys(premises))
        while len(joined) > MOST_JOINED:
            starts = range(0, len(joined), MOST_JOINED)
            joined = tuple([self._stand_in("all", joined[start : start + MOST_JOINED]) for start in starts])
        self.rules.append(Rule(f"r{len(self.rules)}", joined, then))
        return self.rules[-1].id


def _check(rules: tuple[Rule, ...], scope: Scope) -> None:
    uses, keys = Counter[Fact](), defaultdict[str, set[str | None]](set)
    for rule in rules:
        uses.update(rule.premises)
        for premise in rule.premises:
            keys[premise.kind].add(premise.key)
    most_used, most_keys = max(uses.values(), default=0), max(map(len, keys.values()), default=0)
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
