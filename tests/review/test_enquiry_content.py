"""What stands on a sheet, and what never does."""

from __future__ import annotations

from datetime import date

from attrs import evolve
from bicycle_repairs import BIKES
from somerset_sheets import AS_OF, caseload, rules, sheet_of, somerset

from casescreen.model.case import ANSWERS, Answer, Case, Unreadable
from casescreen.model.outcome import Basis, ReadersAnswer
from casescreen.review.enquiry import LineKind
from casescreen.review.enquiry_content import enquiry
from casescreen.review.sheet_documents import sheet_document
from casescreen.review.sheet_page import sheets_page
from casescreen.review.sheet_workbook import sheet_workbook
from casescreen.rulebook.load import load_rulebook


def _other_answers(case: Case) -> Case:
    """The case as somebody else answered it: each answer another, with a reason and a name, and one unreadable."""
    turned = {ReadersAnswer.YES: ReadersAnswer.NO, ReadersAnswer.NO: ReadersAnswer.YES}
    answers = tuple(
        Answer(one.criterion, turned.get(one.answer, ReadersAnswer.YES), one.item, "Zanzibar", "Zebedee", AS_OF, "file")
        for one in case.answers[1:]
    )
    wrong = Unreadable((ANSWERS, 0, "answer"), '"perhaps"', "it is not one of the allowed words")
    return evolve(case, answers=answers, unreadable=(*case.unreadable, wrong))


def test_no_earlier_judgement_shows() -> None:
    """Two caseloads that differ only in what readers answered have the same sheets, to the byte, in each form."""
    ours, others = somerset().sheets, enquiry(rules(), map(_other_answers, caseload().cases), AS_OF).sheets
    assert ours == others
    assert sheets_page(ours) == sheets_page(others)
    assert [*map(sheet_document, ours)] == [*map(sheet_document, others)]
    assert [*map(sheet_workbook, ours)] == [*map(sheet_workbook, others)]
    assert "Zanzibar" not in sheets_page(others)


def test_a_fact_that_differs_is_another_sheet() -> None:
    """So the test above is not silent by mistake."""
    case = caseload().cases[0]
    other = evolve(case, fields={**case.fields, "plan.signed": False})
    assert enquiry(rules(), [other], AS_OF).sheets != enquiry(rules(), [case], AS_OF).sheets


def test_every_question_for_a_reader_is_asked_once() -> None:
    """Those that facts decide are not asked, and what does not apply is left out and counted."""
    for sheet in somerset().sheets:
        assert len(sheet.answerable) == len(set(sheet.answerable))
        assert all(rules().criterion[one.criterion].basis is Basis.JUDGEMENT for one in sheet.questions)
    assert any("do not apply to this case" in said for said in sheet_of("SOM-07").beside)


def test_a_question_brings_its_help_and_its_flags() -> None:
    """And the row that it is about."""
    one = next(one for one in sheet_of("SOM-13").questions if one.criterion == "panel-report-quality")
    assert (one.about, one.item) == ("report R1", "R1")
    assert "the report does not analyse why the child offended" in one.flags
    assert one.help == rules().criterion["panel-report-quality"].help


def test_lines_come_worst_first() -> None:
    """What calls for action, then by severity; of one severity what is not met before what is not recorded."""
    for sheet in somerset().sheets:
        order = [
            (one.kind is not LineKind.ACT, ["high", "medium", "low"].index(one.severity), [*LineKind].index(one.kind))
            for one in sheet.lines
            if one.kind is not LineKind.RECORD
        ]
        assert order == sorted(order)
    first = sheet_of("SOM-13").lines[0]
    assert first.kind is LineKind.ACT
    assert first.says == "There is no plan and the time allowed for one has passed."
    assert first.settles.startswith("Set a date this week")


def test_a_line_says_by_how_many_days() -> None:
    """With both days, and the question that it is about."""
    late = next(one for one in sheet_of("SOM-10").lines if one.criterion == "plan-timely")
    assert "19 days late (due 31 December 2015" in late.why
    assert late.question == "Was the plan completed in reasonable time?"


def test_what_cannot_be_read_is_a_line_and_no_fact() -> None:
    """It is told as not known, with what to do, and nothing is taken for it."""
    case = caseload().cases[0]
    fields = {**case.fields, "plan.completed_on": None}
    wrong = Unreadable(("plan", "completed_on"), '"31/02/2016"', "it is not a day in the calendar", "Correct it.")
    (sheet,) = enquiry(rules(), [evolve(case, fields=fields, unreadable=(wrong,))], AS_OF).sheets
    line = next(one for one in sheet.lines if one.kind is LineKind.RECORD)
    assert "is not a day in the calendar (cannot be read)." in line.says
    assert line.settles == "Correct it."
    assert sheet.facts[-1].says == ("plan.completed_on: it is not a day in the calendar.",)
    assert not any(event.what == "plan" for event in sheet.timeline.events)


def test_what_is_later_than_the_day_is_not_on_it() -> None:
    """A sheet as at an earlier day knows nothing of what was done later, and a case that had not begun has none."""
    early = enquiry(rules(), caseload().cases, date(2016, 2, 1))
    assert "SOM-07" in early.not_begun
    assert {sheet.origin.case for sheet in early.sheets}.isdisjoint(early.not_begun)
    for sheet in early.sheets:
        assert all(event.is_due or event.day <= date(2016, 2, 1) for event in sheet.timeline.events)


def test_what_falls_due_has_a_lane_of_its_own() -> None:
    """With the day, as a mark that is due."""
    case = next(case for case in caseload().cases if case.id == "SOM-15")
    (sheet,) = enquiry(rules(), [case], AS_OF).sheets
    assert sheet.timeline.lanes[-1] == "falls due"
    assert [event.day for event in sheet.timeline.events if event.what == "exploitation tool"] == [date(2016, 5, 11)]


def test_a_record_of_very_many_rows_is_a_sheet_all_the_same() -> None:
    """Of five thousand reports some are asked about, and it is said how many are not."""
    case = next(case for case in caseload().cases if case.id == "SOM-07")
    rows = tuple({**case.tables["reports"][0], "id": f"R{number}"} for number in range(5_000))
    (sheet,) = enquiry(rules(), [evolve(case, tables={**case.tables, "reports": rows})], AS_OF).sheets
    assert len(sheet.questions) == 200
    assert sheet.beside[0] == "Left out, as a sheet has no room for more: 4,813."
    assert len(sheet_document(sheet)) < 200_000


def test_rules_without_lanes_have_sheets_too() -> None:
    """Of a rulebook that says nothing of a timeline."""
    case = Case("B-1", {"case.id": "B-1", "repair.brought_on": date(2024, 4, 2)}, {})
    (sheet,) = enquiry(load_rulebook(BIKES), [case], date(2024, 6, 1)).sheets
    assert sheet.timeline.events == ()
    assert sheet_document(sheet)
    assert sheet_workbook(sheet)
    assert "Case B-1" in sheets_page([sheet])


def test_a_closed_case_is_told_what_is_serious_and_open() -> None:
    """Its sheet is for a reader, and not for who would act in it."""
    case = next(case for case in caseload().cases if case.id == "SOM-13")
    closed = evolve(case, fields={**case.fields, "order.closed_on": date(2016, 5, 1)})
    (sheet,) = enquiry(rules(), [closed], AS_OF).sheets
    assert any(one.kind is LineKind.NOT_RECORDED for one in sheet.lines)
