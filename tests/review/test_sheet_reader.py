"""What a filled sheet says, whatever somebody made of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from somerset_sheets import document_text, filled, rules, sheet_of, with_parts

from casescreen.model.outcome import ReadersAnswer
from casescreen.model.problem import Problem
from casescreen.review.sheet_documents import sheet_document
from casescreen.review.sheet_reader import FilledSheet, read_filled_sheet

_ONE, _OTHER, _REPORT = "initial-assessment", "risk-of-harm-plan", "pre-sentence-report-quality"
_BLANK = sheet_document(sheet_of("SOM-07"))


def _read(path: Path, document: bytes, name: str = "SOM-07.docx") -> FilledSheet:
    (path / name).write_bytes(document)
    read = read_filled_sheet(str(path / name), rules())
    assert isinstance(read, FilledSheet), read
    return read


def _refused(path: Path, document: bytes, name: str = "SOM-07.docx") -> str:
    (path / name).write_bytes(document)
    read = read_filled_sheet(str(path / name), rules())
    assert isinstance(read, Problem)
    assert read.advice
    return str(read)


def test_a_blank_sheet_answers_nothing(tmp_path: Path) -> None:
    """What stands in its controls is no answer."""
    read = _read(tmp_path, _BLANK)
    assert (read.case, read.reader, read.answers, read.problems) == ("SOM-07", "", (), ())
    assert (read.questions, read.answered) == (len(sheet_of("SOM-07").questions), 0)


def test_what_word_writes_is_read(tmp_path: Path) -> None:
    """Chosen in a control, with a reason of two lines, the reader and the day."""
    answers = {_ONE: ("yes", "file", "It does.\nSee page 2."), _OTHER: ("no", "", "")}
    read = _read(tmp_path, filled(_BLANK, answers, "Ann  Reader", "12 May 2016"))
    assert (read.reader, read.answered) == ("Ann Reader", 2)
    assert [(one.criterion, one.answer, one.source, one.reason, str(one.answered_on)) for one in read.answers] == [
        (_ONE, ReadersAnswer.YES, "file", "It does.\nSee page 2.", "2016-05-12"),
        (_OTHER, ReadersAnswer.NO, "", "", "2016-05-12"),
    ]


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("Yes", "yes"),
        ("y", "yes"),
        ("YES.", "yes"),
        ("no", "no"),
        ("N", "no"),
        ("n/a", "n/a"),
        ("Not applicable", "n/a"),
        ("NA.", "n/a"),
        ("does not apply", "n/a"),
        ("yesyes / no / n/a", "yes"),
        ("yes / no / n/ano", "no"),
    ],
)
def test_words_are_read_as_elsewhere(tmp_path: Path, written: str, answer: str) -> None:
    """In any capitals, with a full stop, and typed beside the words that are offered."""
    read = _read(tmp_path, filled(_BLANK, {_ONE: (written, "", "Because.")}))
    assert [one.answer.value for one in read.answers] == [answer]


@pytest.mark.parametrize(
    ("written", "reason", "said"),
    [
        ("perhaps", "", '"perhaps" is no answer'),
        ("not known", "", '"not known" is no answer, so it counts as not answered'),
        ("n/a", "", "n/a needs a reason, so it was not taken"),
        ("", "Nobody asked.", "there is a reason and no answer"),
        ("yes", "x" * 20_001, "the reason has more than 20,000 characters"),
    ],
)
def test_what_is_no_answer_is_told(tmp_path: Path, written: str, reason: str, said: str) -> None:
    """With the file, the case and the question; nothing is guessed, and the others are read."""
    read = _read(tmp_path, filled(_BLANK, {_ONE: (written, "", reason), _OTHER: ("no", "", "")}))
    assert [one.criterion for one in read.answers] == [_OTHER]
    (problem,) = read.problems
    assert said in problem.what
    assert str(problem.place).endswith("SOM-07.docx (case SOM-07, initial-assessment)")
    assert problem.advice


def test_a_source_that_is_none_costs_no_answer(tmp_path: Path) -> None:
    """It is told."""
    read = _read(tmp_path, filled(_BLANK, {_ONE: ("yes", "my memory", "")}))
    assert [(one.answer.value, one.source) for one in read.answers] == [("yes", "")]
    assert 'Known from: "my memory" is neither file nor interview' in read.problems[0].what


def test_a_day_that_is_none_costs_no_answer(tmp_path: Path) -> None:
    """It is told."""
    read = _read(tmp_path, filled(_BLANK, {_ONE: ("yes", "", "")}, "Ann", "last Tuesday"))
    assert [one.answered_on for one in read.answers] == [None]
    assert "last Tuesday" in read.problems[0].what


def test_a_question_that_there_is_not_is_told(tmp_path: Path) -> None:
    """As where somebody has typed over its Ref."""
    text = document_text(filled(_BLANK, {_ONE: ("yes", "", "")})).replace(f"Ref: {_ONE}<", "Ref: inital-assessment<")
    read = _read(tmp_path, with_parts(_BLANK, {"word/document.xml": text.encode()}))
    assert read.answers == ()
    assert 'Did you mean "initial-assessment"?' in read.problems[0].advice


@pytest.mark.parametrize(("ref", "other"), [(_ONE, f"{_ONE} / R1"), (f"{_REPORT} / R1", _REPORT)])
def test_a_question_about_the_case_has_no_row(tmp_path: Path, ref: str, other: str) -> None:
    """And one about a row has one: a Ref that says otherwise names no question."""
    text = document_text(filled(_BLANK, {ref: ("yes", "", "")})).replace(f"Ref: {ref}<", f"Ref: {other}<")
    read = _read(tmp_path, with_parts(_BLANK, {"word/document.xml": text.encode()}))
    assert read.answers == ()
    assert "there is no such question" in read.problems[0].what


def test_what_is_written_beside_no_question_is_told(tmp_path: Path) -> None:
    """A row without a Ref, as where it was deleted."""
    text = document_text(filled(_BLANK, {_ONE: ("yes", "", "")})).replace(f"Ref: {_ONE}<", "<")
    read = _read(tmp_path, with_parts(_BLANK, {"word/document.xml": text.encode()}))
    assert read.answers == ()
    assert "this row has no Ref" in read.problems[0].what


@pytest.mark.parametrize(("other", "taken"), [("no", []), ("yes", [(_ONE, "yes", "Here.")])])
def test_a_question_that_is_answered_twice_is_told(
    tmp_path: Path, other: str, taken: list[tuple[str, str, str]]
) -> None:
    """As where its row was copied: of two answers neither counts, and of one with two reasons the first stands."""
    text = document_text(filled(_BLANK, {_ONE: ("yes", "", "Here."), _OTHER: (other, "", "")}))
    text = text.replace(f"Ref: {_OTHER}<", f"Ref: {_ONE}<")
    read = _read(tmp_path, with_parts(_BLANK, {"word/document.xml": text.encode()}))
    assert [(one.criterion, one.answer.value, one.reason) for one in read.answers] == taken
    assert read.answered == len(taken)
    assert "it is answered twice" in read.problems[0].what


def test_an_answer_beside_questions_that_were_joined_is_told(tmp_path: Path) -> None:
    """Which of them it answers cannot be known."""
    text = document_text(filled(_BLANK, {_ONE: ("yes", "", "")}))
    text = text.replace(f"Ref: {_ONE}<", f"Ref: {_ONE}</w:t><w:br/><w:t>Ref: {_OTHER}<")
    read = _read(tmp_path, with_parts(_BLANK, {"word/document.xml": text.encode()}))
    assert read.answers == ()
    assert "this row has several Refs" in read.problems[0].what


def test_a_key_that_looks_like_a_ref_answers_nothing_else(tmp_path: Path) -> None:
    """A record can hold any key; an answer about its row is never taken for one to another question."""
    text = document_text(filled(_BLANK, {f"{_REPORT} / R1": ("yes", "", "")}))
    text = text.replace("quality / R1<", f"quality / R1</w:t><w:br/><w:t>Ref: {_ONE}<")
    read = _read(tmp_path, with_parts(_BLANK, {"word/document.xml": text.encode()}))
    assert read.answers == ()
    assert "this row has several Refs" in read.problems[0].what


def test_a_ref_in_a_reason_is_none(tmp_path: Path) -> None:
    """Another question can be named in a reason: the answer is not to that one."""
    text = document_text(filled(_BLANK, {_ONE: ("yes", "", f"Ref: {_OTHER}")})).replace(f"Ref: {_ONE}<", "<")
    read = _read(tmp_path, with_parts(_BLANK, {"word/document.xml": text.encode()}))
    assert read.answers == ()
    assert "this row has no Ref" in read.problems[0].what


def test_two_sheets_in_one_document_are_refused(tmp_path: Path) -> None:
    """As where one was pasted below the other: what is answered of one case is not taken for the other."""
    body = document_text(filled(sheet_document(sheet_of("SOM-13")), {_ONE: ("no", "", "")}))
    pasted = body[body.index("<w:tbl>") : body.rindex("</w:tbl>") + len("</w:tbl>")]
    text = document_text(_BLANK).replace("<w:sectPr>", f"{pasted}<w:p/><w:sectPr>")
    document = with_parts(_BLANK, {"word/document.xml": text.encode()})
    assert "several sheets stand in it, and not of one case" in _refused(tmp_path, document)


def test_a_file_that_is_no_sheet_is_told(tmp_path: Path) -> None:
    """A letter, an older document, a file that is not there, a broken one: each with what to do."""
    text = document_text(_BLANK).replace("casescreen-sheet/1", "")
    assert "it is no enquiry sheet" in _refused(tmp_path, with_parts(_BLANK, {"word/document.xml": text.encode()}))
    assert "Save it as a Word document" in _refused(tmp_path, b"", "old.doc")
    assert "damaged, protected by a password, or no text document" in _refused(tmp_path, _BLANK[:400])
    assert "damaged" in _refused(tmp_path, _BLANK[:400], "broken.xlsx")
    text = document_text(_BLANK).replace(">Answer<", ">Reply<")
    said = _refused(tmp_path, with_parts(_BLANK, {"word/document.xml": text.encode()}))
    assert 'none of its tables has the headings "Answer" and "Reason"' in said
    assert isinstance(read_filled_sheet(str(tmp_path / "none.docx"), rules()), Problem)


@given(st.data())
def test_a_changed_sheet_never_makes_it_fail(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Whatever bytes somebody changes, it is read, or it is told why not."""
    changed = bytearray(_BLANK)
    for _ in range(data.draw(st.integers(1, 20))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("changed") / "one.docx"
    path.write_bytes(changed)
    assert isinstance(read_filled_sheet(str(path), rules()), FilledSheet | Problem)
