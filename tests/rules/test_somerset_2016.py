"""The twenty made-up cases, held to what the published letter counted and concluded."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from casescreen.cases.load import read_cases
from casescreen.evaluate.screening import screen
from casescreen.model.case import Case, Caseload
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import ConclusionKind, Rulebook, Scope
from casescreen.model.screening import Screening
from casescreen.rulebook.load import load_rulebook

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
SORT = {"referral order": "panel report", "youth rehabilitation order": "pre-sentence report"}
AREAS = ["area-assessment-at-start", "area-planning-at-start", "area-management-oversight"]


COVERED = {
    "substance misuse": "assessment.covers_substance_misuse",
    "living arrangements": "assessment.covers_living_arrangements",
    "neighbourhood": "assessment.covers_neighbourhood",
}


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_rulebook(ROOT / "rules" / "sqs-2016")


@pytest.fixture(scope="module")
def caseload(rulebook: Rulebook) -> Caseload:
    folder = ROOT / "cases" / "somerset-2016"
    return read_cases([folder], rulebook.dictionary, criteria=rulebook.criterion.keys(), taken_on=AS_OF)


@pytest.fixture(scope="module")
def screening(rulebook: Rulebook, caseload: Caseload) -> Screening:
    return screen(rulebook, caseload, as_of=AS_OF)


def test_every_case_is_read_and_screened(caseload: Caseload, screening: Screening) -> None:
    """All twenty cases are sound records."""
    assert (caseload.problems, screening.issues) == ((), ())
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


def _with(screening: Screening, outcome: Outcome) -> set[str]:
    return {finding.case for finding in screening.findings if finding.outcome is outcome}


def test_readme_names_the_right_cases(screening: Screening) -> None:
    """The cases that cases/README.md names show what it says of them."""
    challenged = {one.case for one in screening.findings if any(flag.challenges for flag in one.flags)}
    contradicted = {(one.case, one.criterion) for one in screening.findings if one.reader}
    assert {"SOM-11", "SOM-16"} <= challenged
    assert contradicted == {("SOM-03", "plan-timely")}
    assert _with(screening, Outcome.NOT_YET_DUE) == {"SOM-15"}
    missing = [one.case for one in screening.findings if one.outcome is Outcome.NOT_EVIDENCED]
    assert max(set(missing), key=missing.count) == "SOM-13"


def test_records_agree_with_themselves(caseload: Caseload) -> None:
    """A case without a plan says nothing of one, and no report, concern or review is at odds with the rest."""
    assert [case.id for case in caseload.cases if _at_odds(case)] == []


def _at_odds(case: Case) -> list[str]:
    fields = case.fields
    plan = [name for name in fields if name.startswith("plan.") and name != "plan.exists"]
    reports = [
        str(row["kind"]) for row in case.tables.get("reports", ()) if row["kind"] != SORT[str(fields["order.type"])]
    ]
    concerns = [str(row["area"]) for row in case.tables["concerns"]]
    left_out = [area for area in concerns if area in COVERED and fields.get(COVERED[area]) is False]
    return [*(plan if fields.get("plan.exists") is False else ()), *reports, *left_out, *_misplaced_dates(case)]


def _misplaced_dates(case: Case) -> list[str]:
    steps = ["order.sentenced_on", "order.starts_on", "plan.completed_on", "order.ends_on"]
    days = [day for step in steps if isinstance(day := case.fields.get(step), date)]
    due = [row["due_on"] for row in case.tables["reviews"]]
    outside = [
        str(day) for day in due if not (isinstance(day, date) and days[1] < day <= days[-1] and day.weekday() < 5)
    ]
    return outside if days == sorted(days) else [*outside, "order of dates"]


def test_a_second_run_gives_the_same_bytes() -> None:
    """Two runs that hash differently write the same report."""
    command = [
        sys.executable,
        "-m",
        "casescreen",
        "check",
        "cases/somerset-2016",
        "--as-of",
        "2016-05-09",
        "--format",
        "json",
    ]
    first, second = (
        subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=False)
        for seed in ("1", "2")
    )
    assert first.returncode == 1
    assert first.stdout
    assert first.stdout == second.stdout


def test_both_engines_agree_on_them(rulebook: Rulebook, caseload: Caseload, screening: Screening) -> None:
    """Plain forward chaining finds and concludes the same."""
    plain = screen(rulebook, caseload, as_of=AS_OF, engine="plain")
    assert (plain.findings, plain.conclusions) == (screening.findings, screening.conclusions)
