"""One letter, whoever writes it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.table import Table

from casescreen.model.screening import Screening
from casescreen.report.blocks import Column, Grid, Heading, Item, Outline, Paragraph
from casescreen.report.letter.letter import letter
from casescreen.report.letter.statements import (
    Blank,
    LinkedGrid,
    LinkedRow,
    LinkedText,
    NewPage,
    Notice,
    Part,
    Said,
    Statement,
)
from casescreen.report.letter.word import document

_AS_OF = date(2016, 5, 9)
_LINKED = (LinkedText("1", "statement_1"), LinkedText(", &"), LinkedText("x", file="a%20b.docx"))
_EVERY_KIND: tuple[Part, ...] = (
    Notice("Draft.", 'Not sent, & <not> "checked".'),
    Blank("To", "[name]"),
    Heading("The whole", level=1),
    Heading("A part"),
    Heading("A part of it", level=3),
    Paragraph("Said \u202e in  passing."),
    Outline((Item("One", (Item("below it"),)),)),
    Said((Statement("First.", 1, (), "basis_1"), Statement("Second.", 2, ())), lead="1.1."),
    Said((Statement("Third.", 3, ()),), bullet=True),
    NewPage("Appendix"),
    LinkedGrid(
        (Column("No."), Column("Which")),
        (
            LinkedRow(
                "basis_1", ((LinkedText("1", "statement_1"), LinkedText(", &"), LinkedText("x", file="a%20b.docx")), ())
            ),
        ),
    ),
    Grid((Column("No.", figures=True), Column("Share", figures=True, whole=True), Column("Words")), (("1", "2", "x"),)),
)


def _written(parts: tuple[Part, ...], title: str) -> WordDocument:
    return Document(io.BytesIO(document(parts, title, _AS_OF, None)))


def _body(of: WordDocument) -> Iterator[object]:
    """Everything in the document in its order, with how it looks."""
    for one in of.iter_inner_content():
        if isinstance(one, Table):
            titles = [bool(list(row._tr.iter(qn("w:tblHeader")))) for row in one.rows]  # noqa: SLF001 - python-docx does not tell
            yield one.style and one.style.name, titles, [[cell.text for cell in row.cells] for row in one.rows]
            yield [[run.bold for run in cell.paragraphs[0].runs] for row in one.rows for cell in row.cells]
        else:
            runs = [(run.text, bool(run.bold), bool(run.font.superscript)) for run in one.runs]
            framed = bool(list(one._p.iter(qn("w:pBdr"))))  # noqa: SLF001 - the same
            yield one.style and one.style.name, runs, bool(one.paragraph_format.page_break_before), framed


def _around(of: WordDocument) -> object:
    """The page, what stands at its head and foot, and what is known about the document."""
    (section,), core = of.sections, of.core_properties
    lengths = (section.page_width, section.page_height, section.left_margin, section.top_margin)
    about = (core.title, core.author, core.created, core.modified, core.content_status, core.language, core.revision)
    feet = [(one.style and one.style.name, one.alignment, one.text) for one in section.footer.paragraphs]
    fields = [one.get(qn("w:instr")) for one in section.footer._element.iter(qn("w:fldSimple"))]  # noqa: SLF001 - the same
    heads = [(one.style and one.style.name, one.text) for one in section.header.paragraphs]
    return [round((length or 0) / 12_700) for length in lengths], about, feet, fields, heads


def _links(of: WordDocument) -> list[object]:
    """Every link with where it leads and how it looks, and every place that links lead to, in order."""
    links: list[object] = []
    for one in of.element.body.iter(qn("w:hyperlink"), qn("w:bookmarkStart"), qn("w:bookmarkEnd")):
        file = one.get(qn("r:id"))
        to = of.part.rels[file].target_ref if file else one.get(qn("w:anchor"))
        looks = [
            (run.tag, sorted(run.attrib.items())) for run in one.iter(qn("w:color"), qn("w:sz"), qn("w:vertAlign"))
        ]
        links.append(
            (one.tag, to, one.get(qn("w:id")), one.get(qn("w:name")), looks, [t.text for t in one.iter(qn("w:t"))])
        )
    return links


def _same_by_both(parts: tuple[Part, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    by_library = _written(parts, "A & B")
    monkeypatch.setattr("casescreen.report.letter.word.is_installed", lambda _: False)
    ours = _written(parts, "A & B")
    assert list(_body(ours)) == list(_body(by_library))
    assert _around(ours) == _around(by_library)
    assert _links(ours) == _links(by_library)


def test_both_writers_give_every_kind_of_part_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same runs in the same styles, tables and order; the same page, header, footer and properties."""
    _same_by_both(_EVERY_KIND, monkeypatch)


def test_both_writers_give_a_letter_alike(screening: Screening, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a screening, too."""
    _same_by_both(tuple(letter(screening)), monkeypatch)


def test_a_long_title_is_cut_where_word_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """By both, at the most that a property may hold."""
    by_library = _written((), "x" * 300)
    monkeypatch.setattr("casescreen.report.letter.word.is_installed", lambda _: False)
    assert _written((), "x" * 300).core_properties.title == by_library.core_properties.title == "x" * 255
