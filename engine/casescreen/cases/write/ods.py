"""Cases as an OpenDocument spreadsheet, the same bytes each time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from casescreen.cases.tables.cells import Cell
from casescreen.cases.tables.readers import sheets_in
from casescreen.cases.write.tables import (
    WrittenTable,
    case_tables,
    check_rows,
    check_same,
    check_texts,
    in_cell,
    too_long,
)
from casescreen.model.case import Case
from casescreen.model.dictionary import Dictionary, Mismatch
from casescreen.model.problem import InternalFaultError

_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
# What XML cannot hold.
_CANNOT_HOLD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# Not every reader takes these from the paragraphs of a text, so they are also said exactly.
_EXACTLY = {"\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
_SPACES = re.compile(" {2,}|^ | $|\t")
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"'
    for name, urn in {
        "office": "office",
        "table": "table",
        "text": "text",
        "style": "style",
        "number": "datastyle",
    }.items()
)
_STYLES = (
    '<office:automatic-styles><number:date-style style:name="N1">'
    '<number:day number:style="long"/><number:text>/</number:text><number:month number:style="long"/>'
    '<number:text>/</number:text><number:year number:style="long"/></number:date-style>'
    '<style:style style:name="day" style:family="table-cell" style:data-style-name="N1"/></office:automatic-styles>'
)
_MANIFEST = (
    f'{_HEAD}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
    f'manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:media-type="{_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def cases_to_ods(cases: Iterable[Case], dictionary: Dictionary) -> bytes:
    """The cases as a spreadsheet for LibreOffice and its kin.

    Raises:
        CasescreenError: a text or a number of rows is more than a spreadsheet can hold.
    """
    tables = case_tables(cases, dictionary)
    check_texts(tables, _refused)
    for table in tables:
        check_rows(table)
    content = _zipped("".join(_content(tables)))
    sheets = sheets_in("", content)
    if isinstance(sheets, Mismatch):
        raise InternalFaultError("the spreadsheet that was written cannot be read back")
    check_same(tables, sheets, in_cell)
    return content


def _refused(text: str) -> str:
    return (
        "has a character that an OpenDocument spreadsheet cannot hold" if _CANNOT_HOLD.search(text) else too_long(text)
    )


def _content(tables: Iterable[WrittenTable]) -> Iterator[str]:
    yield f'{_HEAD}<office:document-content {_NAMES} office:version="1.3">{_STYLES}<office:body><office:spreadsheet>'
    for table in tables:
        yield f"<table:table table:name={quoteattr(table.name)}>"
        for row in (table.headings, *table.rows):
            cells = "".join(_cell(None if value is None else in_cell(value)) for value in row)
            yield f"<table:table-row>{cells}</table:table-row>"
        yield "</table:table>"
    yield "</office:spreadsheet></office:body></office:document-content>"


def _cell(cell: Cell) -> str:
    if isinstance(cell, str):
        lines = "".join(f"<text:p>{_SPACES.sub(_space, escape(line))}</text:p>" for line in cell.split("\n"))
        exact = f" office:string-value={quoteattr(cell, _EXACTLY)}" if any(mark in cell for mark in _EXACTLY) else ""
        return f'<table:table-cell office:value-type="string"{exact}>{lines}</table:table-cell>'
    if isinstance(cell, date):
        day = cell.isoformat()
        return (
            f'<table:table-cell table:style-name="day" office:value-type="date" office:date-value="{day}">'
            f"<text:p>{day}</text:p></table:table-cell>"
        )
    if isinstance(cell, int):
        number = f'office:value-type="float" office:value="{cell}"'
        return f"<table:table-cell {number}><text:p>{cell}</text:p></table:table-cell>"
    return "<table:table-cell/>"


def _space(found: re.Match[str]) -> str:
    """Spaces and tabs that XML programs would take for layout."""
    return "<text:tab/>" if found[0] == "\t" else f'<text:s text:c="{len(found[0])}"/>'


def _zipped(content: str) -> bytes:
    to = BytesIO()
    with ZipFile(to, "w") as archive:
        # First and not compressed, so that programs can tell the file by its beginning.
        archive.writestr(ZipInfo("mimetype"), _TYPE, ZIP_STORED)
        archive.writestr(ZipInfo("content.xml"), content, ZIP_DEFLATED)
        archive.writestr(ZipInfo("META-INF/manifest.xml"), _MANIFEST, ZIP_DEFLATED)
    return to.getvalue()
