"""The report on a caseload too large to list: figures and conclusions over all cases, and no case by itself."""

from __future__ import annotations

from collections.abc import Iterator

from casescreen.evaluate.bulk.screening import BulkScreening
from casescreen.model.text import counted, in_words
from casescreen.report.blocks import Block, Heading, Paragraph
from casescreen.report.drawn import drawn
from casescreen.report.figures import by_theme, meaning
from casescreen.report.markdown import to_markdown
from casescreen.report.options import Options
from casescreen.report.plain import to_plain


def render(found: BulkScreening, options: Options, *, markdown: bool = False) -> str:
    """The figures by theme, then what follows from them, as plain text or Markdown."""
    blocks = _blocks(found, options)
    return to_markdown(blocks) if markdown else to_plain(blocks, options.width)


def _blocks(found: BulkScreening, options: Options) -> Iterator[Block]:
    yield Heading(f"{found.rulebook.title} (version {found.rulebook.version})", level=1)
    left_out = f" {counted(found.left_out, 'record')} left out, because of mistakes." if found.left_out else ""
    yield Paragraph(f"As at {in_words(found.as_of)}. {counted(found.cases, 'case')} screened.{left_out}")
    yield Paragraph(
        "So many cases are not listed one by one: these are figures, and what follows from them. "
        "What follows for single cases is not drawn. For every outcome of every case add --output findings.parquet."
    )
    yield meaning()
    yield from by_theme(found.rulebook, found.rates)
    yield from drawn(found, options.most)
    yield Paragraph(f"Outcomes by Polars, for all cases at once; conclusions drawn by {found.engine}.")
