"""What changed, in words."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from made_up_runs import RULES, histories, made_up_run

from casescreen.history.comparison import compare
from casescreen.model.change import OPEN, FindingKey, RunFinding, RunRule, ScreeningRun
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Severity
from casescreen.report.blocks import Grid
from casescreen.report.formats.plain_text import to_plain
from casescreen.report.sections.change_groups import change_groups, failing_by_case, newly_failing
from casescreen.report.sections.changes import balance, changes_in_full, headline, notes

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
        (Outcome.NOT_MET, Outcome.NEEDS_JUDGEMENT, "Waiting for an answer", "first: needs judgement, was not met"),
        (Outcome.NEEDS_JUDGEMENT, Outcome.NEEDS_JUDGEMENT, "Waiting for an answer", "first: needs judgement"),
        (Outcome.NOT_MET, Outcome.NOT_APPLICABLE, "No longer apply", "first: not applicable, was not met"),
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
        "In new cases": ["second (R-1): not evidenced"],
        "In cases that left": ["first: was not met"],
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
    came = "1 new, 1 in a new case and 2 in rows without a key"
    assert balance(compare(old, evolve(new, numbered=rows))) == [
        f"2 open then, 4 now. Came: {came}. Went: 1 fixed and 1 in a case that left.",
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


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ({}, {}, "nothing changed"),
        ({_KEY: Outcome.NOT_MET}, {_KEY: Outcome.NOT_MET}, "nothing changed; 1 still open"),
        ({_KEY: Outcome.MET}, {_KEY: Outcome.NOT_MET}, "1 newly not met. 1 new"),
        ({_KEY: Outcome.NOT_EVIDENCED}, {_KEY: Outcome.NOT_MET}, "1 newly not met. 1 worse"),
        ({_KEY: Outcome.NOT_MET}, {_KEY: Outcome.MET}, "nothing newly not met. 1 fixed"),
        ({_KEY: Outcome.NOT_MET}, {_KEY: Outcome.NEEDS_JUDGEMENT}, "nothing newly not met. 1 that waits for an answer"),
        ({_KEY: Outcome.MET}, {_KEY: Outcome.NOT_YET_DUE}, "nothing newly not met"),
        ({("C-2", "a", ""): Outcome.NOT_MET, _KEY: Outcome.MET}, {_KEY: Outcome.MET, ("C-3", "a", ""): Outcome.NOT_MET},
         "1 newly not met. 1 in a new case, 1 in a case that left; 1 case came, 1 case left"),
    ],
)  # fmt: skip
def test_it_is_said_in_a_line(before: dict[FindingKey, Outcome], after: dict[FindingKey, Outcome], says: str) -> None:
    """What is newly not met first, what is still open last, in words that follow a number."""
    assert headline(compare(made_up_run(0, before), made_up_run(1, after))) == says


def test_what_is_worse_is_apart_from_what_is_still_open() -> None:
    """And both are counted once."""
    before = {(case, "a", ""): Outcome.NOT_EVIDENCED for case in ("C-1", "C-2", "C-3")}
    compared = compare(made_up_run(0, before), made_up_run(1, {**before, _KEY: Outcome.NOT_MET}))
    assert [(one.title, len(one.lines)) for one in change_groups(compared)] == [("Worse", 1), ("Still open", 2)]
    assert headline(compared) == "1 newly not met. 1 worse, 2 more still open"


@given(histories())
def test_the_line_has_the_numbers_of_the_comparison(history: tuple[ScreeningRun, ...]) -> None:
    """Each is of a class of the comparison; all that is open now is in one, but for rows without keys."""
    *earlier, old, new = history
    compared = compare(old, new, earlier)
    groups = {group.title: len(group.lines) for group in change_groups(compared)}
    said = headline(compared)
    failing = sum(one.after is Outcome.NOT_MET and one.before is not Outcome.NOT_MET for one in compared.changes)
    assert said.startswith("nothing changed" if not compared.differs else f"{failing or 'nothing'} newly not met")
    if compared.differs:
        for title, word in (("Reopened", "reopened"), ("Worse", "worse"), ("Fixed", "fixed"), ("Still open", "open")):
            number = re.search(rf"(\d+) (?:more )?(?:still )?{word}(?:[,;]|$)", said)
            assert (int(number[1]) if number else 0) == groups.get(title, 0)
    open_now = sum(one.is_open for group in change_groups(compared) for one in (line.change for line in group.lines))
    assert open_now == sum(one.outcome in OPEN for one in new.findings.values())


def test_case_by_case_the_gravest_comes_first() -> None:
    """Of what is newly not met: the case with most of the highest severity, and in it what is gravest."""
    after = {("C-1", "a", ""): Outcome.NOT_MET, ("C-2", "a", ""): Outcome.NOT_MET, ("C-2", "b", ""): Outcome.NOT_MET}
    graded = {
        key: RunFinding(outcome, Severity.LOW if key == ("C-2", "a", "") else Severity.HIGH)
        for key, outcome in (after | {("C-3", "a", ""): Outcome.NOT_MET, ("C-3", "b", ""): Outcome.NOT_MET}).items()
    }
    new = evolve(made_up_run(1, cases=dict.fromkeys(("C-1", "C-2", "C-3"), "Worker")), findings=graded)
    told = failing_by_case(compare(made_up_run(0), new))
    assert [(one.case, [line.short for line in one.lines]) for one in told] == [
        ("C-3", ["first", "second"]), ("C-2", ["second", "first"]), ("C-1", ["first"]),
    ]  # fmt: skip


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
