"""Parts as a Word document: real headings, lists and tables, marked a draft on every page, in British English."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import assert_never

from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Pt
from docx.table import Table
from docx.table import _Row as TableRow
from docx.text.paragraph import Paragraph as WordParagraph

from casescreen.files.archive import packed
from casescreen.report.blocks import Column, Grid, Heading, Paragraph
from casescreen.report.columns import plain
from casescreen.report.letter.page import Blank, Notice, Part, Said
from casescreen.report.letter.template import BULLET, SECTION, SUBSECTION, TABLE, TITLE

LANGUAGE = "en-GB"
MARK = "DRAFT: a self-assessment, not checked and without authority"
_HEADINGS = {1: TITLE, 2: SECTION, 3: SUBSECTION}
# Shares of the page for columns of figures that are a number, of other figures, and of words.
_NARROW, _FIGURES, _WIDE = 2, 4, 10


def write(document: WordDocument, parts: Iterable[Part], title: str, as_of: date) -> bytes:
    """The document with the parts in it; the same parts and template give the same bytes."""
    for part in parts:
        _add(document, part)
    for section in document.sections:
        _mark(section)
    _speak(document)
    _describe(document, title, as_of)
    to = io.BytesIO()
    document.save(to)
    return packed(to.getvalue())


def _add(document: WordDocument, part: Part) -> None:
    match part:
        case Heading(text, level):
            document.add_paragraph(plain(text), style=_HEADINGS[level])
        case Paragraph(text):
            document.add_paragraph(plain(text))
        case Said():
            _say(document.add_paragraph(style=BULLET if part.bullet else None), part)
        case Notice(title, text):
            _frame(document.add_paragraph(), title, text)
        case Blank(label, hint):
            _bold(document.add_paragraph(), f"{label}: ").add_run(hint)
        case Grid():
            _tabulate(document, part)
        case _:
            assert_never(part)


def _say(paragraph: WordParagraph, said: Said) -> None:
    if said.lead:
        _bold(paragraph, f"{said.lead}  ")
    for position, statement in enumerate(said.statements):
        paragraph.add_run(f"{' ' if position else ''}{plain(statement.text)} ")
        paragraph.add_run(f"[{statement.number}]").font.size = Pt(8)


def _bold(paragraph: WordParagraph, text: str) -> WordParagraph:
    paragraph.add_run(text).bold = True
    return paragraph


def _frame(paragraph: WordParagraph, title: str, text: str) -> None:
    _bold(paragraph, f"{title} ").add_run(text)
    borders = OxmlElement("w:pBdr")
    for side in ("top", "left", "bottom", "right"):
        borders.append(_element(f"w:{side}", val="single", sz="12", space="6", color="7D1007"))
    paragraph._p.get_or_add_pPr().append(borders)  # noqa: SLF001 - python-docx has no borders


def _tabulate(document: WordDocument, grid: Grid) -> None:
    table = document.add_table(rows=1, cols=len(grid.columns), style=TABLE)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _fill(table, 0, [column.title for column in grid.columns], bold=True)
    _keep_whole(table.rows[0]).append(_element("w:tblHeader"))
    for number, row in enumerate(grid.rows, 1):
        _keep_whole(table.add_row())
        _fill(table, number, row)
    _set_widths(document, table, grid.columns)


def _keep_whole(row: TableRow) -> BaseOxmlElement:
    """Break no page inside the row; its properties, for more of them."""
    properties: BaseOxmlElement = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no such property
    properties.append(_element("w:cantSplit"))
    return properties


def _fill(table: Table, number: int, texts: Sequence[str], *, bold: bool = False) -> None:
    for cell, text in zip(table.rows[number].cells, texts, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(2)
        run = paragraph.add_run(plain(text))
        run.bold, run.font.size = bold or None, Pt(8.5)


def _set_widths(document: WordDocument, table: Table, columns: Sequence[Column]) -> None:
    section = document.sections[-1]
    room = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    shares = [(_FIGURES if column.whole else _NARROW) if column.figures else _WIDE for column in columns]
    table.autofit = False
    for column, share in zip(table.columns, shares, strict=True):
        width = room * share // sum(shares)
        column.width = width
        for cell in column.cells:
            cell.width = width


def _mark(section: Section) -> None:
    headers = [section.header]
    if section.different_first_page_header_footer:
        headers.append(section.first_page_header)
    for header in headers:
        last = header.paragraphs[-1] if header.paragraphs else None
        _bold(header.add_paragraph() if last is None or last.text else last, MARK)


def _speak(document: WordDocument) -> None:
    """Say in the styles that the text is British English, so that it is read aloud and checked as such."""
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    properties = document.styles["Normal"].element.get_or_add_rPr()
    if properties.find(qn("w:lang")) is None:
        properties.append(_element("w:lang", val=LANGUAGE))


def _describe(document: WordDocument, title: str, as_of: date) -> None:
    made = datetime.combine(as_of, time())
    core = document.core_properties
    core.title, core.author, core.last_modified_by = plain(title)[:255], "", ""
    core.subject = core.comments = core.keywords = core.category = core.version = ""
    core.content_status, core.language, core.revision = "Draft", LANGUAGE, 1
    core.created = core.modified = made


def _element(tag: str, **attributes: str) -> BaseOxmlElement:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element
