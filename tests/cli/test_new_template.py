"""casescreen template: the workbook that it makes, and what is filled in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest
from openpyxl import load_workbook

from casescreen import load_rulebook
from casescreen.cases.write.workbook import template


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
