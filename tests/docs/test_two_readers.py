"""The how-to on two readers, followed as it stands, with made-up second readings of the Somerset cases."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from attrs import evolve

from casescreen import load_rulebook
from casescreen.model.answer_set import AnswerSet
from casescreen.model.outcome import ReadersAnswer
from casescreen.review.answer_files import read_answer_set, write_answer_set

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "how-to" / "two-readers.md").read_text(encoding="utf-8")
_SOMERSET = Path("cases") / "somerset-2016"
_EVERY = 9  # of so many answers the second reader gives another one


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with the cases, and the answers of two readers to them."""
    shutil.copytree(ROOT / _SOMERSET, tmp_path / _SOMERSET)
    rulebook = load_rulebook()
    first = read_answer_set(tmp_path / _SOMERSET, rulebook)
    for file, reader, day, every in (("first", "A. Reader", 10, 0), ("second", "B. Reader", 11, _EVERY)):
        made = _read_by(first, reader, date(2016, 5, day), every)
        write_answer_set(tmp_path / f"{file}.xlsx", made, rulebook, force=False)
    return tmp_path


def _read_by(answers: AnswerSet, reader: str, day: date, every: int) -> AnswerSet:
    """The same answers, as those of a reader who gives another one now and then."""
    number, made = 0, {}
    other = {ReadersAnswer.YES: ReadersAnswer.NO, ReadersAnswer.NO: ReadersAnswer.YES}
    for case, some in answers.answers.items():
        each = []
        for one in some:
            number += 1
            said = other.get(one.answer, one.answer) if every and not number % every else one.answer
            each.append(evolve(one, answer=said, reader=reader, answered_on=day))
        made[case] = tuple(each)
    return evolve(answers, reader=reader, answers=made)


def _ran(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    asked = [sys.executable, "-m", "casescreen", *shlex.split(command)]
    return subprocess.run(asked, cwd=folder, capture_output=True, text=True, check=False)


def _moderate(book: Path) -> int:
    """Fill in every row as the page says: the four columns with a green heading, and nothing else."""
    opened = openpyxl.load_workbook(book)
    sheet = opened["Moderate"]
    columns = {str(cell.value): cell.column for cell in sheet[1] if cell.fill.start_color.rgb == "FF0B5C3B"}
    page = re.findall(r"^\| (Moderated answer|By|On|Reason) \|", PAGE, re.MULTILINE)
    assert [*columns] == page
    for row in range(2, sheet.max_row + 1):
        for heading, value in zip(page, ("no", "C. Lead", date(2016, 5, 18), "Page 3."), strict=True):
            sheet.cell(row, columns[heading]).value = value
    opened.save(book)
    return int(sheet.max_row) - 1


def test_the_path_does_what_it_says(desk: Path) -> None:
    """Each command from the files of answers on runs in order; in the end reports say whose answers they use."""
    commands = re.findall(r"^    casescreen ((?:agree|check) .+)$", PAGE, re.MULTILINE)
    assert [one.split()[0] for one in commands] == ["agree"] * 3 + ["check"]
    moderated = 0
    for command in commands:
        ran = _ran(desk, command)
        assert ran.returncode in (0, 1), ran.stderr
        if "--output agree.xlsx" in command:
            moderated = _moderate(desk / "agree.xlsx")
        elif "agree first" in command and moderated:
            assert "all are moderated" in ran.stdout
            assert ran.returncode == 0
    assert moderated > 20
    assert (desk / "agree.html").exists()
    said = " ".join(ran.stdout.split())
    assert (
        f"A. Reader: 299 answers of 20 cases (first.xlsx), in place of 299 in the records; {moderated} moderated"
        in said
    )


def test_the_sheets_of_both_become_files_of_answers(desk: Path) -> None:
    """The steps before: a folder of sheets for each reader, and a file of each, of which nothing is answered yet."""
    for file in ("first.xlsx", "second.xlsx"):
        (desk / file).unlink()
    commands = re.findall(r"^    casescreen (enquiry .+)$", PAGE, re.MULTILINE)
    assert [one.split()[1] for one in commands] == ["write", "write", "read", "read"]
    for command in commands:
        ran = _ran(desk, command)
        assert ran.returncode == 0, ran.stderr
    assert "20 sheets taken: 0 of 307 questions answered." in ran.stdout
    ran = _ran(desk, "agree first.xlsx second.xlsx")
    assert "Two readers: A. Reader and B. Reader" in ran.stdout
    assert (ran.returncode, "there is no pair of yes or no" in ran.stdout) == (1, True)


def test_the_table_on_the_page_can_be_read(tmp_path: Path) -> None:
    """What people copy has one reader, an answer of each kind, and a case without one."""
    [text] = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    file = tmp_path / "second.csv"
    file.write_text(text, encoding="utf-8")
    read = read_answer_set(file, load_rulebook())
    assert (read.reader, read.number, len(read.cases), read.notices) == ("B. Reader", 3, 4, ())
    assert {one.answer.value for some in read.answers.values() for one in some} == {"yes", "no", "n/a"}


def test_what_a_report_says_is_quoted_as_it_says_it(desk: Path) -> None:
    """The sentence on the page has the form of the one in reports."""
    quoted = re.sub(r"\s+", " ", PAGE).split('"A. Reader: ')[1].split('"')[0]
    said = _ran(desk, "check cases/somerset-2016 --as-of 2016-05-20 --answers first.xlsx --full").stdout
    plain = re.sub(r"\d+", "N", quoted.split(";")[0])
    assert plain in re.sub(r"\d+", "N", " ".join(said.split()))
