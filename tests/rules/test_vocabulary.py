"""The words of the trade that come with sqs-2016."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from casescreen.cases.mapping.cell_reading import by_word
from casescreen.cases.mapping.heading_match import column_for
from casescreen.cases.mapping.headings import HeadingWords
from casescreen.cases.mapping.model import Suggestion
from casescreen.cases.mapping.suggest import suggest
from casescreen.cases.mapping.vocabulary import read_vocabulary
from casescreen.cases.tables.cells import Cell
from casescreen.cases.tables.sheet import HeadedSheet, Sheet
from casescreen.resources import rules_folder
from casescreen.rulebook.load import load_rulebook

_RULEBOOK = load_rulebook()
_VOCABULARY = read_vocabulary(rules_folder() / "sqs-2016", _RULEBOOK.dictionary)
_WORDS = HeadingWords(_VOCABULARY)
_SHEET = HeadedSheet(Sheet("t.csv", "", "t", [["x"]]), 0, {"x": 0})


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        ("order.type", "YRO ISS", "youth rehabilitation order"),
        ("order.type", "YRO (ISS) 12m", "youth rehabilitation order"),
        ("order.type", "RO 6 mth", "referral order"),
        ("order.type", "4m DTO", "detention and training order"),
        ("order.type", "Rep. Order", "reparation order"),
        ("harm.level", "V High", "very high"),
        ("harm.level", "V.H.", "very high"),
        ("vulnerability.level", "M", "medium"),
        ("child.sex", "M", "male"),
        ("harm.full_assessment_done", "outstanding", False),
        ("harm.full_assessment_done", "none", False),
        ("plan.exists", "No plan - allocated late", False),
        ("plan.completed_on", "o/s", None),
        ("cse.at_risk", "n/k", None),
        ("child.care_status", "LAC", "looked after"),
        ("child.care_status", "CIN", "child in need"),
        ("order.closed_reason", "Revoked", "revoked early"),
        ("transfer.role", "Caretaking", "host"),
        ("assessment.tool", "Asset+", "AssetPlus"),
        ("likelihood.now", "M", "medium"),
    ],
)
def test_cells_mean_what_teams_mean_by_them(field: str, cell: str, value: object) -> None:
    """By the field that they are read for."""
    column = column_for(_RULEBOOK.dictionary.fields[field], "x", _SHEET, _VOCABULARY, _RULEBOOK.dictionary)
    said = by_word(cell, column.field, column.meanings)
    assert said is not None
    assert said.value == value


@pytest.mark.parametrize("field", ["cse.at_risk", "order.requires_plan"])
def test_only_of_a_thing_to_be_done_does_not_done_say_no(field: str) -> None:
    """That a tool is outstanding does not say that there is no risk."""
    column = column_for(_RULEBOOK.dictionary.fields[field], "x", _SHEET, _VOCABULARY, _RULEBOOK.dictionary)
    assert by_word("outstanding", column.field, column.meanings) is None


@pytest.mark.parametrize(
    ("heading", "same"),
    [
        ("IP completed", "Date plan completed"),
        ("ASSET done", "AssetPlus completed (dd/mm/yyyy)"),
        ("RoSH", "Risk of Serious Harm"),
        ("S&W level", "Safety and wellbeing rating"),
        ("VMP review due", "Vulnerability management plan review due"),
        ("CSE risk?", "Risk of child sexual exploitation (Y/N)"),
        ("YJS ref", "YOT ref"),
        ("Commencement of order", "Order start date"),
    ],
)
def test_headings_of_the_same_meaning_have_the_same_words(heading: str, same: str) -> None:
    """Abbreviations, the order of words, and what stands in brackets make no difference."""
    assert _WORDS.bag(heading) == _WORDS.bag(same)


_DAY = date(2026, 8, 17)


@pytest.mark.parametrize(
    ("heading", "cell", "field"),
    [
        ("Closed", _DAY, "order.closed_on"),
        ("Case closure date", _DAY, "order.closed_on"),
        ("Reason for closure", "Revoked", "order.closed_reason"),
        ("Transferred in", _DAY, "transfer.received_on"),
        ("T/F in", _DAY, "transfer.received_on"),
        ("Received from", "North YOT", "transfer.from_service"),
        ("Home/host", "Home", "transfer.role"),
        ("Significant change", _DAY, "change.happened_on"),
        ("Likelihood of reoffending", "H", "likelihood.now"),
        ("Current LoR", "low", "likelihood.now"),
        ("Initial LoR", "VH", "likelihood.at_start"),
        ("MAPPA level", "2", "mappa.level"),
        ("MAPPA?", "N", "mappa.eligible"),
        ("CLA", "CLA", "child.care_status"),
        ("LAC status", "CIN", "child.care_status"),
        ("Social care status", "CP", "child.care_status"),
        ("SEND", "Y", "education.has_special_needs_plan"),
        ("EHCP?", "N", "education.has_special_needs_plan"),
        ("ETE hours offered", 25, "education.hours_offered"),
        ("Hours attended", 20, "education.hours_attended"),
        ("Caseworker", "A", "case.manager"),
        ("Lead worker", "A", "case.manager"),
        ("Allocation date", _DAY, "case.allocated_on"),
        ("Safety and well-being", "High", "vulnerability.level"),
        ("SaW judgement", "High", "vulnerability.level"),
        ("Risk of serious harm judgement", "L", "harm.level"),
        ("CCE risk", "Y", "exploitation.criminal_risk"),
        ("NRM referral", "Y", "exploitation.referred"),
        ("Missing episodes", 2, "exploitation.missing_episodes"),
        ("SLCN screening", "Y", "engagement.speech_screened"),
        ("First appointment", _DAY, "contacts.first_on"),
        ("Appointments attended", 12, "contacts.attended"),
        ("Home visit done", "Y", "contacts.home_visited"),
        ("Ethnicity", "White", "child.ethnic_group"),
        ("Assessment tool", "AssetPlus", "assessment.tool"),
    ],
)
def test_usual_headings_are_taken_for_their_fields(heading: str, cell: Cell, field: str) -> None:
    """Beside an id and the start of the order, with cells as teams write them."""
    rows: Sequence[Sequence[Cell]] = [["Case ID", "Order start", heading], ["A1", _DAY, cell], ["A2", _DAY, cell]]
    suggestion = suggest([Sheet("t.csv", "Cases", "Cases", rows)], _RULEBOOK, _VOCABULARY, date(2026, 11, 28))
    assert isinstance(suggestion, Suggestion)
    read = {one.field.full_name: (one.heading, one.read) for one in suggestion.fields}
    assert read.get(field) == (heading, 2)


@pytest.mark.parametrize("heading", ["ETE", "Exploitation", "Caretaking", "ETE hours"])
def test_what_a_heading_does_not_say_is_not_guessed(heading: str) -> None:
    """Whether provision is suitable, what kind of exploitation, and hours of what."""
    rows: Sequence[Sequence[Cell]] = [["Case ID", "Order start", heading], ["A1", _DAY, "Y"], ["A2", _DAY, "Y"]]
    suggestion = suggest([Sheet("t.csv", "Cases", "Cases", rows)], _RULEBOOK, _VOCABULARY, date(2026, 11, 28))
    assert isinstance(suggestion, Suggestion)
    assert heading in {one.heading for one in suggestion.unused}


@pytest.mark.parametrize("heading", ["RO", "CE risk", "CM", "IDP"])
def test_abbreviations_with_several_meanings_are_known_as_such(heading: str) -> None:
    """And so are never taken for one of them."""
    assert _WORDS.several_meanings(heading)
