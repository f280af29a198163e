"""A screening of very many cases is the same as one that asks the engine about every case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from casescreen.evaluate import remembering, screening
from casescreen.evaluate.inference import Inferrer
from casescreen.model.case import Case
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Screening

Screened = Callable[..., Screening]


def _repairs(case: Callable[..., Case]) -> list[Case]:
    fields = [
        {"case.team": f"T{number % 3}", "repair.brought_on": date(2024, 4, 2), "repair.done": number % 2 == 0}
        for number in range(30)
    ]
    reports = [[{"id": f"R{row}", "kind": "estimate"} for row in range(number % 4)] for number in range(30)]
    return [case(f"B-{n:02}", fields[n], reports=reports[n], faults=[{"serious": n % 5 == 0}]) for n in range(30)]


def test_a_large_caseload_screens_as_a_small_one_does(
    screened: Screened, case: Callable[..., Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every field of the screening is the same, reasons and conclusions included."""
    ordinary = screened(*_repairs(case))
    monkeypatch.setattr(screening, "MANY", 1)
    made: list[Inferrer] = []
    monkeypatch.setattr(screening, "Remembering", _watched(made))
    assert screened(*_repairs(case)) == ordinary
    assert len(made) == 1
    assert len(ordinary.findings) > len(ordinary.case_ids)


def _watched(made: list[Inferrer]) -> Callable[[Rulebook, Inferrer], Inferrer]:
    def make(rulebook: Rulebook, infer: Inferrer) -> Inferrer:
        made.append(remembering.Remembering(rulebook, infer))
        return made[-1]

    return make
