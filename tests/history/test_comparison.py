"""What changed between runs, over all that a run can say of a finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from itertools import product

import pytest
from attrs import evolve
from hypothesis import given
from made_up_runs import MONDAY, RULES, a_year, histories, made_up_run

from casescreen.history.comparison import classify, compare
from casescreen.model.change import (
    OPEN,
    Absence,
    ChangeKind,
    RuleChange,
    RunFinding,
    RunRule,
    ScreeningRun,
    State,
    Trend,
    open_in,
)
from casescreen.model.outcome import Outcome
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Severity

_STATES: tuple[State, ...] = (*Outcome, *Absence)


def _kind(old: ScreeningRun, new: ScreeningRun, *earlier: ScreeningRun) -> ChangeKind | None:
    changes = compare(old, new, earlier).changes
    assert len(changes) <= 1
    return changes[0].kind if changes else None


def test_what_becomes_of_a_finding_is_a_table(golden: Callable[[str, str], None]) -> None:
    """Every way in which two runs can stand on a finding, with the rule the same and another one."""
    lines = []
    for changed, before, after in product((False, True), _STATES, _STATES):
        kind = classify(before, after, rule_changed=changed)
        again = classify(before, after, rule_changed=changed, was_fixed=True)
        beside = f" | {again.value} where it was fixed once" if again is not kind and again is not None else ""
        rule = "rule changed" if changed else "rule the same"
        lines.append(f"{rule} | {before.value} | {after.value} | {kind.value if kind else '-'}{beside}")
    golden("comparison.txt", "\n".join(lines) + "\n")


@pytest.mark.parametrize(("before", "after"), list(product(Outcome, Outcome)))
def test_nothing_is_fixed_but_what_was_open_and_is_met(before: Outcome, after: Outcome) -> None:
    """Under the same rule; under another one, nothing is."""
    is_fixed = before in OPEN and after is Outcome.MET
    assert (classify(before, after, rule_changed=False) is ChangeKind.FIXED) is is_fixed
    assert classify(before, after, rule_changed=True) is not ChangeKind.FIXED


def _in(run: ScreeningRun, state: State) -> ScreeningRun:
    """The run, standing so on a question about the case C-1."""
    match state:
        case Absence.NO_FINDING:
            return evolve(run, cases={"C-1": ""}, findings={})
        case Absence.NO_CASE:
            return evolve(run, cases={}, findings={})
        case Absence.REJECTED:
            return evolve(run, cases={}, findings={}, rejected=frozenset({"C-1"}))
        case _:
            return evolve(run, cases={"C-1": ""}, findings={("C-1", "a", ""): RunFinding(state, Severity.HIGH)})


@pytest.mark.parametrize(("before", "after"), list(product(_STATES, _STATES)))
@pytest.mark.parametrize("changed", [False, True])
def test_runs_are_compared_by_the_table(before: State, after: State, changed: bool) -> None:
    """What the table says is what becomes of a finding in two runs that stand so on it."""
    rules = {**RULES, "a": RunRule("9")} if changed else RULES
    compared = compare(_in(made_up_run(), before), _in(made_up_run(1, rules=rules), after))
    kinds = [change.kind for change in compared.changes]
    kind = classify(before, after, rule_changed=changed)
    assert kinds == ([] if kind is None else [kind])
    tells_nothing = (before, after) == (Absence.NO_FINDING, Outcome.NOT_APPLICABLE)  # a row that nothing is asked of
    assert compared.differs is (changed or (before is not after and not tells_nothing))


def test_a_run_compared_with_itself_is_the_same() -> None:
    """Nothing differs, though what is open is still told."""
    run = made_up_run(0, {("C-1", "a", ""): Outcome.NOT_MET, ("C-2", "b", "R-1"): Outcome.NEEDS_JUDGEMENT})
    compared = compare(run, run)
    assert not compared.differs
    assert [change.kind for change in compared.changes] == [ChangeKind.ANSWER_AWAITED, ChangeKind.STILL_OPEN]
    assert not any(change.is_difference for change in compared.changes)


_KEY = ("C-1", "a", "")


def test_what_was_open_once_and_is_again_is_reopened() -> None:
    """Only where runs before the last are known; without them it is new."""
    open_, met = made_up_run(0, {_KEY: Outcome.NOT_MET}), made_up_run(1, {_KEY: Outcome.MET})
    again = made_up_run(2, {_KEY: Outcome.NOT_EVIDENCED})
    assert _kind(met, again) is ChangeKind.NEW
    assert _kind(met, again, open_) is ChangeKind.REOPENED
    assert _kind(met, again, evolve(met, as_of=open_.as_of)) is ChangeKind.NEW
    assert compare(met, again, [open_]).knows_past
    assert not compare(met, again).knows_past


def test_since_when_something_is_open_is_the_first_of_the_runs_in_a_row() -> None:
    """A run in which it was not open breaks the row."""
    outcomes = (Outcome.NOT_MET, Outcome.MET, Outcome.NOT_EVIDENCED, Outcome.NOT_MET, Outcome.NOT_MET)
    *earlier, old, new = [made_up_run(week, {_KEY: outcome}) for week, outcome in enumerate(outcomes)]
    (change,) = compare(old, new, earlier).changes
    assert change.since == MONDAY + timedelta(weeks=2)
    assert compare(old, new).changes[0].since == old.as_of


@pytest.mark.parametrize(
    ("was", "now", "trend"),
    [
        ((Outcome.NOT_EVIDENCED, 0), (Outcome.NOT_MET, 0), Trend.WORSE),
        ((Outcome.NOT_MET, 0), (Outcome.NOT_EVIDENCED, 0), Trend.LESS_KNOWN),
        ((Outcome.NOT_MET, 3), (Outcome.NOT_MET, 5), Trend.WORSE),
        ((Outcome.NOT_MET, 5), (Outcome.NOT_MET, 3), Trend.BETTER),
        ((Outcome.NOT_MET, 3), (Outcome.NOT_MET, 3), Trend.SAME),
    ],
)
def test_what_is_still_open_is_worse_or_better(
    was: tuple[Outcome, int], now: tuple[Outcome, int], trend: Trend
) -> None:
    """By outcome, then by how late it is; that less is known of it is not better."""
    old, new = (
        evolve(made_up_run(0, {_KEY: outcome}), findings={_KEY: RunFinding(outcome, Severity.LOW, days_late=days)})
        for outcome, days in (was, now)
    )
    compared = compare(old, new)
    assert [change.trend for change in compared.changes] == [trend]
    assert compared.differs is (trend is not Trend.SAME)


def test_newly_failing_comes_first_and_then_the_gravest() -> None:
    """Before all else that changed: what is not met and was not so, by kind, severity, case and the rules' order."""
    severity = {"C-1": Severity.LOW, "C-2": Severity.HIGH, "C-3": Severity.HIGH}
    before = {("C-1", "a", ""): Outcome.MET, ("C-2", "a", ""): Outcome.MET, ("C-2", "b", ""): Outcome.NOT_EVIDENCED,
              ("C-3", "a", ""): Outcome.NOT_MET, ("C-3", "b", ""): Outcome.MET}  # fmt: skip
    after = dict.fromkeys(before, Outcome.NOT_MET) | {("C-3", "b", ""): Outcome.NOT_EVIDENCED}
    old, new = made_up_run(0, before), made_up_run(1, after)
    graded = {key: RunFinding(outcome, severity[key[0]]) for key, outcome in after.items()}
    compared = compare(old, evolve(new, findings=graded))
    assert [(one.case, one.criterion) for one in compared.changes] == [
        ("C-2", "a"), ("C-1", "a"), ("C-2", "b"), ("C-3", "b"), ("C-3", "a"),
    ]  # fmt: skip


