"""Sentences made of titles and figures."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from attrs import evolve

from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Finding, RaisedFlag, Rate
from casescreen.report.letter.statements import (
    in_running_text,
    rates_statement,
    reasons,
    shortfall_statement,
    told_together,
)


def _rate(criterion: str, met: int, of: int, **beside: int) -> Rate:
    counts = dict.fromkeys(Outcome, 0) | {Outcome.MET: met, Outcome.NOT_MET: of - met}
    return Rate(criterion, counts | {Outcome[name]: count for name, count in beside.items()}, "", of, of)


def _with(rulebook: Rulebook, criterion: str, **more: object) -> Rulebook:
    changed = {criterion: evolve(rulebook.criterion[criterion], **more)}  # type: ignore[arg-type]
    return evolve(rulebook, criteria=tuple(changed.get(one.id, one) for one in rulebook.criteria))


@pytest.mark.parametrize(
    ("met", "of", "said", "last"),
    [
        (
            8,
            19,
            "Of the 19 cases with plans, it was ready in eight.",
            "It was ready in eight of the 19 cases with plans.",
        ),
        (9, 10, "Of the ten cases with plans, it was ready in all but one.", ""),
        (
            0,
            4,
            "Of the four cases with plans, it was ready in none.",
            "It was ready in none of the four cases with plans.",
        ),
        (3, 4, "Of the four cases with plans, it was ready in three.", ""),
        (11, 11, "In all 11 cases with plans, it was ready.", "In all 11 cases with plans, it was ready."),
        (2, 2, "In both cases with plans, it was ready.", ""),
        (1, 1, "In the one case with plans, it was ready.", ""),
        (0, 1, "In the one case with plans, it could not be said that it was ready.", ""),
    ],
)
def test_a_rate_reads_as_a_sentence(rulebook: Rulebook, met: int, of: int, said: str, last: str) -> None:
    """It says what its cases have in common, and numbers in words up to ten."""
    rules = _with(rulebook, "plan-timely", among="with plans", phrase="it was ready")
    assert rates_statement([_rate("plan-timely", met, of)], rules) == said
    if last:
        assert rates_statement([_rate("plan-timely", met, of)], rules, figures_last=True) == last


@pytest.mark.parametrize(
    ("met", "of", "said"),
    [
        (8, 19, "The plan was completed in reasonable time: in eight of the 19 cases."),
        (0, 4, "The plan was completed in reasonable time: in none of the four cases."),
        (1, 1, "The plan was completed in reasonable time: in the one case."),
        (0, 1, "The plan was completed in reasonable time: not in the one case."),
    ],
)
def test_without_a_phrase_there_are_a_title_and_figures(rulebook: Rulebook, met: int, of: int, said: str) -> None:
    """Nothing is made of a title that may not fit into a sentence."""
    assert rates_statement([_rate("plan-timely", met, of)], rulebook) == said


def test_rates_of_the_same_cases_are_told_together(rulebook: Rulebook) -> None:
    """Three at most, and only those that are of as many cases and have the same in common; others stand alone."""
    rules = _with(_with(rulebook, "plan-timely", phrase="it was ready"), "oversight", phrase="it was checked")
    both = [_rate("plan-timely", 8, 19), _rate("oversight", 19, 19)]
    assert told_together([*both, _rate("concerns-in-plan", 8, 19)], rules) == (
        tuple(both),
        (_rate("concerns-in-plan", 8, 19),),
    )
    assert rates_statement(both, rules) == "Of the 19 cases, it was ready in eight and it was checked in all."
    assert len(told_together([both[0], _rate("oversight", 18, 18)], rules)) == len(both)


def test_what_is_not_known_stands_beside_the_figures(rulebook: Rulebook) -> None:
    """Rows are called by their name, with their cases where these are fewer, and how many more are not known."""
    rules = _with(rulebook, "report-quality", phrase="the writing was good")
    rate = _rate("report-quality", 6, 7, NEEDS_JUDGEMENT=1)
    assert (
        rates_statement([rate], rules)
        == "Of the seven reports (one more is not known), the writing was good in all but one."
    )
    of_three = evolve(rate, cases_known=3)
    assert rates_statement([of_three], rules).startswith(
        "Of the seven reports (in three cases; one more is not known), the"
    )


def _failed(case: str, criterion: str, find: Callable[..., Finding], *flags: str, shortfall: str = "") -> Finding:
    raised = tuple(RaisedFlag(says, says, challenges=False) for says in flags)
    return find(case, criterion, Outcome.NOT_MET, flags=raised, shortfall=shortfall)


def test_reasons_are_what_is_so_of_several_cases(rulebook: Rulebook, find: Callable[..., Finding]) -> None:
    """The commonest first, with how many cases; what is so of one case only where it is the one that fell short."""
    rates = [_rate("oversight", 1, 4)]
    failed = [
        _failed(case, "oversight", find, *flags) for case, *flags in (("A", "x", "y"), ("B", "y"), ("C", "y", "z", "x"))
    ]
    assert reasons(rates, failed, rulebook) == (
        "Where this fell short, the record shows most often that y (three cases) and that x (two)."
    )
    assert reasons(rates, failed[:1], rulebook) == "In the one exception, the record shows that x and that y."
    assert not reasons(rates, [], rulebook)


def test_what_is_missing_is_quoted_only_in_words_of_choices(rulebook: Rulebook, find: Callable[..., Finding]) -> None:
    """A name that a record gives its rows is never said."""
    area = evolve(rulebook.dictionary.tables["concerns"].columns["area"], allowed=("home", "home and school"))
    concerns = evolve(rulebook.dictionary.tables["concerns"], columns={"area": area})
    dictionary = evolve(rulebook.dictionary, tables={**rulebook.dictionary.tables, "concerns": concerns})
    rules = evolve(_with(rulebook, "concerns-in-plan", shortfall="Nothing on {missing}."), dictionary=dictionary)
    said = ("Nothing on home, Jack Smith and home and school.", "Nothing on home and school and home.")
    failed = [_failed(f"C{n}", "concerns-in-plan", find, shortfall=one) for n, one in enumerate(said)]
    assert reasons([_rate("concerns-in-plan", 1, 3)], failed, rules) == (
        "The commonest gaps were home and school (two cases) and home (two)."
    )


def test_what_was_left_out_is_told_as_a_number(rulebook: Rulebook) -> None:
    """Of one case and of several."""
    assert shortfall_statement("There was none.", _rate("plan-timely", 17, 20), rulebook) == (
        "There was none: three of the 20 cases."
    )
    assert shortfall_statement("There was none.", _rate("plan-timely", 0, 1), rulebook) == "There was none: one case."


def test_an_abbreviation_keeps_its_capitals() -> None:
    """Only an ordinary word loses its capital inside a sentence."""
    assert [in_running_text(title) for title in ("The plan.", "CSE tool", "A plan", "")] == [
        "the plan",
        "CSE tool",
        "a plan",
        "",
    ]
