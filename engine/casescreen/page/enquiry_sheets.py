"""Enquiry sheets on the page: one shown at a time, all of them saved, and those that come back filled in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from casescreen.files.archive import zipped
from casescreen.model.answer_set import AnswerSet
from casescreen.model.case import Case
from casescreen.model.problem import CasescreenError, Problem
from casescreen.model.rulebook import Rulebook
from casescreen.page import page_json
from casescreen.page.downloads import Download, download
from casescreen.page.page_json import Arguments
from casescreen.page.screened_cases import ScreenedCases, no_such_case
from casescreen.review.enquiry import ALL_SHEETS, DOCX, HTML, XLSX, EnquirySheet, sheet_name
from casescreen.review.enquiry_content import enquiry
from casescreen.review.returned_sheets import read_filled_sheets
from casescreen.text import counted, evened

_LONGEST_READER = 80
_MAKING = "Making the enquiry sheets"
_SOURCE = "filled sheets"


def sheet_of(screened: ScreenedCases, arguments: Arguments) -> page_json.JsonObject:
    """The sheet of a case as a page, and which cases have one.

    Raises:
        CasescreenError: there is no such case, or it had not begun.
    """
    not_begun = set(screened.screening().cases_not_begun)
    ids = [case for case in screened.cases if case not in not_begun]
    chosen = arguments.text("case", "") or next(iter(ids), "")
    from casescreen.review.sheet_page import sheets_page  # noqa: PLC0415 - most people see none: start-up time

    html = sheets_page(_sheets(screened, [_case(screened, chosen)], arguments))
    words = f"{counted(len(ids), 'case has', 'cases have')} a sheet. None shows what anybody answered before."
    if not_begun:
        words += f" {counted(len(not_begun), 'case had', 'cases had')} not begun by then, without a sheet."
    return {"case": chosen, "cases": ids, "html": html, "words": words}


def sheets_file(screened: ScreenedCases, arguments: Arguments) -> Download:
    """The sheets of all cases, or of one, as a file: an archive of documents or workbooks, or one page.

    Raises:
        CasescreenError: there is no such form, no such case, or no sheet to make.
    """
    form, one = arguments.text("form", DOCX), arguments.text("case", "")
    cases = [_case(screened, one)] if one else [*screened.cases.values()]
    sheets = _sheets(screened, cases, arguments)
    if form == HTML:
        from casescreen.review.sheet_page import sheets_page  # noqa: PLC0415 - the same

        return download(ALL_SHEETS, sheets_page(sheets))
    if form == DOCX:
        from casescreen.review.sheet_documents import sheet_document as write  # noqa: PLC0415 - the same
    elif form == XLSX:
        from casescreen.review.sheet_workbook import sheet_workbook as write  # noqa: PLC0415 - the same
    else:
        raise CasescreenError("Enquiry sheets are documents, workbooks, or one page.", advice="choose one of these.")
    if one:
        return download(sheet_name(one, form), write(sheets[0]))
    made = []
    for number, sheet in enumerate(sheets):
        screened.progress("Writing the enquiry sheets", number, len(sheets))
        made.append((sheet_name(sheet.origin.case, form), write(sheet)))
    return download(f"enquiry-sheets-{form}.zip", zipped(made))


def _case(screened: ScreenedCases, case_id: str) -> Case:
    case = screened.cases.get(case_id)
    if case is None:
        raise no_such_case(case_id)
    return case


def _sheets(screened: ScreenedCases, cases: Iterable[Case], arguments: Arguments) -> tuple[EnquirySheet, ...]:
    """The sheets of the cases, for a reader who is named or not.

    Raises:
        CasescreenError: none of them had begun.
    """
    every, reading = tuple(cases), screened.reading
    made = enquiry(
        reading.rulebook,
        every,
        reading.asked.as_of,
        reader=evened(arguments.text("reader", ""))[:_LONGEST_READER],
        progress=lambda done: screened.progress(_MAKING, done, len(every)),
    )
    if not made.sheets:
        raise CasescreenError(
            "There is no enquiry sheet: the cases had not begun by the day of the screening.",
            advice="choose a later day on “Start”, and read the files again.",
        )
    return made.sheets


def answers_on_sheets(files: Sequence[str], rulebook: Rulebook) -> tuple[AnswerSet | None, tuple[Problem, ...]]:
    """What one reader answered on filled sheets, and what of them cannot be read or was not taken.

    Args:
        files: the sheets, one at least.
        rulebook: the rules that are in force.

    Raises:
        CasescreenError: they name no reader, or several.
    """
    returned = read_filled_sheets(files, rulebook, _SOURCE)
    return (returned.answers if returned.taken else None), returned.problems
