"""The letter from its parts."""

from __future__ import annotations

from collections.abc import Iterator

from casescreen.model.screening import Screening
from casescreen.report.letter.body import appendices, ends, themes
from casescreen.report.letter.grounds import grounds_of
from casescreen.report.letter.opening import opening, summary
from casescreen.report.letter.page import Part
from casescreen.report.letter.statement import Numbering
from casescreen.report.letter.template import opened
from casescreen.report.letter.writing import write
from casescreen.report.options import Options
from casescreen.report.standing import standings


def render(screening: Screening, options: Options) -> bytes:
    """The letter as a Word document, in the styles of ``options.template`` if there is one.

    Raises:
        CasescreenError: the template cannot be used.
    """
    title = f"Draft letter: {screening.rulebook.title}"
    return write(opened(options.template), letter(screening, options.most), title, screening.as_of)


def letter(screening: Screening, most: int) -> Iterator[Part]:
    """The parts of the letter in order; of a statement's cases, ``most`` are named (0 is all)."""
    grounds, numbering = grounds_of(screening, most), Numbering()
    yield from opening(screening)
    yield from summary(screening, standings(screening), grounds, numbering)
    yield from themes(screening, grounds, numbering)
    yield from ends(screening, grounds, numbering)
    yield from appendices(screening, numbering)
