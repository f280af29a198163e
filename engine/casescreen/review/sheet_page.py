"""Enquiry sheets as one page, to be read on a screen or printed: each case begins a sheet of paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen
from markupsafe import Markup

from casescreen.office.vector_picture import to_svg
from casescreen.report.formats.html.page import document
from casescreen.review.enquiry import (
    ANSWER,
    ANSWERS_OFFERED,
    KNOWN_FROM,
    READ_ON,
    READER,
    REASON,
    SOURCES_OFFERED,
    EnquirySheet,
    sheet_anchor,
)
from casescreen.review.timeline import listed_marks, timeline_picture
from casescreen.text import in_words

_HOW = (
    "They are for reading and for paper: filled sheets are read back from documents and workbooks. Nothing here shows "
    "what anybody answered before."
)
_WORDS: Mapping[str, object] = {
    "reader": READER,
    "read_on": READ_ON,
    "titles": (ANSWER, KNOWN_FROM, REASON),
    "answers": ANSWERS_OFFERED,
    "sources": SOURCES_OFFERED,
}


@frozen
class _DrawnSheet:
    """A sheet with what is drawn of it.

    Attributes:
        anchor: the id of its element.
        dates: the timeline as a list.
    """

    sheet: EnquirySheet
    anchor: str
    picture: Markup
    dates: tuple[tuple[str, str], ...]


def sheets_page(sheets: Sequence[EnquirySheet]) -> str:
    """A page of all sheets, of which there is one at least; it needs no script, and lets nothing in."""
    origin = sheets[0].origin
    values: dict[str, object] = {
        "title": sheets[0].title,
        "as_of": in_words(origin.as_of),
        "how": _HOW,
        "sheets": [_drawn(sheet) for sheet in sheets],
        "words": _WORDS,
        "made_with": f"Rulebook {origin.rulebook}, hash {origin.rulebook_hash[:12]}.",
        "cases_hash": "",
    }
    return document("enquiry_sheets.html", "", values, ("enquiry.css",))


def _drawn(sheet: EnquirySheet) -> _DrawnSheet:
    picture = to_svg(timeline_picture(sheet.timeline))
    return _DrawnSheet(sheet, sheet_anchor(sheet.origin.case), picture, listed_marks(sheet.timeline))
