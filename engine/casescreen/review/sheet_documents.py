"""Enquiry sheets as Word documents: parts of XML from templates, in an archive, with the timeline as a drawing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from casescreen.files.archive import zipped
from casescreen.office.styles import copied
from casescreen.office.vector_picture import to_emf
from casescreen.review.enquiry import (
    ANSWER,
    ANSWERS_OFFERED,
    KNOWN_FROM,
    READ_ON,
    READER,
    REASON,
    REF,
    SOURCES_OFFERED,
    EnquirySheet,
    ref_of_question,
)
from casescreen.review.timeline import listed_marks, timeline_picture
from casescreen.text import in_words, single_line

HOW_TO_FILL_IN = (
    "Choose an answer, say where it is known from, and write the reason: n/a needs one. Leave blank what you cannot "
    "answer. Nothing here shows what anybody answered before."
)
"""What stands above what is filled in."""

_ROOM = 9846  # twentieths of a point, between the margins
_EMU = 12_700  # in a point
_LAYOUT: Mapping[str, object] = {
    "room": _ROOM,
    "reader_widths": (1000, 4923, 1100, 2823),
    "fact_widths": (2100, 7746),
    "date_widths": (1800, 3123, 1800, 3123),
    "asked": (5200, 860, 960, 2826),
    "about_widths": (1400, 8446),
    "titles": (ANSWER, KNOWN_FROM, REASON),
    "reader_title": READER,
    "read_on_title": READ_ON,
    "ref_title": REF,
    "answers": ANSWERS_OFFERED,
    "sources": SOURCES_OFFERED,
    "how": HOW_TO_FILL_IN,
    "language": "en-GB",
}


def sheet_document(sheet: EnquirySheet) -> bytes:
    """The sheet of a case as the bytes of a Word document; the same sheet gives the same bytes."""
    picture = timeline_picture(sheet.timeline)
    marks = listed_marks(sheet.timeline)
    half = -(-len(marks) // 2)
    blank = ("", "")
    values = {
        **_LAYOUT,
        "sheet": sheet,
        "case": sheet.origin.case,
        "title": f"Enquiry sheet, case {single_line(sheet.origin.case)}"[:255],
        "as_of": sheet.origin.as_of.isoformat(),
        "picture": picture,
        "picture_size": (round(picture.width * _EMU), round(picture.height * _EMU)),
        "dates": [(*marks[n], *(marks[half + n] if half + n < len(marks) else blank)) for n in range(half)],
        "reference": ref_of_question,
    }
    made = {name: _rendered(of, values) for name, of in _OF_EACH.items()}
    return zipped([*_same_for_all().items(), *made.items(), ("word/media/timeline.emf", to_emf(picture))])


_OF_EACH = {
    "docProps/core.xml": "core.xml",
    "word/document.xml": "document.xml",
    "word/footer1.xml": "footer.xml",
}
_OF_ALL = {
    "[Content_Types].xml": "content_types.xml",
    "_rels/.rels": "package_relations.xml",
    "word/_rels/document.xml.rels": "document_relations.xml",
    "word/settings.xml": "settings.xml",
    "word/styles.xml": "styles.xml",
}


@cache
def _same_for_all() -> Mapping[str, bytes]:
    return {name: _rendered(of, _LAYOUT) for name, of in _OF_ALL.items()}


def _rendered(template: str, values: Mapping[str, object]) -> bytes:
    return _environment().get_template(template).render(values).encode()


@cache
def _environment() -> Environment:
    """Templates in which every value is escaped, is safe to print, and has to be there; some are those of letters."""
    homes = ("casescreen.review", "casescreen.report.letter")
    made = Environment(
        loader=ChoiceLoader([PackageLoader(home, "word_parts") for home in homes]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: value if isinstance(value, Markup) else single_line(str(value)) if value else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"in_words": in_words, "exact": _exact}
    return made


def _exact(text: str) -> Markup:
    """A text by which something is known again, as it stands, but for what no XML can hold."""
    return Markup("</w:t><w:br/><w:t>").join(map(escape, copied(text).split("\n")))
