"""A year of weekly runs stays a file that can be mailed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from casescreen.history.run_rows import Identity, RunState
from casescreen.history.store import History
from casescreen.model.change import RunFinding, RunRule, ScreeningRun
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Severity

_CASES, _CRITERIA, _WEEKS, _MOST_BYTES = 500, 48, 52, 50_000_000
_OUTCOMES, _SEVERITIES = tuple(Outcome), tuple(Severity)


def _week(number: int) -> ScreeningRun:
    as_of = date(2024, 1, 1) + timedelta(weeks=number)
    cases = [f"YOT/2024 {case:05}" for case in range(_CASES)]
    criteria = [f"criterion-of-the-rulebook-{one}" for one in range(_CRITERIA)]
    findings = {
        (case, criterion, ""): RunFinding(
            _OUTCOMES[(place + one + number) % 6],
            _SEVERITIES[one % 3],
            owner=f"Worker {place % 40}",
            due=as_of if one % 2 else None,
            days_late=place if one % 4 == 1 else 0,
        )
        for place, case in enumerate(cases)
        for one, criterion in enumerate(criteria)
    }
    return ScreeningRun(
        as_of=as_of,
        rulebook="made-up",
        rules={criterion: RunRule("0" * 64, "a few words on it") for criterion in criteria},
        cases={case: f"Worker {place % 40}" for place, case in enumerate(cases)},
        findings=findings,
    )


@pytest.mark.soak
def test_a_year_of_500_cases_is_under_50_megabytes(tmp_path: Path) -> None:
    """52 runs of 24,000 findings, each of which comes out as it was put in."""
    file = tmp_path / "h.db"
    with History(file, Identity("made-up")) as history:
        for number in range(_WEEKS):
            history.add(_week(number), RunState.COMPLETED)
        runs = history.runs()
        assert len(runs) == _WEEKS
        assert history.run(runs[-1]) == _week(_WEEKS - 1)
        assert history.run(runs[0]) == _week(0)
    assert file.stat().st_size < _MOST_BYTES
