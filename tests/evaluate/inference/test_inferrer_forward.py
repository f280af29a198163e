"""Plain forward chaining."""

from __future__ import annotations

from casescreen.evaluate.inference.inferrer import ForwardChaining
from casescreen.evaluate.inference.ruleset import Fact, Rule


def fact(name: str) -> Fact:
    return Fact("fact", name)


def rule(id_: str, *needs: str, then: str) -> Rule:
    return Rule(id_, tuple(Fact("fact", name) for name in needs), fact(then))


def fired(rules: list[Rule], *known: Fact) -> list[str]:
    return [firing.rule.id for firing in ForwardChaining(tuple(rules)).fire(known)]


def test_a_rule_fires_when_every_premise_holds() -> None:
    """A rule fires once all its premises are known, in whatever order, and not before."""
    rules = [rule("r", "a", "b", then="c")]
    assert fired(rules, fact("a")) == []
    assert fired(rules, fact("b"), fact("a")) == ["r"]


def test_what_a_rule_states_fires_others() -> None:
    """Rules chain, also where a later rule stands before an earlier one."""
    rules = [rule("last", "b", "c", then="d"), rule("second", "b", then="c"), rule("first", "a", then="b")]
    assert fired(rules, fact("a")) == ["first", "second", "last"]


def test_a_fact_told_twice_counts_once() -> None:
    """A fact that is given twice, or that two rules state, is one fact."""
    rules = [rule("r", "a", then="c"), rule("s", "b", then="c"), rule("t", "c", then="d")]
    assert fired(rules, fact("a"), fact("a"), fact("b")) == ["r", "s", "t"]
    assert fired([rule("r", "a", "b", then="c")], fact("a"), fact("a")) == []


def test_rules_in_a_circle_come_to_an_end() -> None:
    """Two rules that rest on each other fire once each."""
    assert fired([rule("r", "a", then="b"), rule("s", "b", then="a")], fact("a")) == ["r", "s"]


def test_an_open_rule_fires_for_each_key() -> None:
    """A rule that leaves the key open fires on each fact that fits, and states its own fact about that key."""
    rules = (Rule("r", (Fact("standing", None, (None, "x")),), Fact("outcome", None, ("o",))),)
    known = [Fact("standing", key, ("v", value)) for key, value in (("a", "x"), ("b", "x"), ("c", "y"))]
    firings = ForwardChaining(rules).fire(known)
    assert [firing.states for firing in firings] == [Fact("outcome", "a", ("o",)), Fact("outcome", "b", ("o",))]
    assert [firing.on for firing in firings] == known[:2]


def test_one_run_leaves_nothing_for_the_next() -> None:
    """What was known in one run is not known in the next."""
    chaining = ForwardChaining((rule("r", "a", "b", then="c"),))
    assert chaining.fire([fact("a")]) == []
    assert chaining.fire([fact("b")]) == []
    assert len(chaining.fire([fact("a"), fact("b")])) == 1
