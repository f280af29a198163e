"""Sentences made of titles and figures."""

from __future__ import annotations

import pytest
from attrs import evolve

from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Rate
from casescreen.report.letter.statements import in_running_text, rate_statement, undecided_statement


def _rate(criterion: str, met: int, of: int, **beside: int) -> Rate:
    counts = dict.fromkeys(Outcome, 0) | {Outcome.MET: met, Outcome.NOT_MET: of - met}
    return Rate(criterion, counts | {Outcome[name]: count for name, count in beside.items()}, "", of, of)


@pytest.mark.parametrize(
    ("met", "of", "said"),
    [
        (8, 19, "In just over two-fifths of the cases (8 of 19), the plan was completed in reasonable time."),
        (9, 10, "In all but one of the cases (9 of 10), the plan was completed in reasonable time."),
        (0, 4, "In 0 of 4 cases (0 of 4), the plan was completed in reasonable time."),
        (2, 3, "In 2 of 3 cases (2 of 3), the plan was completed in reasonable time."),
    ],
)
def test_a_rate_reads_as_a_sentence(rulebook: Rulebook, met: int, of: int, said: str) -> None:
    """The proportion comes in words and in figures, and then what it is a proportion of."""
    assert rate_statement(_rate("plan-timely", met, of), rulebook) == said


def test_what_it_is_asked_among_follows_the_figures(rulebook: Rulebook) -> None:
    """A reader sees what the number of cases means."""
    plan = evolve(rulebook.criterion["plan-timely"], among="where there were factors to manage")
    said = rate_statement(_rate("plan-timely", 9, 16), evolve(rulebook, criteria=(plan,)))
    assert said.startswith(
        "In almost three-fifths of the cases (9 of 16) where there were factors to manage, the plan was"
    )


def test_rows_are_called_by_their_name(rulebook: Rulebook) -> None:
    """A criterion that is asked of reports counts reports and not cases."""
    rate = _rate("report-quality", 6, 7, NEEDS_JUDGEMENT=1)
    assert rate_statement(rate, rulebook).startswith("In all but one of the reports (6 of 7),")
    assert undecided_statement(rate, rulebook).endswith("a reader has still to answer in 1 report.")
    of_three = evolve(rate, cases_known=3)
    assert rate_statement(of_three, rulebook).startswith("In all but one of the reports (6 of 7, in 3 cases),")


def test_what_is_told_leaves_nothing_untold(rulebook: Rulebook) -> None:
    """Nothing is said of a criterion that every case answers."""
    assert not undecided_statement(_rate("plan-timely", 1, 2, NOT_APPLICABLE=3), rulebook)


def test_an_abbreviation_keeps_its_capitals() -> None:
    """Only an ordinary word loses its capital inside a sentence."""
    assert [in_running_text(title) for title in ("The plan.", "CSE tool", "A plan", "")] == [
        "the plan",
        "CSE tool",
        "a plan",
        "",
    ]
