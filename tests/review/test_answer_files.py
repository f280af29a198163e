"""One reader's answers as files, whoever wrote them."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from attrs import evolve
from two_readers import ASKED, OF_ROWS, answer, reading

from casescreen.model.answer_set import AnswerSet
from casescreen.model.problem import CasescreenError, ProblemsError
from casescreen.model.rulebook import Rulebook
from casescreen.review.answer_files import ENDINGS, read_answer_set, write_answer_set

_ALL = (
    answer("yes", reason="=1+1 is no formula,\nand this is a line of its own."),
    answer("n/a", OF_ROWS, "R 2"),
    answer("no", OF_ROWS, "R1", "Nothing of it: «unleserlich», 漢字."),
)
_COLUMNS = ("case.id", "criterion", "item", "answer", "reason", "reader", "answered_on")


@pytest.fixture
def answers() -> AnswerSet:
    """Of three cases, one of them without an answer."""
    return reading("A. Reader", {"B-1": _ALL, "007": (answer("no"),), "B-9": ""})


def _csv(path: Path, *rows: Sequence[object], columns: Sequence[str] = _COLUMNS, delimiter: str = ",") -> Path:
    to = io.StringIO(newline="")
    csv.writer(to, delimiter=delimiter).writerows([columns, *rows])
    path.write_bytes(to.getvalue().encode())
    return path


def _row(
    case: object, said: object = "yes", criterion: object = ASKED, item: object = "", **more: object
) -> list[object]:
    values = {"reason": "", "reader": "A. Reader", "answered_on": "2024-05-20", **more}
    return [case, criterion, item, said, *values.values()]


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_was_written_reads_the_same(tmp_path: Path, bikes: Rulebook, answers: AnswerSet, ending: str) -> None:
    """Every answer with its reason, day and row, and the cases without one; and the same answers, the same bytes."""
    file, again = tmp_path / f"first{ending}", tmp_path / f"again{ending}"
    answers = evolve(answers, as_of=date(2024, 6, 1))
    write_answer_set(file, answers, bikes, force=False)
    write_answer_set(again, answers, bikes, force=False)
    read = read_answer_set(file, bikes)
    named = {case: tuple(evolve(one, reader="A. Reader") for one in some) for case, some in answers.answers.items()}
    assert (read.reader, read.cases, read.answers) == ("A. Reader", ("007", "B-1", "B-9"), named)
    assert file.read_bytes() == again.read_bytes()
    beside = ("", "", None) if ending == ".csv" else ("bikes", bikes.hash, date(2024, 6, 1))
    assert (read.rulebook, read.rules, read.as_of) == beside


@pytest.mark.parametrize("ending", [".xlsx", ".json"])
def test_a_set_without_any_answer_keeps_its_reader(tmp_path: Path, bikes: Rulebook, ending: str) -> None:
    """Somebody read the cases, and answered nothing yet."""
    file = tmp_path / f"none{ending}"
    write_answer_set(file, reading("A. Reader", {"B-1": "", "B-2": ""}), bikes, force=False)
    read = read_answer_set(file, bikes)
    assert (read.reader, read.cases, read.number) == ("A. Reader", ("B-1", "B-2"), 0)


def test_a_file_that_is_there_is_left(tmp_path: Path, bikes: Rulebook, answers: AnswerSet) -> None:
    """Unless it may be replaced."""
    file = tmp_path / "first.json"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(CasescreenError, match="is there already"):
        write_answer_set(file, answers, bikes, force=False)
    write_answer_set(file, answers, bikes, force=True)
    assert read_answer_set(file, bikes).number == answers.number


def test_another_ending_is_refused(tmp_path: Path, bikes: Rulebook, answers: AnswerSet) -> None:
    """With those that there are."""
    with pytest.raises(CasescreenError, match=r"let its name end in \.xlsx, \.csv or \.json"):
        write_answer_set(tmp_path / "first.docx", answers, bikes, force=False)


def test_what_does_not_survive_is_refused(tmp_path: Path, bikes: Rulebook) -> None:
    """A reason longer than a record may hold is not cut in silence, and no file is left."""
    long = reading("A. Reader", {"B-1": (answer("yes", reason="x" * 20_001),)})
    for ending in ENDINGS:
        with pytest.raises(CasescreenError, match="shorten or correct the text"):
            write_answer_set(tmp_path / f"long{ending}", long, bikes, force=False)
    assert not [*tmp_path.iterdir()]


def test_no_text_becomes_a_formula(tmp_path: Path, bikes: Rulebook, answers: AnswerSet) -> None:
    """Neither in the workbook nor in the CSV."""
    write_answer_set(tmp_path / "first.xlsx", answers, bikes, force=False)
    cells = [one for row in openpyxl.load_workbook(tmp_path / "first.xlsx")["Answers"].iter_rows() for one in row]
    assert [one.data_type for one in cells if str(one.value).startswith("=1+1")] == ["s"]
    write_answer_set(tmp_path / "first.csv", answers, bikes, force=False)
    assert ",'=1+1" in (tmp_path / "first.csv").read_text(encoding="utf-8-sig").replace('"', "")


def test_csv_of_excel_in_germany_is_read(tmp_path: Path, bikes: Rulebook) -> None:
    """Semicolons, Windows-1252, days in figures with the day first, and answers in capitals."""
    file = tmp_path / "first.csv"
    lines = [
        "case.id;criterion;answer;reason;reader;answered_on",
        f"B-1;{ASKED};Yes;Café - größer;A. Reader;20.05.2024",
    ]
    file.write_bytes("\r\n".join([*lines, f"B-2;{ASKED};NO;;A. Reader;21.05.2024", "B-3;;;;;"]).encode("cp1252"))
    read = read_answer_set(file, bikes)
    assert (read.reader, read.cases) == ("A. Reader", ("B-1", "B-2", "B-3"))
    [one] = read.answers["B-1"]
    assert (one.answer.value, one.reason, one.answered_on) == ("yes", "Café - größer", date(2024, 5, 20))


def test_a_question_that_is_listed_and_left_open_is_not_answered(tmp_path: Path, bikes: Rulebook) -> None:
    """A sheet can list every question; and a reason without an answer is told."""
    file = _csv(tmp_path / "first.csv", _row("B-1"), _row("B-2", said=""), _row("B-3", said="not known"))
    read = read_answer_set(file, bikes)
    assert (read.cases, [*read.answers]) == (("B-1", "B-2", "B-3"), ["B-1"])
    with pytest.raises(ProblemsError, match=r"row 2.*answer: it is missing"):
        read_answer_set(_csv(tmp_path / "second.csv", _row("B-1", said="", reason="Hm.")), bikes)


def test_titles_are_taken_for_ids_and_columns_may_be_moved(tmp_path: Path, bikes: Rulebook) -> None:
    """A question may be called by its title; a column of somebody else is told, and passed over."""
    columns = ("answer", "notes", "case.id", "criterion", "reader")
    file = _csv(
        tmp_path / "first.csv", ["no", "to do", "B-1", "The repair is done in time", "A. Reader"], columns=columns
    )
    read = read_answer_set(file, bikes)
    assert [(one.criterion, one.answer.value) for one in read.answers["B-1"]] == [(ASKED, "no")]
    assert ["notes" in one.what for one in read.notices] == [True]


def test_cases_that_hold_answers_are_a_set_too(tmp_path: Path, bikes: Rulebook) -> None:
    """A folder of records, of which one has no answer."""
    for name, said in (
        ("B-1", f'[[answers]]\ncriterion = "{ASKED}"\nanswer = "yes"\nreader = "A. Reader"\n'),
        ("B-2", ""),
    ):
        (tmp_path / f"{name}.toml").write_text(f'[case]\nid = "{name}"\n{said}', encoding="utf-8")
    read = read_answer_set(tmp_path, bikes)
    assert (read.reader, read.cases, read.number, read.rules) == ("A. Reader", ("B-1", "B-2"), 1, "")


def _said(path: Path, rulebook: Rulebook) -> str:
    with pytest.raises(CasescreenError) as refused:
        read_answer_set(path, rulebook, taken_on=date(2024, 6, 1))
    return str(refused.value)


def test_two_readers_in_one_file_are_refused(tmp_path: Path, bikes: Rulebook) -> None:
    """With how many answers each gave, and what to do."""
    file = _csv(tmp_path / "both.csv", _row("B-1"), _row("B-2"), _row("B-3", reader="B. Reader"))
    said = _said(file, bikes)
    assert "holds the answers of 2 readers: A. Reader (2 answers) and B. Reader (1 answer)." in said
    assert "Put the answers of each reader into a file of their own." in said


def test_answers_of_nobody_beside_those_of_somebody_are_refused(tmp_path: Path, bikes: Rulebook) -> None:
    """They may be another reader's."""
    said = _said(_csv(tmp_path / "some.csv", _row("B-1"), _row("B-2", reader="")), bikes)
    assert "of 1 answer it is not said whose they are; the others are A. Reader's." in said


