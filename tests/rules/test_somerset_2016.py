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
# What the letter says in words and does not count: criterion, and the bands that its words allow.
WORDS = [
    ("initial-assessment", {"mixed", "weak"}),
    ("areas-linked-to-behaviour", {"mixed", "weak"}),
    ("specialist-advice-used", {"strong"}),
    ("restorative-justice-planned", {"strong"}),
    ("restorative-justice-prepared", {"strong"}),
    ("education-provision", {"strong", "sound"}),
    ("likelihood-reduced", {"sound", "mixed"}),
    ("specialist-assessment-requested", {"strong"}),
    ("vulnerability-linked-to-offending", {"mixed", "weak"}),
    ("health-needs-in-plan", {"mixed", "weak"}),
    ("cse-tool-completed", {"strong"}),
    ("relationship-built", {"strong"}),
    ("health-and-welfare", {"strong", "sound"}),
    ("barriers-assessed", {"mixed"}),
    ("plan-meets-individual-need", {"sound", "mixed"}),
    ("high-risk-case-discussed", {"strong", "sound"}),
    ("decisions-in-plan", {"weak"}),
    ("decisions-acted-on", {"mixed", "weak"}),
]
STRENGTHS = {
    "strength-pre-sentence-reports",
    "strength-engagement",
    "strength-response-to-non-compliance",
    "strength-specialist-advice",
    "strength-restorative-work",
}
AREAS = {"area-assessment-at-start", "area-planning-at-start", "area-management-oversight"}
SORT = {"referral order": "panel report", "youth rehabilitation order": "pre-sentence report"}
REPORTS = [*["pre-sentence report"] * 7, *["panel report"] * 6, *[""] * 7]
LATE_TO_PANEL = {"SOM-10"}
PLANNED_BEFORE_ASSESSED = {"SOM-14"}

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


@pytest.mark.parametrize(("criterion", "bands"), WORDS, ids=[name for name, _ in WORDS])
def test_rates_that_the_letter_does_not_count_bear_its_words(
    screening: Screening, criterion: str, bands: set[str]
) -> None:
    """What the letter praises comes out well, what it misses does not, and enough cases are known to say so."""
    assert next(rate for rate in screening.rates if rate.criterion == criterion).band in bands


def test_conclusions_are_the_letters(screening: Screening) -> None:
    """The sample has the letter's three areas and its five key strengths, and no other."""
    drawn = [one for one in screening.conclusions if one.on is Scope.SAMPLE]
    assert {one.id for one in drawn if one.kind is ConclusionKind.AREA} == AREAS
    assert {one.id for one in drawn if one.kind is ConclusionKind.STRENGTH} == STRENGTHS


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


def test_transferred_and_closed_cases_are_not_blamed(screening: Screening) -> None:
    """Another team's work counts for nobody here, and a closed case asks nothing of anybody now."""
    found = {(one.case, one.criterion): one.outcome for one in screening.findings}
    assert found["SOM-18", "risk-of-harm-assessment"] is Outcome.NOT_APPLICABLE
    assert found["SOM-18", "reviews-held"] is Outcome.MET
    acting = [one.subject for one in screening.conclusions if one.kind is ConclusionKind.ACTION]
    assert "SOM-05" in acting
    assert "SOM-09" not in acting


def test_answers_of_interviews_are_told_as_such(caseload: Caseload) -> None:
    """Two readers learnt from the worker what the file does not show."""
    sources = {(case.id, one.criterion): one.source for case in caseload.cases for one in case.answers if one.source}
    assert sources == {
        ("SOM-02", "initial-assessment"): "interview",
        ("SOM-10", "relationship-built"): "interview",
    }


def test_reports_are_as_many_as_the_letter_saw(caseload: Caseload) -> None:
    """Seven for courts and six for panels, one in a case, and none in the seven cases that are left."""
    kinds = [str(row["kind"]) for case in caseload.cases for row in case.tables.get("reports", ())]
    assert kinds + [""] * (len(caseload.cases) - len(kinds)) == REPORTS


def test_work_was_done_in_its_order(caseload: Caseload) -> None:
    """Assessment, report and sentence; for a referral order sentence, assessment, report and panel."""
    assert [case.id for case in caseload.cases if _out_of_order(case)] == sorted(PLANNED_BEFORE_ASSESSED)


def test_panels_meet_in_time(rulebook: Rulebook, caseload: Caseload) -> None:
    """The contract is the plan and begins the order, within 20 working days of sentence, but in one case."""
    late = set()
    for case in caseload.cases:
        sentence, start, plan = (_day(case, name) for name in ("sentenced_on", "starts_on", "plan"))
        if case.fields["order.type"] != "referral order":
            assert start == sentence
        elif sentence and plan:
            assert start == plan
            late |= {case.id} if rulebook.calendar.working_days_between(sentence, plan) > 20 else set()
        else:
            assert (start, case.fields["plan.exists"]) == (None, False)
    assert late == LATE_TO_PANEL


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


def _day(case: Case, name: str) -> date | None:
    value = case.fields.get("plan.completed_on" if name == "plan" else f"order.{name}")
    return value if isinstance(value, date) else None


def _out_of_order(case: Case) -> bool:
    written = [row["written_on"] for row in case.tables.get("reports", ())]
    work = [case.fields["assessment.completed_on"], *written]
    sentence, plan = _day(case, "sentenced_on"), _day(case, "plan")
    days = [*work, sentence, plan] if case.fields["order.type"] != "referral order" else [sentence, *work, plan]
    known = [day for day in days if isinstance(day, date)]
    return known != sorted(known)


def _misplaced_dates(case: Case) -> list[str]:
    """Steps of the order that do not follow each other, and reviews set outside it or on no weekday."""
    days = [day for step in ("sentenced_on", "starts_on", "plan", "ends_on") if (day := _day(case, step))]
    start, end = _day(case, "starts_on"), _day(case, "ends_on")
    set_for = [row.get("due_on") for row in case.tables["reviews"]]
    due = [day for day in set_for if isinstance(day, date)]
    outside = [str(day) for day in due if day.weekday() > 4 or (start and end and not start < day <= end)]
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


def test_an_answer_about_a_later_report_is_not_to_be_taken_out(rulebook: Rulebook, caseload: Caseload) -> None:
    """As at a day before the report was written, its answer waits: advice to add the row would make a second one."""
    som_13 = Caseload(tuple(case for case in caseload.cases if case.id == "SOM-13"), "")
    issues = screen(rulebook, som_13, as_of=date(2016, 1, 4)).issues
    (told,) = [one.problem for one in issues if "panel-report-quality" in one.problem.what]
    assert "was not there yet on the as-of date" in told.what
    assert told.advice.startswith("Nothing is to be done.")
