"""Trackers as teams keep them, read by the mapping that is suggested for them, in memory and from its file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import openpyxl

from casescreen.cases.load import read_cases
from casescreen.cases.mapping.load import mapping_in
from casescreen.cases.mapping.model import Suggestion
from casescreen.cases.mapping.suggest import suggest
from casescreen.cases.mapping.suggestion_text import mapping_text
from casescreen.cases.mapping.vocabulary import read_vocabulary
from casescreen.cases.sheet_records import sheets_of
from casescreen.model.case import Case, Caseload
from casescreen.resources import rules_folder
from casescreen.rulebook.load import load_rulebook

_TAKEN_ON = date(2026, 11, 28)
_RULEBOOK = load_rulebook()
_WORDS = read_vocabulary(rules_folder() / "sqs-2016", _RULEBOOK.dictionary)
Rows = Sequence[Sequence[object]]

# fmt: off
_TRACKER: Rows = [
    ["North & South YOT - live caseload tracker (updated weekly by admin)"],
    [],
    ["Ref", "Order type", "Order start", "Order end", "Asset done", "RoSH done", "RoSH level", "VMP", "Vuln level",
     "IP completed", "IP review due", "IP reviewed", "CSE tool date", "CSE risk?", "Case manager", "Team", "Comments"],
    [1401, "YRO", date(2026, 8, 17), date(2027, 8, 16), "02/09/2026", "Y", "High", "Y", "V High",
     "18/9/26", "17/12/2026", None, "4.9.26", "Y", "Worker A", "North", "mum not engaging"],
    [1402, "RO", date(2026, 9, 14), None, "20 Sept 2026", "yes", "Med", "N/A", "Medium",
     date(2026, 9, 30), "14/12/2026", None, "tbc", "N", "Worker A", "North", None],
    [1403, "RO 6 mth", date(2026, 11, 20), None, "tbc", "tbc", "Low", "N", "Low",
     "tbc", None, None, None, None, "Worker B", "North", "contract signed 20/11"],
    [1404, "DTO", date(2026, 5, 1), date(2027, 4, 30), date(2026, 5, 10), "N", "V. High", "y", "High",
     "No plan - allocated late", "1/8/26", "not done", "overdue", "?", "Worker B", "South", "chased x2"],
    [1405, "YRO ISS", date(2026, 7, 3), date(2027, 7, 2), date(2026, 7, 15), "Y", "Medium", "n/a", "Low",
     "20/07/2026", "03/10/2026", "01/10/2026", "10/07/26", "No", "Worker C", "South", None],
    [1406, "referral order", date(2026, 10, 1), date(2027, 4, 1), *[None] * 10, "Worker C", "South", "transfer in"],
    [],
    ["Total", "6 cases"],
]
# fmt: on


def _book(folder: Path, sheets: Mapping[str, Rows]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(folder / "t.xlsx")
    return folder / "t.xlsx"


def _csv(folder: Path, rows: Rows, delimiter: str = ",") -> Path:
    text = io.StringIO()
    days = [[f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell for cell in row] for row in rows]
    csv.writer(text, delimiter=delimiter).writerows(days)
    (folder / "t.csv").write_text(text.getvalue(), encoding="utf-8")
    return folder / "t.csv"


def _screenable(file: Path) -> tuple[Suggestion, Caseload]:
    """The suggestion for a file and what it reads: the same in memory and from its text."""
    sheets, problems = sheets_of([str(file)])
    assert not problems
    made = suggest(sheets, _RULEBOOK, _WORDS, _TAKEN_ON)
    assert isinstance(made, Suggestion), made
    text = mapping_text(made, "Tracker")
    written = mapping_in("m.toml", text, _RULEBOOK.dictionary)
    read, again = (
        read_cases([file], _RULEBOOK.dictionary, taken_on=_TAKEN_ON, mapping=mapping)
        for mapping in (made.mapping, written)
    )
    assert (read.cases, read.hash, read.left_out) == (again.cases, again.hash, 0)
    for secret in ("Worker", "engaging", "allocated late", "2026", "mth", "1404"):
        assert secret not in text, "a mapping holds no value of a record"
    return made, read


def _known(case: Case) -> dict[str, object]:
    return {name: value for name, value in case.fields.items() if value is not None}


def test_six_cases_are_read_and_none_is_lost(tmp_path: Path) -> None:
    """The one without a plan says so; what is not known is not, and nothing is left that cannot be read."""
    made, caseload = _screenable(_book(tmp_path, {"Caseload": _TRACKER, "Notes": [["Colour code: red = overdue"]]}))
    cases = {case.id: case for case in caseload.cases}
    assert list(cases) == ["1401", "1402", "1403", "1404", "1405", "1406"]
    worst = _known(cases["1404"])
    assert worst["harm.level"] == "very high"
    assert worst["plan.exists"] is worst["cse.tool_completed"] is worst["harm.full_assessment_done"] is False
    assert not {"plan.completed_on", "cse.tool_completed_on", "cse.at_risk"} & {*worst}
    assert cases["1404"].tables["reviews"] == ({"of": "plan", "due_on": date(2026, 8, 1), "done": False},)
    assert _known(cases["1401"])["plan.completed_on"] == date(2026, 9, 18)
    assert _known(cases["1402"])["assessment.completed_on"] == date(2026, 9, 20)
    assert _known(cases["1403"])["order.type"] == "referral order"
    assert _known(cases["1405"])["cse.tool_completed_on"] == date(2026, 7, 10)
    assert {*_known(cases["1406"])} == {
        *("case.id", "case.manager", "case.team", "order.type", "order.starts_on", "order.ends_on")
    }
    assert not any(one.is_mistake for case in caseload.cases for one in case.unreadable)
    assert made.passed_over == ["row 11: a row of totals"]
    assert [one.heading for one in made.unused] == ["VMP", "Comments"]


def test_what_cannot_be_read_is_named_by_its_cell(tmp_path: Path) -> None:
    """A doubt, two values in one, a mark and a word that nobody knows: the case and the rest of it are read."""
    rows = [list(row) for row in _TRACKER]
    rows[6][1], rows[6][5], rows[6][6], rows[6][9] = "DTO/YRO", "x", "High?", "see ChildView"
    made, caseload = _screenable(_book(tmp_path, {"Caseload": rows}))
    case = caseload.cases[3]
    mistakes = [(one.place.line, one.place.column) for one in case.unreadable if one.is_mistake]
    assert mistakes == [(7, "B"), (7, "F"), (7, "G"), (7, "J")]
    assert _known(case)["vulnerability.level"] == "high"
    assert made.asked


def test_the_same_tracker_as_text_reads_the_same(tmp_path: Path) -> None:
    """Where real dates are days in figures."""
    in_book = _screenable(_book(tmp_path, {"Caseload": _TRACKER}))[1]
    for delimiter in ",;":
        assert _screenable(_csv(tmp_path, _TRACKER, delimiter))[1].cases == in_book.cases


def test_another_order_of_columns_reads_the_same(tmp_path: Path) -> None:
    """Nor does it matter what stands above, and whether it is the only sheet."""
    turned = [[*row, *[None] * (17 - len(row))][::-1] for row in _TRACKER[2:9]]
    above: Rows = [["Printed on Monday"], *turned, ["", "Key:", "red = overdue"]]
    usual = _screenable(_book(tmp_path, {"Caseload": _TRACKER}))[1]
    made, caseload = _screenable(_book(tmp_path, {"Notes": [["Colours"]], "Sheet2": above}))
    assert caseload.hash == usual.hash
    assert made.passed_over == ["row 9: a remark below the cases"]


def test_a_tracker_of_groups_sections_and_two_sheets(tmp_path: Path) -> None:
    """Group headings are joined, sections and repeated headings passed over, and the other sheets read by the id."""
    heads = ["Name", "URN", "Type", "Start", "End", "AssetPlus completed", "S&W", "ROSH", "IP completed", "Case holder"]
    live: Rows = [
        ["Anytown YJS"],
        ["Young person", None, "Order", None, None, "Assessments", None, None, "Plans", "Staff"],
        heads,
        ["TEAM EAST"],
        ["Child 1", "U-1", "RO 12 months", "3-Jun-26", None, "20 Sept 2026", "M", "V.High", "none", "W1"],
        ["Child 2", "U-2", "YRO", date(2026, 5, 4), date(2027, 5, 3), "tbc", "L", "VH", "20/06/26", "W2"],
        [],
        ["TEAM WEST"],
        heads,
        ["Child 3", "U-3", "Rep Order", date(2026, 2, 4), None, "not done", "N/K", "H", "o/s", "W2"],
        ["Count", 3],
    ]
    reviews: Rows = [["URN", "Review of", "Due", "Done"], ["U-1", "IP", "1.10.26", "overdue"]]
    managers: Rows = [["URN", "Line manager", "Plan signed"], ["U-1", "M1", "outstanding"], ["U-2", "M2", "Done"]]
    made, caseload = _screenable(_book(tmp_path, {"Live": live, "Reviews": reviews, "Managers": managers}))
    first, second, third = caseload.cases
    assert _known(first)["plan.exists"] is _known(first)["plan.signed"] is False
    assert first.tables["reviews"] == ({"of": "plan", "due_on": date(2026, 10, 1), "done": False},)
    assert _known(second)["plan.completed_on"] == date(2026, 6, 20)
    assert _known(second)["case.supervisor"] == "M2"
    assert _known(third)["order.type"] == "reparation order"
    assert made.passed_over == [
        "row 11: a row of totals",
        "row 9: the headings again",
        "rows 4 and 8: a heading of a section",
    ]


def test_cells_merged_over_cases_are_told_and_lose_no_case(tmp_path: Path) -> None:
    """What stands below the first row of them is not known, and the rest is read."""
    rows: Rows = [["Ref", "Team", "Order start"], ["A1", "North", date(2026, 8, 17)], ["A2", None, date(2026, 9, 1)]]
    path = _book(tmp_path, {"Caseload": rows})
    book = openpyxl.load_workbook(path)
    book["Caseload"].merge_cells("B2:B3")
    book.save(path)
    _, caseload = _screenable(path)
    assert [_known(case).get("case.team") for case in caseload.cases] == ["North", None]
    [notice] = caseload.notices
    assert notice.what == "cells are merged here over 2 rows, and only the first of them has the value"
