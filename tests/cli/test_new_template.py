"""casescreen template: the workbook that it makes, and what is filled in."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Protocol

import pytest
from openpyxl import load_workbook

from casescreen import load_rulebook, read_cases
from casescreen.cases.write.template import template
from casescreen.conditions.analysis import most_decisive
from casescreen.model.outcome import Basis


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def made(run: Run, bikes: Path, tmp_path: Path) -> Path:
    path = tmp_path / "cases.xlsx"
    assert run("template", path, "--rules", bikes).code == 0
    return path


def test_what_is_filled_in_reads_back_without_a_mapping(run: Run, bikes: Path, made: Path, tmp_path: Path) -> None:
    """The example rows are not read, and every sheet and heading is known."""
    book = load_workbook(made)
    for name in book.sheetnames:
        if book[name]["A2"].value == "EXAMPLE":
            for column, cell in enumerate(book[name][2], 1):
                book[name].cell(3, column, cell.value)
            book[name]["A3"] = "B-1"
    del book["answers"]  # its example names no criterion
    book.save(made)
    ran = run("convert", made, tmp_path / "a.json", "--rules", bikes)
    assert ran.code == 0, ran.err
    case = json.loads((tmp_path / "a.json").read_bytes())
    dictionary = load_rulebook(bikes).dictionary
    assert case["case"]["id"] == "B-1"
    assert {f"{s}.{n}" for s in dictionary.sections for n in case[s]} == set(dictionary.fields)
    assert {name: list(case[name][0]) for name in dictionary.tables} == {
        name: list(table.columns) for name, table in dictionary.tables.items()
    }


def test_excel_accepts_every_note_and_list(made: Path) -> None:
    """Titles of 32 characters and messages of 255 are the most that it shows; headings are frozen and differ."""
    rulebook = load_rulebook()
    dictionary = rulebook.dictionary
    made.write_bytes(template(rulebook))
    book = load_workbook(made)
    assert book.sheetnames[0] == "read me"
    assert {"cases", "answers", "fields", *dictionary.tables} <= set(book.sheetnames)
    for name in ("cases", "answers", *dictionary.tables):
        sheet = book[name]
        headings = [cell.value for cell in sheet[1]]
        assert len(set(headings)) == len(headings)
        assert sheet.freeze_panes == "B2"
        rules = sheet.data_validations.dataValidation
        assert len(rules) == len(headings)
        assert all(len(rule.promptTitle) <= 32 and 0 < len(rule.prompt) <= 255 for rule in rules)
        assert all(rule.formula1 and len(rule.formula1) <= 257 for rule in rules if rule.type == "list")


def test_the_same_dictionary_is_the_same_bytes() -> None:
    """No clock enters the workbook."""
    rulebook = load_rulebook()
    assert template(rulebook) == template(rulebook)


def test_it_opens_with_what_decides_most(made: Path) -> None:
    """Whose the case is, then the twenty facts that most questions rest on, then the rest; optional ones are marked."""
    rulebook = load_rulebook()
    made.write_bytes(template(rulebook))
    book = load_workbook(made)
    fields, headings = rulebook.dictionary.fields, [cell.value for cell in book["cases"][1]]
    assert headings[:3] == [fields[name].label for name in ("case.id", "case.manager", "case.team")]
    first = headings[3:23]
    for name in (
        "order.starts_on",
        "plan.completed_on",
        "plan.exists",
        "harm.level",
        "vulnerability.level",
        "order.type",
    ):
        assert fields[name].label in first
    assert len(headings) == len(set(headings)) == len(fields) + len(rulebook.dictionary.tables)
    marked = {row[2].value for row in book["fields"].iter_rows(min_row=2) if row[5].value == "optional"}
    assert {"child.ethnic_group", "plan.note", "victims.contacted_on", "education.hours_offered"} <= marked
    assert not marked & {"case.id", "case.manager", "plan.exists", "reviews.of", "victims.reference", "has.reviews"}
    grey = {cell.value for cell in book["cases"][1] if cell.fill.fgColor.rgb == "FFC9CED3"}
    assert grey == {fields[name].label for name in marked if name in fields}


def test_another_ending_is_refused(run: Run, bikes: Path, tmp_path: Path) -> None:
    """Only a workbook can be made, and a file that is there is kept."""
    assert "end in .xlsx" in run("template", tmp_path / "a.csv", "--rules", bikes).err
    (tmp_path / "a.xlsx").write_text("mine", encoding="utf-8")
    assert run("template", tmp_path / "a.xlsx", "--rules", bikes).code == 2
    assert (tmp_path / "a.xlsx").read_text(encoding="utf-8") == "mine"


def test_the_questions_stand_across(made: Path, tmp_path: Path) -> None:
    """Each question that a reader answers is a column with a list; what is filled in below it is an answer."""
    rulebook = load_rulebook()
    made.write_bytes(template(rulebook))
    book = load_workbook(made)
    book["cases"]["A3"] = "A-1"
    sheet = book["answers"]
    headings = {cell.value: cell.column for cell in sheet[1]}
    judged = [one for one in rulebook.criteria if one.basis is Basis.JUDGEMENT]
    assert [*headings][1 : len(judged) + 1] == [one.question for one in judged]
    report = next(one for one in judged if one.per is not None)
    plan = next(one for one in judged if one.per is None)
    for row, (question, answer, item) in enumerate([(plan, "no", "R1"), (report, "yes", "R1"), (plan, None, None)], 3):
        for heading, value in (("case", "A-1"), (question.question, answer), ("item", item), ("reader", "QA 1")):
            sheet.cell(row, headings[heading], value)
    book.save(tmp_path / "filled.xlsx")
    caseload = read_cases([tmp_path / "filled.xlsx"], rulebook.dictionary, criteria=rulebook.answerable)
    assert not caseload.problems
    assert [(one.criterion, one.answer.value, one.item, one.reader) for one in caseload.cases[0].answers] == sorted(
        [(plan.id, "no", "", "QA 1"), (report.id, "yes", "R1", "QA 1")],
        key=lambda one: [criterion.id for criterion in judged].index(one[0]),
    )


def test_a_form_for_one_case_is_one_page(made: Path) -> None:
    """It has the facts that decide most and every question, each with a box; left blank it is no case."""
    rulebook = load_rulebook()
    made.write_bytes(template(rulebook))
    sheet = load_workbook(made)["one case"]
    told = {cell for row in sheet.iter_rows(values_only=True) for cell in row if cell}
    judged = [one.question for one in rulebook.criteria if one.basis is Basis.JUDGEMENT]
    assert set(judged) <= told
    assert all(any(str(cell).startswith(one.label) for cell in told) for one in most_decisive(rulebook))
    setup = sheet.page_setup
    assert (setup.paperSize, setup.fitToWidth or 1, setup.fitToHeight or 1) == (9, 1, 1)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    beside = 5  # reader, answered on, source, item and reason
    assert len(sheet.data_validations.dataValidation) == len(judged) + len(most_decisive(rulebook)) + 3 + beside
    caseload = read_cases([made], rulebook.dictionary, criteria=rulebook.answerable)
    assert (caseload.cases, caseload.problems, caseload.notices) == ((), (), ())


def test_a_day_in_figures_is_read_as_the_template_says(made: Path, tmp_path: Path) -> None:
    """The day first, also where no other day tells; in a workbook that does not say so it is not known."""
    rulebook = load_rulebook()
    made.write_bytes(template(rulebook))
    book = load_workbook(made)
    sheet = book["cases"]
    headings = {cell.value: cell.column for cell in sheet[1]}
    label = rulebook.dictionary.fields["order.starts_on"].label
    for row, (case, day) in enumerate((("A-1", "12/10/2015"), ("A-2", "3/4/2016"), ("A-3", date(2016, 5, 1))), 3):
        sheet.cell(row, 1, case)
        sheet.cell(row, headings[label], day)
    book.save(tmp_path / "filled.xlsx")
    caseload = read_cases([tmp_path / "filled.xlsx"], rulebook.dictionary, criteria=rulebook.answerable)
    days = [case.fields["order.starts_on"] for case in caseload.cases]
    assert (days, caseload.notices) == ([date(2015, 10, 12), date(2016, 4, 3), date(2016, 5, 1)], ())
    del book["read me"]
    book.save(tmp_path / "foreign.xlsx")
    caseload = read_cases([tmp_path / "foreign.xlsx"], rulebook.dictionary)
    assert [case.fields["order.starts_on"] for case in caseload.cases] == [None, None, date(2016, 5, 1)]
