"""The letter in its parts: what it is, what was screened, theme by theme, strengths and areas, and the appendices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from casescreen.evaluate.case_summary import CaseSummary, case_summaries
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import ConclusionKind, Scope, Status, Theme
from casescreen.model.screening import Rate, Screening, Summary
from casescreen.report.blocks import Column, Grid, Heading, Paragraph
from casescreen.report.formats.registry import Options
from casescreen.report.letter.docx import document, opened, write
from casescreen.report.letter.statements import (
    Blank,
    Notice,
    Numbering,
    Part,
    Said,
    Statement,
    StatementBases,
    StatementBasis,
    grounds_of,
    rate_statement,
    running,
    untold_statement,
)
from casescreen.report.sections.overview import about, overview
from casescreen.report.wording import SHORT_HASH, bands_in_words, parameters_grid, title_of_report
from casescreen.text import counted, in_words, listed

_WAITING = {Outcome.NEEDS_JUDGEMENT: "waiting for a reader's judgement"}
DRAFT = Notice(
    "DRAFT, for the sender to check and edit.",
    "A program wrote this from case records, and nobody has checked it. It is a self-assessment: it is not an "
    "inspection, it does not come from an inspectorate, and it has no authority. The number after each statement leads "
    "to the appendix, where the findings stand that it rests on. Check them, change what is not right, complete what "
    "is in square brackets, and take this notice out before the letter is sent.",
)


def opening(screening: Screening) -> Iterator[Part]:
    """The title, the notice, the lines to fill in, and the context."""
    rulebook = screening.rulebook
    yield Heading(f"Draft letter: {rulebook.title}", level=1)
    yield DRAFT
    yield Blank("To", "[name and post]")
    yield Blank("From", "[name and post]")
    yield Blank("Date", "[date of sending]")
    yield Heading("Context")
    yield Paragraph(f"{about(screening)} The rules are those of {rulebook.title}, version {rulebook.version}.")
    yield Paragraph(rulebook.about)
    yield Heading("What this cannot say", level=3)
    yield from _limits(screening)


def _limits(screening: Screening) -> Iterator[Part]:
    yield Paragraph(
        "It sees only what is in the records. What a record does not show is counted as not evidenced, never as not "
        "done. Where the question is whether work was good enough, the answer is that of whoever read the case; the "
        "facts can challenge it and do not replace it. A proportion counts only what was met or not met."
    )
    yield Paragraph(bands_in_words(screening.rulebook.bands))
    unverified = [p.label for p in screening.rulebook.parameters.values() if p.status is Status.UNVERIFIED]
    if unverified:
        yield Paragraph(
            f"These numbers are unverified, and so is what was measured by them: {listed(unverified, 'and')}."
        )


def summary(
    screening: Screening, cases: Sequence[CaseSummary], grounds: StatementBases, numbering: Numbering
) -> Iterator[Part]:
    """The whole in short: how the criteria stand, which cases need action, and what cannot be told."""
    yield Heading("Summary")
    together = [c for c in screening.conclusions if c.on is Scope.SAMPLE and c.kind is ConclusionKind.SUMMARY]
    if together:
        yield Said(tuple(numbering.state(c.says, *grounds.of_conclusion(c)) for c in together))
    yield Said((_bands(screening, numbering), _urgent(cases, grounds, numbering)))
    yield Said((_outcomes(screening, numbering),))
    yield from _at_the_end(screening)


def _at_the_end(screening: Screening) -> Iterator[Part]:
    """What the last sections set out, named in a line each."""
    together = [c for c in screening.conclusions if c.on is Scope.SAMPLE]
    for kind, what in ((ConclusionKind.STRENGTH, "strengths"), (ConclusionKind.AREA, "areas requiring improvement")):
        named = [running(c.says) for c in together if c.kind is kind]
        if named:
            yield Paragraph(f"Set out at the end as {what}: {'; '.join(named)}.")


def _bands(screening: Screening, numbering: Numbering) -> Statement:
    bands = screening.rulebook.bands
    counts = Counter(rate.band for rate in screening.rates)
    labels = {band.id: f"“{band.label}”" for band in bands.bands}
    said = [f"{labels[band]} for {counts[band]:,}" for band in labels if counts[band]]
    if counts[bands.TOO_FEW]:
        said.append(f"of too few cases to say for {counts[bands.TOO_FEW]:,}")
    criteria = counted(len(screening.rates), "criterion", "criteria")
    return numbering.state(
        f"Of {criteria}, the rate is {listed(said, 'and')}.",
        StatementBasis("The rate of each criterion: in the commentary, under the band it is in"),
    )


def _urgent(cases: Sequence[CaseSummary], grounds: StatementBases, numbering: Numbering) -> Statement:
    urgent = sorted(case.id for case in cases if case.actions)
    of = counted(len(cases), "case")
    if not urgent:
        return numbering.state(
            f"None of {of} needs action now.", StatementBasis("No conclusion calls for action on a case")
        )
    said = f"{len(urgent):,} of {of} {'needs' if len(urgent) == 1 else 'need'} action now."
    return numbering.state(said, grounds.of_cases("Conclusions that call for action on a case", urgent))


def _outcomes(screening: Screening, numbering: Numbering) -> Statement:
    counts = Counter(finding.outcome for finding in screening.findings)
    said = [f"{counts[outcome]:,} {_WAITING.get(outcome, outcome.value)}" for outcome in Outcome if counts[outcome]]
    of = counted(len(screening.findings), "finding")
    text = f"Of {of} as at {in_words(screening.as_of)}: {listed(said, 'and')}."
    return numbering.state(text, StatementBasis("Every finding of the screening"))


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


def themes(screening: Screening, grounds: StatementBases, numbering: Numbering) -> Iterator[Part]:
    """Each theme: what was found from the highest band to the lowest, then what cannot be told."""
    yield Heading("Commentary")
    for number, theme in enumerate(screening.rulebook.themes, 1):
        rates = [r for r in screening.rates if screening.rulebook.criterion[r.criterion].theme == theme.id]
        if rates:
            yield from _theme(screening, number, theme, rates, grounds, numbering)


def _theme(
    screening: Screening,
    number: int,
    theme: Theme,
    rates: Sequence[Rate],
    grounds: StatementBases,
    numbering: Numbering,
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


def _statements(screening: Screening, rates: Sequence[Rate], grounds: StatementBases, numbering: Numbering) -> Made:
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
    screening: Screening, rates: Sequence[Rate], made: Made, grounds: StatementBases, numbering: Numbering
) -> tuple[Statement, ...]:
    said = ((rate.criterion, untold_statement(rate, screening.rulebook)) for rate in rates)
    return tuple(
        numbering.again(text, made[criterion])
        if criterion in made
        else numbering.state(text, grounds.of_criterion(criterion))
        for criterion, text in said
        if text
    )


def ends(screening: Screening, grounds: StatementBases, numbering: Numbering) -> Iterator[Part]:
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


def render(result: Summary, options: Options) -> bytes:
    """The letter, or figures where no case is listed, as a Word document in the styles of ``options.template``.

    Raises:
        CasescreenError: the template cannot be used.
    """
    if not isinstance(result, Screening):
        return document(overview(result, options), title_of_report(result), result.as_of, options.template)
    title = f"Draft letter: {result.rulebook.title}"
    return write(opened(options.template), letter(result, options.most), title, result.as_of)


def letter(screening: Screening, most: int) -> Iterator[Part]:
    """The parts of the letter in order; of a statement's cases, ``most`` are named (0 is all)."""
    grounds, numbering = grounds_of(screening, most), Numbering()
    yield from opening(screening)
    yield from summary(screening, case_summaries(screening), grounds, numbering)
    yield from themes(screening, grounds, numbering)
    yield from ends(screening, grounds, numbering)
    yield from appendices(screening, numbering)
