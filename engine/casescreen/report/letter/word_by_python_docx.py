"""A letter written by python-docx, plain or in the styles of a template of the user."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_PARAGRAPH_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from casescreen.files.archive import packed
from casescreen.model.problem import CasescreenError
from casescreen.report.letter.styled_text import (
    BELOW_CELL,
    BULLET,
    CELL_SIZE,
    FONT,
    FRAME,
    INK,
    LANGUAGE,
    LINK,
    MARK,
    NORMAL,
    PAGE,
    PAGE_MARGIN,
    SECTION,
    SIZES,
    SUBSECTION,
    TABLE,
    TITLE,
    StyledParagraph,
    StyledPart,
    StyledTable,
    TextRun,
)
from casescreen.text import listed, single_line, visible

_NEEDED = {
    TITLE: WD_STYLE_TYPE.PARAGRAPH,
    SECTION: WD_STYLE_TYPE.PARAGRAPH,
    SUBSECTION: WD_STYLE_TYPE.PARAGRAPH,
    BULLET: WD_STYLE_TYPE.PARAGRAPH,
    TABLE: WD_STYLE_TYPE.TABLE,
}
_LARGEST = 64 * 2**20
_BROKEN = "a part of it that every document has is missing or damaged"
_OF_EACH_KIND: tuple[StyledPart, ...] = (
    *(StyledParagraph((TextRun("-"),), style) for style in (NORMAL, TITLE, SECTION, SUBSECTION, BULLET)),
    StyledParagraph((TextRun("-", bold=True), TextRun("-", raised=True)), new_page=True, framed=True),
    StyledTable((((TextRun("-", bold=True),),), ((TextRun("-", leads="a", place="a"),),)), (1,)),
)


def write(parts: Iterable[StyledPart], title: str, as_of: date, template: Path | None) -> bytes:
    """The document with the parts in it; the same parts and template give the same bytes.

    Raises:
        CasescreenError: the template cannot be used.
    """
    return _written(_plain() if template is None else _empty(template), parts, title, as_of)


def _empty(template: Path) -> WordDocument:
    """A template with everything but the text of its pages."""
    document = _read(template)
    try:
        missing = [name for name, kind in _NEEDED.items() if not _has(document, name, kind)]
    except Exception as error:
        raise _unusable(template, _BROKEN) from error
    if missing:
        raise CasescreenError(
            f"The template {visible(str(template))} has no style {listed(f'“{name}”' for name in missing)}.",
            why="headings, lists and tables would lose their form, and screen readers their way.",
            advice="in Word, use each of these styles once in the template, delete the text and save it again.",
        )
    _try_out(template)
    _clear(document)
    return document


def _has(document: WordDocument, name: str, kind: WD_STYLE_TYPE) -> bool:
    return (name, kind) in {(style.name, style.type) for style in document.styles}


def _clear(document: WordDocument) -> None:
    """Take the text of the pages away."""
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)


def _try_out(template: Path) -> None:
    """Write a part of each kind into a copy, as a document that opens may still lack what they need."""
    document = _read(template)
    try:
        _clear(document)
        _written(document, _OF_EACH_KIND, "-", date(2000, 1, 1))
    except Exception as error:
        raise _unusable(template, _BROKEN) from error


def _read(template: Path) -> WordDocument:
    try:
        with zipfile.ZipFile(template) as package:
            size = sum(member.file_size for member in package.infolist())
        document = Document(str(template)) if size <= _LARGEST else None
    except OSError as error:
        raise _unusable(template, error.strerror or str(error)) from error
    except Exception as error:  # a damaged document has python-docx, lxml and zipfile raise whatever it comes to
        raise _unusable(template, "it is not a Word document") from error
    if document is None:
        raise _unusable(template, "it is larger than 64 MiB when unpacked")
    return document


def _unusable(template: Path, why: str) -> CasescreenError:
    return CasescreenError(
        f"The template {visible(str(template))} cannot be used: {visible(why)}.",
        advice="give a .docx file that Word opens; save a .dotx or .doc as .docx first. "
        "Without a template the letter is plain.",
    )


def _plain() -> WordDocument:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = map(Mm, PAGE)
    section.left_margin = section.right_margin = Mm(PAGE_MARGIN)
    section.top_margin = section.bottom_margin = Mm(PAGE_MARGIN)
    for name, size in SIZES.items():
        style = document.styles[name]
        style.font.size = Pt(size)
        properties = style.element.get_or_add_rPr()
        for fonts in properties.findall(qn("w:rFonts")):
            properties.remove(fonts)
        scripts = dict.fromkeys(("ascii", "hAnsi", "cs", "eastAsia"), FONT)
        properties.insert(0, _element("w:rFonts", **scripts))  # the order of properties is the schema's
        if name != NORMAL:
            style.font.color.rgb = RGBColor.from_string(INK)
            style.font.bold = True
    _number_pages(section)
    return document


def _number_pages(section: Section) -> None:
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_PARAGRAPH_ALIGNMENT.CENTER
    for text, field in (("Page ", "PAGE"), (" of ", "NUMPAGES")):
        paragraph.add_run(text)
        number = _element("w:fldSimple", instr=f" {field} ")
        number.append(OxmlElement("w:r"))
        number[0].append(OxmlElement("w:t"))
        number[0][0].text = "1"  # a word processor puts the number in its place
        paragraph._p.append(number)  # noqa: SLF001 - python-docx has no fields


def _written(document: WordDocument, parts: Iterable[StyledPart], title: str, as_of: date) -> bytes:
    for part in parts:
        if isinstance(part, StyledTable):
            _tabulate(document, part)
        else:
            _add(document, part)
    for section in document.sections:
        _mark(section)
    ends = document.element.body.iter(qn("w:bookmarkEnd"))
    for number, (start, end) in enumerate(zip(document.element.body.iter(qn("w:bookmarkStart")), ends, strict=True)):
        start.set(qn("w:id"), str(number))
        end.set(qn("w:id"), str(number))
    # The styles say that the text is British English, so that it is read aloud and checked as such.
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    properties = document.styles[NORMAL].element.get_or_add_rPr()
    if properties.find(qn("w:lang")) is None:
        properties.append(_element("w:lang", val=LANGUAGE))
    core = document.core_properties
    core.title, core.author, core.last_modified_by = single_line(title)[:255], "", ""
    core.subject = core.comments = core.keywords = core.category = core.version = ""
    core.content_status, core.language, core.revision = "Draft", LANGUAGE, 1
    core.created = core.modified = datetime.combine(as_of, time())
    to = io.BytesIO()
    document.save(to)
    return packed(to.getvalue())


def _add(document: WordDocument, part: StyledParagraph) -> None:
    paragraph = document.add_paragraph(style=None if part.style == NORMAL else part.style)
    for one in part.runs:
        _write_run(paragraph, one)
    if part.new_page:
        paragraph.paragraph_format.page_break_before = True
    if part.framed:
        _frame(paragraph)


def _write_run(paragraph: WordParagraph, one: TextRun, size: float | None = None) -> None:
    """Add a run with the place that it bears, within what it leads to."""
    run = paragraph.add_run(one.text)
    run.bold, run.font.superscript = one.bold or None, one.raised or None
    run.font.size = None if size is None else Pt(size)
    element = run._r  # noqa: SLF001 - python-docx has neither bookmarks nor links to write
    if one.leads or one.file:
        run.font.color.rgb = RGBColor.from_string(LINK)
        link = _element("w:hyperlink", history="1")
        if one.leads:
            link.set(qn("w:anchor"), one.leads)
        else:
            link.set(qn("r:id"), paragraph.part.relate_to(one.file, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        element.addprevious(link)
        link.append(element)
        element = link
    if one.place:
        element.addprevious(_element("w:bookmarkStart", name=one.place))
        element.addnext(OxmlElement("w:bookmarkEnd"))


def _frame(paragraph: WordParagraph) -> None:
    borders = OxmlElement("w:pBdr")
    for side in ("top", "left", "bottom", "right"):
        borders.append(_element(f"w:{side}", val="single", sz="12", space="6", color=FRAME))
    paragraph._p.get_or_add_pPr().append(borders)  # noqa: SLF001 - python-docx has no borders


def _tabulate(document: WordDocument, part: StyledTable) -> None:
    table = document.add_table(rows=len(part.rows), cols=len(part.shares), style=TABLE)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    section = document.sections[-1]
    room = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    widths = part.widths(room)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for number, (row, cells) in enumerate(zip(table.rows, part.rows, strict=True)):
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no such properties
        properties.append(_element("w:cantSplit"))  # break no page inside the row
        if not number:
            properties.append(_element("w:tblHeader"))
        for cell, runs, width in zip(row.cells, cells, widths, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(BELOW_CELL)
            for run in runs:
                _write_run(paragraph, run, CELL_SIZE)
            cell.width = width


def _mark(section: Section) -> None:
    headers = [section.header]
    if section.different_first_page_header_footer:
        headers.append(section.first_page_header)
    for header in headers:
        last = header.paragraphs[-1] if header.paragraphs else None
        paragraph = header.add_paragraph() if last is None or last.text else last
        paragraph.add_run(MARK).bold = True


def _element(tag: str, **attributes: str) -> BaseOxmlElement:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element
