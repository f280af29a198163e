"""What is said of single cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from attrs import evolve

from casescreen.evaluate.case_summary import case_summaries
from casescreen.model.case import Rejected
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Finding, Screening
from casescreen.report.blocks import Block
from casescreen.report.formats.plain_text import to_plain
from casescreen.report.sections.cases import left_out, what_to_fill_in

Find = Callable[..., Finding]
Screen = Callable[..., Screening]
_COLUMN, _FIELD, _TABLE = "concerns.linked", "plan.completed_on", "objectives"


def _lines(blocks: Iterable[Block]) -> list[str]:
    return [line.strip() for line in to_plain(blocks, 200).splitlines() if line.strip()]


def _waits(find: Find, case: str, criterion: str, *missing: str) -> Finding:
    return find(case, criterion, Outcome.NOT_EVIDENCED, missing=missing)


def test_what_most_questions_wait_for_comes_first(rulebook: Rulebook, find: Find, screen: Screen) -> None:
    """Over all cases and then case by case: fields and columns by label and name, and tables."""
    findings = [
        _waits(find, "A", "plan-timely", _FIELD),
        _waits(find, "A", "concerns-in-plan", _COLUMN, _FIELD),
        _waits(find, "B", "concerns-in-plan", _TABLE),
        find("B", "plan-timely", Outcome.MET),
    ]
    lines = _lines(what_to_fill_in(rulebook, case_summaries(screen(findings))))
    assert lines[2:] == [
        "Fill in 3 fields, and 3 questions that wait for them can be decided. An answer can raise a further question.",
        "plan completed (plan.completed_on): 2 questions in 1 case",
        "concern: linked to the offending (concerns.linked): 1 question in 1 case",
        "whether there are objectives (objectives): 1 question in 1 case",
        "A: Fill in 2 fields, and 2 questions that wait for them can be decided.",
        "plan completed (plan.completed_on): 2 questions",
        "concern: linked to the offending (concerns.linked): 1 question",
        "B: Fill in 1 field, and 1 question that waits for it can be decided.",
        "whether there are objectives (objectives): 1 question",
    ]


def test_where_nothing_is_missing_nothing_is_said(rulebook: Rulebook, find: Find, screen: Screen) -> None:
    """Nor of closed cases, nor of what a reader has still to answer."""
    waits, met = _waits(find, "A", "plan-timely", _FIELD), find("A", "plan-timely", Outcome.MET)
    judged = find("A", "oversight", Outcome.NEEDS_JUDGEMENT)
    for screening in (screen([met, judged]), evolve(screen([waits]), closed_cases=("A",))):
        assert not _lines(what_to_fill_in(rulebook, case_summaries(screening)))


def test_it_is_short_whatever_the_number_of_cases(rulebook: Rulebook, find: Find, screen: Screen) -> None:
    """It says how many more there are, and where."""
    findings = [_waits(find, f"A-{number:03}", "plan-timely", _FIELD) for number in range(300)]
    lines = _lines(what_to_fill_in(rulebook, case_summaries(screen(findings))))
    assert len(lines) < 50
    assert lines[2].startswith("Fill in 300 fields, and 300 questions that wait for them")
    assert lines[-1] == "And 280 more cases: the findings as CSV are all of them."


def test_what_was_left_out_is_short_and_says_where_the_rest_is(screening: Screening) -> None:
    """Twenty of each: standard error names every record, and the JSON every case that had not begun."""
    rejected = tuple(Rejected(f"L-{number:02}", "no start") for number in range(22))
    late = tuple(f"N-{number:02}" for number in range(21))
    said = " ".join(_lines(left_out(evolve(screening, rejected=rejected, cases_not_begun=late))))
    assert "case L-19: no start And 2 more records: they were told where the files were read." in said
    assert said.endswith("N-19. And 1 more case: the findings as JSON name them.")
