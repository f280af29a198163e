"""The letter's middle and end: theme by theme, key strengths, areas requiring improvement, and the appendices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from casescreen.model.rulebook import ConclusionKind, Scope, Theme
from casescreen.model.screening import Rate, Screening
from casescreen.report.blocks import Column, Grid, Heading, Paragraph
from casescreen.report.letter.grounds import Grounds
from casescreen.report.letter.page import Part, Said
from casescreen.report.letter.statement import Numbering, Statement
from casescreen.report.letter.wording import rate_statement, untold_statement
from casescreen.report.parameters import parameters_grid
from casescreen.report.provenance import SHORT_HASH

_APPENDIX = (
    Column("No.", figures=True),
    Column("Rests on"),
    Column("Figures", figures=True, whole=True),
    Column("Not met in, or cases meant"),
    Column("Counted beside"),
)
_ENDS = {
    ConclusionKind.STRENGTH: ("Key strengths", "The rules draw none from these cases."),
    ConclusionKind.AREA: ("Areas requiring improvement", "The rules draw none from these cases."),
}


def themes(screening: Screening, grounds: Grounds, numbering: Numbering) -> Iterator[Part]:
    """Each theme: what was found from the highest band to the lowest, then what cannot be told."""
    yield Heading("Commentary")
    for number, theme in enumerate(screening.rulebook.themes, 1):
        rates = [r for r in screening.rates if screening.rulebook.criterion[r.criterion].theme == theme.id]
        if rates:
            yield from _theme(screening, number, theme, rates, grounds, numbering)


def _theme(
    screening: Screening, number: int, theme: Theme, rates: Sequence[Rate], grounds: Grounds, numbering: Numbering
) -> Iterator[Part]:
    yield Heading(f"{number}. {theme.title}", level=3)
    made = _statements(screening, rates, grounds, numbering)
    said = [
        *_by_band(screening, rates, made),
        ("Cannot be told yet.", _untold(screening, rates, made, grounds, numbering)),
    ]
    for paragraph, (lead, statements) in enumerate(((lead, each) for lead, each in said if each), 1):
        yield Said(statements, lead=f"{number}.{paragraph}  {lead}")
    if not any(statements for _, statements in said):
        yield Paragraph("Nothing in this theme applied to these cases.")


Made = Mapping[str, Statement]


def _statements(screening: Screening, rates: Sequence[Rate], grounds: Grounds, numbering: Numbering) -> Made:
    """What each rate comes to, by criterion, numbered in the order of reading."""
    order = screening.rulebook.bands.ids
    ranked = sorted((rate for rate in rates if rate.of), key=lambda rate: order.index(rate.band))
    return {
        r.criterion: numbering.state(rate_statement(r, screening.rulebook), grounds.of_criterion(r.criterion))
        for r in ranked
    }


def _by_band(screening: Screening, rates: Sequence[Rate], made: Made) -> Iterator[tuple[str, tuple[Statement, ...]]]:
    bands = screening.rulebook.bands
    labels = {band.id: band.label for band in bands.bands} | {bands.TOO_FEW: "too few to say"}
    for band, label in labels.items():
        members = (rate.criterion for rate in rates if rate.band == band and rate.criterion in made)
        yield f"{label[:1].upper()}{label[1:]}.", tuple(made[criterion] for criterion in members)


def _untold(
    screening: Screening, rates: Sequence[Rate], made: Made, grounds: Grounds, numbering: Numbering
) -> tuple[Statement, ...]:
    said = ((rate.criterion, untold_statement(rate, screening.rulebook)) for rate in rates)
    return tuple(
        numbering.again(text, made[criterion])
        if criterion in made
        else numbering.state(text, grounds.of_criterion(criterion))
        for criterion, text in said
        if text
    )


def ends(screening: Screening, grounds: Grounds, numbering: Numbering) -> Iterator[Part]:
    """Key strengths and areas requiring improvement."""
    for kind, (title, none) in _ENDS.items():
        yield Heading(title)
        found = [c for c in screening.conclusions if c.on is Scope.SAMPLE and c.kind is kind]
        for conclusion in found:
            text = " ".join(part for part in (f"{conclusion.says.rstrip('.')}.", conclusion.remedy) if part)
            yield Said((numbering.state(text, *grounds.of_conclusion(conclusion)),), bullet=True)
        if not found:
            yield Paragraph(none)


def appendices(screening: Screening, numbering: Numbering) -> Iterator[Part]:
    """What each statement rests on, and the numbers and files that the letter was made from."""
    yield Heading("Appendix A: what each statement rests on")
    yield Paragraph("The number is that in square brackets after the statement. A name in brackets is the criterion's.")
    yield Grid(_APPENDIX, tuple(_row(s, position) for s in numbering.made for position in range(len(s.grounds))))
    yield Heading("Appendix B: how this was made")
    rulebook = screening.rulebook
    yield Paragraph(
        f"Rulebook {rulebook.id}, version {rulebook.version}, hash {rulebook.hash[:SHORT_HASH]}. "
        f"Cases: hash {screening.cases_hash[:SHORT_HASH]}. Inferences drawn by {screening.engine}."
    )
    if rulebook.parameters:
        yield parameters_grid(rulebook.parameters.values())


def _row(statement: Statement, position: int) -> tuple[str, ...]:
    ground = statement.grounds[position]
    return (str(statement.number), ground.rests_on, ground.figures, ground.cases, ground.beside)
