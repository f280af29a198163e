"""The Word document that a letter begins from: a plain one, or one of the user's with styles and letterhead."""

from __future__ import annotations

import zipfile
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor

from casescreen.model.problem import CasescreenError
from casescreen.text import listed, visible

TITLE, SECTION, SUBSECTION, BULLET, TABLE = "Title", "Heading 1", "Heading 2", "List Bullet", "Table Grid"
_NEEDED = {
    TITLE: WD_STYLE_TYPE.PARAGRAPH,
    SECTION: WD_STYLE_TYPE.PARAGRAPH,
    SUBSECTION: WD_STYLE_TYPE.PARAGRAPH,
    BULLET: WD_STYLE_TYPE.PARAGRAPH,
    TABLE: WD_STYLE_TYPE.TABLE,
}
_LARGEST = 64 * 2**20
_UNREADABLE = (OpcError, SyntaxError, zipfile.BadZipFile, KeyError, ValueError, AttributeError, NotImplementedError)
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
    missing = [name for name, kind in _NEEDED.items() if not _has(document, name, kind)]
    if missing:
        raise CasescreenError(
            f"The template {visible(str(template))} has no style {listed(f'“{name}”' for name in missing)}.\n"
            "  Why it matters: headings, lists and tables would lose their form, and screen readers their way.\n"
            "  What to do: in Word, use each of these styles once in the template, delete the text and save it again."
        )
    _clear(document)
    return document


def _read(template: Path) -> WordDocument:
    try:
        with zipfile.ZipFile(template) as package:
            if sum(member.file_size for member in package.infolist()) > _LARGEST:
                raise CasescreenError(_unusable(template, "it is larger than 64 MiB when unpacked"))
        return Document(str(template))
    except OSError as error:
        raise CasescreenError(_unusable(template, error.strerror or str(error))) from error
    except _UNREADABLE as error:
        raise CasescreenError(_unusable(template, "it is not a Word document")) from error


def _unusable(template: Path, why: str) -> str:
    return (
        f"The template {visible(str(template))} cannot be used: {visible(why)}.\n"
        "  What to do: give a .docx file that Word opens; save a .dotx or .doc as .docx first. "
        "Without a template the letter is plain."
    )


def _has(document: WordDocument, name: str, kind: WD_STYLE_TYPE) -> bool:
    return any(style.name == name and style.type == kind for style in document.styles)


def _clear(document: WordDocument) -> None:
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)


def _plain() -> WordDocument:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin = section.bottom_margin = Mm(22)
    for name, size in _SIZES.items():
        style = document.styles[name]
        style.font.size = Pt(size)
        _set_typeface(style.element.get_or_add_rPr())
        if name != "Normal":
            style.font.color.rgb = _DARK
            style.font.bold = True
    return document


def _set_typeface(properties: BaseOxmlElement) -> None:
    for fonts in properties.findall(qn("w:rFonts")):
        properties.remove(fonts)
    fonts = OxmlElement("w:rFonts")
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), "Arial")
    properties.insert(0, fonts)  # the order of properties is the schema's
