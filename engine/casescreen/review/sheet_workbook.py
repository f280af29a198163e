"""Enquiry sheets as workbooks: the case to read on one sheet, and on the next the questions, to be filled in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO

from attrs import frozen
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from casescreen.office.excel import lines_needed, open_workbook
from casescreen.office.styles import HEADER, LOOKS, PLAIN, copied, cut_to_cell, fitting
from casescreen.office.vector_picture import to_emf
from casescreen.review.enquiry import (
    ANSWER,
    ANSWERS_OFFERED,
    KNOWN_FROM,
    QUESTION,
    READ_ON,
    READER,
    REASON,
    REF,
    SOURCES_OFFERED,
    EnquirySheet,
    ref_of_question,
)
from casescreen.review.sheet_documents import HOW_TO_FILL_IN
from casescreen.review.timeline import listed_marks, timeline_picture
from casescreen.text import in_words

_A4 = 9
_LINE, _GAP, _TALLEST = 13, 4, 409  # points
_CASE_WIDTHS = (26, 78)
_ASKED: Mapping[str, int] = {
    "Part": 16, QUESTION: 44, "To know": 42, ANSWER: 9, KNOWN_FROM: 11, REASON: 42, REF: 18,
}  # fmt: skip
_TO_FILL_IN = (ANSWER, KNOWN_FROM, REASON)
_QUIET = {"font_color": "#545F67"}
_LINES = "Line of enquiry"
_LEAST = 34  # points for a reason of two lines
# What may be done to a protected sheet all the same. There is no password, so whoever needs more takes it off.
_MAY = ("sort", "autofilter", "format_cells", "format_columns", "format_rows", "insert_columns", "insert_rows")


@frozen
class _Asked:
    """A row that can be answered, or a line of enquiry that is only read."""

    part: str
    question: str
    to_know: tuple[str, ...]
    ref: str


def sheet_workbook(sheet: EnquirySheet) -> bytes:
    """The sheet of a case as the bytes of a workbook; the same sheet gives the same bytes."""
    to = BytesIO()
    book = open_workbook(to, f"Enquiry sheet, case {sheet.origin.case}", sheet.origin.as_of, in_memory=True)
    writer = _Writer(book)
    writer.case(sheet)
    writer.questions(sheet)
    writer.origin(sheet)
    book.close()
    return to.getvalue()


class _Writer:
    """Writes the sheets of one workbook."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        open_ = {**LOOKS["text"], "locked": False}
        self._looks: Mapping[str, Format] = {
            "title": book.add_format(LOOKS["title"]),
            "heading": book.add_format({**LOOKS["heading"], "font_color": "#1F3A4D"}),
            "label": book.add_format(LOOKS["label"]),
            "text": book.add_format(LOOKS["text"]),
            "plain": book.add_format({**PLAIN, "text_wrap": True, **_QUIET}),
            "exact": book.add_format({**PLAIN, "num_format": "@", "font_size": 8, **_QUIET, "text_wrap": True}),
            "header": book.add_format(LOOKS["header"]),
            "header to fill in": book.add_format({**LOOKS["to fill in"], **HEADER, "bg_color": "#0B5C3B"}),
            "to fill in": book.add_format({**open_, "bg_color": "#F3F9F5", "num_format": "@"}),
            "day to fill in": book.add_format({**open_, "bg_color": "#F3F9F5", "num_format": "dd/mm/yyyy"}),
        }

    def _sheet(self, name: str, *, wide: bool = False) -> Worksheet:
        sheet = self._book.add_worksheet(name)
        sheet.set_paper(_A4)
        (sheet.set_landscape if wide else sheet.set_portrait)()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.6)
        sheet.set_footer("&L&A&RPage &P of &N")
        sheet.hide_gridlines(2)
        return sheet

    def case(self, sheet: EnquirySheet) -> None:
        """The sheet to read: facts, the timeline, flags and lines of enquiry."""
        page = self._sheet("Case")
        for number, width in enumerate(_CASE_WIDTHS):
            page.set_column(number, number, width)
        page.set_row(0, 28)
        page.write_string(0, 0, fitting(f"Case {sheet.origin.case}"), self._looks["title"])
        row = self._across(page, 1, sheet.lead)
        row = self._pairs(page, row, "What the record says", ((g.title, "\n".join(g.says)) for g in sheet.facts))
        row = self._timeline(page, row, sheet)
        flags = [("", one) for one in sheet.flags] or [("", "None.")]
        row = self._pairs(page, row, "Flags: facts that bear on an answer", flags)
        lines = [(one.word, "\n".join(filter(None, (one.in_full, one.ask)))) for one in sheet.lines]
        row = self._pairs(
            page, row, "Lines of enquiry, worst first", lines or [("", "None from what the record says.")]
        )
        self._pairs(page, row, "Not asked here", [("", one) for one in sheet.beside])
        self._protect(page)

    def _timeline(self, page: Worksheet, row: int, sheet: EnquirySheet) -> int:
        picture = timeline_picture(sheet.timeline)
        row = self._heading(page, row, "Timeline")
        page.set_row(row, min(_TALLEST, picture.height + 6))
        drawn = {"image_data": BytesIO(to_emf(picture)), "description": picture.about, "object_position": 1}
        page.insert_image(row, 0, "timeline.emf", drawn)
        return self._rows(page, row + 1, listed_marks(sheet.timeline))

    def _heading(self, page: Worksheet, row: int, text: str) -> int:
        page.set_row(row, 26)
        page.write_string(row, 0, text, self._looks["heading"])
        return row + 1

    def _pairs(self, page: Worksheet, row: int, heading: str, pairs: Iterable[tuple[str, str]]) -> int:
        return self._rows(page, self._heading(page, row, heading), pairs)

    def _rows(self, page: Worksheet, first: int, pairs: Iterable[tuple[str, str]]) -> int:
        """Write a row for each pair, and say which row comes after the last."""
        rows = [*pairs]
        for row, (label, said) in enumerate(rows, first):
            page.write_string(row, 0, fitting(label), self._looks["label"])
            lines = [fitting(line) for line in said.split("\n") if line]
            page.write_string(row, 1, cut_to_cell("\n".join(lines)), self._looks["text"])
            page.set_row(row, _height(lines, _CASE_WIDTHS[1]))
        return first + len(rows)

    def _across(self, page: Worksheet, row: int, text: str) -> int:
        page.merge_range(row, 0, row, 1, fitting(text), self._looks["plain"])
        page.set_row(row, _height([text], sum(_CASE_WIDTHS)))
        return row + 1

    def questions(self, sheet: EnquirySheet) -> None:
        """The sheet to fill in: who reads, and a row for each question."""
        page = self._sheet("Questions", wide=True)
        for number, width in enumerate(_ASKED.values()):
            page.set_column(number, number, width)
        page.set_row(0, 28)
        page.write_string(0, 0, fitting(f"Case {sheet.origin.case}"), self._looks["title"])
        page.write_string(1, 0, READER, self._looks["label"])
        page.write_string(1, 1, fitting(sheet.origin.reader), self._looks["to fill in"])
        page.write_string(2, 0, READ_ON, self._looks["label"])
        page.write_blank(2, 1, None, self._looks["day to fill in"])
        page.merge_range(3, 0, 3, len(_ASKED) - 1, HOW_TO_FILL_IN, self._looks["plain"])
        self._table(page, 4, [*_asked(sheet)])
        page.freeze_panes(5, 2)
        page.repeat_rows(4)
        self._protect(page)

    def _table(self, page: Worksheet, first: int, rows: list[_Asked]) -> None:
        for number, title in enumerate(_ASKED):
            look = "header to fill in" if title in _TO_FILL_IN else "header"
            page.write_string(first, number, title, self._looks[look])
        places = {title: number for number, title in enumerate(_ASKED)}
        last = first
        for last, row in enumerate(rows, first + 1):
            below = [fitting(line) for line in row.to_know]
            page.write_string(last, 0, fitting(row.part), self._looks["text"])
            page.write_string(last, 1, fitting(row.question), self._looks["text"])
            page.write_string(last, 2, cut_to_cell("\n".join(below)), self._looks["text"])
            for title in _TO_FILL_IN:
                page.write_blank(last, places[title], None, self._looks["to fill in"])
            page.write_string(last, places[REF], copied(row.ref), self._looks["exact"])
            tall = max(_height([row.question], _ASKED[QUESTION]), _height(below, _ASKED["To know"]), _LEAST)
            page.set_row(last, tall)
        if last > first:
            page.autofilter(first, 0, last, len(_ASKED) - 1)
            for title, offered in ((ANSWER, ANSWERS_OFFERED), (KNOWN_FROM, SOURCES_OFFERED)):
                page.data_validation(first + 1, places[title], last, places[title], _choice(title, offered))

    def origin(self, sheet: EnquirySheet) -> None:
        """What the sheet is of, for reading it back."""
        page = self._sheet("About this sheet")
        page.set_column(0, 0, 16)
        page.set_column(1, 1, 76)
        for number, (label, said) in enumerate(sheet.origin.rows):
            page.write_string(number, 0, label, self._looks["label"])
            page.write_string(number, 1, copied(said), self._looks["exact"])
        self._protect(page)

    def _protect(self, page: Worksheet) -> None:
        page.protect("", dict.fromkeys(_MAY, True))


def _asked(sheet: EnquirySheet) -> Iterator[_Asked]:
    """The rows of the table: the questions, and the lines of enquiry that can be answered."""
    for one in sheet.questions:
        about = f" ({one.about})" if one.about else ""
        flags = (f"Flag: {flag}." for flag in one.flags)
        due = (f"Not due before {in_words(one.due)}.",) if one.due else ()
        to_know = (*flags, *due, *([one.help] if one.help else []))
        ref = ref_of_question(one.criterion, one.item)
        yield _Asked(one.theme, f"{one.number}. {one.question}{about}", to_know, ref)
    for line in sheet.lines:
        if line.criterion:
            ref = ref_of_question(line.criterion, line.item)
            to_know = (f"{line.word}: {line.in_full}", *([line.to_settle] if line.to_settle else []))
            yield _Asked(_LINES, line.question, to_know, ref)


def _choice(title: str, offered: Iterable[str]) -> dict[str, object]:
    words = list(offered)
    told = f"Choose one of these, or leave it blank: {', '.join(words)}."
    return {"validate": "list", "source": words, "error_title": title, "error_message": told}


def _height(lines: Iterable[str], width: int) -> float:
    return min(_TALLEST, _LINE * lines_needed(lines, width) + _GAP)
