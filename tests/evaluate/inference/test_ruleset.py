"""The outcome table and conclusions as rules."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from casescreen.evaluate.inference.ruleset import (
    MOST_JOINED,
    Fact,
    FactVocabulary,
    Firing,
    Rule,
    Ruleset,
    ruleset,
)
from casescreen.model.outcome import EVERY_STANDING, Outcome, Standing, decide
from casescreen.model.problem import CasescreenError
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

MET = OutcomeIs("c0", (Outcome.MET,))
Concluding = Callable[..., Rulebook]


def conclusion(id_: str, *premises: Premise, on: Scope = Scope.CASE, every: bool = True) -> ConclusionRule:
    return ConclusionRule(id_, on, ConclusionKind.ACTION, f"{id_} holds.", every, premises)


def rules_of(rulebook: Rulebook, scope: Scope = Scope.CASE) -> Ruleset:
    return ruleset(rulebook, scope, FactVocabulary(rulebook))


def drawing(rules: Ruleset) -> list[Rule]:
    """The rules that are not the outcome table's."""
    return [rule for rule in rules.rules if rule.id not in rules.outcomes]


@pytest.mark.parametrize("standing", EVERY_STANDING, ids=str)
def test_one_rule_of_the_table_fires_on_each_standing(standing: Standing, concluding: Concluding) -> None:
    """On every standing exactly one rule fires, and it states the outcome that the table gives, of that criterion."""
    rulebook = concluding()
    vocabulary = FactVocabulary(rulebook)
    rules = ruleset(rulebook, Scope.CASE, vocabulary)
    fact = vocabulary.standing("c1", standing)
    (fired,) = (rule for rule in rules.rules if rule.premises[0].matches(fact))
    assert rules.outcomes[fired.id] is decide(standing)
    assert Firing(fired, fact).states == vocabulary.alternatives(OutcomeIs("c1", (decide(standing),)))[0]


def test_the_outcome_table_is_for_cases(concluding: Concluding) -> None:
    """Groups have conclusions and no outcomes."""
    rulebook = concluding(conclusion("low", RateIn("c0", ("low",)), on=Scope.TEAM))
    assert not rules_of(rulebook, Scope.TEAM).outcomes
    assert len(rules_of(rulebook, Scope.TEAM).rules) == 1
    assert not rules_of(rulebook, Scope.MANAGER).rules


def test_all_is_one_rule_over_every_premise(concluding: Concluding) -> None:
    """A conclusion that needs all its premises is drawn by one rule, which rests on all of them."""
    premises = (MET, FactIs("f0"), FlagIs("c1", "raised"))
    rules = rules_of(concluding(conclusion("k", *premises)))
    (rule,) = drawing(rules)
    assert [pattern.kind for pattern in rule.premises] == ["outcome", "fact", "flag"]
    assert rules.draws == {rule.id: ("k", premises)}


def test_any_is_one_rule_for_each_premise(concluding: Concluding) -> None:
    """A conclusion that needs one of its premises is drawn by as many rules, and each rests on its own."""
    rules = rules_of(concluding(conclusion("k", MET, FactIs("f0"), every=False)))
    assert [len(rule.premises) for rule in drawing(rules)] == [1, 1]
    assert list(rules.draws.values()) == [("k", (MET,)), ("k", (FactIs("f0"),))]


def test_lists_of_values_add_up_and_do_not_multiply(concluding: Concluding) -> None:
    """Twelve premises of five outcomes each make sixty-one rules, where every combination would be 244 million."""
    premises = [OutcomeIs(f"c{number}", tuple(Outcome)[:5]) for number in range(12)]
    assert len(drawing(rules_of(concluding(conclusion("k", *premises), criteria=12)))) == 61


