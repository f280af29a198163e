"""The whole report as blocks, for whichever format prints them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casescreen.model.screening import Screening
from casescreen.report.attention import attention, undecided
from casescreen.report.blocks import Block, Heading, Paragraph
from casescreen.report.drawn import drawn
from casescreen.report.figures import figures
from casescreen.report.options import Options
from casescreen.report.provenance import provenance
from casescreen.report.standing import CaseStanding, standings
from casescreen.text import counted, in_words


def digest(screening: Screening, options: Options) -> Iterator[Block]:
    """The report from its title to its closing words."""
    cases = standings(screening)
    yield Heading(f"{screening.rulebook.title} (version {screening.rulebook.version})", level=1)
    yield Paragraph(about(screening))
    yield from figures(screening, cases, options)
    yield from attention(screening, cases, options.most)
    yield from undecided(screening.rulebook, cases, options.most)
    yield from drawn(screening, options.most)
    yield from provenance(screening)
    yield Paragraph(closing_words(cases))


def about(screening: Screening) -> str:
    """As at when, and how many cases were screened and left out."""
    said = f"As at {in_words(screening.as_of)}. {counted(len(screening.case_ids), 'case')} screened."
    if not screening.left_out:
        return said
    were, them = ("was", "it") if screening.left_out == 1 else ("were", "them")
    return f"{said} {counted(screening.left_out, 'record')} {were} left out, because of mistakes in {them}."


def closing_words(cases: Sequence[CaseStanding]) -> str:
    """What to do next, in one line; ``cases`` are the worst first."""
    of = counted(len(cases), "case")
    urgent = sum(bool(case.actions) for case in cases)
    if urgent:
        return f"{urgent:,} of {of} {_need(urgent)} action now; start with {cases[0].id}."
    wanting = sum(case.needs_attention for case in cases)
    if wanting:
        return (
            f"No case needs action now, but {wanting:,} of {of} {_need(wanting)} attention; start with {cases[0].id}."
        )
    open_questions = sum(len(case.undecided) for case in cases)
    if open_questions:
        return f"Nothing was found wrong in {of}, but {counted(open_questions, 'question')} cannot be told yet."
    return f"Nothing needs attention in {of}."


def _need(count: int) -> str:
    return "needs" if count == 1 else "need"
