"""The tables of documents, sound and hostile."""

from __future__ import annotations

import io
import os
import zipfile

import pytest

from casescreen.cases.tables.word_tables import tables_in
from casescreen.model.problem import FaultError

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="{}"/>'
    "</Relationships>"
)


def _docx(body: str, part: str = "word/document.xml", head: str = "") -> bytes:
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("_rels/.rels", _RELATIONS.format(part))
        target.writestr(part, f'{head}<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>')
    return to.getvalue()


def _odt(body: str) -> bytes:
    of = "urn:oasis:names:tc:opendocument:xmlns:"
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w") as target:
        spaces = f'xmlns:office="{of}office:1.0" xmlns:table="{of}table:1.0" xmlns:text="{of}text:1.0"'
        target.writestr("content.xml", f"<office:document-content {spaces}>{body}</office:document-content>")
    return to.getvalue()


def _cell(text: str, more: str = "") -> str:
    return f"<w:tc>{more}<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


def _table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def test_a_table_is_its_cells() -> None:
    """Paragraphs and breaks of a line stand below each other; what stands in a control is its text."""
    control = "<w:sdt><w:sdtContent><w:r><w:t>yes</w:t></w:r></w:sdtContent></w:sdt>"
    body = _table(
        _cell("a") + _cell("b"),
        f"<w:tc><w:p>{control}</w:p></w:tc><w:tc><w:p><w:r><w:t>c</w:t><w:br/><w:t>d</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>e</w:t></w:r></w:p></w:tc>",
    )
    assert tables_in(_docx(body)) == ((("a", "b"), ("yes", "c\nd\ne")),)


def test_the_part_that_is_named_is_read() -> None:
    """Word on the web calls it otherwise."""
    assert tables_in(_docx(_table(_cell("a")), "word/document2.xml")) == ((("a",),),)


def test_a_wide_cell_keeps_the_others_in_their_columns() -> None:
    """It comes with blank ones."""
    body = _table(_cell("a", '<w:tcPr><w:gridSpan w:val="3"/></w:tcPr>') + _cell("b"))
    assert tables_in(_docx(body)) == ((("a", "", "", "b"),),)


def test_a_table_in_a_cell_is_its_text() -> None:
    """And no table of its own."""
    inner = _table(_cell("x") + _cell("y"))
    assert tables_in(_docx(_table(f"<w:tc>{inner}<w:p/></w:tc>" + _cell("b")))) == ((("x\ny", "b"),),)


def test_what_was_taken_out_is_not_read() -> None:
    """While changes are tracked: what is deleted, and where something was moved from. What was put in counts."""
    body = (
        "<w:tc><w:p><w:del><w:r><w:delText>yes</w:delText></w:r></w:del><w:ins><w:r><w:t>no</w:t></w:r></w:ins>"
        "<w:moveFrom><w:r><w:t>old</w:t></w:r></w:moveFrom></w:p></w:tc>"
    )
    assert tables_in(_docx(_table(body))) == ((("no",),),)


def test_what_is_said_again_for_older_programs_is_read_once() -> None:
    """Pictures of text, and their fallback."""
    again = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice>'
        "<w:r><w:t>a</w:t></w:r></mc:Choice><mc:Fallback><w:r><w:t>a</w:t></w:r></mc:Fallback></mc:AlternateContent>"
    )
    assert tables_in(_docx(_table(f"<w:tc><w:p>{again}</w:p></w:tc>"))) == ((("a",),),)


def test_an_open_document_is_read_alike() -> None:
    """With its breaks of lines, covered cells and comments."""
    body = (
        "<table:table><table:table-row><table:table-cell><text:p>a<text:line-break/>b</text:p><text:p>c</text:p>"
        "</table:table-cell><table:covered-table-cell/><table:table-cell><text:p>d<office:annotation><text:p>no"
        "</text:p></office:annotation></text:p></table:table-cell></table:table-row></table:table>"
    )
    assert tables_in(_odt(body)) == ((("a\nb\nc", "", "d"),),)


def _nested(number: int) -> bytes:
    return _docx(_table(f"<w:tc>{'<w:p>' * number}{'</w:p>' * number}</w:tc>"))


def _bomb() -> bytes:
    return _docx(f"<w:p>{'a' * 70_000_000}</w:p>")


def _flat(number: int) -> bytes:
    """Very many cells, each of which is as wide as many."""
    return _docx(_table(_cell("", '<w:tcPr><w:gridSpan w:val="63"/></w:tcPr>') * number))


_ENTITY = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no text document"),
        (b"PK\x03\x04 and no more", "no text document"),
        (os.urandom(5_000), "no text document"),
        (_docx("", "word/other.xml").replace(b"word/other.xml", b"word/othex.xml", 1), "no text document"),
        (_docx("<w:tbl>"), "no text document"),
        (_docx(_table(_cell("a")), head=_ENTITY), "no text document"),
        (_bomb(), "far more"),
        (_nested(3_000), "far more"),
        (_flat(150_000), "far more"),
    ],
    ids=["empty", "cut", "noise", "no part", "open", "entities", "bomb", "deep", "wide"],
)
def test_a_hostile_file_is_refused_in_words(data: bytes, said: str) -> None:
    """In bounded time and memory: what it is, and what to do."""
    with pytest.raises(FaultError) as error:
        tables_in(data)
    assert said in error.value.fault.what
    assert error.value.fault.advice