def test_the_same_list_is_written_once(concluding: Concluding) -> None:
    """Two conclusions that ask for the same outcomes of a criterion share the rules that tell whether it has one."""
    either = OutcomeIs("c0", (Outcome.MET, Outcome.NOT_MET))
    rulebook = concluding(conclusion("k", either, FactIs("f0")), conclusion("l", either, FactIs("f1")))
    assert len(drawing(rules_of(rulebook))) == 2 + 2


def test_a_repeated_premise_is_joined_once(concluding: Concluding) -> None:
    """A premise written twice is one condition: no fact may stand for two premises of a rule."""
    (rule,) = drawing(rules_of(concluding(conclusion("k", MET, MET))))
    assert len(rule.premises) == 1


@pytest.mark.parametrize("premises", [16, 17, 40, 300])
def test_no_rule_joins_too_many_facts(premises: int, concluding: Concluding) -> None:
    """However many premises a conclusion has, no rule joins more than sixteen, and each is in some rule."""
    needed = [FactIs(f"f{number}") for number in range(premises)]
    rules = rules_of(concluding(conclusion("k", *needed), facts=premises))
    assert max(len(rule.premises) for rule in rules.rules) <= MOST_JOINED
    asked = {pattern.key for rule in drawing(rules) for pattern in rule.premises if pattern.kind == "fact"}
    assert len(asked) == premises
    assert [drawn for drawn, _ in rules.draws.values()] == ["k"]


def test_no_word_of_the_rulebook_is_in_the_rules(concluding: Concluding) -> None:
    """Rules are made of identifiers of ours, whatever the rulebook calls its criteria, facts and conclusions."""
    hostile = '$s"} {"kind'
    rulebook = concluding(conclusion(hostile, MET), conclusion("l", Concluded(hostile)))
    texts = {text for rule in rules_of(rulebook).rules for text in _texts(rule)}
    assert hostile not in texts
    assert all(text.isascii() and text.isalnum() for text in texts)


def _texts(rule: Rule) -> list[str]:
    asked = [word for one in rule.premises for word in (one.kind, one.key, *one.values) if word is not None]
    stated = [word for word in (rule.then.kind, rule.then.key, *rule.then.values) if word is not None]
    return [rule.id, *asked, *stated]


@pytest.mark.parametrize(
    ("many", "said"),
    [
        ([conclusion(f"k{n}", MET) for n in range(256)], "256 of them rest on the same premise, and the most is 255"),
        ([conclusion(f"k{n}", FactIs(f"f{n}")) for n in range(501)], "501 different things of one kind"),
        ([conclusion(f"k{n}", FactIs(f"f{n % 400}")) for n in range(4000)], "4,018 rules, and the most is 4,000"),
    ],
)
def test_too_many_conclusions_are_refused(many: list[ConclusionRule], said: str, concluding: Concluding) -> None:
    """A rulebook beyond what durable-rules can hold is refused, with the limit and with what to do."""
    with pytest.raises(CasescreenError) as caught:
        rules_of(concluding(*many, facts=501))
    assert said in str(caught.value)
    assert "The conclusions on a case are too many to be inferred" in str(caught.value)
    assert "What to do: draw what many of them share as one conclusion" in str(caught.value)


def test_as_many_as_can_be_held_are_taken(concluding: Concluding) -> None:
    """The limits themselves are within what is allowed."""
    rulebook = concluding(*(conclusion(f"k{n}", MET) for n in range(255)))
    assert len(drawing(rules_of(rulebook))) == 255


def test_a_pattern_matches_what_it_leaves_open() -> None:
    """A pattern matches the facts of its kind that have its key and values, where it gives them."""
    fact = Fact("kind", "key", ("a", "b"))
    assert Fact("kind", "key", ("a", "b")).matches(fact)
    assert Fact("kind", None, (None, "b")).matches(fact)
    assert not Fact("kind", None, (None, "c")).matches(fact)
    assert not Fact("kind", "other", (None, None)).matches(fact)
    assert not Fact("other", None, (None, None)).matches(fact)
