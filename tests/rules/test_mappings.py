"""The mappings that come with casescreen, tried on made-up exports of the shape that each is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from casescreen import load_rulebook
from casescreen.cases.load import read_cases
from casescreen.cases.mapping.load import read_mapping, shipped_mappings
from casescreen.evaluate.screening import screen
from casescreen.model.case import Caseload
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Rulebook

Rows = Sequence[Sequence[object]]

_AS_OF = date(2016, 5, 9)
_EXTRACT: Mapping[str, Rows] = {
    "person_details": [["ypid", "dateOfBirth", "sex", "gender"], [100, "", 1, 2], [101, "", 2, 1]],
    "intervention_programme": [
        ["ypid", "interventionProgrammeID", "startDate", "endDate", "disposalType", "ageOnProgrammeStart"],
        [100, 9001, "2016-01-04", "1900-01-01", "REFERRAL_ORDER", 15],
        [101, 9002, "2016-02-04", "2017-02-03", "YOUTH_REHABILITATION_ORDER", 16],
        [101, 9003, "2016-03-04", "2016-09-03", "SECTION_250", 16],
    ],
    "link_intervention_programme_asset": [["interventionProgrammeID", "assessmentID"], [9001, 1], [9001, 2], [9002, 3]],
    "asset_plus": [
        ["assessmentID", "ypid", "date", "roshjudgement", "safetyWellbeingJudgement", "atRiskOfSexualExplotation"],
        [2, 100, "2016-04-10", "HIGH", "VERY_HIGH", "Y"],
        [1, 100, "2016-01-10", "LOW", "MEDIUM", "N"],
        [3, 101, "2016-02-10", "MEDIUM", "LOW", "N"],
    ],
    "link_offence_intervention_programme": [["interventionProgrammeID", "offenceID"], [9001, 71], [9002, 72]],
    "link_offence_victim_intervention": [["offenceID", "victimInterventionID"], [71, 501]],
    "victim_intervention": [["victimInterventionID", "victimID", "consentYJSContact"], [501, 88, "Y"]],
}


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """The shipped rulebook."""
    return load_rulebook()


@pytest.fixture
def extract(tmp_path: Path, rulebook: Rulebook) -> Caseload:
    """The made-up statutory extract, read by its mapping."""
    for name, rows in _EXTRACT.items():
        text = "\r\n".join(",".join(map(str, row)) for row in rows)
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    mapping = read_mapping("statutory-extract", rulebook.dictionary)
    return read_cases([tmp_path], rulebook.dictionary, taken_on=_AS_OF, mapping=mapping)


def test_every_shipped_mapping_fits_the_dictionary(rulebook: Rulebook) -> None:
    """A field that is renamed must be renamed in them too."""
    assert set(shipped_mappings()) == {"plain-workbook", "statutory-extract"}
    for name in shipped_mappings():
        assert read_mapping(name, rulebook.dictionary).title


def test_the_statutory_extract_is_read(extract: Caseload) -> None:
    """Dates, codes, the child's sex by its code, the first assessment, the latest judgements and the victims."""
    assert not extract.problems
    first, second, third = extract.cases
    assert dict(first.fields) == {
        "case.id": "9001",
        "child.sex": "male",
        "child.age_at_start": 15,
        "order.type": "referral order",
        "order.starts_on": date(2016, 1, 4),
        "assessment.completed_on": date(2016, 1, 10),
        "harm.level": "high",
        "vulnerability.level": "very high",
    }
    assert first.tables == {"victims": ({"reference": "88", "agreed_to_contact": True},)}
    assert second.fields["child.sex"] == "female"
    assert second.fields["order.ends_on"] == date(2017, 2, 3)
    assert third.fields["order.type"] == "other order"
    assert "assessment.completed_on" not in third.fields


def test_what_the_extract_lacks_is_never_not_met(extract: Caseload, rulebook: Rulebook) -> None:
    """It holds no plan, engagement, reviews or oversight: those questions stay open."""
    screening = screen(rulebook, extract, as_of=_AS_OF)
    outcomes = {finding.outcome for finding in screening.findings}
    assert Outcome.NOT_MET not in outcomes
    assert Outcome.NOT_EVIDENCED in outcomes
    of_plans = [finding.outcome for finding in screening.findings if finding.criterion.startswith("plan-")]
    assert of_plans
    assert set(of_plans) <= {Outcome.NOT_EVIDENCED, Outcome.NEEDS_JUDGEMENT, Outcome.NOT_APPLICABLE}


def test_a_plain_workbook_is_read(tmp_path: Path, rulebook: Rulebook) -> None:
    """Days first, short words for orders and levels, and dashes for what is not known."""
    book = openpyxl.Workbook()
    cases, reviews = book.worksheets[0], book.create_sheet("Reviews")
    cases.title = "Cases"
    for row in (
        (
            "Case ID", "Case manager", "Team", "Age at start", "Sex", "Order", "Sentence date",
            "Order start", "Order end", "Assessment completed", "Plan in place", "Plan completed",
            "Plan countersigned", "CSE tool completed",
            "Supervision recorded", "Risk of serious harm", "Safety and wellbeing", "Remarks",
        ),
        (
            7, "Worker A", "East", 15, "M", "YRO", "01/02/2016", "01/02/2016", "31/01/2017", "-", "Yes",
            date(2016, 2, 9), "No", "n/k", "yes", "VH", "low", "Any words",
        ),
    ):  # fmt: skip
        cases.append(row)
    reviews.append(("Case ID", "Review of", "Due", "Done"))
    reviews.append((7, "ROSH", "02/05/2016", "-"))
    book.save(tmp_path / "book.xlsx")
    mapping = read_mapping("plain-workbook", rulebook.dictionary)
    caseload = read_cases([tmp_path / "book.xlsx"], rulebook.dictionary, taken_on=_AS_OF, mapping=mapping)
    assert not caseload.problems
    [case] = caseload.cases
    assert case.fields["order.starts_on"] == date(2016, 2, 1)
    assert case.fields["harm.level"] == "very high"
    assert "assessment.completed_on" not in case.fields
    assert "cse.tool_completed" not in case.fields
    assert case.tables["reviews"] == ({"of": "risk of harm assessment", "due_on": date(2016, 5, 2)},)
