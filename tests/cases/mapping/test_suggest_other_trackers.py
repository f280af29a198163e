"""Trackers of three other teams, in three kinds of file: every value that is read is the one that was meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from tables_in_files import tables

from casescreen.cases.load import read_cases
from casescreen.cases.mapping.model import Suggestion
from casescreen.cases.mapping.suggest import suggest
from casescreen.cases.mapping.vocabulary import read_vocabulary
from casescreen.cases.sheet_records import sheets_of
from casescreen.model.case import Caseload
from casescreen.resources import rules_folder
from casescreen.rulebook.load import load_rulebook

_TAKEN_ON = date(2026, 11, 28)
_RULEBOOK = load_rulebook()
_WORDS = read_vocabulary(rules_folder() / "sqs-2016", _RULEBOOK.dictionary)
Rows = Sequence[Sequence[object]]
Values = Mapping[str, object]

# fmt: off
# Two titles, groups of headings that are merged, sections with totals of their own, and a key.
_EAST_AND_WEST: Rows = [
    ["Westshire Youth Justice Service"],
    ["Caseload as at Friday 27 November 2026"],
    [],
    [None, None, "Sentence", None, None, None, "Assessment", None, None, "Plan", None, None, "Staff", None],
    ["ChildView ID", "Initials", "Disposal", "Sentence date", "Start", "End", "AssetPlus completed", "ROSH", "S&W",
     "Completed", "Review due", "Review done", "Case manager", "Practice Manager"],
    ["East team"],
    ["CV0012", "AB", "YRO with ISS", "3/8/26", "3/8/26", "2/8/27", "14/8/26", "VH", "H", "17/8/26", "16/11/26",
     "13/11/26", "J. One", "S. Lead"],
    ["CV0013", "CD", "Ref Order", date(2026, 9, 1), date(2026, 9, 10), date(2027, 3, 9), date(2026, 9, 24), "Med", "L",
     date(2026, 10, 2), "2-Jan-27", None, "J. One", "S. Lead"],
    ["CV0014", "EF", "RepO", "20 Oct 2026", "21 Oct 2026", None, "outstanding", "L", "N/K", "outstanding", None, None,
     "K. Two", "S. Lead"],
    ["Sub-total", 3],
    ["West team"],
    ["CV0020", "GH", "DTO", "1.6.26", "1.6.26", "30.11.26", "10.6.26", "V High", "VH", "none", "1.9.26", "overdue",
     "L. Three", "T. Lead"],
    ["CV0021", "IJ", "YRO", "27/07/2026", "27/07/2026", "26/01/2027", "05/08/2026", "M", "M", "12/08/2026",
     "11/11/2026", "x", "L. Three", "T. Lead"],
    ["CV0022", "KL", "?", "tbc", "tbc", None, None, "H?", "n/a", None, None, None, "L. Three", "T. Lead"],
    ["Sub-total", 3],
    ["Grand total", 6],
    [],
    ["Key: red = overdue, amber = due in 2 weeks"],
]
_GROUPS = ("C4:F4", "G4:I4", "J4:L4", "M4:N4")
_MEANT_EAST_AND_WEST: Mapping[str, Values] = {
    "CV0012": {
        "order.type": "youth rehabilitation order", "order.sentenced_on": date(2026, 8, 3),
        "order.starts_on": date(2026, 8, 3), "order.ends_on": date(2027, 8, 2),
        "assessment.completed_on": date(2026, 8, 14), "harm.level": "very high", "vulnerability.level": "high",
        "plan.completed_on": date(2026, 8, 17), "case.manager": "J. One", "case.supervisor": "S. Lead",
        "reviews": ({"of": "plan", "due_on": date(2026, 11, 16), "done_on": date(2026, 11, 13)},),
    },
    "CV0013": {
        "order.type": "referral order", "order.sentenced_on": date(2026, 9, 1), "order.starts_on": date(2026, 9, 10),
        "order.ends_on": date(2027, 3, 9), "assessment.completed_on": date(2026, 9, 24), "harm.level": "medium",
        "vulnerability.level": "low", "plan.completed_on": date(2026, 10, 2), "case.manager": "J. One",
        "case.supervisor": "S. Lead", "reviews": ({"of": "plan", "due_on": date(2027, 1, 2)},),
    },
    "CV0014": {
        "order.type": "reparation order", "order.sentenced_on": date(2026, 10, 20),
        "order.starts_on": date(2026, 10, 21), "harm.level": "low", "assessment.completed": False, "plan.exists": False,
        "case.manager": "K. Two",
        "case.supervisor": "S. Lead",
    },
    "CV0020": {
        "order.type": "detention and training order", "order.sentenced_on": date(2026, 6, 1),
        "order.starts_on": date(2026, 6, 1), "order.ends_on": date(2026, 11, 30),
        "assessment.completed_on": date(2026, 6, 10), "harm.level": "very high", "vulnerability.level": "very high",
        "plan.exists": False, "case.manager": "L. Three", "case.supervisor": "T. Lead",
        "reviews": ({"of": "plan", "due_on": date(2026, 9, 1), "done": False},),
    },
    "CV0021": {
        "order.type": "youth rehabilitation order", "order.sentenced_on": date(2026, 7, 27),
        "order.starts_on": date(2026, 7, 27), "order.ends_on": date(2027, 1, 26),
        "assessment.completed_on": date(2026, 8, 5), "harm.level": "medium", "vulnerability.level": "medium",
        "plan.completed_on": date(2026, 8, 12), "case.manager": "L. Three", "case.supervisor": "T. Lead",
        "reviews": ({"of": "plan", "due_on": date(2026, 11, 11)},),
    },
    "CV0022": {"case.manager": "L. Three", "case.supervisor": "T. Lead"},
}

# Semicolons and times; headings that a printer repeated, days that are none, and a last row that sums up.
_HEADED = ["YOT ref", "Order", "Commenced", "Expires", "Initial assessment done", "Risk of harm level", "Vulnerability",
           "CSE screening done", "IP done", "Plan signed by YP", "Worker", "Locality"]
_EXPORTED: Rows = [
    _HEADED,
    ["7001", "YRO", "2026-08-10 00:00:00", "2027-08-09 00:00:00", "2026-08-24", "high", "medium", "2026-08-20",
     "2026-08-28", "Y", "W A", "N"],
    ["7002", "referral order", "2026-09-07 00:00:00", "", "2026-09-18", "low", "low", "n/k", "2026-09-30", "N",
     "W A", "N"],
    ["7003", "DTO licence", "2026-10-05 00:00:00", "", "not done", "very high", "very high", "not done", "no plan", "",
     "W B", "S"],
    _HEADED,
    ["7004", "YRO ISS", "2026-07-06 00:00:00", "2027-01-05 00:00:00", "2026-02-30", "medium", "tbc", "2026-07-20",
     "2026-07-27", "yes", "W B", "S"],
    ["7005", "reparation order", "2026-11-02 00:00:00", "", "", "", "", "", "", "", "", ""],
    ["7006", "caution", "soon", "", "2026-13-01", "sky high", "low", "", "20261101", "signed", "W C", "S"],
    ["Total: 6", *[""] * 11],
]
_MEANT_EXPORTED: Mapping[str, Values] = {
    "7001": {
        "order.type": "youth rehabilitation order", "order.starts_on": date(2026, 8, 10),
        "order.ends_on": date(2027, 8, 9), "assessment.completed_on": date(2026, 8, 24), "harm.level": "high",
        "vulnerability.level": "medium", "cse.tool_completed_on": date(2026, 8, 20),
        "plan.completed_on": date(2026, 8, 28), "plan.signed": True, "case.manager": "W A", "case.team": "N",
    },
    "7002": {
        "order.type": "referral order", "order.starts_on": date(2026, 9, 7),
        "assessment.completed_on": date(2026, 9, 18), "harm.level": "low", "vulnerability.level": "low",
        "plan.completed_on": date(2026, 9, 30), "plan.signed": False, "case.manager": "W A", "case.team": "N",
    },
    "7003": {
        "order.type": "detention and training order", "order.starts_on": date(2026, 10, 5), "harm.level": "very high",
        "vulnerability.level": "very high", "cse.tool_completed": False, "assessment.completed": False,
        "plan.exists": False, "case.manager": "W B",
        "case.team": "S",
    },
    "7004": {
        "order.type": "youth rehabilitation order", "order.starts_on": date(2026, 7, 6),
        "order.ends_on": date(2027, 1, 5), "harm.level": "medium", "cse.tool_completed_on": date(2026, 7, 20),
        "plan.completed_on": date(2026, 7, 27), "plan.signed": True, "case.manager": "W B", "case.team": "S",
    },
    "7005": {"order.type": "reparation order", "order.starts_on": date(2026, 11, 2)},
    "7006": {"vulnerability.level": "low", "case.manager": "W C", "case.team": "S"},
}

# A column that numbers the rows, days with their names, ticks, and remarks behind what is not done.
_PRINTED: Rows = [
    ["Caseload list - printed 26/11/26"],
    ["No", "Case Ref", "Type of order", "Order commenced", "Order expiry", "Core Asset completed", "RoH",
     "Level of vulnerability", "Int plan completed", "CSE risk", "Key worker", "Office"],
    [1, "B/26/001", "Youth Rehabilitation Order", date(2026, 6, 15), date(2027, 6, 14), date(2026, 6, 29), "Low", "Med",
     date(2026, 7, 6), "N", "Mo", "Central"],
    [2, "B/26/002", "YRO + ISS", "22nd June 2026", date(2026, 12, 21), "Mon 6 July 2026", "Very High", "High",
     "13 July 2026", "Y", "Mo", "Central"],
    [3, "B/26/003", "Referral", date(2026, 8, 3), None, "o/s", "M", "L", "o/s - mum ill", "N", "Nia", "North"],
    [4, "B/26/004", "RO (12 months)", date(2026, 9, 28), date(2027, 9, 27), date(2026, 10, 12), "H", "VH",
     date(2026, 10, 26), "\u2713", "Nia", "North"],
    [5, "B/26/005", "DTO", date(2026, 11, 16), date(2027, 5, 15), "not yet done", "H", "H", "not yet done", "tbc",
     "Ola", "North"],
    [],
    [None, "Cases open", 5],
]
_MEANT_PRINTED: Mapping[str, Values] = {
    "B/26/001": {
        "order.type": "youth rehabilitation order", "order.starts_on": date(2026, 6, 15),
        "order.ends_on": date(2027, 6, 14), "assessment.completed_on": date(2026, 6, 29), "harm.level": "low",
        "vulnerability.level": "medium", "plan.completed_on": date(2026, 7, 6), "cse.at_risk": False,
        "case.manager": "Mo", "case.team": "Central",
    },
    "B/26/002": {
        "order.type": "youth rehabilitation order", "order.starts_on": date(2026, 6, 22),
        "order.ends_on": date(2026, 12, 21), "harm.level": "very high", "vulnerability.level": "high",
        "plan.completed_on": date(2026, 7, 13), "cse.at_risk": True, "case.manager": "Mo", "case.team": "Central",
    },
    "B/26/003": {
        "order.type": "referral order", "order.starts_on": date(2026, 8, 3), "harm.level": "medium",
        "vulnerability.level": "low", "assessment.completed": False, "plan.exists": False, "cse.at_risk": False,
        "case.manager": "Nia",
        "case.team": "North",
    },
    "B/26/004": {
        "order.type": "referral order", "order.starts_on": date(2026, 9, 28), "order.ends_on": date(2027, 9, 27),
        "assessment.completed_on": date(2026, 10, 12), "harm.level": "high", "vulnerability.level": "very high",
        "plan.completed_on": date(2026, 10, 26), "case.manager": "Nia", "case.team": "North",
    },
    "B/26/005": {
        "order.type": "detention and training order", "order.starts_on": date(2026, 11, 16),
        "order.ends_on": date(2027, 5, 15), "harm.level": "high", "vulnerability.level": "high",
        "assessment.completed": False, "plan.exists": False, "case.manager": "Ola", "case.team": "North",
    },
}
# What is not read of each: the case, and the column of the cell.
_TRACKERS: Mapping[str, tuple[Rows, Sequence[str], Mapping[str, Values], Sequence[tuple[str, int, str]]]] = {
    "east and west": (_EAST_AND_WEST, _GROUPS, _MEANT_EAST_AND_WEST, [("CV0021", 13, "L"), ("CV0022", 14, "H")]),
    "exported": (_EXPORTED, (), _MEANT_EXPORTED, [
        ("7004", 6, "E"), ("7006", 8, "B"), ("7006", 8, "C"), ("7006", 8, "E"), ("7006", 8, "F"), ("7006", 8, "I"),
        ("7006", 8, "J"),
    ]),
    "printed": (_PRINTED, (), _MEANT_PRINTED, [("B/26/002", 4, "F"), ("B/26/004", 6, "J")]),
}
# fmt: on


def _xlsx(folder: Path, rows: Rows, groups: Sequence[str]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    for cells in groups:
        sheet.merge_cells(cells)
    book.save(folder / "t.xlsx")
    return folder / "t.xlsx"


def _ods(folder: Path, rows: Rows, _: Sequence[str]) -> Path:
    return tables(folder, "ods", {"Sheet1": rows})


def _csv(folder: Path, rows: Rows, _: Sequence[str]) -> Path:
    days = [[f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell for cell in row] for row in rows]
    return tables(folder, "csv", {"tracker": days})


def _read(file: Path) -> tuple[Suggestion, Caseload]:
    sheets, problems = sheets_of([str(file)])
    assert not problems
    made = suggest(sheets, _RULEBOOK, _WORDS, _TAKEN_ON)
    assert isinstance(made, Suggestion), made
    return made, read_cases([file], _RULEBOOK.dictionary, taken_on=_TAKEN_ON, mapping=made.mapping)


Write = Callable[[Path, Rows, Sequence[str]], Path]


@pytest.mark.parametrize("write", [_xlsx, _ods, _csv])
@pytest.mark.parametrize("name", _TRACKERS)
def test_no_case_is_lost_and_nothing_is_misread(tmp_path: Path, name: str, write: Write) -> None:
    """Every value is the one that was meant, what cannot be read is named by its cell, and so is nothing else."""
    rows, groups, meant, unread = _TRACKERS[name]
    made, caseload = _read(write(tmp_path, rows, groups))
    assert caseload.left_out == 0
    found = {
        case.id: {
            **{name: value for name, value in case.fields.items() if value is not None and name != "case.id"},
            **{
                name: tuple({column: v for column, v in row.items() if v is not None} for row in rows)
                for name, rows in case.tables.items()
            },
        }
        for case in caseload.cases
    }
    assert found == meant
    assert [
        (case.id, one.place.line, one.place.column)
        for case in caseload.cases
        for one in case.unreadable
        if one.is_mistake
    ] == unread
    assert not any("stand" in question for question in made.asked)


def test_what_is_no_case_is_told(tmp_path: Path) -> None:
    """By row, for each of the trackers."""
    told = {name: _read(_xlsx(tmp_path, rows, groups))[0].passed_over for name, (rows, groups, *_) in _TRACKERS.items()}
    assert told == {
        "east and west": [
            "rows 10, 15 and 16: a row of totals",
            "rows 6 and 11: a heading of a section",
            "row 18: a remark below the cases",
        ],
        "exported": ["row 9: a row of totals", "row 5: the headings again"],
        "printed": ["row 9: a remark below the cases"],
    }


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Referral Order - 6m", "referral order"),
        ("referral order (12 months)", "referral order"),
        ("Youth Rehabilitation Order 18 mths", "youth rehabilitation order"),
        ("RO 6 mth", "referral order"),
        ("YRO w/ISS", "youth rehabilitation order"),
        ("DTO/YRO", None),
        ("referral order or YRO", None),
        ("not a referral order", None),
    ],
)
def test_how_long_an_order_lasts_is_no_part_of_its_type(tmp_path: Path, written: str, meant: str | None) -> None:
    """Behind a word of the dictionary too; two types, or one and a remark, are none."""
    rows: Rows = [["Ref", "Order type", "Order start"], ["A1", written, date(2026, 8, 17)]]
    rows = [*rows, ["A2", "YRO", date(2026, 8, 18)], ["A3", "RO", date(2026, 8, 19)]]
    _, caseload = _read(tables(tmp_path, "xlsx", {"Sheet1": rows}))
    assert caseload.cases[0].fields["order.type"] == meant
    assert bool(caseload.cases[0].unreadable) is (meant is None)


def test_one_id_of_two_cases_is_asked_about(tmp_path: Path) -> None:
    """Two rows of cases, and not two of totals."""
    rows = [list(row) for row in _EAST_AND_WEST]
    rows[12][0] = "CV0020"
    made, caseload = _read(_xlsx(tmp_path, rows, _GROUPS))
    assert made.asked[0].startswith('1 id of "ChildView ID" stands more than once')
    assert (len(caseload.cases), caseload.left_out) == (4, 2)
