"""Parts as a Word document, plain or in the styles of one of the user: headings, lists, tables, and a mark."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import assert_never

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from casescreen.files.archive import packed
from casescreen.model.problem import CasescreenError
from casescreen.report.blocks import Block, Column, Grid, Heading, Item, Outline, Paragraph
from casescreen.report.letter.statements import Blank, NewPage, Notice, Part, Said
from casescreen.text import listed, single_line, visible

TITLE, SECTION, SUBSECTION, BULLET, TABLE = "Title", "Heading 1", "Heading 2", "List Bullet", "Table Grid"
_NEEDED = {
    TITLE: WD_STYLE_TYPE.PARAGRAPH,
    SECTION: WD_STYLE_TYPE.PARAGRAPH,
    SUBSECTION: WD_STYLE_TYPE.PARAGRAPH,
    BULLET: WD_STYLE_TYPE.PARAGRAPH,
    TABLE: WD_STYLE_TYPE.TABLE,
}
_LARGEST = 64 * 2**20
_BROKEN = "a part of it that every document has is missing or damaged"
_OF_EACH_KIND = (
    Heading("-", 1),
    Heading("-", 2),
    Heading("-", 3),
    Paragraph("-"),
    Said((), bullet=True),
    Notice("-", "-"),
    Blank("-", "-"),
    NewPage("-"),
    Grid((Column("-"),), (("-",),)),
)
_SIZES = {"Normal": 11, TITLE: 20, SECTION: 15, SUBSECTION: 12.5}
_DARK = RGBColor(0x1F, 0x3A, 0x4D)


def opened(template: Path | None) -> WordDocument:
    """An empty document to write into. Of a template, everything but the text of its pages is kept.

    Raises:
        CasescreenError: the template cannot be read, or lacks a style.
    """
    if template is None:
        return _plain()
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
        write(document, _OF_EACH_KIND, "-", date(2000, 1, 1))
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
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin = section.bottom_margin = Mm(22)
    for name, size in _SIZES.items():
        style = document.styles[name]
        style.font.size = Pt(size)
        properties = style.element.get_or_add_rPr()
        for fonts in properties.findall(qn("w:rFonts")):
            properties.remove(fonts)
        scripts = dict.fromkeys(("ascii", "hAnsi", "cs", "eastAsia"), "Arial")
        properties.insert(0, _element("w:rFonts", **scripts))  # the order of properties is the schema's
        if name != "Normal":
            style.font.color.rgb = _DARK
            style.font.bold = True
    return document


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
    # The styles say that the text is British English, so that it is read aloud and checked as such.
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    properties = document.styles["Normal"].element.get_or_add_rPr()
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


def _add(document: WordDocument, part: Part) -> None:
    match part:
        case Heading(text, level):
            document.add_paragraph(single_line(text), style=_HEADINGS[level])
        case NewPage(text):
            document.add_paragraph(single_line(text), style=SECTION).paragraph_format.page_break_before = True
        case Paragraph(text):
            document.add_paragraph(single_line(text))
        case Outline(items):
            for text in (text for item in items for text in _texts(item)):
                document.add_paragraph(single_line(text), style=BULLET)
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
        paragraph.add_run(f"{' ' if position else ''}{single_line(statement.text)}")
        paragraph.add_run(f"[{statement.number}]").font.superscript = True


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
    table = document.add_table(rows=len(grid.rows) + 1, cols=len(grid.columns), style=TABLE)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    section = document.sections[-1]
    room = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    shares = [(_FIGURES if column.whole else _NARROW) if column.figures else _WIDE for column in grid.columns]
    widths = [room * share // sum(shares) for share in shares]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    titles = tuple(column.title for column in grid.columns)
    for number, (row, texts) in enumerate(zip(table.rows, (titles, *grid.rows), strict=True)):
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no such properties
        properties.append(_element("w:cantSplit"))  # break no page inside the row
        if not number:
            properties.append(_element("w:tblHeader"))
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(2)
            run = paragraph.add_run(single_line(text))
            run.bold, run.font.size = None if number else True, Pt(8.5)
            cell.width = width


def _mark(section: Section) -> None:
    headers = [section.header]
    if section.different_first_page_header_footer:
        headers.append(section.first_page_header)
    for header in headers:
        last = header.paragraphs[-1] if header.paragraphs else None
        _bold(header.add_paragraph() if last is None or last.text else last, MARK)


def _element(tag: str, **attributes: str) -> BaseOxmlElement:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def document(blocks: Iterable[Block], title: str, as_of: date, template: Path | None) -> bytes:
    """Blocks as the bytes of a Word document, in the styles of the template if there is one.

    Raises:
        CasescreenError: the template cannot be used.
    """
    parts: list[Part] = []
    for block in blocks:
        if isinstance(block, Outline):
            for item in block.items:
                parts.append(Heading(item.text, level=3))
                parts += [Paragraph(text) for part in item.parts for text in _texts(part)]
        else:
            parts.append(block)
    return write(opened(template), parts, title, as_of)


def _texts(item: Item) -> Iterator[str]:
    yield item.text
    for part in item.parts:
        yield from _texts(part)
