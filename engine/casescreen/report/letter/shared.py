"""A copy to share as a Word document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from casescreen.report.blocks import Block, Heading, Item, Outline, Paragraph
from casescreen.report.letter.page import Part
from casescreen.report.letter.template import opened
from casescreen.report.letter.writing import write
from casescreen.report.options import Options
from casescreen.report.sharing.figures import Shared
from casescreen.report.sharing.shared_copy import shared_copy, title


def document(shared: Shared, options: Options) -> bytes:
    """The copy as the bytes of a Word document, in the styles of ``options.template`` if there is one.

    Raises:
        CasescreenError: the template cannot be used.
    """
    return write(opened(options.template), _parts(shared_copy(shared)), title(shared), shared.as_of)


def _parts(copy: Iterable[Block]) -> Iterator[Part]:
    for block in copy:
        if isinstance(block, Outline):
            for item in block.items:
                yield from _said(item)
        else:
            yield block


def _said(item: Item) -> Iterator[Heading | Paragraph]:
    yield Heading(item.text, level=3)
    yield from (Paragraph(part.text) for part in item.parts)
