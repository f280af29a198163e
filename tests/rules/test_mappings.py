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
_CARE = (
    "careChildInNeed", "careRelevantChild", "careChildProtectionPlan", "careRemandToYDA", "careRemandToLAA",
    "careVoluntary", "careOrder",
)  # fmt: skip
_CONCERNS = tuple(
    f"concerns{area}"
    for area in (
        "Accommodation", "CareHistory", "FamilyBehaviour", "LearningAndETE", "Lifestyle", "LocalIssues", "MentalHealth",
        "OffenceJustification", "OffencesAttitudes", "OtherBehaviour", "Parenting", "PhysicalHealth",
        "RelationsToOthers", "RiskToOthers", "SafetyWellbeing", "SignificantRelationships",
        "SpeechLanguageCommunication", "SubstanceMisuse",
    )
)  # fmt: skip


def _marked(flags: Sequence[str], *yes: str) -> Sequence[str]:
    """The cells of some flags of an assessment, of which these are yes."""
    return ["Y" if flag in yes else "N" for flag in flags]


_EXTRACT: Mapping[str, Rows] = {
    "person_details": [["ypid", "dateOfBirth", "sex", "gender"], [100, "", 1, 2], [101, "", 2, 1], [102, "", 1, 1]],
    "intervention_programme": [
        ["ypid", "interventionProgrammeID", "startDate", "endDate", "disposalType", "ageOnProgrammeStart"],
        [100, 9001, "2016-01-04", "1900-01-01", "REFERRAL_ORDER", 15],
        [101, 9002, "2016-02-04", "2017-02-03", "YOUTH_REHABILITATION_ORDER", 16],
        [101, 9003, "2016-03-04", "2016-09-03", "SECTION_259", 16],
        [102, 9004, "2016-03-04", "2016-09-03", "SECTION_250", 16],
    ],
    "offenceLegalOutcome": [["offenceID", "outcomeDate"], [71, "2015-12-14"], [72, "2016-02-04"]],
    "residence": [
        ["ypid", "date", "kpi1AccommodationType"],
        [100, "2016-03-01", "AT_HOME"],
        [100, "2015-03-01", "YOI"],
        [102, "2016-03-04", "YOI"],
    ],
    "ete_status": [
        ["ypid", "startDate", "suitability", "hoursOffered", "hours"],
        [100, "2015-09-01", "SUITABLE", 25, 25],
        [100, "2016-02-01", "UNSUITABLE", 15, 4],
        [101, "2016-02-01", "UNKNOWN", "", ""],
    ],
    "sendaln": [["ypid", "kpi3IdentifiedSENDALN", "kpi3SENDFormalPlan", "kpi3SENDStartDate"], [100, "YES", "NO", ""]],
    "kpi4MentalHealthWellbeing": [
        ["ypid", "kpi4MHDateScreened", "kpi4MHDateReferred", "kpi4MHDateOffered", "kpi4MHDateAttendedStart"],
        [100, "2016-01-05", "2016-01-12", "2016-02-01", "1900-01-01"],
    ],
    "kpi5SubstanceMisuse": [
        ["ypid", "kpi5SMDateScreened", "kpi5SMDateReferred", "kpi5SMDateOffered", "kpi5SMDateAttendedStart"],
        [100, "2016-01-06", "1900-01-01", "1900-01-01", "1900-01-01"],
        [101, "2016-02-05", "2016-02-08", "2016-02-15", "2016-02-20"],
    ],
    "link_intervention_programme_asset": [["interventionProgrammeID", "assetID"], [9001, 1], [9001, 2], [9002, 3]],
    "asset_plus": [
        [
            "assessmentID", "ypid", "date", "roshjudgement", "safetyWellbeingJudgement", "likelihoodOfReoffending",
            "mappacategory", "mappalevel", "atRiskOfSexualExplotation", "countyLinesActivity",
            "vulnerableToCriminalExploitation", "referredNationalReferralMechanismOrOther", *_CARE, *_CONCERNS,
        ],
        [2, 100, "2016-04-10", "HIGH", "VERY_HIGH", "MEDIUM", "2", "1", "N", "Y", "N", "Y",
         *_marked(_CARE, "careChildInNeed", "careOrder"), *_marked(_CONCERNS, "concernsSubstanceMisuse")],
        [1, 100, "2016-01-10", "LOW", "MEDIUM", "HIGH", "", "", "N", "N", "N", "N",
         *_marked(_CARE), *_marked(_CONCERNS, "concernsLocalIssues")],
        [3, 101, "2016-02-10", "MEDIUM", "LOW", "HIGH", "", "", "N", "N", "N", "N",
         *_marked(_CARE), *_marked(_CONCERNS)],
    ],
    "risk": [["assessmentID", "behaviourOffence"], [1, "fights at school"]],
    "adverseOutcome": [["assessmentID", "outcome"], [1, "missing from home"]],
    "link_offence_intervention_programme": [["interventionProgrammeID", "offenceID"], [9001, 71], [9002, 72]],
    "link_offence_victim_intervention": [["offenceID", "victimInterventionID"], [71, 501]],
    "victim_intervention": [
        [
            "victimInterventionID", "victimID", "consentYJSContact", "yjscontactDate", "viewPrior", "engagedRJ",
            "progressProvided",
        ],
        [501, 88, "Y", "2016-01-15", "Yes", "No", "Yes"],
    ],
}  # fmt: skip


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
    """The first judgements from the earliest assessment, what is so now from the latest, and the rows of both."""
    assert not extract.problems
    first, second, third, fourth = extract.cases
    assert dict(first.fields) == {
        "case.id": "9001",
        "child.sex": "male",
        "child.age_at_start": 15,
        "child.care_status": "looked after",
        "order.type": "referral order",
        "order.setting": "community",
        "order.sentenced_on": date(2015, 12, 14),
        "order.starts_on": date(2016, 1, 4),
        "assessment.completed_on": date(2016, 1, 10),
        "assessment.tool": "AssetPlus",
        "likelihood.at_start": "high",
        "likelihood.now": "medium",
        "education.suitable": False,
        "education.hours_offered": 15,
        "education.hours_attended": 4,
        "education.has_special_needs_plan": False,
        "harm.level": "low",
        "mappa.category": "2",
        "mappa.level": "1",
        "vulnerability.level": "medium",
        "exploitation.indicators": True,
        "exploitation.criminal_risk": False,
        "exploitation.referred": True,
        "health.screened_on": date(2016, 1, 5),
        "health.referred": True,
        "health.offered_on": date(2016, 2, 1),
    }
    assert first.tables == {
        "concerns": ({"area": "neighbourhood"}, {"area": "substance misuse"}),
        "victims": (
            {
                "reference": "88",
                "agreed_to_contact": True,
                "contacted_on": date(2016, 1, 15),
                "view_sought": True,
                "kept_informed": True,
            },
        ),
        "other_behaviours": ({"behaviour": "fights at school"},),
        "vulnerability_factors": ({"factor": "missing from home"},),
        "individual_needs": ({"need": "learning"},),
    }
    assert second.fields["child.sex"] == "female"
    assert second.fields["order.ends_on"] == date(2017, 2, 3)
    assert second.fields["health.attended"] is True
    assert second.fields["child.care_status"] == "not known to social care"
    assert third.fields["order.type"] == "other order"
    assert "assessment.completed_on" not in third.fields
    assert (fourth.fields["order.type"], fourth.fields["order.setting"]) == (
        "section 250 or extended sentence",
        "custody",
    )


def test_one_assessment_says_nothing_of_a_change(extract: Caseload) -> None:
    """Where there was no second one, the likelihood of reoffending now is not that of the start."""
    second = extract.cases[1]
    assert second.fields["likelihood.at_start"] == "high"
    assert "likelihood.now" not in second.fields


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
