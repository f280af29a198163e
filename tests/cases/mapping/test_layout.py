"""Sheets laid out as casescreen writes them, read by their own names and headings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from casescreen.model.case import Caseload
from casescreen.model.problem import Place, ProblemsError

Rows = Sequence[Sequence[object]]
Workbook = Callable[..., Path]
Read = Callable[..., Caseload]

_CASES: Rows = [
    ["case.id", "case.manager", "order.type", "order.starts_on", "plan.shared", "plan.objectives", "has.reports"],
    ["A", "Worker A", "Referral order", date(2016, 2, 15), "yes", 3, "yes"],
    ["B", None, None, None, None, None, "yes"],
    ["C"],
]
_REPORTS: Rows = [["case.id", "id", "kind", "done_on"], ["A", "R1", "panel", date(2016, 3, 1)], ["A", 2, None, None]]
_ANSWERS: Rows = [["case.id", "criterion", "answer", "reason"], ["A", "plan-timely", "n/a", "Moved away."]]
_BOOK: Mapping[str, Rows] = {"cases": _CASES, "reports": _REPORTS, "answers": _ANSWERS}


def _problems(read: Read, file: Path) -> list[str]:
    with pytest.raises(ProblemsError) as refused:
        read(file)
    return [str(problem).replace(str(file), "book.xlsx") for problem in refused.value.problems]


def test_cases_are_read_with_their_rows(read: Read, workbook: Workbook) -> None:
    """Fields, rows and answers come out as they would from TOML; a blank cell is not recorded."""
    caseload = read(workbook(_BOOK))
    first, second, third = caseload.cases
    assert not caseload.problems
    assert dict(first.fields) == {
        "case.id": "A",
        "case.manager": "Worker A",
        "order.type": "referral order",
        "order.starts_on": date(2016, 2, 15),
        "plan.shared": True,
        "plan.objectives": 3,
    }
    assert first.tables["reports"] == ({"id": "R1", "kind": "panel", "done_on": date(2016, 3, 1)}, {"id": "2"})
    assert first.answers[0].reason == "Moved away."
    assert second.tables == {"reports": ()}
    assert third.tables == {}


def test_labels_and_capitals_serve_as_headings(read: Read, workbook: Workbook) -> None:
    """People write headings as they read them; the sheet of reviews may be called Reviews."""
    book = workbook(
        {
            "Cases": [["Case.ID", "Case Manager", "order  started"], ["A", "Worker A", "2016-02-15"]],
            "Reviews": [["case.id", "OF", "due on"], ["A", "plan", "2016-05-01"]],
        }
    )
    [case] = read(book).cases
    assert case.fields["order.starts_on"] == date(2016, 2, 15)
    assert case.tables["reviews"] == ({"of": "plan", "due_on": date(2016, 5, 1)},)


def test_one_sheet_of_any_name_holds_the_cases(read: Read, workbook: Workbook) -> None:
    """A flat sheet needs no name; sheets with nothing in them do not count."""
    book = workbook({"Export 9 May": [[], ["case.id", "case.manager"], ["A", "Worker A"]], "Sheet2": []})
    assert [case.id for case in read(book).cases] == ["A"]


def test_a_wrong_cell_is_told_by_sheet_row_and_column(read: Read, workbook: Workbook) -> None:
    """A day after the records were taken and a key that stands twice are not known; all else is read."""
    reports = [*_REPORTS, ["B", "R1", "panel", date(2016, 6, 1)], ["B", "R1", None, None]]
    caseload = read(workbook({**_BOOK, "reports": reports}), strict=False)
    assert [case.id for case in caseload.cases] == ["A", "B"]
    assert (caseload.left_out, caseload.problems) == (0, ())
    case = caseload.cases[1]
    assert case.tables["reports"] == (
        {"id": None, "kind": "panel", "done_on": None},
        {"id": None},
    )
    assert [(one.path, one.place.sheet, one.place.line, one.place.column) for one in case.unreadable] == [
        (("reports", 0, "done_on"), "reports", 4, "D"),
        (("reports", 0, "id"), "reports", 4, "B"),
        (("reports", 1, "id"), "reports", 5, "B"),
    ]
    assert 'sheet "reports", row 4, column D (case B): reports, row 1, done_on: 1 June 2016 is later' in str(
        case.unreadable[0].problem
    )


def test_everything_that_is_wrong_with_the_headings_is_told(read: Read, workbook: Workbook) -> None:
    """A heading that is not known is named, and the rest is read; where nothing may be lost, nothing is read."""
    book = workbook(
        {
            "cases": [["case.id", "case.manger", "Notes", "plan.shared", "the plan was shared"], ["A", "M"]],
            "reportz": [["case.id", "id"], ["A", "R1"]],
        }
    )
    told = _problems(read, book)
    assert [str(notice).replace(str(book), "book.xlsx") for notice in read(book, strict=False).notices] == told
    assert [line.splitlines()[0].partition(" as that of")[0] for line in told] == [
        'book.xlsx, sheet "cases", row 1, column B: "case.manger" is not the name of a field',
        'book.xlsx, sheet "cases", row 1, column C: "Notes" is not the name of a field',
        'book.xlsx, sheet "cases", row 1, column E: the heading "the plan was shared" means the same',
        'book.xlsx, sheet "reportz", row 1: "reportz" is not a table of a case',
    ]
    assert 'Did you mean "case.manager"?' in told[0]
    assert 'Did you mean "reports"?' in told[3]


@pytest.mark.parametrize(
    ("sheets", "told"),
    [
        ({"reports": _REPORTS, "answers": _ANSWERS}, "there is no sheet of cases"),
        ({"cases": [["case.manager"], ["Worker A"]]}, 'no heading is "case.id"'),
        ({"cases": [["case.id", "case.id "], ["A", "B"]]}, 'the heading "case.id" means the same as that of column A'),
        ({"cases": _CASES, "Cases ": _CASES}, "holds the cases too"),
        ({"cases": []}, "there is no sheet of cases"),
    ],
)
def test_sheets_that_cannot_be_cases_are_told(
    read: Read, workbook: Workbook, sheets: Mapping[str, Rows], told: str
) -> None:
    """Each with what to do."""
    [problem] = _problems(read, workbook(sheets))
    assert told in problem
    assert "What to do" in problem


def test_rows_without_a_case_are_told(read: Read, workbook: Workbook) -> None:
    """A row that belongs to no case counts for none, and a case without an id is none."""
    reports = [*_REPORTS, ["Z", "R1"], [None, "R2"]]
    caseload = read(workbook({"cases": [*_CASES, [None, "Worker B"]], "reports": reports}))
    assert [problem.what for problem in caseload.problems] == [
        "the row has no case id",
        'there is no case "Z"',
        "the row has no case id",
    ]
    assert (len(caseload.cases), caseload.left_out) == (3, 1)


def test_rows_beside_a_no_are_a_problem_of_the_case(read: Read, workbook: Workbook) -> None:
    """Whether the table is in the record cannot be both."""
    cases = [["case.id", "has.reports"], ["A", "no"], ["B", "no"]]
    caseload = read(workbook({"cases": cases, "reports": _REPORTS}))
    [problem] = caseload.problems
    assert problem.place.column == "B"
    assert problem.place.line == 2
    assert [case.id for case in caseload.cases] == ["B"]
    assert caseload.cases[0].tables == {}


def test_an_example_row_is_never_a_case(read: Read, workbook: Workbook) -> None:
    """Nor are rows of it, nor the sheets that explain a template."""
    book = workbook(
        {
            "read me": [["How to fill this in"]],
            "cases": [["case.id"], ["EXAMPLE"], ["Example "], ["A"]],
            "reports": [["case.id", "id"], ["EXAMPLE", "R1"]],
            "fields": [["a", "b"], ["c", "d"]],
        }
    )
    caseload = read(book)
    assert [case.id for case in caseload.cases] == ["A"]
    assert (caseload.problems, caseload.examples) == ((), 2)


def test_two_rows_with_one_id_are_both_left_out(read: Read, workbook: Workbook) -> None:
    """Which of them is right cannot be known; both cells are told."""
    caseload = read(workbook({"cases": [["case.id"], ["A"], ["B"], ["A"]]}))
    assert [case.id for case in caseload.cases] == ["B"]
    assert [problem.place for problem in caseload.problems] == [
        Place(caseload.problems[0].place.file, 2, "case A", "cases", "A"),
        Place(caseload.problems[0].place.file, 4, "case A", "cases", "A"),
    ]


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([["case.id", "case.manager"], ["A", "Worker A", "lost"]], (2, "C")),
        ([["case.id", None, "case.manager"], ["A", "lost", "Worker A"]], (2, "B")),
    ],
)
def test_what_stands_in_a_column_without_a_heading_is_told(
    read: Read, workbook: Workbook, rows: Rows, place: tuple[int, str]
) -> None:
    """It would be lost in silence. The rest is read, unless nothing may be lost."""
    book = workbook({"cases": rows})
    with pytest.raises(ProblemsError) as refused:
        read(book)
    [problem] = refused.value.problems
    caseload = read(book, strict=False)
    assert caseload.notices == (problem,)
    assert caseload.cases[0].fields == {"case.id": "A", "case.manager": "Worker A"}
    assert (problem.place.line, problem.place.column) == place
    assert "no heading" in problem.what


def test_cells_that_are_merged_over_rows_are_told(read: Read, tmp_path: Path) -> None:
    """The first of them has the value and others cannot be read; a heading or title that is merged does no harm."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["case.id", "order.type", "case.manager"], ["A", "referral order", "M"], ["B", None, "N"]):
        sheet.append(row)
    sheet.merge_cells("B2:B3")
    book.save(tmp_path / "book.xlsx")
    with pytest.raises(ProblemsError, match="row 2, column B: cells are merged here over 2 rows"):
        read(tmp_path / "book.xlsx")
    caseload = read(tmp_path / "book.xlsx", strict=False)
    first, second = caseload.cases
    assert [notice.place.column for notice in caseload.notices] == ["B"]
    assert (first.fields["order.type"], first.unreadable) == ("referral order", ())
    assert second.fields == {"case.id": "B", "order.type": None, "case.manager": "N"}
    assert "merged over rows" in second.unreadable[0].what
    sheet.unmerge_cells("B2:B3")
    sheet.merge_cells("B1:C1")
    book.save(tmp_path / "book.xlsx")
    assert [case.id for case in read(tmp_path / "book.xlsx", strict=False).cases] == ["A", "B"]


