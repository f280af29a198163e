"""The appendices of the letter: what each statement rests on, how it was made, and the records."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from casescreen.evaluate.case_summary import case_summaries
from casescreen.model.rulebook import Status
from casescreen.model.screening import Screening
from casescreen.report.blocks import Column, Grid, Heading, Paragraph
from casescreen.report.letter.statements import NewPage, Part, StatementBasis, Statements
from casescreen.report.local_rules import local_blocks, local_hash_line
from casescreen.report.sections.cases import assumed, check_the_record, left_out, serious_and_not_shown
from casescreen.report.sections.overview import about
from casescreen.report.wording import SHORT_HASH, bands_in_words, local_holidays_in_words, parameters_grid
from casescreen.text import listed

_LIMITS = (
    "A program sees only what is in the records. What a record does not show is counted as not evidenced, never as not "
    "done. Where the question is whether work was good enough, the answer is that of whoever read the case; the "
    "facts can challenge it and do not replace it. A proportion counts only what was met or not met."
)
_APPENDIX = (
    Column("No.", figures=True, whole=True),
    Column("Rests on"),
    Column("Figures", figures=True, whole=True),
    Column("Not met in, or cases meant"),
    Column("Counted beside"),
)


def appendices(screening: Screening, statements: Statements) -> Iterator[Part]:
    """What each statement rests on, how the letter was made and what it cannot say, and the records."""
    yield from _statements(statements)
    yield from _how_made(screening)
    yield from _records(screening)


def _statements(statements: Statements) -> Iterator[Part]:
    """The bases of the statements made so far, each with the numbers of those that rest on it."""
    yield NewPage("Appendix A: what each statement rests on")
    said = f"The numbers are those after the statements. A name in brackets is the criterion's. {statements.not_named}"
    yield Paragraph(said.rstrip())
    numbers: dict[StatementBasis, list[str]] = {}
    for statement in statements.made:
        for basis in dict.fromkeys(statement.bases):
            numbers.setdefault(basis, []).append(str(statement.number))
    rows = ((", ".join(ns), one.rests_on, one.figures, one.cases, one.beside) for one, ns in numbers.items())
    yield Grid(_APPENDIX, tuple(rows))


def _how_made(screening: Screening) -> Iterator[Part]:
    """The limits of a letter, and the numbers and files that it was made from."""
    yield Heading("Appendix B: how this was made, and what it cannot say")
    rulebook = screening.rulebook
    yield Paragraph(f"{about(screening)} {rulebook.about}")
    yield Paragraph(_LIMITS)
    yield Paragraph(bands_in_words(rulebook))
    unverified = [one.label for one in rulebook.parameters.values() if one.status is Status.UNVERIFIED]
    if unverified:
        names = listed(unverified, "and")
        yield Paragraph(f"These numbers are unverified, and so is what was measured by them: {names}.")
    yield Paragraph(
        f"Rulebook {rulebook.id}, version {rulebook.version}, hash {rulebook.hash[:SHORT_HASH]}. "
        f"Cases: hash {screening.cases_hash[:SHORT_HASH]}. Inferences drawn by {screening.engine}."
    )
    if screening.answers_used is not None:
        yield Paragraph(f"Readers' answers: {screening.answers_used}.")
    if rulebook.profile is not None:
        yield Paragraph(local_hash_line(rulebook.profile, SHORT_HASH))
        yield from (evolve(one, level=3) if isinstance(one, Heading) else one for one in local_blocks(rulebook))
    yield from map(Paragraph, local_holidays_in_words(rulebook))
    if rulebook.parameters:
        yield parameters_grid(rulebook.parameters.values())


def _records(screening: Screening) -> Iterator[Part]:
    """What was left out and why, what was taken for granted, what is not shown, and what is to be looked at."""
    cases = case_summaries(screening)
    blocks = [
        *left_out(screening),
        *serious_and_not_shown(screening, cases),
        *check_the_record(screening),
        *assumed(screening),
    ]
    if blocks:
        yield Heading("Appendix C: the records")
    yield from (evolve(block, level=3) if isinstance(block, Heading) else block for block in blocks)
