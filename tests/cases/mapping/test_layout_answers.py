"""Answers that stand below questions, and criteria that are called by their titles."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from casescreen import load_rulebook, read_cases
from casescreen.model.case import Caseload

Workbook = Callable[..., Path]


def _read(file: Path) -> Caseload:
    rulebook = load_rulebook()
    return read_cases([file], rulebook.dictionary, criteria=rulebook.answerable)


def test_questions_may_stand_across(workbook: Workbook) -> None:
    """By id, title or question, in any capitals; each cell that is filled in is an answer, with what its row tells."""
    asked = load_rulebook().criterion
    plan, report = asked["plan-at-start"], asked["panel-report-quality"]
    rows = [
        ["case.id", plan.title.upper(), report.question, "risk-of-harm-plan", "item", "reason", "reader"],
        ["A", "no", "", "n/a", "R1", "Moved away.", "QA 1"],
        ["A", None, "Yes", None, "R1", None, None],
        ["EXAMPLE", "yes", "yes", "yes", None, None, None],
    ]
    caseload = _read(workbook({"cases": [["case.id"], ["A"]], "answers": rows}))
    assert not caseload.problems
    assert [(one.criterion, one.answer.value, one.item, one.reason) for one in caseload.cases[0].answers] == [
        ("plan-at-start", "no", "", "Moved away."),
        ("panel-report-quality", "yes", "R1", ""),
        ("risk-of-harm-plan", "n/a", "", "Moved away."),
    ]


def test_a_title_is_taken_for_the_id(workbook: Workbook) -> None:
    """In the long form too, which may stand beside questions; the same question twice is told."""
    asked = load_rulebook().criterion
    rows = [
        ["case.id", "criterion", "answer", "risk-of-harm-plan"],
        ["A", asked["plan-at-start"].title, "no", None],
        ["A", asked["initial-assessment"].question.lower(), "yes", "yes"],
        ["A", "plan-at-start", "yes", None],
        ["A", "made-up", "yes", None],
    ]
    caseload = _read(workbook({"cases": [["case.id"], ["A"]], "answers": rows}))
    assert {one.criterion for one in caseload.cases[0].answers} == {"initial-assessment", "risk-of-harm-plan"}
    told = [one.what for one in caseload.cases[0].unreadable]
    assert sum("answers the same question" in what for what in told) == 2
    assert sum("is not a criterion" in what for what in told) == 1


def test_a_heading_that_is_no_question_is_told(workbook: Workbook) -> None:
    """Nothing below it is read, and the rest is."""
    rows = [["case.id", "plan-at-start", "plan-at-stat"], ["A", "yes", "no"]]
    caseload = _read(workbook({"cases": [["case.id"], ["A"]], "answers": rows}))
    assert [one.criterion for one in caseload.cases[0].answers] == ["plan-at-start"]
    assert any("plan-at-stat" in notice.what for notice in caseload.notices)


def test_tables_of_text_may_have_questions_too(tmp_path: Path) -> None:
    """CSV files of a folder are read as the sheets of a workbook are."""
    (tmp_path / "cases.csv").write_text("case.id\nA\n", encoding="utf-8")
    title = load_rulebook().criterion["plan-at-start"].title
    (tmp_path / "answers.csv").write_text(f"case.id,{title}\nA,no\n", encoding="utf-8")
    rulebook = load_rulebook()
    (case,) = read_cases([tmp_path], rulebook.dictionary, criteria=rulebook.answerable).cases
    assert [(one.criterion, one.answer.value) for one in case.answers] == [("plan-at-start", "no")]


def test_a_record_of_text_may_name_a_title(tmp_path: Path) -> None:
    """TOML is read as tables are."""
    rulebook = load_rulebook()
    title = rulebook.criterion["plan-at-start"].title
    text = f'[case]\nid = "A"\n[[answers]]\ncriterion = "{title}"\nanswer = "no"\n'
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    (case,) = read_cases([tmp_path], rulebook.dictionary, criteria=rulebook.answerable).cases
    assert [(one.criterion, one.answer.value) for one in case.answers] == [("plan-at-start", "no")]
