"""casescreen trend."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol

import pytest
from attrs import evolve

from casescreen.history.run_rows import Identity, RunState
from casescreen.history.store import History
from casescreen.model.change import RunFinding, RunRule, ScreeningRun
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Severity


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]
Golden = Callable[[str, str], None]
_MONDAY = date(2024, 1, 1)


def _week(number: int) -> ScreeningRun:
    """A run in which three more duties fell due each week, of which about two in three are met."""
    as_of, cases = _MONDAY + timedelta(weeks=number), [f"C-{one:03}" for one in range(3 * (number + 1))]
    findings = {}
    for place, case in enumerate(cases):
        due = _MONDAY + timedelta(weeks=place // 3, days=place % 5)
        outcome = Outcome.NOT_YET_DUE if due >= as_of else Outcome.NOT_MET if place % 3 == 0 else Outcome.MET
        findings[case, "plan", ""] = RunFinding(outcome, Severity.HIGH, due=due)
        findings[case, "review", ""] = RunFinding(Outcome.NOT_EVIDENCED, Severity.LOW)
    return ScreeningRun(
        as_of=as_of,
        rulebook="bikes",
        version="1",
        rules={"plan": RunRule("p", "plan in time"), "review": RunRule("r", "reviews")},
        cases=dict.fromkeys(cases, ""),
        findings=findings,
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "h.db"
    with History(path, Identity("bikes")) as history:
        for number in (0, 1, 2, 5, 9, 10, 17):
            history.add(_week(number), RunState.COMPLETED)
        history.add_failed(_MONDAY + timedelta(weeks=3), "1", "")
        history.add(evolve(_week(18), rejected=frozenset({"C-900"})), RunState.PARTIAL)
        history.forget_case("C-000")
    return path


@pytest.mark.parametrize("width", [80, 100, 140])
def test_the_trend_of_a_history(run: Run, golden: Golden, file: Path, width: int) -> None:
    """Gaps stay gaps, a run that failed is none of them, and each table says by which rule it is read."""
    ran = run("trend", file, "--width", width)
    assert (ran.code, ran.err) == (0, "")
    golden(f"trend-{width}.txt", ran.out)


def test_each_duty_counts_once(run: Run, file: Path) -> None:
    """In however many runs it is, as the latest tells; of one criterion where it is named."""
    with History(file) as history:
        duties = history.duties()
    assert len(duties) == 3 * 19 - 1
    ran = run("trend", file, "--criterion", "review")
    assert "In no month that is over did anything fall due." in ran.out
    assert ": reviews" in ran.out
    wrong = run("trend", file, "--criterion", "plans")
    assert (wrong.code, wrong.out) == (2, "")
    assert 'Did you mean "plan"?' in wrong.err


def test_a_criterion_that_was_renamed_is_one(tmp_path: Path) -> None:
    """Its duties are not counted again under the new id."""
    before, after = _week(3), _week(4)
    rules = {"scheme": RunRule("p", "plan in time", ("plan",)), "review": RunRule("r")}
    renamed = {
        (case, "scheme" if id_ == "plan" else id_, item): one for (case, id_, item), one in after.findings.items()
    }
    with History(tmp_path / "h.db", Identity("bikes")) as history:
        history.add(before, RunState.COMPLETED)
        history.add(evolve(after, rules=rules, findings=renamed), RunState.COMPLETED)
        duties = history.duties()
    assert {one.criterion for one in duties} == {"scheme"}
    assert len(duties) == 15


def test_a_sample_has_an_interval_and_a_caseload_none(run: Run, file: Path) -> None:
    """Nobody drew a caseload by chance."""
    assert "Wilson" in run("trend", file, "--sample").out
    assert "Wilson" not in run("trend", file).out


def test_what_cannot_be_told_is_said(run: Run, file: Path, tmp_path: Path) -> None:
    """Of months before the first run, and where the rules changed; of no run, what to do."""
    with History(file) as history:
        history.forget_days([_MONDAY + timedelta(weeks=one) for one in range(6)])
    assert "who left is missing" in " ".join(run("trend", file, "--from", "0001-01-01").out.split())
    assert "who left is missing" not in run("trend", file).out
    assert "fell due before the first month of the table" in run("trend", file).out
    with History(file, Identity("bikes")) as history:
        history.add(evolve(_week(20), rulebook_hash="other"), RunState.COMPLETED)
    assert "The rules changed between runs" in run("trend", file).out
    empty = tmp_path / "empty.db"
    History(empty, Identity("bikes")).close()
    assert run("trend", empty).code == 2
    refused = run("trend", file, "--suppress-under", "5")
    assert refused.code == 2
    assert "one more copy to subtract" in refused.err