def test_a_formula_that_was_never_worked_out_is_told(read: Read, workbook: Workbook) -> None:
    """Programs that write workbooks do not work formulas out; the cell would look blank."""
    book = workbook({"cases": [["case.id", "order.starts_on", "case.manager"], ["A", "=DATE(2016,4,3)", "M"]]})
    assert "never worked out" in read(book).problems[0].what
    [case] = read(book, strict=False).cases
    assert case.fields == {"case.id": "A", "order.starts_on": None, "case.manager": "M"}
    assert case.unreadable[0].place.column == "B"


def test_a_sheet_of_cases_is_never_taken_for_a_part_of_the_template(read: Read, workbook: Workbook) -> None:
    """A sheet called Lists that has case ids is one that is not known."""
    book = workbook({"cases": [["case.id"], ["A"]], "Lists": [["case.id", "of"], ["A", "plan"]]})
    assert any('"Lists" is not a table' in problem for problem in _problems(read, book))


def test_spaces_make_no_other_id(read: Read, workbook: Workbook) -> None:
    """Ids that look the same are the same, and both records are left out."""
    caseload = read(workbook({"cases": [["case.id"], ["A 1"], ["A 1 "], ["A\u00a01"], ["B"]]}))
    assert [case.id for case in caseload.cases] == ["B"]
    assert caseload.left_out == 3
    assert all("another record has the same id" in problem.what for problem in caseload.problems)