def test_all_that_is_wrong_is_told_at_once_with_its_cell(tmp_path: Path, bikes: Rulebook) -> None:
    """An answer that is none, a question that is none, an answer twice, n/a without a reason, a day to come."""
    file = _csv(
        tmp_path / "first.csv",
        _row("B-1", said="maybe"),
        _row("B-2", criterion="repair-in-tim"),
        *(_row("B-3"), _row("B-3", said="no")),
        _row("B-4", said="n/a"),
        _row("B-5", answered_on="2031-05-20"),
    )
    said = _said(file, bikes)
    assert 'row 2, column D (case B-1): answers, row 1, answer: "maybe"' in said
    assert 'Did you mean "repair-in-time"?' in said
    assert "it answers the same question as row" in said
    assert "the answer is n/a, and no reason is given" in said
    assert "is later than the day on which the records were taken" in said


@pytest.mark.parametrize(
    ("columns", "wanted"),
    [
        (("case.id", "question?", "said"), "it is no table of answers: its headings are"),
        (("criterion", "answer"), "it is no table of answers"),
        (("case.id", "criterion"), "it is no table of answers"),
    ],
)
def test_a_table_of_something_else_is_refused(
    tmp_path: Path, bikes: Rulebook, columns: tuple[str, ...], wanted: str
) -> None:
    """With the headings that it has, and those that are wanted."""
    said = _said(_csv(tmp_path / "first.csv", ["B-1", ASKED, "yes"][: len(columns)], columns=columns), bikes)
    assert wanted in said
    assert "case.id, criterion and answer are needed" in said


