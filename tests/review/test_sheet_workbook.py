"""Sheets as workbooks."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from attrs import evolve
from office_macros import FILL_WORKBOOK, filled_in_office
from openpyxl import Workbook, load_workbook
from somerset_sheets import rules, sheet_of

from casescreen.model.outcome import ReadersAnswer
from casescreen.review.sheet_reader import FilledSheet, read_filled_sheet
from casescreen.review.sheet_workbook import sheet_workbook

# What reads workbooks here knows no drawings in EMF, and says that it leaves them out.
pytestmark = pytest.mark.filterwarnings("ignore:wmf image format")


def _opened(case: str = "SOM-07") -> Workbook:
    return load_workbook(BytesIO(sheet_workbook(sheet_of(case))))


def test_there_is_a_sheet_to_read_and_one_to_fill_in() -> None:
    """And one that says of what they are; the timeline is a picture on the first."""
    data = sheet_workbook(sheet_of("SOM-07"))
    assert load_workbook(BytesIO(data)).sheetnames == ["Case", "Questions", "About this sheet"]
    assert b"xl/media/image1.emf" in data


def test_answers_are_chosen_and_questions_are_protected() -> None:
    """Without a password: who needs to can take the protection off."""
    sheet = _opened()["Questions"]
    assert [(check.formula1, str(check.sqref)) for check in sheet.data_validations.dataValidation] == [
        ('"yes,no,n/a"', "D6:D20"),
        ('"file,interview"', "E6:E20"),
    ]
    assert sheet.protection.sheet
    assert not sheet.protection.password
    for column in "DEF":
        assert not sheet[f"{column}6"].protection.locked
    for column in "ABCG":
        assert sheet[f"{column}6"].protection.locked


def test_a_question_stands_once_in_a_row() -> None:
    """What is to be known of a line of enquiry does not repeat the question beside it, nor end a line in a blank."""
    book = _opened("SOM-06")
    rows = [row for row in book["Questions"].iter_rows(min_row=6, values_only=True) if row[0] == "Line of enquiry"]
    assert rows
    for _, question, to_know, *_ in rows:
        assert str(question) not in str(to_know)
    every = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert not [cell for cell in every if " \n" in cell]


def test_text_of_a_record_is_text() -> None:
    """No formula, no link, and no control character."""
    sheet = sheet_of("SOM-07")
    group = evolve(sheet.facts[0], title="=1+1", says=("=HYPERLINK(1)", "@SUM\x07", "http://a.b"))
    book = load_workbook(BytesIO(sheet_workbook(evolve(sheet, facts=(group,)))))
    cells = [cell for row in book["Case"].iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)
    assert not any("\x07" in cell.value for cell in cells)


def test_the_same_sheet_is_the_same_bytes() -> None:
    """Whenever and wherever it is made."""
    assert sheet_workbook(sheet_of("SOM-10")) == sheet_workbook(sheet_of("SOM-10"))


@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods"])
def test_a_sheet_filled_in_libreoffice_is_read_back(office: str, tmp_path: Path, ending: str) -> None:
    """In each form that it saves: every answer, its source, reason, reader and day."""
    sheet = sheet_of("SOM-13")
    source = tmp_path / "SOM-13.xlsx"
    source.write_bytes(sheet_workbook(sheet))
    read = read_filled_sheet(str(filled_in_office(office, tmp_path, FILL_WORKBOOK, source, ending)), rules())
    assert isinstance(read, FilledSheet)
    assert (read.case, read.reader, read.problems) == ("SOM-13", "Anna Reader", ())
    assert sorted((one.criterion, one.item) for one in read.answers) == sorted(sheet.answerable)
    words = (ReadersAnswer.YES, ReadersAnswer.NO, ReadersAnswer.NOT_APPLICABLE)
    for number, one in enumerate(read.answers):
        assert (one.answer, one.source, one.reason) == (words[number % 3], "interview", f"Because of {number}")
        assert one.answered_on == date(2016, 5, 12)


def test_a_sheet_is_read_after_it_was_sorted_and_added_to(tmp_path: Path) -> None:
    """Rows in another order, columns and rows of somebody else, another name, and the headings again."""
    book = _opened()
    sheet = book["Questions"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    headings, *questions = rows
    answered = {row[6]: row for row in questions}
    answered["risk-of-harm-plan"][3:6] = ["Y", "File.", "It names who does what."]
    answered["pre-sentence-report-quality / R1"][3:6] = ["not applicable", None, "Another team wrote it."]
    sheet.delete_rows(5, sheet.max_row)
    for row in (headings, *sorted(questions, key=lambda one: str(one[6])), headings, [None, "my own note"]):
        sheet.append(["mine", *row])
    book.save(path := tmp_path / "renamed by somebody.xlsx")
    read = read_filled_sheet(str(path), rules())
    assert isinstance(read, FilledSheet)
    assert [(one.criterion, one.item, one.answer.value, one.source, one.reason) for one in read.answers] == [
        ("pre-sentence-report-quality", "R1", "n/a", "", "Another team wrote it."),
        ("risk-of-harm-plan", "", "yes", "file", "It names who does what."),
    ]
    assert (read.questions, read.answered, read.problems) == (14, 2, ())


def test_questions_of_another_case_are_not_taken_for_those_of_this(tmp_path: Path) -> None:
    """A sheet that was copied from another workbook is told, and nothing of it is read."""
    book = _opened()
    other = book.copy_worksheet(book["Questions"])
    other["A1"], other["D6"] = "Case SOM-13", "yes"
    book.save(path := tmp_path / "SOM-07.xlsx")
    read = read_filled_sheet(str(path), rules())
    assert isinstance(read, FilledSheet)
    assert (read.case, read.answers) == ("SOM-07", ())
    assert "this table is of another case" in read.problems[0].what


def test_refs_that_were_moved_from_their_questions_are_told(tmp_path: Path) -> None:
    """As where all columns but that one were sorted: no answer goes to another question."""
    book = _opened()
    sheet = book["Questions"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6, max_row=7)]
    for number, row in ((6, rows[1]), (7, rows[0])):
        for column in range(6):
            sheet.cell(number, column + 1).value = row[column]
    sheet["D6"] = "yes"
    book.save(path := tmp_path / "SOM-07.xlsx")
    read = read_filled_sheet(str(path), rules())
    assert isinstance(read, FilledSheet)
    assert read.answers == ()
    assert "beside this Ref stands another question" in read.problems[0].what


def test_what_a_program_took_for_a_formula_is_told(tmp_path: Path) -> None:
    """A reason that begins with a sign becomes an error there: it is not lost without a word, nor is an answer."""
    book = _opened()
    sheet = book["Questions"]
    sheet["D6"], sheet["F6"], sheet["D7"] = "yes", "#NAME?", "#NAME?"
    book.save(path := tmp_path / "SOM-07.xlsx")
    read = read_filled_sheet(str(path), rules())
    assert isinstance(read, FilledSheet)
    assert read.answers == ()
    first, second = (problem.what for problem in read.problems)
    assert first == "the cell holds the error #NAME? where the reason stands, so it was not taken"
    assert '"#NAME?" is no answer' in second
