"""casescreen agree, run as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Protocol

import openpyxl
import pytest
from attrs import evolve
from bicycle_repairs import BIKES
from two_readers import answer, pair_of, reading

from casescreen.model.answer_set import AnswerSet
from casescreen.model.sample import MustInclude, SamplePlan, SampleRecord, SampleSize, SampleStratum
from casescreen.review.answer_files import write_answer_set
from casescreen.review.sample_record import with_hash, write_sample_record
from casescreen.rulebook.load import load_rulebook


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]
Written = Callable[..., tuple[Path, Path]]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Two sets of answers as files."""

    def write(first: AnswerSet, second: AnswerSet) -> tuple[Path, Path]:
        files = tmp_path / "first.xlsx", tmp_path / "second.csv"
        for file, one in zip(files, (first, second), strict=True):
            write_answer_set(file, one, load_rulebook(BIKES), force=True)
        return files

    return write


def _agree(run: Run, *arguments: object) -> Ran:
    return run("agree", *arguments, "--rules", BIKES)


def test_sheets_of_different_days_are_told(run: Run, tmp_path: Path) -> None:
    """Other questions may have been asked on them: what one alone answered is no disagreement."""
    files = [tmp_path / "first.json", tmp_path / "second.xlsx"]
    for days, told in (((1, 2), True), ((1, 1), False)):
        for file, one, day in zip(files, pair_of(3, 2, 1, 4), days, strict=True):
            write_answer_set(file, evolve(one, as_of=date(2024, 6, day)), load_rulebook(BIKES), force=True)
        ran = _agree(run, *files)
        assert ("first.json are as at 1 June 2024, and those of" in ran.err) is told
        assert ran.code == 1


def test_it_says_where_two_readers_differ(run: Run, written: Written) -> None:
    """On one screen; the exit code is 1, as a disagreement waits to be moderated."""
    ran = _agree(run, *written(*pair_of(3, 2, 1, 4)))
    assert ran.code == 1
    assert "Two readers: A. Reader and B. Reader" in ran.out
    assert "Same answer: in 7 of 10 pairs of yes or no, over all questions" in ran.out
    assert "No question has 20 pairs, so there are counts and no coefficients." in " ".join(ran.out.split())
    assert ran.err == "To agree on what counts: add --output agree.xlsx, and fill in its sheet Moderate.\n"


def test_what_is_to_be_filled_in_is_named_with_the_next_command(run: Run, written: Written, tmp_path: Path) -> None:
    """Where a sheet was written; and nothing is said of it where nothing waits."""
    first, second = written(*pair_of(3, 2, 1, 4))
    sheet = tmp_path / "agree.xlsx"
    ran = _agree(run, first, second, "--output", sheet)
    assert ran.err.endswith(f"  casescreen agree {first} {second} --rules {BIKES} --moderated {sheet}\n")
    written(*pair_of(12, 0, 0, 8))
    assert "To agree" not in _agree(run, first, second).err


def test_where_nothing_waits_the_exit_code_is_0(run: Run, written: Written) -> None:
    """They agree, and both read the same cases."""
    ran = _agree(run, *written(*pair_of(12, 0, 0, 8)), "--full")
    assert ran.code == 0
    assert "There is none." in ran.out


def test_every_form_is_written_at_once(run: Run, written: Written, tmp_path: Path) -> None:
    """As the names of the files end; what is there is left, unless --force is given."""
    files = written(*pair_of(17, 1, 1, 1))
    outputs = [tmp_path / f"agree{ending}" for ending in (".txt", ".md", ".html", ".json", ".csv", ".xlsx")]
    asked = [word for output in outputs for word in ("--output", output)]
    ran = _agree(run, *files, *asked)
    assert ran.code == 1
    assert all(output.stat().st_size for output in outputs)
    assert ran.err.count("Written to") == 6
    again = _agree(run, *files, *asked)
    assert (again.code, "is there already" in again.err) == (2, True)
    assert _agree(run, *files, *asked, "--force").code == 1


def test_an_output_never_takes_the_place_of_an_input(run: Run, written: Written) -> None:
    """Not even with --force."""
    first, second = written(*pair_of(1, 1, 1, 1))
    before = first.read_bytes()
    ran = _agree(run, first, second, "--output", first, "--force")
    assert (ran.code, first.read_bytes()) == (2, before)
    assert "is one of the files to be read" in ran.err