def test_a_case_that_is_listed_twice_is_refused(tmp_path: Path, bikes: Rulebook, answers: AnswerSet) -> None:
    """In the list of the cases that were read, whatever the form."""
    file = tmp_path / "first.json"
    write_answer_set(file, answers, bikes, force=False)
    content = json.loads(file.read_text(encoding="utf-8"))
    content["cases"].append("B-1")
    file.write_text(json.dumps(content), encoding="utf-8")
    assert '"cases" names a case twice' in _said(file, bikes)
    book = tmp_path / "first.xlsx"
    write_answer_set(book, answers, bikes, force=False)
    opened = openpyxl.load_workbook(book)
    opened["Cases"].append(["B-1"])
    opened.save(book)
    assert "the case stands in it twice" in _said(book, bikes)


@pytest.mark.parametrize(
    ("criterion", "item", "said"),
    [
        (ASKED, "R1", f'the answer to {ASKED} is about "R1", and the question is about the case'),
        (OF_ROWS, "", f"the answer to {OF_ROWS} does not say which item it is about"),
    ],
)
def test_an_answer_that_belongs_to_nothing_is_refused(
    tmp_path: Path, bikes: Rulebook, criterion: str, item: str, said: str
) -> None:
    """A question about the case would have two answers of one reader, and be compared twice."""
    row = {"case.id": "B-1", "criterion": criterion, "answer": "yes"} | ({"item": item} if item else {})
    content = {"format": "casescreen-answers/1", "reader": "A. Reader", "cases": ["B-1"], "answers": [row]}
    (path := tmp_path / "first.json").write_text(json.dumps(content))
    with pytest.raises(ProblemsError) as refused:
        read_answer_set(path, bikes)
    [problem] = refused.value.problems
    assert (problem.what, problem.place.file) == (said, str(path))
    assert problem.advice


