"""Statements of the letter that are made of titles and figures."""

from __future__ import annotations

from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Criterion, Rulebook
from casescreen.model.screening import Rate
from casescreen.report.proportion import FEWEST_FOR_A_PHRASE, k_of_n, proportion_in_words
from casescreen.text import counted

_UNTOLD = {
    Outcome.NOT_EVIDENCED: "the record does not show it in {}",
    Outcome.NEEDS_JUDGEMENT: "a reader has still to answer in {}",
}


def rate_statement(rate: Rate, rulebook: Rulebook) -> str:
    """K of n in words and in figures: "In half of the cases (4 of 8), the plan is on time."."""
    criterion = rulebook.criterion[rate.criterion]
    what = asked_of(criterion, rulebook)
    exact = rate.met not in (0, rate.of) and rate.of < FEWEST_FOR_A_PHRASE
    share = (
        f"{proportion_in_words(rate.met, rate.of)} {what}"
        if exact
        else f"{proportion_in_words(rate.met, rate.of)} of the {what}"
    )
    return f"In {share} ({k_of_n(rate.met, rate.of)}), {running(criterion.title)}."


def untold_statement(rate: Rate, rulebook: Rulebook) -> str:
    """What k of n leaves out because nobody can tell yet; "" if nothing."""
    criterion = rulebook.criterion[rate.criterion]
    parts = [
        said.format(_number(rate.counts[outcome], criterion, rulebook))
        for outcome, said in _UNTOLD.items()
        if rate.counts[outcome]
    ]
    return f"“{criterion.title}”: {' and '.join(parts)}." if parts else ""


def asked_of(criterion: Criterion, rulebook: Rulebook) -> str:
    """What the criterion counts: cases, or the rows of a table by their name."""
    return "cases" if criterion.per is None else rulebook.dictionary.tables[criterion.per.table].label


def running(title: str) -> str:
    """A title as it stands inside a line; abbreviations keep their capitals."""
    first, space, rest = title.partition(" ")
    lower = first[1:] == first[1:].lower()
    return f"{first[:1].lower() if lower else first[:1]}{first[1:]}{space}{rest}".rstrip(".")


def _number(count: int, criterion: Criterion, rulebook: Rulebook) -> str:
    if criterion.per is None:
        return counted(count, "case")
    table = rulebook.dictionary.tables[criterion.per.table]
    return counted(count, table.one, table.label)