def test_ids_follow_what_the_rulebook_renamed() -> None:
    """Under its new id a finding is the same; that it was renamed is told, and is a difference of the rules."""
    rules = {"z": RunRule("1", renamed_from=("a",)), "b": RULES["b"]}
    old, new = made_up_run(0, {_KEY: Outcome.NOT_MET}), made_up_run(1, {("C-1", "z", ""): Outcome.MET}, rules=rules)
    compared = compare(old, new)
    assert [(one.criterion, one.kind) for one in compared.changes] == [("z", ChangeKind.FIXED)]
    assert compared.rules == (RuleChange("z", "renamed", "a"),)
    changed = compare(old, evolve(new, rules={**rules, "z": RunRule("7", renamed_from=("a",))}))
    assert changed.rules == (RuleChange("z", "changed", "a"),)
    assert [one.kind for one in changed.changes] == [ChangeKind.RULE_CHANGED]


def test_of_two_criteria_that_became_one_neither_is_it() -> None:
    """Which of them its findings would be cannot be told: both are gone, and one was added."""
    rules = {"z": RunRule("1", renamed_from=("a", "b"))}
    old = made_up_run(0, {_KEY: Outcome.NOT_MET, ("C-1", "b", ""): Outcome.MET})
    compared = compare(old, made_up_run(1, {("C-1", "z", ""): Outcome.MET}, rules=rules))
    assert {(one.id, one.how) for one in compared.rules} == {("z", "added"), ("a", "removed"), ("b", "removed")}
    assert {one.kind for one in compared.changes} == {ChangeKind.RULE_CHANGED}


