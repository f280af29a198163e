"""The report on a caseload too large to list: figures and conclusions over all cases, and no case by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from casescreen.columnar.screening import BulkScreening
from casescreen.model.rulebook import Scope
from casescreen.model.screening import Rate
from casescreen.report.blocks import Block, Heading, Paragraph
from casescreen.report.formats.markdown import to_markdown
from casescreen.report.formats.plain_text import to_plain
from casescreen.report.options import By, Options
from casescreen.report.sections.cases import follows_for_cases
from casescreen.report.sections.conclusions import conclusion_blocks
from casescreen.report.sections.overview import by_group, by_theme, meaning
from casescreen.text import counted, in_words


def render(found: BulkScreening, options: Options, *, markdown: bool = False) -> str:
    """The figures by theme, then what follows from them, as plain text or Markdown."""
    blocks = _blocks(found, options)
    return to_markdown(blocks) if markdown else to_plain(blocks, options.width)


def _blocks(found: BulkScreening, options: Options) -> Iterator[Block]:
    yield Heading(f"{found.rulebook.title} (version {found.rulebook.version})", level=1)
    left_out = f" {counted(found.left_out, 'record')} left out, because of mistakes." if found.left_out else ""
    astray = f" {counted(found.astray, 'row belongs', 'rows belong')} to no case." if found.astray else ""
    yield Paragraph(f"As at {in_words(found.as_of)}. {counted(found.cases, 'case')} screened.{left_out}{astray}")
    yield Paragraph(
        "So many cases are not listed one by one: these are figures, and what follows from them. "
        "For every outcome of every case add --output outcomes.parquet."
    )
    yield meaning()
    match options.by:
        case By.MANAGER:
            yield from by_group(found, Scope.MANAGER, found.by_manager, _sizes(found, found.by_manager), options.most)
        case By.TEAM:
            yield from by_group(found, Scope.TEAM, found.by_team, _sizes(found, found.by_team), options.most)
        case _:
            yield from by_theme(found.rulebook, found.rates)
    yield from follows_for_cases(found, options)
    yield from conclusion_blocks(found, options.most)
    yield Paragraph(f"Outcomes by Polars, for all cases at once; conclusions drawn by {found.engine}.")


def _sizes(found: BulkScreening, groups: Mapping[str, tuple[Rate, ...]]) -> Mapping[str, int]:
    """How many cases each group has: as many as there are outcomes of a criterion that is asked once of each."""
    once = {criterion.id for criterion in found.rulebook.criteria if criterion.per is None}
    each = {
        name: [sum(rate.counts.values()) for rate in rates if rate.criterion in once] for name, rates in groups.items()
    }
    return {name: max(counts, default=0) for name, counts in each.items()}
