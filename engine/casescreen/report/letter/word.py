"""A letter as a Word document, written by python-docx where it is installed, and else from templates of our own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from casescreen.extras import import_extra, is_installed
from casescreen.files.archive import zipped
from casescreen.report.letter.statements import Part
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
    PAGE,
    PAGE_MARGIN,
    SECTION,
    SIZES,
    SUBSECTION,
    TABLE,
    TITLE,
    StyledPart,
    StyledTable,
    TextRun,
    styled,
)
from casescreen.text import single_line

_MEMBERS = {
    "[Content_Types].xml": "content_types.xml",
    "_rels/.rels": "package_relations.xml",
    "docProps/core.xml": "core.xml",
    "word/_rels/document.xml.rels": "document_relations.xml",
    "word/document.xml": "document.xml",
    "word/footer1.xml": "footer.xml",
    "word/header1.xml": "header.xml",
    "word/numbering.xml": "numbering.xml",
    "word/settings.xml": "settings.xml",
    "word/styles.xml": "styles.xml",
}
_IDS = {
    TITLE: "Title",
    SECTION: "Heading1",
    SUBSECTION: "Heading2",
    BULLET: "ListBullet",
    TABLE: "TableGrid",
}
"""What ``styles.xml`` calls the styles, which are known to people by their names."""

_FIRST_FILE = 100  # the number of the first relationship to a file; those of the document's own parts are below
_TWENTIETHS = 20  # of a point, as lengths are counted
_HALVES = 2  # of a point, as letters are
_WIDTH, _HEIGHT, _MARGIN = (round(length * 72 * _TWENTIETHS / 25.4) for length in (*PAGE, PAGE_MARGIN))


def document(parts: Iterable[Part], title: str, as_of: date, template: Path | None) -> bytes:
    """The parts as the bytes of a Word document, in the styles of the template if there is one.

    The same paragraphs, styles and tables are in it, whatever writes it.

    Raises:
        CasescreenError: the template cannot be used, or python-docx is not installed, which alone can use one.
    """
    if template is None and not is_installed("docx"):
        return write(styled(parts), title, as_of)
    by_python_docx = import_extra(
        "casescreen.report.letter.word_by_python_docx",
        "A letter cannot take the styles of a template here, because python-docx is not installed.",
        advice='run  pip install "casescreen[documents]"  or leave out --template: a plain letter is written without.',
    )
    made: bytes = by_python_docx.write(styled(parts), title, as_of, template)
    return made


def write(parts: Iterable[StyledPart], title: str, as_of: date) -> bytes:
    """The document with the parts in it; the same parts give the same bytes."""
    every = list(parts)
    runs = [run for part in every for run in _runs(part)]
    values = {
        "parts": every,
        "places": {place: number for number, place in enumerate(filter(None, (run.place for run in runs)))},
        "files": {file: f"rId{number}" for number, file in enumerate(_files(runs), _FIRST_FILE)},
        "link": LINK,
        "ids": _IDS,
        "table_style": TABLE,
        "width": _WIDTH,
        "height": _HEIGHT,
        "margin": _MARGIN,
        "room": _WIDTH - 2 * _MARGIN,
        "font": FONT,
        "sizes": {_IDS.get(style, style): round(size * _HALVES) for style, size in SIZES.items()},
        "cell_size": round(CELL_SIZE * _HALVES),
        "below_cell": BELOW_CELL * _TWENTIETHS,
        "ink": INK,
        "frame": FRAME,
        "title": single_line(title)[:255],
        "as_of": as_of.isoformat(),
        "language": LANGUAGE,
        "mark": MARK,
    }
    templates = _environment()
    return zipped((name, templates.get_template(of).render(values).encode()) for name, of in _MEMBERS.items())


def _runs(part: StyledPart) -> Iterator[TextRun]:
    if isinstance(part, StyledTable):
        yield from (run for row in part.rows for cell in row for run in cell)
    else:
        yield from part.runs


def _files(runs: Iterable[TextRun]) -> Iterable[str]:
    """The files that are led to, each once."""
    return dict.fromkeys(run.file for run in runs if run.file and not run.leads)


@cache
def _environment() -> Environment:
    """Templates in which every value is escaped and has to be there."""
    made = Environment(
        loader=PackageLoader("casescreen.report.letter", "word_parts"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.tests["table"] = StyledTable.__instancecheck__
    return made