def test_rows_without_a_key_are_compared_by_number() -> None:
    """The same numbers are no difference, whatever the rows say; others are one, and count in what is open."""
    rows = {("C-1", "a"): {Outcome.NOT_MET: 2, Outcome.MET: 1}}
    old = made_up_run(0, numbered=rows)
    assert not compare(old, made_up_run(1, numbered=rows)).differs
    compared = compare(old, made_up_run(1, numbered={("C-1", "a"): {Outcome.NOT_MET: 1, Outcome.MET: 2}}))
    assert compared.differs
    assert (open_in(compared.before), open_in(compared.after), compared.changes) == (2, 1, ())


def test_cases_come_and_leave_and_are_rejected() -> None:
    """Each once; one that was never screened neither came nor left, and is a difference all the same."""
    old = made_up_run(0, cases={"C-1": "", "C-2": "", "C-3": ""}, rejected=frozenset({"C-9"}))
    new = made_up_run(1, cases={"C-3": "", "C-4": ""}, rejected=frozenset({"C-2", "C-9"}))
    compared = compare(old, new)
    assert (compared.new_cases, compared.left_cases, compared.rejected_cases) == (("C-4",), ("C-1",), ("C-2",))
    assert compare(old, evolve(old, rejected=frozenset())).differs
    assert compare(old, evolve(old, rejected_unnamed=1)).differs


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ({"rulebook": "other"}, {}, "different rulebooks: other, and sqs"),
        ({"pseudonyms": "1"}, {"pseudonyms": "2"}, "different keys"),
        ({"pseudonyms": "1"}, {}, "Only one of them has pseudonyms"),
        ({"sample": "1"}, {"sample": "2"}, "different samples"),
        ({}, {"sample": ""}, "Only one of them is of a sample"),
        ({"as_of": date(2016, 5, 10)}, {"as_of": date(2016, 5, 9)}, "name the earlier one first"),
    ],
)
def test_what_cannot_be_compared_is_refused(old: dict[str, object], new: dict[str, object], says: str) -> None:
    """With what is different, and what to do."""
    with pytest.raises(CasescreenError, match=rf"(?s){says}.*") as refused:
        compare(made_up_run(**old), made_up_run(**new))  # type: ignore[arg-type]
    assert "What to do" in str(refused.value)


def _counts(run: ScreeningRun) -> Counter[Outcome]:
    counts = Counter(finding.outcome for finding in run.findings.values())
    for tally in run.numbered.values():
        counts.update(dict(tally))
    return counts


@given(histories())
def test_the_sums_balance(history: tuple[ScreeningRun, ...]) -> None:
    """Every finding of both runs is counted once; what was open, and came, less what went, is what is open."""
    *earlier, old, new = history
    compared = compare(old, new, earlier)
    assert {key: count for key, count in compared.before.items() if count} == +_counts(old)
    assert {key: count for key, count in compared.after.items() if count} == +_counts(new)
    gone = len(compared.left_cases) + len(compared.rejected_cases)
    assert len(old.cases) + len(compared.new_cases) - gone == len(new.cases)
    came = sum(one.is_open and not one.was_open for one in compared.changes)
    went = sum(one.was_open and not one.is_open for one in compared.changes)
    rows = sum(open_in(one.after) - open_in(one.before) for one in compared.numbered)
    assert open_in(compared.before) + came - went + rows == open_in(compared.after)


@pytest.mark.parametrize("seed", range(5))
def test_a_year_of_weeks_balances(seed: int) -> None:
    """From each week to the next, and from the first to the last: nothing is lost on the way, whatever comes back."""
    runs = a_year(seed)
    open_now = open_in(_counts(runs[0]))
    kinds = set()
    for week in range(1, len(runs)):
        compared = compare(runs[week - 1], runs[week], runs[: week - 1])
        open_now += sum(one.is_open - one.was_open for one in compared.changes)
        assert open_now == open_in(_counts(runs[week]))
        kinds |= {one.kind for one in compared.changes}
    assert kinds >= {ChangeKind.NEW, ChangeKind.REOPENED, ChangeKind.NEW_CASE, ChangeKind.CASE_LEFT, ChangeKind.FIXED}


@given(histories())
def test_what_is_told_of_a_change_is_so(history: tuple[ScreeningRun, ...]) -> None:
    """Nothing is told twice; what differs from itself is nothing; since when is a day on which it was open."""
    *earlier, old, new = history
    compared = compare(old, new, earlier)
    keys = [(one.case, one.criterion, one.item) for one in compared.changes]
    assert len(set(keys)) == len(keys)
    assert not compare(new, new, [*earlier, old]).differs
    open_on = {run.as_of: run for run in (*earlier, old)}
    for one, key in zip(compared.changes, keys, strict=True):
        if one.since is not None:
            assert open_on[one.since].findings[key].outcome in OPEN
        assert (one.kind is ChangeKind.STILL_OPEN) is (one.since is not None) is (one.trend is not None)
