"""The twenty made-up cases, held to what the published letter counted and concluded."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from casescreen.evaluate.screening import screen
from casescreen.intake import read_cases
from casescreen.model.case import Caseload
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import ConclusionKind, Rulebook, Scope
from casescreen.model.screening import Screening
from casescreen.rulebook import load_rulebook

ROOT = Path(__file__).resolve().parents[2]
AS_OF = date(2016, 5, 9)

# The letter's statements: criterion, how many were met, of how many. A range is what its words allow.
STATEMENTS = [
    ("pre-sentence-report-quality", (6, 6), (7, 7)),
    ("panel-report-quality", (2, 2), (6, 6)),
    ("plan-at-start", (17, 17), (20, 20)),
    ("plan-timely", (15, 15), (17, 17)),
    ("plan-addresses-assessed-issues", (10, 10), (17, 17)),
    ("victim-awareness-objective", (1, 5), (17, 17)),
    ("assessment-reviewed", (11, 14), (12, 15)),
    ("plan-reviewed", (8, 11), (11, 15)),
    ("risk-of-harm-assessment", (5, 9), (19, 19)),
    ("risk-of-harm-plan", (9, 9), (16, 16)),
    ("risk-of-harm-assessment-reviewed", (8, 8), (11, 11)),
    ("risk-of-harm-plan-reviewed", (7, 7), (9, 9)),
    ("vulnerability-assessment", (11, 11), (19, 19)),
    ("vulnerability-plan", (5, 8), (18, 18)),
    ("safeguarding-reviewed", (14, 14), (19, 20)),
    ("cse-action-taken", (4, 9), (5, 10)),
    ("child-and-carers-involved", (10, 10), (20, 20)),
    ("non-compliance-response", (11, 11), (11, 11)),
    ("compliance-improved", (8, 8), (11, 11)),
    ("supervision-impact", (14, 14), (20, 20)),
    ("management-oversight", (9, 11), (20, 20)),
]
ONE_SHORT = {"assessment-reviewed": (1, 1), "cse-action-taken": (1, 2)}
STRENGTHS = ["strength-pre-sentence-reports", "strength-response-to-non-compliance"]
AREAS = ["area-assessment-at-start", "area-planning-at-start", "area-management-oversight"]


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_rulebook(ROOT / "rules" / "sqs-2016")


@pytest.fixture(scope="module")
def caseload(rulebook: Rulebook) -> Caseload:
    folder = ROOT / "cases" / "somerset-2016"
    return read_cases([folder], rulebook.dictionary, criteria=rulebook.criterion.keys(), as_of=AS_OF)


@pytest.fixture(scope="module")
def screening(rulebook: Rulebook, caseload: Caseload) -> Screening:
    return screen(rulebook, caseload, as_of=AS_OF)


def test_every_case_is_read_and_screened(caseload: Caseload, screening: Screening) -> None:
    """All twenty cases are sound records."""
    assert (caseload.problems, screening.problems) == ((), ())
    assert screening.case_ids == tuple(f"SOM-{number:02}" for number in range(1, 21))


@pytest.mark.parametrize(("criterion", "met", "of"), STATEMENTS, ids=[name for name, _, _ in STATEMENTS])
def test_counts_are_the_letters(
    screening: Screening, criterion: str, met: tuple[int, int], of: tuple[int, int]
) -> None:
    """Each of the letter's counts comes out, or lies in the range that its words allow."""
    rate = next(rate for rate in screening.rates if rate.criterion == criterion)
    assert met[0] <= rate.met <= met[1]
    assert of[0] <= rate.of <= of[1]
    least, most = ONE_SHORT.get(criterion, (0, rate.of))
    assert least <= rate.of - rate.met <= most


def test_conclusions_are_the_letters(screening: Screening) -> None:
    """The sample has the letter's three areas and its two countable strengths, and no other."""
    drawn = [one for one in screening.conclusions if one.on is Scope.SAMPLE]
    assert [one.id for one in drawn if one.kind is ConclusionKind.AREA] == AREAS
    assert [one.id for one in drawn if one.kind is ConclusionKind.STRENGTH] == STRENGTHS


def test_cases_show_every_outcome(screening: Screening) -> None:
    """Each of the six outcomes is found, and so are a challenged yes and a contradicted reader."""
    assert {finding.outcome for finding in screening.findings} == set(Outcome)
    assert any(flag.challenges for finding in screening.findings for flag in finding.flags)
    assert any(finding.reader for finding in screening.findings)


def test_both_engines_agree_on_them(rulebook: Rulebook, caseload: Caseload, screening: Screening) -> None:
    """Plain forward chaining finds and concludes the same."""
    plain = screen(rulebook, caseload, as_of=AS_OF, engine="plain")
    assert (plain.findings, plain.conclusions) == (screening.findings, screening.conclusions)
