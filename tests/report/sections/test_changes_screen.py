"""What changed, on one screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from made_up_runs import histories, made_up_run

from casescreen.history.comparison import compare
from casescreen.model.change import RunFinding, RunRule, ScreeningRun
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Severity
from casescreen.report.formats.plain_text import width_of
from casescreen.report.sections.changes import changes_screen
from casescreen.report.sections.first_screen import MOST_LINES

_KEY = ("C-1", "a", "")


def _many(week: int, number: int, outcome: Outcome) -> ScreeningRun:
    rules = {f"c{n}": RunRule(str(week), f"a question that takes rather a lot of words {n}") for n in range(9)}
    keys = [(f"CASE-{case:04}", id_, "") for case in range(number) for id_ in rules]
    run = made_up_run(week, dict.fromkeys(keys, outcome), rules=rules)
    found = {key: RunFinding(outcome, Severity.HIGH, "Somebody with a long name") for key in keys}
    numbered = {("CASE-0000", "c0"): {Outcome.MET: 1 + week}}
    return evolve(run, findings=found, numbered=numbered, rejected_unnamed=3, rejected=frozenset({f"R-{week}"}))


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_any_number_of_changes_fits_one_screen(width: int) -> None:
    """At most 45 lines, none too wide, and how many more there are."""
    text = changes_screen(compare(_many(0, 500, Outcome.MET), _many(1, 700, Outcome.NOT_MET)), width)
    assert len(text.splitlines()) <= MOST_LINES
    assert max(map(width_of, text.splitlines())) <= width
    assert "and 6,292 more: --full" in text


@given(histories(), st.integers(40, 140))
def test_whatever_changed_fits_one_screen(history: tuple[ScreeningRun, ...], width: int) -> None:
    """Of any two runs, at any width."""
    *earlier, old, new = history
    text = changes_screen(compare(old, new, earlier), width)
    assert len(text.splitlines()) <= MOST_LINES
    assert max(map(width_of, text.splitlines())) <= max(60, width)


def test_that_nothing_changed_is_said_plainly() -> None:
    """Before what is still open."""
    run = made_up_run(0, {_KEY: Outcome.NOT_MET})
    assert "\nNOTHING CHANGED\n" in changes_screen(compare(run, run), 100)


def test_that_nothing_is_newly_not_met_is_said() -> None:
    """Where something else changed."""
    compared = compare(made_up_run(0, {_KEY: Outcome.NOT_MET}), made_up_run(1, {_KEY: Outcome.MET}))
    assert "\nNEWLY NOT MET: none\n" in changes_screen(compared, 100)


def test_the_screen_is_as_it_was_read(golden: Callable[[str, str], None]) -> None:
    """Of a week in which much happened."""
    compared = compare(_many(0, 3, Outcome.NOT_EVIDENCED), _many(1, 4, Outcome.NOT_MET))
    golden("changes-100.txt", changes_screen(compared, 100))
