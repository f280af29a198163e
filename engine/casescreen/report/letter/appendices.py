"""The appendices of the letter: what each statement rests on, how it was made, and then what names cases.

What names cases begins on a page of its own and is last, so that it is taken out in one go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import evolve

from casescreen.evaluate.case_summary import case_summaries
from casescreen.model.rulebook import Status
from casescreen.model.screening import Screening
from casescreen.report.blocks import Column, Heading, Paragraph
from casescreen.report.letter.statements import (
    LinkedGrid,
    LinkedRow,
    LinkedText,
    Named,
    NewPage,
    Part,
    Statements,
    place_of,
)
from casescreen.report.local_rules import local_blocks, local_hash_line
from casescreen.report.sections.cases import assumed, check_the_record, left_out, serious_and_not_shown
from casescreen.report.sections.overview import about, sample_part
from casescreen.report.sections.signed_by import signed_sentence
from casescreen.report.wording import SHORT_HASH, bands_in_words, first, local_holidays_in_words, parameters_grid
from casescreen.text import listed

_LIMITS = (
    "A program sees only what is in the records. What a record does not show is counted as not evidenced, never as not "
    "done. Where the question is whether work was good enough, the answer is that of whoever read the case; the "
    "facts can challenge it and do not replace it. A proportion counts only what was met or not met."
)
_MOST_CASES = 50
_BASES = (
    Column("No.", figures=True, whole=True),
    Column("Rests on"),
    Column("Figures", figures=True, whole=True),
    Column("Counted beside"),
)
_CASES = (Column("Rests on"), Column("Not met in, or cases meant"), Column("Not known in"), Column("Met in"))


def appendices(screening: Screening, statements: Statements, sheets: Mapping[str, str]) -> Iterator[Part]:
    """What each statement rests on, how the letter was made and what it cannot say; then the cases and the records.

    Args:
        screening: what was found.
        statements: all that the letter says.
        sheets: the file that a case's id leads to, by the id, as seen from the letter.
    """
    yield from _bases(statements)
    yield from _how_made(screening)
    yield from _cases(statements, sheets)
    yield from _records(screening)


def _bases(statements: Statements) -> Iterator[Part]:
    """The bases of the statements made so far, each with the numbers of those that rest on it."""
    yield NewPage("Appendix A: what each statement rests on")
    yield Paragraph(
        "The numbers are those after the statements. A name in brackets is the criterion's. Each number leads back to "
        "its statement, and what it rests on leads to its cases in Appendix C."
    )
    rows = []
    for number, (basis, numbers) in enumerate(statements.bases.items(), 1):
        on = LinkedText(basis.rests_on, f"cases_{number}" if basis.names_cases else "")
        cells = (tuple(_back(numbers)), (on,), (LinkedText(basis.figures),), (LinkedText(basis.beside),))
        rows.append(LinkedRow(f"basis_{number}", cells))
    yield LinkedGrid(_BASES, tuple(rows))


def _back(statements: Iterable[int]) -> Iterator[LinkedText]:
    """The numbers of statements, each of which leads to it."""
    for position, one in enumerate(statements):
        if position:
            yield LinkedText(", ")
        yield LinkedText(str(one), place_of(one))


def _cases(statements: Statements, sheets: Mapping[str, str]) -> Iterator[Part]:
    """The cases behind each basis that points at any."""
    yield NewPage("Appendix C: the cases behind the figures")
    named = [(number, basis) for number, basis in enumerate(statements.bases, 1) if basis.names_cases]
    said = "For who checks the letter: it names cases. The worst case comes first."
    if any(len(cases) > _MOST_CASES for _, one in named for cases in (one.cases, one.unknown, one.met)):
        said += f" Of more than {_MOST_CASES} cases the first are named: the page and the findings as CSV have all."
    yield Paragraph(said)
    rows = (
        LinkedRow(
            f"cases_{number}",
            (
                (LinkedText(one.rests_on, f"basis_{number}"),),
                *(_ids(cases, sheets) for cases in (one.cases, one.unknown, one.met)),
            ),
        )
        for number, one in named
    )
    yield LinkedGrid(_CASES, tuple(rows))


def _ids(cases: Sequence[Named], sheets: Mapping[str, str]) -> tuple[LinkedText, ...]:
    """The first of the cases, each with the file that it leads to, and how many more there are."""
    shown, more = first(cases, _MOST_CASES)
    line: list[LinkedText] = []
    for number, (case, item) in enumerate(shown):
        line += [LinkedText(", ")] if number else []
        line += [LinkedText(case, file=sheets.get(case, ""))]
        line += [LinkedText(f" ({item})")] if item else []
    line += [LinkedText(f", and {more:,} more")] if more else []
    return tuple(line) or (LinkedText("none"),)


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
    if signed := signed_sentence(screening):
        yield Paragraph(signed)
    if screening.answers_used is not None:
        yield Paragraph(f"Readers' answers: {screening.answers_used}.")
    yield from (evolve(one, level=3) if isinstance(one, Heading) else one for one in sample_part(screening))
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
        yield Heading("Appendix D: the records")
    yield from (evolve(block, level=3) if isinstance(block, Heading) else block for block in blocks)
