"""What the record says, in words."""

from __future__ import annotations

from attrs import evolve
from somerset_sheets import AS_OF, caseload, rules, sheet_of

from casescreen.model.case import Row
from casescreen.model.screening import Quoting
from casescreen.review.enquiry_content import enquiry


def _facts(case: str) -> dict[str, tuple[str, ...]]:
    return {group.title: group.says for group in sheet_of(case).facts}


def test_facts_stand_under_what_people_call_them() -> None:
    """By the labels of the dictionary: values first, then what is so, and what is not."""
    assert _facts("SOM-07")["Risk of harm to others"] == (
        "Level of risk of harm to others: medium.",
        "Yes: there are factors of harm to manage; the assessment considers who was and who might be harmed.",
        "No: only the offence itself is considered; a full assessment of risk of harm is required.",
    )


def test_rows_are_told_with_what_stands_in_them() -> None:
    """And tables that are known to be empty."""
    facts = _facts("SOM-07")
    assert facts["Referrals"] == ("targeted youth support (referred on: 25 February 2016).",)
    assert facts["None, as the record says"] == ("Other harmful behaviours; individual needs; failures to comply.",)


def test_what_somebody_wrote_is_shown_only_where_it_is_asked_for() -> None:
    """It is told that there is text; victims are called by their number."""
    case = next(case for case in caseload().cases if case.id == "SOM-13")
    note = "Three workers since January."
    for quoting, shown in ((Quoting.REFERENCES, False), (Quoting.EVERYTHING, True)):
        (sheet,) = enquiry(rules(), [case], AS_OF, quoting=quoting).sheets
        said = " ".join(line for group in sheet.facts for line in group.says)
        assert (note in said) is shown
        assert ("note on the assessment: text recorded, not shown" in said) is not shown
    assert _facts("SOM-07")["Victims"][0].startswith("victim 1 (")


def test_of_very_many_rows_the_first_are_told_and_how_many_more() -> None:
    """A record of five thousand rows makes no sheet of a hundred pages."""
    case = next(case for case in caseload().cases if case.id == "SOM-07")
    row: Row = {"occurred_on": AS_OF, "responded": True}
    rows = (row,) * 5_000
    many = evolve(case, tables={**case.tables, "non_compliance": rows})
    (sheet,) = enquiry(rules(), [many], AS_OF).sheets
    said = next(group.says[0] for group in sheet.facts if group.title == "Failures to comply")
    assert said.endswith("and 4,988 more.")
    assert len(said) < 2_000


def test_the_head_says_who_is_responsible() -> None:
    """Each by the label of the dictionary."""
    assert sheet_of("SOM-07").head == (("case manager", "Worker A"), ("team", "East"), ("line manager", "Manager 1"))
