"""The words of the trade that come with sqs-2016."""

from __future__ import annotations

import pytest

from casescreen.cases.mapping.cell_reading import by_word
from casescreen.cases.mapping.heading_match import column_for
from casescreen.cases.mapping.headings import HeadingWords
from casescreen.cases.mapping.vocabulary import read_vocabulary
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


@pytest.mark.parametrize("heading", ["RO", "CE risk", "CM"])
def test_abbreviations_with_several_meanings_are_known_as_such(heading: str) -> None:
    """And so are never taken for one of them."""
    assert _WORDS.several_meanings(heading)
