"""How much is known of the cases: whether it is enough for a letter, and what is open most often."""

from __future__ import annotations

from collections.abc import Sequence

from casescreen.evaluate.case_summary import UNDECIDED
from casescreen.model.outcome import Outcome
from casescreen.model.problem import ReportRefusedError
from casescreen.model.rulebook import LETTER_MINIMUM_KNOWN, Severity
from casescreen.model.screening import Screening
from casescreen.report.letter.statements import in_letters
from casescreen.report.wording import whose

_MOST_TO_FILL_IN = 5


def asked_and_decided(screening: Screening) -> tuple[int, int]:
    """How many questions the cases raise by now, and how many of them are met or not met."""
    decided = sum(rate.of for rate in screening.rates)
    return decided + sum(rate.count(outcome) for rate in screening.rates for outcome in UNDECIDED), decided


def check_enough_is_known(screening: Screening) -> None:
    """Refuse a letter of which too little would be known.

    Raises:
        ReportRefusedError: less is known than the rulebook asks for, with what to fill in first.
    """
    least = screening.rulebook.parameters.get(LETTER_MINIMUM_KNOWN)
    asked, decided = asked_and_decided(screening)
    if least is None or not isinstance(least.value, int) or (asked and decided * 100 >= least.value * asked):
        return
    known, advice = "none is asked of these cases", "screen cases of which something is recorded."
    if asked:
        known = f"{decided:,} of {asked:,} are ({decided * 100 // asked} per cent)"
        open_ = open_in_words(screening, most_open(screening))
        advice = f"fill in first what is open most often, and run this again: {open_}."
    raise ReportRefusedError(
        f"There is no letter yet: {least.value} per cent of the questions asked must be decided, and {known}.",
        why=f"a letter that rests on little would mislead. The share is the rulebook's ({whose(least)}).",
        advice=advice,
    )


def most_open(screening: Screening) -> list[tuple[int, str, Outcome]]:
    """The questions that are open most often, of them the gravest first: how often, of which criterion, and why."""
    every = [(rate.count(outcome), rate.criterion, outcome) for rate in screening.rates for outcome in UNDECIDED]
    criteria, grades = screening.rulebook.criterion, tuple(Severity)
    open_ = [one for one in every if one[0]]
    return sorted(open_, key=lambda one: (-one[0], grades.index(criteria[one[1]].severity)))[:_MOST_TO_FILL_IN]


def open_in_words(screening: Screening, open_: Sequence[tuple[int, str, Outcome]]) -> str:
    """What is open, for want of what, and how often, in one line."""
    criteria = screening.rulebook.criterion
    lacks = {Outcome.NOT_EVIDENCED: "not shown by the record", Outcome.NEEDS_JUDGEMENT: "no reader's answer"}
    return "; ".join(f"{criteria[id_].short} ({lacks[what]}: {in_letters(times)})" for times, id_, what in open_)
