"""The form for a single case, filled in and read back."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from casescreen import load_rulebook, read_cases
from casescreen.cases.write.template import template
from casescreen.model.case import Caseload
from casescreen.model.problem import ProblemsError

_FACTS: Mapping[str, object] = {
    "case.id": "F-1",
    "case.manager": "Worker A",
    "order.starts_on": datetime(2015, 10, 12),  # noqa: DTZ001 - a cell
    "harm.level": "High",
    "plan.exists": "yes",
    "plan.completed_on": "2/11/2015",
}
_ANSWERS: Mapping[str, object] = {"initial-assessment": "no", "child-and-carers-involved": "n/a"}
_BESIDE: Mapping[str, object] = {"reason": "In hospital.", "reader": "QA 1", "answered on": "3/5/2016"}


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    path = tmp_path / "cases.xlsx"
    path.write_bytes(template(load_rulebook()))
    return path


def _read(path: Path) -> Caseload:
    rulebook = load_rulebook()
    return read_cases([path], rulebook.dictionary, criteria=rulebook.answerable)


def _labelled(facts: Mapping[str, object] = _FACTS, answers: Mapping[str, object] = _ANSWERS) -> dict[str, object]:
    rulebook = load_rulebook()
    fields = {rulebook.dictionary.fields[name].label: value for name, value in facts.items()}
    questions = {rulebook.criterion[one].question: value for one, value in answers.items()}
    return {**fields, **questions, **(_BESIDE if answers else {})}


def _fill_in(sheet: Worksheet, values: Mapping[str, object]) -> None:
    """Write each value into the box beside its label."""
    left = dict(values)
    for row in sheet.iter_rows(min_row=3):
        for cell in row:
            label = str(cell.value or "")
            for one in (label, label.rpartition(" (")[0]):
                if one in left:
                    boxes = 4 if one.endswith("?") else 1
                    sheet.cell(cell.row, cell.column + boxes).value = left.pop(one)
    assert not left


def _table(book: Workbook, facts: Mapping[str, object] = _FACTS, answers: Mapping[str, object] = _ANSWERS) -> None:
    """Write the same into rows of the tables."""
    values = _labelled(facts, answers)
    for name in ("cases", "answers"):
        headings = {cell.value: cell.column for cell in book[name][1]}
        for heading, value in values.items():
            if heading in headings:
                book[name].cell(3, headings[heading], value)


def test_a_form_is_read_as_the_rows_that_it_stands_for(blank: Path, tmp_path: Path) -> None:
    """The case, its answers and the hash are the same."""
    form, table = load_workbook(blank), load_workbook(blank)
    _fill_in(form["one case"], _labelled())
    _table(table)
    form.save(tmp_path / "form.xlsx")
    table.save(tmp_path / "table.xlsx")
    by_form, by_table = _read(tmp_path / "form.xlsx"), _read(tmp_path / "table.xlsx")
    assert (by_form.problems, by_form.notices, by_form.cases[0].unreadable) == ((), (), ())
    assert by_form.hash == by_table.hash
    assert by_form.cases[0].fields == by_table.cases[0].fields
    assert by_form.cases[0].fields["plan.completed_on"] == date(2015, 11, 2)
    assert by_form.cases[0].answers == by_table.cases[0].answers


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_a_form_that_another_program_saved_is_read(blank: Path, tmp_path: Path, form: str) -> None:
    """LibreOffice, in each of its forms."""
    if (office := shutil.which("soffice")) is None:
        pytest.skip("LibreOffice is not installed")
    book = load_workbook(blank)
    _fill_in(book["one case"], _labelled())
    book.save(blank)
    whole = _read(blank)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    out = tmp_path / form
    done = [office, profile, "--headless", "--convert-to", form, "--outdir", str(out), str(blank)]
    subprocess.run(done, check=True, capture_output=True, timeout=300)
    assert _read(out / f"cases.{form}").hash == whole.hash


def test_rows_of_other_tables_belong_to_the_case_of_the_form(blank: Path) -> None:
    """By its id."""
    book = load_workbook(blank)
    _fill_in(book["one case"], _labelled())
    headings = {cell.value: cell.column for cell in book["reviews"][1]}
    book["reviews"].cell(3, headings["case"], "F-1")
    book["reviews"].cell(3, 2, book["reviews"].cell(2, 2).value)
    book.save(blank)
    assert len(_read(blank).cases[0].tables["reviews"]) == 1


def test_a_form_beside_rows_is_told_and_not_read(blank: Path) -> None:
    """Nobody knows whether they are meant to be one case."""
    book = load_workbook(blank)
    _fill_in(book["one case"], _labelled({**_FACTS, "case.id": "F-2"}))
    _table(book)
    book.save(blank)
    caseload = _read(blank)
    assert [case.id for case in caseload.cases] == ["F-1"]
    (notice,) = caseload.notices
    assert str(notice.place).endswith('sheet "one case", row 4, column B')
    assert notice.what == 'this form is filled in, and so is the sheet "cases": only that is read'


def test_what_is_wrong_in_a_form_is_told_with_its_cell(blank: Path) -> None:
    """As in a row; and what stands beside no label is told too."""
    book = load_workbook(blank)
    sheet = book["one case"]
    _fill_in(sheet, _labelled({**_FACTS, "harm.level": "enormous", "plan.completed_on": "soon"}))
    sheet["C5"] = "astray"
    book.save(blank)
    caseload = _read(blank)
    told = [*(str(one.place) for one in caseload.notices), *(str(one.place) for one in caseload.cases[0].unreadable)]
    places = {place.rpartition("sheet ")[2] for place in told}
    rows = {str(cell.value).partition(" (")[0]: cell.row for cell in sheet["A"]}
    labels = load_rulebook().dictionary.fields
    for name in ("harm.level", "plan.completed_on"):
        assert any(f'"one case", row {rows[labels[name].label]}, column B' in place for place in places)
    assert '"one case", row 5, column C' in places


def test_a_form_without_a_case_is_told(blank: Path) -> None:
    """At the box in which its id belongs."""
    book = load_workbook(blank)
    _fill_in(book["one case"], _labelled({"case.manager": "Worker A"}, {}))
    book.save(blank)
    with pytest.raises(ProblemsError, match="the row has no case id") as error:
        _read(blank)
    assert 'sheet "one case", row 4, column B' in str(error.value)


def test_a_sheet_of_that_name_that_is_not_ours_is_passed_over(blank: Path) -> None:
    """Whatever stands in it."""
    book = load_workbook(blank)
    del book["one case"]
    book.create_sheet("one case")["A1"] = "mine"
    _table(book)
    book.save(blank)
    caseload = _read(blank)
    assert ([case.id for case in caseload.cases], caseload.notices) == (["F-1"], ())
