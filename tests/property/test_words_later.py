"""Words of findings and conclusions that are made when they are read are those that would have been made at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import DAYS_OF_2024
from test_bulk_agrees import made, rulebooks

from casescreen.conditions.compiler import context_of
from casescreen.evaluate.criteria import CriteriaEvaluator
from casescreen.evaluate.findings import FindingBuilder
from casescreen.evaluate.preparation import RecordPreparer
from casescreen.evaluate.screening import screen
from casescreen.model.case import Case, Caseload
from casescreen.model.outcome import decide
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Conclusion, Finding, Quoting

_CASES = 8
Words = tuple[object, ...]


def words_of(finding: Finding) -> Words:
    return finding.reason, finding.values, finding.days_late, finding.shortfall


def made_at_once(rulebook: Rulebook, case: Case, as_of: date, quoting: Quoting) -> Iterator[Words]:
    """The words of the findings of one case: each by a builder of its own, which shares nothing with the others."""
    context = context_of(rulebook, as_of, quoting)
    prepared = RecordPreparer(rulebook, as_of).prepare(case)
    for one in CriteriaEvaluator(rulebook, context).ask(prepared.case) if prepared.begun else ():
        (finding,) = FindingBuilder(rulebook, context).findings(prepared.case, [(one, decide(one.standing))])
        yield words_of(finding)


def read_in_any_order(random: Random, findings: tuple[Finding, ...]) -> list[Words]:
    """The words of the findings, of which some are read first, in any order, and by any of them."""
    for finding in random.sample(findings, len(findings)):
        if random.random() < 0.7:
            getattr(finding, random.choice(("reason", "values", "days_late", "shortfall")))
    return [words_of(finding) for finding in findings]


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(rulebooks(), st.randoms(use_true_random=True), st.sampled_from(DAYS_OF_2024), st.sampled_from(Quoting))
def test_words_are_the_same_whenever_they_are_made(
    rulebook: Rulebook, random: Random, as_of: date, quoting: Quoting
) -> None:
    """Whatever the rulebook and the cases, and in whatever order words are read: each is as if it were the only one."""
    cases = tuple(made(random, number, rulebook, as_of) for number in range(_CASES))
    caseload = Caseload(cases, "")
    first, other = (screen(rulebook, caseload, as_of=as_of, engine="plain", quoting=quoting) for _ in range(2))
    alone = [words for case in cases for words in made_at_once(rulebook, case, as_of, quoting)]
    drawn = [(one.because, one.findings, one.rates) for one in first.conclusions]
    assert read_in_any_order(random, first.findings) == alone
    assert drawn == [(one.because, one.findings, one.rates) for one in other.conclusions]
    assert first == other


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(rulebooks(), st.randoms(use_true_random=True), st.sampled_from(DAYS_OF_2024))
def test_whatever_is_done_with_a_finding_makes_its_words_first(rulebook: Rulebook, random: Random, as_of: date) -> None:
    """A finding, or a conclusion, whose words are still to be made is compared, printed and evolved as any other."""
    caseload = Caseload((made(random, 1, rulebook, as_of),), "")
    one, other, third, fourth = (screen(rulebook, caseload, as_of=as_of, engine="plain") for _ in range(4))
    pairs = zip(
        (*one.findings, *one.conclusions),
        (*other.findings, *other.conclusions),
        (*third.findings, *third.conclusions),
        (*fourth.findings, *fourth.conclusions),
        strict=True,
    )
    for first, same, evolved, printed in pairs:
        assert hash(first) == hash(same)
        assert repr(printed) == repr(first)
        if isinstance(first, Finding) and isinstance(evolved, Finding):
            assert evolve(evolved, owner=first.owner) == first
            assert evolve(evolved, reason="new").reason == "new"
        if isinstance(first, Conclusion) and isinstance(evolved, Conclusion):
            assert evolve(evolved, subject=first.subject) == first
            assert evolve(evolved, because=("new",)).because == ("new",)


def test_there_is_no_other_attribute() -> None:
    """A name that is none is told as for any other value."""
    assert not hasattr(Finding, "because")
    assert not any(hasattr(kind.__new__(kind), "reasons") for kind in (Finding, Conclusion))