def test_an_answer_of_a_case_that_is_not_listed_is_refused(tmp_path: Path, bikes: Rulebook, answers: AnswerSet) -> None:
    """It may belong to another sample."""
    file = tmp_path / "first.json"
    write_answer_set(file, answers, bikes, force=False)
    content = json.loads(file.read_text(encoding="utf-8"))
    content["cases"].remove("B-1")
    file.write_text(json.dumps(content), encoding="utf-8")
    assert 'answer 2 has no "case.id" that is among "cases"' in _said(file, bikes)


@pytest.mark.parametrize(
    "text",
    [
        '{"format": "casescreen-answers/9"}',
        '{"format": "casescreen-answers/1", "cases": [1], "answers": []}',
        '{"format": "casescreen-answers/1", "cases": ["B-1"], "answers": {}}',
        '{"format": "casescreen-answers/1", "cases": ["B-1"], "answers": [], "rulebook": 3}',
        '{"format": "casescreen-answers/1", "cases": ["B-1"], "answers": [3]}',
        '{"format": "casescreen-answers/1", "cases": [], "answers": []}',
        '{"format"',
        "[" * 100_000,
        "\0",
        "",
    ],
)
def test_json_that_is_something_else_is_told(tmp_path: Path, bikes: Rulebook, text: str) -> None:
    """Whatever stands in it, with what to do, and never a traceback."""
    file = tmp_path / "first.json"
    file.write_text(text, encoding="utf-8")
    assert "What to do:" in _said(file, bikes)


def test_a_file_of_300_megabytes_is_not_read(tmp_path: Path, bikes: Rulebook) -> None:
    """It is said how large one may be; nothing is held in memory."""
    for ending in (".csv", ".json", ".xlsx"):
        file = tmp_path / f"large{ending}"
        with file.open("wb") as opened:
            opened.truncate(300 * 1024 * 1024)
        assert "MiB" in _said(file, bikes)


def test_a_workbook_saved_by_libreoffice_reads_the_same(
    tmp_path: Path, bikes: Rulebook, answers: AnswerSet, office: str
) -> None:
    """Opened and saved by another program, as ODS and as XLSX."""
    (tmp_path / "out").mkdir()
    file = tmp_path / "first.xlsx"
    write_answer_set(file, answers, bikes, force=False)
    before = read_answer_set(file, bikes)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    for ending in ("ods", "xlsx"):
        command = [office, "--headless", profile, "--convert-to", ending, "--outdir", str(tmp_path / "out"), str(file)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        assert evolve(read_answer_set(tmp_path / "out" / f"first.{ending}", bikes), source=str(file)) == before


def test_a_workbook_without_answers_is_told(tmp_path: Path, bikes: Rulebook) -> None:
    """As what is to be named with --moderated, and not as one of the two."""
    book = openpyxl.Workbook()
    for name in ("Cover", "Moderate"):
        book.create_sheet(name).append(["Case", "Question"])
    book.save(tmp_path / "agree.xlsx")
    assert "there is no sheet of answers in it" in _said(tmp_path / "agree.xlsx", bikes)


def test_what_is_hidden_is_read_and_told(tmp_path: Path, bikes: Rulebook, answers: AnswerSet) -> None:
    """A row that nobody sees counts, and who compares is told."""
    file = tmp_path / "first.xlsx"
    write_answer_set(file, answers, bikes, force=False)
    book = openpyxl.load_workbook(file)
    book["Answers"].row_dimensions[3].hidden = True
    book.save(file)
    read = read_answer_set(file, bikes)
    assert (read.number, ["1 hidden row was read" in one.what for one in read.notices]) == (answers.number, [True])
