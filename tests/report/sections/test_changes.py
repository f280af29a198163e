"""What changed, in words."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from made_up_runs import RULES, histories, made_up_run

from casescreen.history.comparison import compare
from casescreen.model.change import RunFinding, RunRule, ScreeningRun
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Severity
from casescreen.report.blocks import Grid
from casescreen.report.formats.plain_text import to_plain
from casescreen.report.sections.change_groups import change_groups, newly_failing
from casescreen.report.sections.changes import balance, changes_in_full, notes

_KEY = ("C-1", "a", "")


def _lines(old: ScreeningRun, new: ScreeningRun) -> dict[str, list[str]]:
    return {group.title: [line.says for line in group.lines] for group in change_groups(compare(old, new))}


@pytest.mark.parametrize(
    ("was", "now", "title", "says"),
    [
        (Outcome.MET, Outcome.NOT_MET, "New", "first: not met, was met"),
        (Outcome.NOT_MET, Outcome.MET, "Fixed", "first: met, was not met"),
        (Outcome.NOT_MET, Outcome.NOT_MET, "Still open", "first: not met, open since 2 May 2016 or before"),
        (
            Outcome.NOT_MET,
            Outcome.NOT_EVIDENCED,
            "Still open",
            "first: not evidenced, open since 2 May 2016 or before; less is known",
        ),
        (Outcome.NOT_MET, Outcome.NEEDS_JUDGEMENT, "Answer awaited", "first: needs judgement, was not met"),
        (Outcome.NEEDS_JUDGEMENT, Outcome.NEEDS_JUDGEMENT, "Answer awaited", "first: needs judgement"),
        (Outcome.NOT_MET, Outcome.NOT_APPLICABLE, "No longer applies", "first: not applicable, was not met"),
    ],
)
def test_what_became_of_a_finding_is_said(was: Outcome, now: Outcome, title: str, says: str) -> None:
    """By the criterion's short title, with what it was."""
    assert _lines(made_up_run(0, {_KEY: was}), made_up_run(1, {_KEY: now})) == {title: [says]}


def test_of_cases_that_came_or_left_only_what_is_or_was_open_is_told() -> None:
    """The rest of their findings is counted, and there is nothing to say of it."""
    of_left = {("C-1", "a", ""): Outcome.NOT_MET, ("C-1", "b", ""): Outcome.MET}
    of_new = {("C-2", "a", "R-1"): Outcome.MET, ("C-2", "b", "R-1"): Outcome.NOT_EVIDENCED}
    assert _lines(made_up_run(0, of_left), made_up_run(1, of_new)) == {
        "Came with a new case": ["second (R-1): not evidenced"],
        "Case left": ["first: was not met"],
    }


def test_another_rule_and_a_closed_case_are_told() -> None:
    """Where the outcome is the same, too; and a row that is new was not asked of before."""
    rules = {**RULES, "a": RunRule("9", "first")}
    was = made_up_run(0, {_KEY: Outcome.NOT_MET})
    now = made_up_run(1, {_KEY: Outcome.NOT_MET, ("C-1", "b", "R-2"): Outcome.NOT_MET}, rules=rules)
    assert _lines(was, evolve(now, closed=frozenset({"C-1"}))) == {
        "New": ["second (R-2): not met, not asked before; the case is closed"],
        "Still open": ["first: not met, open since 2 May 2016 or before; the rule is another one; the case is closed"],
    }


def test_the_balance_adds_up_in_words() -> None:
    """What was open, what came and went by kind, and what is open."""
    old = made_up_run(0, {_KEY: Outcome.NOT_MET, ("C-2", "a", ""): Outcome.MET, ("C-3", "a", ""): Outcome.NOT_MET})
    new = made_up_run(1, {_KEY: Outcome.MET, ("C-2", "a", ""): Outcome.NOT_MET, ("C-4", "a", ""): Outcome.NOT_MET})
    rows = {("C-1", "b"): {Outcome.NOT_MET: 2}}
    came = "1 new, 1 came with a new case and 2 in rows without a key"
    assert balance(compare(old, evolve(new, numbered=rows))) == [
        f"2 open then, 4 now. Came: {came}. Went: 1 fixed and 1 case left.",
        "Not met: 2 then, 4 now.",
        "Cases: 3 then, 3 now: 1 new and 1 left.",
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ({"cases": {"C-8": ""}}, {"cases": {"C-9": ""}}, "No case is in both"),
        ({}, {"rules": {**RULES, "c": RunRule("3")}}, "The rules are not the same: c (added)."),
        ({"rulebook_hash": "1", "version": "1"}, {"rulebook_hash": "2", "version": "2"}, "(version 1 then, 2 now)"),
        ({"cases_hash": "1"}, {"cases_hash": "1"}, "The records say the same in both"),
        ({}, {"rejected_unnamed": 1}, "1 record could not be used now, and which is not known"),
        ({"rejected_unnamed": 2}, {}, "2 records could not be used then, and which is not known"),
        ({}, {"numbered": {("C-1", "a"): {Outcome.MET: 2}}}, "2 rows have no key of their own"),
        ({}, {}, "takes more than two runs"),
    ],
)
def test_what_has_to_be_known_is_said(old: dict[str, object], new: dict[str, object], says: str) -> None:
    """What makes a comparison doubtful, and what it cannot tell."""
    assert [note for note in notes(compare(made_up_run(0, **old), made_up_run(1, **new))) if says in note]  # type: ignore[arg-type]


def test_of_very_many_rules_the_first_are_named() -> None:
    """And how many more there are."""
    rules = {f"c{number}": RunRule("1") for number in range(9)}
    told = notes(compare(made_up_run(0), made_up_run(1, rules={**RULES, **rules})))
    assert "The rules are not the same: c0 (added), c1 (added), c2 (added), c3 (added), c4 (added) and 4 more." in told


@given(histories())
def test_every_change_is_told_once(history: tuple[ScreeningRun, ...]) -> None:
    """In the whole of it, what is newly not met stands first, and everything else by its kind."""
    *earlier, old, new = history
    compared = compare(old, new, earlier)
    grids = [block.rows for block in changes_in_full(compared) if isinstance(block, Grid)]
    told = Counter((line.case, line.owner, line.says) for group in change_groups(compared) for line in group.lines)
    assert Counter(row for rows in grids for row in rows) == told
    failing = [(line.case, line.owner, line.says) for line in newly_failing(compared)]
    assert failing == (list(grids[0]) if failing else [])


def test_text_of_a_file_is_made_safe() -> None:
    """Ids, owners and titles come from a file that anybody may have written."""
    rules = {"a": RunRule("1", "x\x1b[31m")}
    found = {("C\x1b[2J", "a", "R\x07"): RunFinding(Outcome.NOT_MET, Severity.HIGH, "W\u202e", date(2016, 5, 2))}
    new = made_up_run(1, cases={"C\x1b[2J": ""}, rules=rules)
    compared = compare(made_up_run(0, rules=rules), evolve(new, findings=found))
    text = to_plain(changes_in_full(compared), 100)
    assert not [character for character in text if character in "\x1b\x07\u202e"]
