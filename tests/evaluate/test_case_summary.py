"""How each case stands, the worst first."""

from __future__ import annotations

from collections.abc import Callable

from attrs import evolve

from casescreen.evaluate.case_summary import case_summaries
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import ConclusionKind, Severity
from casescreen.model.screening import Finding, Screening


def _order(screening: Screening) -> list[str]:
    return [case.id for case in case_summaries(screening)]


def test_actions_come_before_failures_and_failures_before_doubts(screening: Screening) -> None:
    """A case that needs action now stands first; then what is not met, by severity and number; then doubted answers."""
    assert _order(screening) == ["AN-03", "AN-06", "AN-01", "AN-04", "AN-02", "AN-05"]


def test_one_high_failure_is_worse_than_many_low(
    find: Callable[..., Finding], screen: Callable[..., Screening]
) -> None:
    """Severity counts before number, and the id decides between equals."""
    low, high = Severity.LOW, Severity.HIGH
    failed = [
        find("B", "oversight", Outcome.NOT_MET, severity=low),
        find("B", "plan-timely", Outcome.NOT_MET, severity=low),
        find("C", "plan-timely", Outcome.NOT_MET, severity=high),
        find("A", "plan-timely", Outcome.NOT_MET, severity=high),
    ]
    assert _order(screen(failed)) == ["A", "C", "B"]


def test_any_action_is_worse_than_any_failure(screening: Screening) -> None:
    """An action conclusion, even a low one, puts its case before cases that have none."""
    action = next(c for c in screening.conclusions if c.kind is ConclusionKind.ACTION)
    low = evolve(action, subject="AN-05", severity=Severity.LOW)
    assert _order(evolve(screening, conclusions=(low,)))[0] == "AN-05"


def test_the_gravest_action_comes_before_many(screening: Screening) -> None:
    """What stands first in the rulebook is the gravest: how many others a case has decides only between equals."""
    action = next(c for c in screening.conclusions if c.kind is ConclusionKind.ACTION)
    rule = screening.rulebook.conclusion[action.id]
    rules = (evolve(rule, id="grave"), evolve(rule, id="small"))
    small = evolve(action, id="small", subject="AN-01")
    held = (small, small, evolve(small, subject="AN-02"), evolve(action, id="grave", subject="AN-05"))
    order = _order(evolve(screening, rulebook=evolve(screening.rulebook, conclusions=rules), conclusions=held))
    assert order[:3] == ["AN-05", "AN-01", "AN-02"]


def test_a_doubted_answer_is_worse_than_none(find: Callable[..., Finding], screen: Callable[..., Screening]) -> None:
    """A case in which facts contradict the reader comes before one in which all is well."""
    well, doubted = find("A", "oversight", Outcome.MET), find("B", "oversight", Outcome.MET, reader="It differs.")
    assert _order(screen([well, doubted])) == ["B", "A"]


def test_within_a_case_the_worst_comes_first(screening: Screening) -> None:
    """The findings of a case that are not met stand in order of severity."""
    worst = case_summaries(screening)[0]
    assert [finding.severity.value for finding in worst.failed] == ["high", "medium", "low"]


def test_a_doubted_answer_needs_attention_and_an_open_question_does_not(screening: Screening) -> None:
    """A yes that the facts challenge is to be looked at; what is not evidenced or not judged is no failure."""
    by_id = {case.id: case for case in case_summaries(screening)}
    assert [finding.item for finding in by_id["AN-02"].doubted] == ["R1"]
    assert by_id["AN-02"].needs_attention
    assert not by_id["AN-05"].needs_attention
    assert [f.outcome for f in by_id["AN-02"].undecided] == [Outcome.NOT_EVIDENCED, Outcome.NEEDS_JUDGEMENT]


def test_an_informing_flag_alone_raises_no_doubt(
    find: Callable[..., Finding], screen: Callable[..., Screening], screening: Screening
) -> None:
    """A fact that only informs does not put a case among those that need attention."""
    flags = tuple(evolve(flag, challenges=False) for finding in screening.findings for flag in finding.flags)
    made = screen([find("A", "oversight", Outcome.MET, flags=flags)])
    assert not case_summaries(made)[0].needs_attention
