"""A letter as a Word document, written by python-docx where it is installed, and else by a writer of our own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from casescreen.extras import import_extra, is_installed
from casescreen.report.letter.statements import Part
from casescreen.report.letter.styled_text import styled


def document(parts: Iterable[Part], title: str, as_of: date, template: Path | None) -> bytes:
    """The parts as the bytes of a Word document, in the styles of the template if there is one.

    The same paragraphs, styles and tables are in it, whatever writes it.

    Raises:
        CasescreenError: the template cannot be used, or python-docx is not installed, which alone can use one.
    """
    if template is None and not is_installed("docx"):
        from casescreen.report.letter import word_by_jinja  # noqa: PLC0415 - imported where it writes

        return word_by_jinja.write(styled(parts), title, as_of)
    by_python_docx = import_extra(
        "casescreen.report.letter.word_by_python_docx",
        "A letter cannot take the styles of a template here, because python-docx is not installed.",
        advice='run  pip install "casescreen[documents]"  or leave out --template: a plain letter is written without.',
    )
    made: bytes = by_python_docx.write(styled(parts), title, as_of, template)
    return made