def test_what_was_moderated_is_read_back(run: Run, written: Written, tmp_path: Path) -> None:
    """From the workbook that agree wrote: then nothing waits, and the figures are as they were."""
    files, book = written(*pair_of(3, 1, 0, 4)), tmp_path / "agree.xlsx"
    before = json.loads(_agree(run, *files, "--format", "json").out)
    _agree(run, *files, "--output", book)
    opened = openpyxl.load_workbook(book)
    sheet = opened["Moderate"]
    for cell in sheet[1]:
        value = {"Moderated answer": "no", "By": "C. Lead", "On": date(2024, 5, 30), "Reason": "Page 3."}
        if cell.value in value:
            sheet.cell(2, cell.column).value = value[str(cell.value)]
    opened.save(book)
    ran = _agree(run, *files, "--moderated", book, "--format", "json")
    after = json.loads(ran.out)
    assert (ran.code, after["moderated"]) == (0, 1)
    assert (after["questions"], after["totals"]) == (before["questions"], before["totals"])


def _sample(path: Path, ids: list[str], must: str) -> Path:
    plan = SamplePlan(
        "North", date(2024, 5, 1), SampleSize(len(ids)), "", 0, includes_unknown=False, rules=(), parameters=(),
        must_include=(MustInclude(must, "asked for"),), hash="ab" * 32,
    )  # fmt: skip
    tickets = tuple((f"{number:064x}", one) for number, one in enumerate(ids, 1))
    record = SampleRecord(
        plan, ("bikes", "1", "ab" * 32), "", "seed", "", (SampleStratum("", len(ids), 0, tickets),), ()
    )
    write_sample_record(path, with_hash(record), force=True)
    return path


def test_only_the_cases_of_the_sample_count(run: Run, written: Written, tmp_path: Path) -> None:
    """Others are listed, and so is what nobody has read; a case that must be included counts."""
    first = reading("A. Reader", {"B-1": "yes", "B-2": "yes", "B-7": "yes"})
    second = reading("B. Reader", {"B-1": "yes", "B-2": "no", "B-7": "no", "B-8": "no"})
    record = _sample(tmp_path / "sample.json", ["B-1", "B-3", "B-8"], "B-2")
    ran = _agree(run, *written(first, second), "--sample", record, "--format", "json")
    said = json.loads(ran.out)
    assert (said["cases"], said["only_second"], said["unread"]) == (["B-1", "B-2"], ["B-8"], ["B-3"])
    assert (said["not_drawn"], said["totals"]["pairs"], said["sample"]["drawn"]) == (["B-7"], 2, 4)


def test_what_is_wrong_is_said_with_what_to_do(run: Run, written: Written, tmp_path: Path) -> None:
    """A file that is not there, one reader twice, and a form that there is not."""
    first, second = written(*pair_of(1, 1, 1, 1))
    assert "there is no such file" in _agree(run, first, tmp_path / "none.xlsx").err
    again = tmp_path / "again.xlsx"
    again.write_bytes(first.read_bytes())
    assert "hold the answers of A. Reader" in _agree(run, first, again).err
    ran = _agree(run, first, second, "--output", tmp_path / "agree.docx")
    assert (ran.code, "let the name end in .txt" in ran.err) == (2, True)


def test_columns_that_are_not_read_are_told(run: Run, written: Written) -> None:
    """On standard error; the rest is compared."""
    first, second = written(*pair_of(1, 0, 0, 1))
    rows = second.read_text(encoding="utf-8-sig").splitlines()
    second.write_text("\n".join([rows[0] + ",mine", *(f"{row},x" for row in rows[1:])]), encoding="utf-8")
    ran = _agree(run, first, second)
    assert (ran.code, '"mine" is not the name of a field' in ran.err) == (0, True)


def test_reasons_are_free_text(run: Run, written: Written) -> None:
    """They are in no form without --with-text."""
    first, second = (
        reading("A. Reader", {"B-1": (answer("yes", reason="Mum says so."),)}),
        reading("B. Reader", {"B-1": "no"}),
    )
    files = written(first, second)
    for form in ("table", "markdown", "html", "json", "csv"):
        assert "Mum" not in _agree(run, *files, "--format", form).out
        assert "Mum says so." in _agree(run, *files, "--format", form, "--with-text").out


def test_a_plain_check_imports_nothing_of_it() -> None:
    """Who only screens does not wait for what compares readers."""
    program = (
        "import sys, casescreen.cli.check; print([one for one in sys.modules if 'review' in one or 'agreement' in one])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_one_file_is_not_held_against_itself(run: Run, written: Written) -> None:
    """Of nobody's name it would agree in everything."""
    first, _ = written(*pair_of(3, 2, 1, 4))
    ran = _agree(run, first, first.parent / "." / first.name)
    assert ran.code == 2
    assert "is named twice. Name the answers of two readers." in " ".join(ran.err.split())
