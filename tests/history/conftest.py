"""What runs are made of, the screening that findings files are of, and runs with everything that one can hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sample_screening import find, rulebook, screen, screening

from casescreen.model.change import RunFinding, RunRule, ScreeningRun
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Severity

__all__ = ["find", "rulebook", "screen", "screening"]

Build = Callable[..., ScreeningRun]


@pytest.fixture
def run() -> Build:
    """A function that builds a run with every sort of thing that a run can hold."""

    def build(day: int = 1, cases: tuple[str, ...] = ("C-1", "C-2"), **more: object) -> ScreeningRun:
        outcomes = tuple(Outcome)
        findings = {
            (case, criterion, item): RunFinding(
                outcomes[(place + number) % len(outcomes)],
                tuple(Severity)[number % 3],
                owner="Worker A" if number % 2 else "",
                due=date(2024, 7, 1) if number else None,
                days_late=number,
            )
            for place, case in enumerate(cases)
            for number, (criterion, item) in enumerate((("plan", ""), ("report", "R1"), ("report", "R2")))
        }
        usual: dict[str, object] = {
            "as_of": date(2024, 6, day),
            "rulebook": "bikes",
            "version": "1",
            "rulebook_hash": "a" * 64,
            "cases_hash": "b" * 64,
            "rules": {"report": RunRule("r" * 64, "report", ("letter", "note")), "plan": RunRule("p" * 64, "plan")},
            "cases": dict.fromkeys(cases, "Worker M"),
            "closed": frozenset(cases[:1]),
            "rejected": frozenset({"C-9"}),
            "rejected_unnamed": 2,
            "findings": findings,
            "numbered": {(case, "report"): {Outcome.MET: 3, Outcome.NOT_MET: 1} for case in cases},
        }
        return ScreeningRun(**(usual | more))  # type: ignore[arg-type]

    return build