@pytest.mark.parametrize("blank", ["", "  ", "\t"])
def test_a_row_of_spaces_is_no_record(read: Read, workbook: Workbook, tmp_path: Path, blank: str) -> None:
    """It looks like no row, and costs nobody an error; in a workbook and in text with delimiters."""
    rows = [["case.id", "case.manager"], ["A", "Worker A"], [blank, blank], ["B", "Worker B"]]
    text = tmp_path / "cases.csv"
    text.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")
    for file in (workbook({"cases": rows}), text):
        caseload = read(file)
        assert [case.id for case in caseload.cases] == ["A", "B"]
        assert (caseload.left_out, caseload.problems) == (0, ())


@pytest.mark.parametrize("cells", [[date(2021, 1, 1)], [1.5, date(2021, 1, 1)]])
def test_a_sheet_without_any_heading_is_told(read: Read, workbook: Workbook, cells: Sequence[object]) -> None:
    """Days and numbers head nothing, so there is no case in it, and nobody is left to think that all is well."""
    [problem] = _problems(read, workbook({"Sheet": [cells, cells]}))
    assert "there are no headings in it" in problem


def test_a_sheet_of_a_table_without_headings_costs_no_case(read: Read, workbook: Workbook) -> None:
    """The table is not known."""
    book = workbook({"cases": [["case.id", "case.manager", "has.reviews"], ["A", "M", "yes"]], "reviews": [[1.5]]})
    [case] = read(book, strict=False).cases
    assert [one.path for one in case.unreadable] == [("reviews",)]


def test_a_second_sheet_of_cases_is_told(read: Read, workbook: Workbook) -> None:
    """In what is told, with what to do, and in what every report says."""
    head = ("case.id", "plan.objectives")
    file = workbook({"cases": [head, ("A1", 3)], "Closed": [head, ("A2", 3)], "Read me": [("Fill in", "all")]})
    caseload = read(file, strict=False)
    [notice] = caseload.notices
    assert 'put its rows into the sheet "cases", or into a file of their own' in notice.advice
    assert caseload.assumed == ('the sheet "Closed" is not read',)


def test_sheets_of_cases_of_which_none_is_called_so_are_told(read: Read, workbook: Workbook) -> None:
    """None of them is taken for the only one."""
    head = ("case.id", "plan.objectives")
    with pytest.raises(ProblemsError, match=r'(?s)"Closed" is not a table.*"Open" is not a table.*no sheet of cases'):
        read(workbook({"Open": [head, ("A1", 3)], "Closed": [head, ("A2", 3)]}))
