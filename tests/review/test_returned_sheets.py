"""The sheets of one reader together."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from somerset_sheets import filled, rules, sheet_of

from casescreen.model.problem import CasescreenError
from casescreen.review.returned_sheets import ReturnedSheets, read_filled_sheets, sheet_files
from casescreen.review.sheet_documents import sheet_document
from casescreen.review.sheet_workbook import sheet_workbook

_ONE = "initial-assessment"


def _write(folder: Path, case: str, answer: str = "", reader: str = "Ann", name: str = "", **of: Any) -> Path:  # noqa: ANN401 - what its origin is
    """The sheet of a case with an answer, as a document."""
    sheet = sheet_of(case)
    document = sheet_document(evolve(sheet, origin=evolve(sheet.origin, **of)))
    path = folder / (name or f"{case}.docx")
    path.write_bytes(filled(document, {_ONE: (answer, "", "")} if answer else {}, reader))
    return path


def _read(folder: Path, reader: str = "") -> ReturnedSheets:
    return read_filled_sheets(sheet_files([folder]), rules(), "sheets", reader)


def test_the_answers_of_all_sheets_are_one_set(tmp_path: Path) -> None:
    """In order of case; those that answer nothing are named too; each answer stands in the rulebook's order."""
    _write(tmp_path, "SOM-10", "no")
    _write(tmp_path, "SOM-07")
    _write(tmp_path, "SOM-01", "yes", reader="ANN")
    answers = _read(tmp_path).answers
    assert answers.reader in ("Ann", "ANN")
    assert answers.cases == ("SOM-01", "SOM-07", "SOM-10")
    assert {case: [one.answer.value for one in some] for case, some in answers.answers.items()} == {
        "SOM-01": ["yes"],
        "SOM-10": ["no"],
    }
    assert (answers.rulebook, answers.rules, answers.source) == ("sqs-2016", rules().hash, "sheets")


def test_sheets_of_other_rules_are_not_taken(tmp_path: Path) -> None:
    """They are told, and the others are taken."""
    _write(tmp_path, "SOM-01", "yes", rulebook_hash="0" * 64)
    _write(tmp_path, "SOM-07", "yes")
    returned = _read(tmp_path)
    assert returned.answers.cases == ("SOM-07",)
    (problem,) = returned.problems
    assert "it was made by other rules (sqs-2016, hash 000000000000)" in problem.what


def test_two_readers_are_refused(tmp_path: Path) -> None:
    """Unless one of them is named: then the sheets of the other are not taken."""
    _write(tmp_path, "SOM-01", "yes", reader="Ann")
    _write(tmp_path, "SOM-07", "yes", reader="Bob")
    with pytest.raises(CasescreenError, match='of several readers: "Ann" and "Bob"'):
        _read(tmp_path)
    returned = _read(tmp_path, "bob")
    assert returned.answers.cases == ("SOM-07",)
    assert 'its reader is "Ann", and not "bob"' in returned.problems[0].what


def test_a_name_that_is_missing_is_told(tmp_path: Path) -> None:
    """On one sheet: it is not taken for that of the others. On all: nothing is read without one that is given."""
    _write(tmp_path, "SOM-01", "yes", reader="")
    with pytest.raises(CasescreenError, match="No sheet names its reader"):
        _read(tmp_path)
    assert _read(tmp_path, "Ann").answers.cases == ("SOM-01",)
    _write(tmp_path, "SOM-07", "yes", reader="Ann")
    returned = _read(tmp_path)
    assert returned.answers.cases == ("SOM-07",)
    assert "it names no reader" in returned.problems[0].what
    _write(tmp_path, "SOM-07", reader="", name="blank.docx")
    assert _read(tmp_path).problems == returned.problems


def test_two_sheets_of_a_case_that_differ_are_not_taken(tmp_path: Path) -> None:
    """Which of them counts, nobody knows; that they say the same, or that one is blank, does no harm."""
    _write(tmp_path, "SOM-01", "yes")
    _write(tmp_path, "SOM-01", name="blank.docx")
    assert [len(_read(tmp_path).answers.answers["SOM-01"])] == [1]
    _write(tmp_path, "SOM-01", "yes", name="copy.docx")
    assert not _read(tmp_path).problems
    _write(tmp_path, "SOM-01", "no", name="other.docx")
    returned = _read(tmp_path)
    assert returned.answers.cases == ()
    assert len(returned.problems) == 3
    assert "is of the same case, and says something else" in returned.problems[0].what


def test_a_sheet_of_another_sample_is_told(tmp_path: Path) -> None:
    """It is taken all the same."""
    _write(tmp_path, "SOM-01", "yes", sample="a" * 64)
    _write(tmp_path, "SOM-07", "yes", sample="b" * 64)
    returned = _read(tmp_path)
    assert returned.answers.cases == ("SOM-01", "SOM-07")
    assert "another sample" in returned.problems[0].what


def test_what_else_is_in_the_folder_is_passed_over(tmp_path: Path) -> None:
    """The list, the page, what an office program has open; and not an older document, which may be a sheet."""
    (tmp_path / "index.csv").write_text("Case", encoding="utf-8")
    (tmp_path / "enquiry-sheets.html").write_text("<p>", encoding="utf-8")
    (tmp_path / "~$M-01.docx").write_bytes(b"lock")
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "b.xlsx").write_bytes(sheet_workbook(sheet_of("SOM-07")))
    (tmp_path / "SOM-02.doc").write_bytes(b"old")
    files = [Path(file).name for file in sheet_files([tmp_path])]
    assert files == ["SOM-02.doc", "b.xlsx"]
    assert sheet_files([tmp_path], apart=[tmp_path / "inside" / "b.xlsx"]) == (str(tmp_path / "SOM-02.doc"),)


def test_a_sheet_of_another_day_is_told(tmp_path: Path) -> None:
    """It is taken all the same; of what day they are together can be said of sheets of one day alone."""
    _write(tmp_path, "SOM-01", "yes")
    assert _read(tmp_path).answers.as_of == sheet_of("SOM-01").origin.as_of
    _write(tmp_path, "SOM-07", "yes", as_of=date(2016, 6, 1))
    returned = _read(tmp_path)
    assert (returned.answers.cases, returned.answers.as_of) == (("SOM-01", "SOM-07"), None)
    assert "another day" in returned.problems[0].what
