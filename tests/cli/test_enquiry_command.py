"""casescreen enquiry."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from somerset_sheets import AS_OF, SOMERSET, filled, rules

from casescreen.model.sample import SamplePlan, SampleRecord, SampleSize, SampleStratum, ticket_of
from casescreen.review.sample_record import write_sample_record

Run = Callable[..., Any]
_DAY = ("--as-of", "2016-05-09", "--taken-on", "2016-05-09")
_ONE = "initial-assessment"


@pytest.fixture
def write(run: Run, tmp_path: Path) -> Run:
    def call(*arguments: object, cases: object = SOMERSET, output: str = "sheets") -> Any:  # noqa: ANN401 - what a run was
        return run("enquiry", "write", cases, *_DAY, "--output", tmp_path / output, *arguments)

    return call


@pytest.fixture
def read(run: Run, tmp_path: Path) -> Run:
    def call(*arguments: object, sheets: str = "sheets") -> Any:  # noqa: ANN401 - what a run was
        return run("enquiry", "read", tmp_path / sheets, *arguments)

    return call


def _fill(path: Path, reader: str = "", **answers: tuple[str, str, str]) -> None:
    by_ref: Mapping[str, tuple[str, str, str]] = {ref.replace("_", "-"): answer for ref, answer in answers.items()}
    path.write_bytes(filled(path.read_bytes(), by_ref, reader))


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_sheet_is_written_for_each_case_and_listed(write: Run, tmp_path: Path) -> None:
    """As a document unless something else is asked for; what to do next is said."""
    ran = write("--case", "SOM-07", "--case", "SOM-13")
    assert ran.code == 0
    assert _names(tmp_path / "sheets") == ["SOM-07.docx", "SOM-13.docx", "index.csv"]
    assert "2 enquiry sheets in" in ran.err
    assert "casescreen enquiry read" in ran.err
    assert "case records: keep them as you keep those" in ran.err
    with (tmp_path / "sheets" / "index.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [*csv.reader(file)][:2] == [
            ["Case", "File", "Questions", "Lines of enquiry"],
            ["SOM-07", "SOM-07.docx", "14", "1"],
        ]


def test_several_forms_are_written_at_once(write: Run, tmp_path: Path) -> None:
    """The page has all cases, the others a file each."""
    assert write("--case", "SOM-07", "--form", "xlsx", "--form", "html", "--form", "docx").code == 0
    assert _names(tmp_path / "sheets") == ["SOM-07.docx", "SOM-07.xlsx", "enquiry-sheets.html", "index.csv"]


def test_sheets_are_written_whole_or_not_at_all(write: Run, tmp_path: Path) -> None:
    """A folder in which anything stands is left as it is: filled sheets are never written over."""
    assert write("--case", "SOM-07").code == 0
    _fill(tmp_path / "sheets" / "SOM-07.docx", "Ann")
    before = (tmp_path / "sheets" / "SOM-07.docx").read_bytes()
    ran = write("--case", "SOM-07")
    assert (ran.code, "not an empty folder" in ran.err) == (2, True)
    assert (tmp_path / "sheets" / "SOM-07.docx").read_bytes() == before
    assert write("--case", "SOM-99", output="other").code == 2
    assert not (tmp_path / "other").exists()


def test_a_folder_among_the_cases_is_refused(run: Run, tmp_path: Path) -> None:
    """The sheets would be read as cases."""
    case = tmp_path / "cases" / "SOM-07.toml"
    case.parent.mkdir()
    case.write_bytes((SOMERSET / "SOM-07.toml").read_bytes())
    ran = run("enquiry", "write", case.parent, *_DAY, "--output", case.parent / "sheets")
    assert (ran.code, "would be read as cases" in ran.err) == (2, True)
    assert run("enquiry", "write", case, *_DAY, "--output", case).code == 2


def test_ids_that_differ_in_capitals_only_are_refused(run: Run, tmp_path: Path) -> None:
    """Windows would write one over the other."""
    for number, name in enumerate(("C-1", "c-1")):
        text = (SOMERSET / "SOM-07.toml").read_text(encoding="utf-8").replace("SOM-07", name)
        (tmp_path / f"{number}.toml").write_text(text, encoding="utf-8")
    ran = run("enquiry", "write", tmp_path / "0.toml", tmp_path / "1.toml", *_DAY, "--output", tmp_path / "sheets")
    assert (ran.code, "files of one name" in ran.err) == (2, True)
    assert not (tmp_path / "sheets").exists()


@pytest.mark.parametrize("option", [("--pseudonyms", "key"), ("--suppress-under", "5")])
def test_sheets_are_no_copy_to_share(write: Run, option: tuple[str, str]) -> None:
    """It is said why."""
    ran = write(*option)
    assert (ran.code, "each is the record of one case" in ran.err) == (2, True)


def test_a_case_that_is_not_there_is_told(write: Run) -> None:
    """With the one that may be meant."""
    ran = write("--case", "SOM-7")
    assert (ran.code, "Did you mean" in ran.err) == (2, True)


def test_a_record_that_cannot_be_used_is_told_and_the_others_have_sheets(run: Run, tmp_path: Path) -> None:
    """The exit code says that there is less than there should be."""
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("[case\n", encoding="utf-8")
    ran = run("enquiry", "write", SOMERSET / "SOM-07.toml", wrong, *_DAY, "--output", tmp_path / "sheets")
    assert ran.code == 2
    assert "wrong.toml" in ran.err
    assert "SOM-07.docx" in _names(tmp_path / "sheets")


def test_cases_that_had_not_begun_have_no_sheet(run: Run, tmp_path: Path) -> None:
    """It is said of which."""
    ran = run("enquiry", "write", SOMERSET, "--as-of", "2016-02-01", "--output", tmp_path / "sheets")
    assert ran.code == 0
    assert "Without a sheet, as they had not begun by then: " in ran.err
    assert "SOM-07.docx" not in _names(tmp_path / "sheets")


@pytest.fixture
def sample(tmp_path: Path) -> tuple[Path, tuple[str, ...]]:
    """The record of a sample of three of the cases and one that is not there, and them in order of ticket."""
    tickets = tuple(sorted((ticket_of("417", "", case), case) for case in ("SOM-02", "SOM-07", "SOM-13", "SOM-99")))
    plan = SamplePlan("Made up", AS_OF, SampleSize(4), "", 0, False, (), (), (), "0" * 64)
    strata = (SampleStratum("", 4, 0, tickets),)
    record = SampleRecord(plan, ("sqs-2016", "2", rules().hash), "", "417", "", strata, ())
    write_sample_record(tmp_path / "sample.json", record, force=False)
    return tmp_path / "sample.json", tuple(case for _, case in tickets)


def test_a_sample_says_which_cases_and_in_which_order(
    write: Run, read: Run, tmp_path: Path, sample: tuple[Path, tuple[str, ...]]
) -> None:
    """A drawn case that is not there is told, and makes the exit code; read back, those without a sheet are told."""
    record, drawn = sample
    ran = write("--sample", record, "--reader", "Ann")
    assert (ran.code, "Drawn, and not among these cases: SOM-99." in ran.err) == (2, True)
    with (tmp_path / "sheets" / "index.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row[0] for row in csv.reader(file)][1:] == [case for case in drawn if case != "SOM-99"]
    (tmp_path / "sheets" / "SOM-02.docx").unlink()
    ran = read("--sample", record)
    assert (ran.code, "Drawn, and without a sheet here:" in ran.out) == (0, True)
    assert "SOM-02" in ran.out.partition("without a sheet here")[2]
    assert write("--sample", record, "--case", "SOM-01", output="other").code == 2


def test_sheets_of_another_sample_are_refused(write: Run, read: Run, sample: tuple[Path, tuple[str, ...]]) -> None:
    """Where a sample is named, and they are of none."""
    assert write("--case", "SOM-07", "--reader", "Ann").code == 0
    ran = read("--sample", sample[0])
    assert (ran.code, "is of another sample" in ran.err) == (2, True)


def test_filled_sheets_are_read_back(write: Run, read: Run, tmp_path: Path) -> None:
    """Into one file of answers, which says whose they are, of which cases, and by which rules."""
    assert write("--case", "SOM-07", "--case", "SOM-13", "--reader", "Ann Reader").code == 0
    _fill(tmp_path / "sheets" / "SOM-07.docx", "Ann Reader", initial_assessment=("yes", "file", "It does."))
    ran = read("--output", tmp_path / "first.json")
    assert ran.code == 0
    assert "Sheets of Ann Reader" in ran.out
    assert "2 sheets taken: 1 of 28 questions answered." in ran.out
    assert f"casescreen check CASES --answers {tmp_path / 'first.json'}\n" in ran.err
    assert "casescreen agree FIRST SECOND\n" in ran.err
    content = json.loads((tmp_path / "first.json").read_text(encoding="utf-8"))
    assert content["reader"] == "Ann Reader"
    assert content["cases"] == ["SOM-07", "SOM-13"]
    (row,) = content["answers"]
    assert {**row} == {**row, "case.id": "SOM-07", "criterion": _ONE, "answer": "yes", "reason": "It does."}


def test_what_is_not_taken_makes_the_exit_code(write: Run, read: Run, tmp_path: Path) -> None:
    """The others are taken, and what is blank is just not answered."""
    assert write("--case", "SOM-07", "--case", "SOM-13", "--reader", "Ann").code == 0
    _fill(tmp_path / "sheets" / "SOM-07.docx", "Ann", initial_assessment=("perhaps", "", ""))
    ran = read("--output", tmp_path / "first.csv")
    assert ran.code == 2
    assert '"perhaps" is no answer' in ran.err
    assert (tmp_path / "first.csv").exists()
    (tmp_path / "sheets" / "SOM-07.docx").unlink()
    assert read("--output", tmp_path / "second.csv").code == 0


def test_sheets_of_other_rules_are_told(write: Run, read: Run) -> None:
    """As where a number was tried for one run only; read by the same, they are taken."""
    assert write("--case", "SOM-07", "--reader", "Ann", "--holiday", "2016-02-15").code == 0
    ran = read()
    assert (ran.code, "it was made by other rules" in ran.err) == (2, True)
    assert read("--holiday", "2016-02-15").code == 0


def test_a_file_of_answers_is_refused_before_anything_is_read(write: Run, read: Run, tmp_path: Path) -> None:
    """One of no form, one that is there, and one that is a sheet."""
    assert write("--case", "SOM-07", "--reader", "Ann").code == 0
    assert "let its name end in" in read("--output", tmp_path / "first.docx").err
    (tmp_path / "first.csv").write_text("kept", encoding="utf-8")
    assert read("--output", tmp_path / "first.csv").code == 2
    assert (tmp_path / "first.csv").read_text(encoding="utf-8") == "kept"
    assert read("--output", tmp_path / "first.csv", "--force").code == 0


def test_an_answer_file_in_the_folder_is_no_sheet(write: Run, read: Run, tmp_path: Path) -> None:
    """Where it is written beside them, and read again."""
    assert write("--case", "SOM-07", "--reader", "Ann").code == 0
    assert read("--output", tmp_path / "sheets" / "first.xlsx").code == 0
    assert read("--output", tmp_path / "sheets" / "first.xlsx", "--force").code == 0


def test_an_empty_folder_is_told(read: Run, tmp_path: Path) -> None:
    """With what is looked for."""
    (tmp_path / "sheets").mkdir()
    ran = read()
    assert (ran.code, "There is no sheet there" in ran.err) == (2, True)
