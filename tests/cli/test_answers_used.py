"""casescreen check and explain with --answers: one reader's answers in place of those that the records have."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import openpyxl
import pytest
from attrs import evolve
from bicycle_repairs import BIKES
from jsonschema import Draft202012Validator
from two_readers import OF_ROWS, answer, reading

from casescreen.model.answer_set import AnswerSet
from casescreen.report.formats.json import json_schema
from casescreen.review.agreement_files import agreement_csv
from casescreen.review.answer_files import write_answer_set
from casescreen.review.pairing import agreement_of
from casescreen.rulebook.load import load_rulebook


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]

_CASE = """\
[case]
id = "{id}"
manager = "Worker A"
[bike]
kind = "cargo bike"
wheels = 3
[repair]
brought_on = 2024-04-02
done = false
[[reports]]
id = "R1"
kind = "estimate"
[[reports]]
id = "R2"
kind = "estimate"
[[answers]]
criterion = "estimate-quality"
item = "R1"
answer = "{said}"
reader = "Whoever"
[[answers]]
criterion = "estimate-quality"
item = "R2"
answer = "{said}"
reader = "Whoever"
"""


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """Three cases, of which the records say that everything was answered yes."""
    folder = tmp_path / "cases"
    folder.mkdir()
    for name in ("B-1", "B-2", "B-3"):
        (folder / f"{name}.toml").write_text(_CASE.format(id=name, said="yes"), encoding="utf-8")
    return folder


def _rows(**said: str) -> tuple[Any, ...]:
    return tuple(answer(one, OF_ROWS, row, reason="Mum says so.") for row, one in said.items())


_FIRST = reading("A. Reader", {"B-1": _rows(R1="no"), "B-2": _rows(R1="yes", R2="no"), "B-9": _rows(R1="no")})
_SECOND = reading("B. Reader", {"B-1": _rows(R1="yes"), "B-2": _rows(R1="no", R2="no"), "B-9": _rows(R1="no")})


@pytest.fixture
def first(tmp_path: Path) -> Path:
    return _written(tmp_path / "first.xlsx", _FIRST)


def _written(path: Path, answers: AnswerSet) -> Path:
    write_answer_set(path, answers, load_rulebook(BIKES), force=True)
    return path


@pytest.fixture
def moderated(tmp_path: Path) -> Callable[..., Path]:
    """The disagreements as CSV: in case B-1 no counts, so far as nothing else is filled in."""

    def fill(**values: str) -> Path:
        path = tmp_path / "moderated.csv"
        table = agreement_csv(agreement_of(_FIRST, _SECOND, load_rulebook(BIKES)))
        rows = [*csv.DictReader(io.StringIO(table.lstrip("\ufeff")))]
        filled = {"Moderated answer": "n/a", "By": "C. Lead", "On": "2024-05-30", "Reason": "No bike, says Mum."}
        rows[0] |= filled | {name.replace("_", " "): value for name, value in values.items()}
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [*rows[0]])
            writer.writeheader()
            writer.writerows(rows)
        return path

    return fill


def _answers_in(check: Run, *arguments: object) -> tuple[Mapping[tuple[str, str], str], Any]:
    """The answer of each finding that a reader decides, and all of the JSON, which is as its schema says."""
    content = json.loads(check(*arguments, "--format", "json").out)
    Draft202012Validator(json.loads(json_schema("screening"))).validate(content)
    each = (one for one in content["findings"] if one["criterion"] == OF_ROWS)
    return {(one["case"], one["item"]): one["answer"] for one in each}, content


def test_all_answers_of_a_case_that_was_read_are_replaced(check: Run, cases: Path, first: Path) -> None:
    """What the reader left open is open; a case that was not read keeps its answers; and all of that is said."""
    said, content = _answers_in(check, cases, "--answers", first)
    assert said == {
        ("B-1", "R1"): "no",
        ("B-1", "R2"): "none",
        ("B-2", "R1"): "yes",
        ("B-2", "R2"): "no",
        ("B-3", "R1"): "yes",
        ("B-3", "R2"): "yes",
    }
    used = content["answers_used"]
    assert (used["reader"], used["file"], used["cases"], used["answers"]) == ("A. Reader", "first.xlsx", 2, 3)
    assert (used["set_aside"], used["others"], used["absent"], used["moderated"]) == (4, 1, 1, [])


def test_without_it_nothing_is_said_and_nothing_is_another(check: Run, cases: Path) -> None:
    """No key, no column and no line."""
    assert "answers_used" not in _answers_in(check, cases)[1]
    assert "Readers' answers" not in check(cases, "--full").out
    assert "moderated" not in check(cases, "--format", "csv").out.splitlines()[0]


def test_the_cases_are_those_with_the_answers_put_in(check: Run, cases: Path, first: Path, tmp_path: Path) -> None:
    """The hash says so: the same as of records that have these answers, and none of their own."""
    before, with_answers = (_answers_in(check, cases, *more)[1] for more in ((), ("--answers", first)))
    assert before["cases_hash"] != with_answers["cases_hash"]
    again = _written(tmp_path / "again.json", evolve(_FIRST, source="x"))
    assert _answers_in(check, cases, "--answers", again)[1]["cases_hash"] == with_answers["cases_hash"]


def test_what_was_moderated_counts_and_both_originals_stay(
    check: Run, cases: Path, first: Path, moderated: Callable[..., Path]
) -> None:
    """The moderated answer is used, and what the two readers had answered is named."""
    said, content = _answers_in(check, cases, "--answers", first, "--moderated", moderated())
    assert (said["B-1", "R1"], said["B-2", "R1"]) == ("n/a", "yes")
    [one] = content["answers_used"]["moderated"]
    assert (one["by"], one["on"], one["reason"]) == ("C. Lead", "2024-05-30", "")
    assert (one["first"], one["second"]) == (
        {"reader": "A. Reader", "answer": "no"},
        {"reader": "B. Reader", "answer": "yes"},
    )
    shown = _answers_in(check, cases, "--answers", first, "--moderated", moderated(), "--with-text")[1]
    assert shown["answers_used"]["moderated"][0]["reason"] == "No bike, says Mum."


_SAID = "A. Reader: 3 answers of 2 cases (first.xlsx), in place of 4 in the records; 1 moderated by C. Lead"


def test_every_form_says_whose_answers_it_uses(
    check: Run, cases: Path, first: Path, moderated: Callable[..., Path], tmp_path: Path
) -> None:
    """Screen, whole report, Markdown, page, workbook, letter; and CSV and Parquet which answers are moderated."""
    asked = (cases, "--answers", first, "--moderated", moderated())
    screen = " ".join(check(*asked).out.split())
    assert f"ANSWERS {_SAID}" in screen
    assert f"Readers' answers: {_SAID}" in " ".join(check(*asked, "--full").out.split())
    for form in ("markdown", "html"):
        text = check(*asked, "--format", form).out.replace("\\", "").replace("&#39;", "'")
        assert "A. Reader: 3 answers of 2 cases" in text
    rows = [*csv.DictReader(io.StringIO(check(*asked, "--format", "csv").out))]
    assert [(one["case"], one["item"]) for one in rows if one["moderated"]] == [("B-1", "R1")]
    book = tmp_path / "report.xlsx"
    check(*asked, "--output", book)
    cover = {row[0].value: row[1].value for row in openpyxl.load_workbook(book)["Cover"].iter_rows()}
    assert str(cover["Readers' answers"]).startswith(_SAID)


def test_explain_names_both_originals(run: Run, cases: Path, first: Path, moderated: Callable[..., Path]) -> None:
    """In three sentences, and with the proof."""
    asked = ("explain", cases, OF_ROWS, "--case", "B-1", "--rules", BIKES, "--as-of", "2024-06-01", "--answers", first)
    for more in ((), ("--proof",)):
        said = " ".join(run(*asked, "--moderated", moderated(), *more).out.split())
        assert "Moderated by C. Lead on 30 May 2024: n/a. Answered: A. Reader no and B. Reader yes." in said
        assert "Readers' answers: A. Reader: 1 answer of 1 case (first.xlsx), in place of 2 in the records" in said


def test_before_the_day_of_moderation_the_readers_own_answer_counts(
    check: Run, cases: Path, first: Path, moderated: Callable[..., Path]
) -> None:
    """As at that day nothing had been moderated; and it is said."""
    asked = ("--answers", first, "--moderated", moderated(), "--as-of", "2024-05-29")
    said, content = _answers_in(check, cases, *asked)
    assert said["B-1", "R1"] == "no"
    assert (content["answers_used"]["later"], content["answers_used"]["moderated"]) == (1, [])
    assert "1 of later days, which do not count" in content["answers_used"]["says"]


def test_names_and_text_leave_in_no_copy(
    check: Run, cases: Path, first: Path, moderated: Callable[..., Path], tmp_path: Path
) -> None:
    """Under pseudonyms there are counts, and which answers are moderated."""
    asked = (cases, "--answers", first, "--moderated", moderated())
    for form in ("table", "markdown", "html", "json", "csv"):
        out = check(*asked, "--pseudonyms", tmp_path / "key", "--format", form).out
        assert not [word for word in ("Reader:", "A. Reader", "Lead", "Mum", "first.xlsx", "B-1") if word in out]
        assert "1 moderated" in out or form == "csv"
    ran = check(*asked, "--pseudonyms", tmp_path / "key", "--format", "json")
    Draft202012Validator(json.loads(json_schema("screening"))).validate(json.loads(ran.out))
    assert "1 case of the answers is not here." in ran.err
    assert "B-9" not in ran.err


def test_no_copy_without_small_counts_is_made_with_answers(check: Run, cases: Path, first: Path) -> None:
    """Subtracted from the copy of what records say, it would tell what was answered in the one case of the file."""
    ran = check(cases, "--answers", first, "--suppress-under", "3", "--format", "json")
    assert (ran.code, ran.out) == (2, "")
    said = " ".join(ran.err.split())
    assert "--suppress-under cannot go with --answers" in said
    assert "tells in how few cases they differ" in said


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({"First_reader": "D. Reader"}, "it is about the answers of D. Reader and B. Reader, and"),
        ({"First_answer": "n/a"}, "A. Reader had answered n/a when this was moderated, and in the file stands no"),
        ({"Case": "B-3"}, "case B-3 is not in"),
        ({"By": ""}, "By: nobody is named"),
    ],
)
def test_what_was_moderated_of_other_answers_is_refused(
    check: Run, cases: Path, first: Path, moderated: Callable[..., Path], values: Mapping[str, str], wanted: str
) -> None:
    """With its cell; and under pseudonyms without a word of it."""
    asked = (cases, "--answers", first, "--moderated", moderated(**values))
    ran = check(*asked)
    assert (ran.code, wanted in ran.err, bool(re.search("(row|line) 2", ran.err))) == (2, True, True)
    apart = check(*asked, "--pseudonyms", first.with_name("key"))
    assert "1 problem with the answers." in apart.err
    assert wanted not in apart.err


def test_what_cannot_go_together_is_refused(check: Run, cases: Path, first: Path, tmp_path: Path) -> None:
    """Each with what to do."""
    assert "--moderated needs --answers" in check(cases, "--moderated", first).err
    history = check(cases, "--answers", first, "--history", tmp_path / "h.db", "--scope", "north")
    assert (history.code, "--answers cannot go with --history" in history.err) == (2, True)
    taken = check(cases, "--answers", first, "--output", first, "--force")
    assert "is one of the files to be read" in taken.err


def test_answers_under_other_rules_are_told(check: Run, cases: Path, tmp_path: Path) -> None:
    """Another version of the rules is said; another rulebook is refused."""
    file = _written(tmp_path / "first.json", _FIRST)
    content = json.loads(file.read_text(encoding="utf-8"))
    content["rulebook"]["hash"] = "ab" * 32
    file.write_text(json.dumps(content), encoding="utf-8")
    assert "was read under another version of the rules" in check(cases, "--answers", file).err
    content["rulebook"]["id"] = "sqs-2016"
    file.write_text(json.dumps(content), encoding="utf-8")
    ran = check(cases, "--answers", file)
    assert (ran.code, "was read by the rulebook sqs-2016, and this run is by bikes" in ran.err) == (2, True)


def test_an_answer_about_a_row_that_is_not_there_is_told(check: Run, cases: Path, tmp_path: Path) -> None:
    """As in a record."""
    file = _written(tmp_path / "first.json", reading("A. Reader", {"B-1": _rows(R7="no")}))
    assert '"R7"' in check(cases, "--answers", file).err


def test_an_answer_of_the_record_that_cannot_be_read_goes_with_the_others(check: Run, cases: Path, first: Path) -> None:
    """Of a case that was read it is replaced, and nothing is to be mended; of another one it is still told."""
    for name in ("B-1", "B-3"):
        file = cases / f"{name}.toml"
        file.write_text(_CASE.format(id=name, said="perhaps"), encoding="utf-8")
    before = check(cases).err
    assert ("B-1" in before, "B-3" in before) == (True, True)
    after = check(cases, "--answers", first).err
    assert ("B-1" in after, "B-3" in after) == (False, True)
