"""Rows of a sheet of cases that are none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from casescreen.cases.mapping.model import Suggestion
from casescreen.cases.mapping.suggest import suggest
from casescreen.cases.mapping.vocabulary import read_vocabulary
from casescreen.cases.tables.cells import Cell
from casescreen.cases.tables.sheet import Sheet
from casescreen.resources import rules_folder
from casescreen.rulebook.load import load_rulebook

_RULEBOOK = load_rulebook()
_WORDS = read_vocabulary(rules_folder() / "sqs-2016", _RULEBOOK.dictionary)
_DAY = date(2026, 8, 17)
_CASES: Sequence[Sequence[Cell]] = [
    ["Ref", "Order start", "RoSH level", "Team"],
    ["A1", _DAY, "High", "East"],
    ["A2", "3/4/26", "Low", "East"],
]


def _suggested(rows: Sequence[Sequence[Cell]]) -> Suggestion:
    suggestion = suggest([Sheet("t.xlsx", "Cases", "Cases", rows)], _RULEBOOK, _WORDS, date(2026, 11, 28))
    assert isinstance(suggestion, Suggestion)
    return suggestion


def _passed_over(*rows: Sequence[Cell]) -> Sequence[str]:
    return _suggested([*_CASES, *rows]).passed_over


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (["Total", "6 cases"], "a row of totals"),
        (["Total", None, 3, None], "a row of totals"),
        (["Grand total:"], "a row of totals"),
        (["Sub-total", 2], "a row of totals"),
        (["Number of cases", 2], "a row of totals"),
        ([None, None, 17], "a row of totals"),
        (["Ref", "Order start", "RoSH level", "Team"], "the headings again"),
        (["Key:", None, None, "red = overdue"], "a remark below the cases"),
        (["Updated by admin, 3 November"], "a remark below the cases"),
    ],
)
def test_a_row_that_is_no_case_is_passed_over_and_told(row: Sequence[Cell], kind: str) -> None:
    """With its number and what it is."""
    assert _passed_over(row) == [f"row 4: {kind}"]


def test_a_heading_of_a_section_stands_above_cases() -> None:
    """A remark stands below them; blank rows are neither."""
    assert _passed_over(["Team West"], [], ["A3", _DAY], ["Printed on Monday"]) == [
        "row 4: a heading of a section",
        "row 7: a remark below the cases",
    ]


@pytest.mark.parametrize(
    "row",
    [
        ["A3"],
        ["A3", "soon", None, None],
        ["B/17-2", None, "High?", None],
        ["total-1", _DAY, None, None],
        ["XY", _DAY, None, None],
        [None, _DAY, "High", None],
        ["A4", None, None, "West"],
    ],
)
def test_what_may_be_a_case_is_never_passed_over(row: Sequence[Cell]) -> None:
    """However little of it can be read, and also without an id, which is told as missing."""
    assert not _passed_over(row)


def test_rows_of_which_nothing_can_be_read_are_cases_still() -> None:
    """Where no row tells what an id looks like, each that has one and more beside it is a case."""
    rows: Sequence[Sequence[Cell]] = [["Ref", "Order start", "Team"], ["A1", "3/4/26", "E"], ["XY", "5/6/26", "E"]]
    suggestion = suggest([Sheet("t.xlsx", "Cases", "Cases", rows)], _RULEBOOK, _WORDS, None)
    assert isinstance(suggestion, Suggestion)
    assert not suggestion.passed_over


def test_headings_of_sections_may_name_who_holds_the_cases_below() -> None:
    """Which is asked about where there is no column for it, with how many there are."""
    head, *cases = _CASES
    rows: Sequence[Sequence[Cell]] = [head, ["DAWN K"], cases[0], ["MARCUS O"], cases[1], ["Printed on Monday"]]
    assert _suggested(rows).asked[-1] == (
        "2 rows between the cases are headings, as in row 2: where that names the case manager of the cases below, it "
        "is not read. Give the cases a column for it"
    )
    assert _suggested([head, ["DAWN K"], *cases]).asked[-1].startswith("1 row between the cases is a heading, as in")
    named: Sequence[Sequence[Cell]] = [["Ref", "Order start", "Case manager"], ["East"], ["A1", _DAY, "Dawn"]]
    assert not any("between the cases" in line for line in [*_suggested(named).asked, *_suggested(_CASES).asked])
