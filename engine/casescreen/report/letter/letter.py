"""The letter in its parts: what it is, what was screened, theme by theme, strengths and areas, and the appendices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from attrs import evolve

from casescreen.evaluate.case_summary import case_summaries
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import ConclusionKind, Scope, Status
from casescreen.model.screening import Rate, Screening, Summary
from casescreen.report.blocks import Column, Grid, Heading, Paragraph
from casescreen.report.formats.registry import Options
from casescreen.report.letter.statements import (
    Blank,
    Notice,
    Part,
    Said,
    Statement,
    StatementBasis,
    Statements,
    in_running_text,
    rate_statement,
    undecided_statement,
)
from casescreen.report.letter.word_document import document, opened, write
from casescreen.report.sections.cases import assumed, check_the_record, left_out, serious_and_not_shown
from casescreen.report.sections.overview import about, overview
from casescreen.report.wording import (
    SHORT_HASH,
    bands_in_words,
    local_holidays_in_words,
    parameters_grid,
    title_of_report,
)
from casescreen.text import counted, in_words, listed

DRAFT = Notice(
    "DRAFT, for the sender to check and edit.",
    "A program wrote this from case records, and nobody has checked it. It is a self-assessment: it is not an "
    "inspection, it does not come from an inspectorate, and it has no authority. The number after each statement leads "
    "to the appendix, where the findings stand that it rests on. Check them, change what is not right, complete what "
    "is in square brackets, and take this notice out before the letter is sent.",
)
_LIMITS = (
    "It sees only what is in the records. What a record does not show is counted as not evidenced, never as not "
    "done. Where the question is whether work was good enough, the answer is that of whoever read the case; the "
    "facts can challenge it and do not replace it. A proportion counts only what was met or not met."
)
# The last sections: the title of each, and what the summary calls it.
_ENDS = {
    ConclusionKind.STRENGTH: ("Key strengths", "strengths"),
    ConclusionKind.AREA: ("Areas requiring improvement", "areas requiring improvement"),
    ConclusionKind.EXCEPTION: (
        "Steps that must always be taken, and were not",
        "steps that must always be taken, and were not",
    ),
}
_APPENDIX = (
    Column("No.", figures=True),
    Column("Rests on"),
    Column("Figures", figures=True, whole=True),
    Column("Not met in, or cases meant"),
    Column("Counted beside"),
)


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
    rulebook, statements = screening.rulebook, Statements(screening, most)
    yield from _opening(screening)
    yield from _summary(screening, statements)
    yield Heading("Commentary")
    for number, theme in enumerate(rulebook.themes, 1):
        rates = [rate for rate in screening.rates if rulebook.criterion[rate.criterion].theme == theme.id]
        if rates:
            yield Heading(f"{number}. {theme.title}", level=3)
            yield from _theme(screening, number, rates, statements)
    yield from _ends(screening, statements)
    yield from _appendices(screening, statements)
    yield from _records(screening, most)


def _opening(screening: Screening) -> Iterator[Part]:
    """The title, the notice, the lines to fill in, the context, and the limits."""
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
    yield Paragraph(_LIMITS)
    yield Paragraph(bands_in_words(rulebook.bands))
    unverified = [p.label for p in rulebook.parameters.values() if p.status is Status.UNVERIFIED]
    if unverified:
        yield Paragraph(
            f"These numbers are unverified, and so is what was measured by them: {listed(unverified, 'and')}."
        )


def _summary(screening: Screening, statements: Statements) -> Iterator[Part]:
    """The whole in short: how the criteria stand, which cases need action, what cannot be told, what the end names."""
    yield Heading("Summary")
    conclusions = [conclusion for conclusion in screening.conclusions if conclusion.on is Scope.SAMPLE]
    summaries = [conclusion for conclusion in conclusions if conclusion.kind is ConclusionKind.SUMMARY]
    if summaries:
        yield Said(tuple(statements.state(each.says, *statements.conclusion_bases(each)) for each in summaries))
    yield Said((_bands(screening, statements), _urgent(screening, statements)))
    yield Said((_outcomes(screening, statements),))
    for kind, (_, words) in _ENDS.items():
        named = [in_running_text(conclusion.says) for conclusion in conclusions if conclusion.kind is kind]
        if named:
            yield Paragraph(f"Set out at the end as {words}: {'; '.join(named)}.")


def _bands(screening: Screening, statements: Statements) -> Statement:
    bands = screening.rulebook.bands
    counts = Counter(rate.band for rate in screening.rates)
    rates = [f"“{band.label}” for {counts[band.id]:,}" for band in bands.bands if counts[band.id]]
    if counts[bands.TOO_FEW]:
        rates.append(f"of too few cases to say for {counts[bands.TOO_FEW]:,}")
    criteria = counted(len(screening.rates), "criterion", "criteria")
    basis = StatementBasis("The rate of each criterion: in the commentary, under the band it is in")
    return statements.state(f"Of {criteria}, the rate is {listed(rates, 'and')}.", basis)


def _urgent(screening: Screening, statements: Statements) -> Statement:
    urgent = sorted(case.id for case in case_summaries(screening) if case.actions)
    cases = counted(len(screening.case_ids), "case")
    if not urgent:
        basis = StatementBasis("No conclusion calls for action on a case")
        said = f"Of {cases}, what is recorded calls for action now in none."
        return statements.state(said, basis)
    text = f"{len(urgent):,} of {cases} {'needs' if len(urgent) == 1 else 'need'} action now."
    return statements.state(text, statements.cases_basis("Conclusions that call for action on a case", urgent))


def _outcomes(screening: Screening, statements: Statements) -> Statement:
    counts = Counter(finding.outcome for finding in screening.findings)
    names = {outcome: outcome.value for outcome in Outcome}
    names[Outcome.NEEDS_JUDGEMENT] = "waiting for a reader's judgement"
    parts = [f"{counts[outcome]:,} {name}" for outcome, name in names.items() if counts[outcome]]
    findings = counted(len(screening.findings), "finding")
    text = f"Of {findings} as at {in_words(screening.as_of)}: {listed(parts, 'and')}."
    return statements.state(text, StatementBasis("Every finding of the screening"))


def _theme(screening: Screening, number: int, rates: Sequence[Rate], statements: Statements) -> Iterator[Part]:
    """What a theme came to from the highest band to the lowest, then what cannot be told yet."""
    rulebook, bands = screening.rulebook, screening.rulebook.bands
    ranked = sorted((rate for rate in rates if rate.of), key=lambda rate: bands.ids.index(rate.band))
    stated = {
        rate.criterion: statements.state(rate_statement(rate, rulebook), statements.rate_basis(rate.criterion))
        for rate in ranked
    }
    paragraphs = [
        (f"{label[:1].upper()}{label[1:]}.", [stated[rate.criterion] for rate in ranked if rate.band == band])
        for band, label in (*((band.id, band.label) for band in bands.bands), (bands.TOO_FEW, "too few to say"))
    ]
    undecided = []
    for rate in rates:
        text = undecided_statement(rate, rulebook)
        if text and rate.criterion in stated:
            undecided.append(evolve(stated[rate.criterion], text=text))  # it rests on the same, under the same number
        elif text:
            undecided.append(statements.state(text, statements.rate_basis(rate.criterion)))
    paragraphs.append(("Cannot be told yet.", undecided))
    paragraphs = [(lead, members) for lead, members in paragraphs if members]
    for paragraph, (lead, members) in enumerate(paragraphs, 1):
        yield Said(tuple(members), lead=f"{number}.{paragraph}  {lead}")
    if not paragraphs:
        yield Paragraph("Nothing in this theme applied to these cases.")


def _ends(screening: Screening, statements: Statements) -> Iterator[Part]:
    """Key strengths, areas requiring improvement, and exceptions with their figures if the rules have any."""
    rules = [rule.kind for rule in screening.rulebook.conclusions if rule.on is Scope.SAMPLE]
    for kind, (title, _) in _ENDS.items():
        conclusions = [each for each in screening.conclusions if each.on is Scope.SAMPLE and each.kind is kind]
        is_exception = kind is ConclusionKind.EXCEPTION
        if is_exception and not conclusions and kind not in rules:
            continue
        yield Heading(title)
        for conclusion in conclusions:
            figures = [f"{each.rstrip('.')}." for each in conclusion.because] if is_exception else []
            text = " ".join(filter(None, (f"{conclusion.says.rstrip('.')}.", *figures, conclusion.remedy)))
            yield Said((statements.state(text, *statements.conclusion_bases(conclusion)),), bullet=True)
        if not conclusions:
            yield Paragraph("The rules draw none from these cases.")


def _appendices(screening: Screening, statements: Statements) -> Iterator[Part]:
    """What each statement rests on, and the numbers and files that the letter was made from."""
    yield Heading("Appendix A: what each statement rests on")
    yield Paragraph("The number is that in square brackets after the statement. A name in brackets is the criterion's.")
    bases = [(str(statement.number), basis) for statement in statements.made for basis in statement.bases]
    rows = ((number, basis.rests_on, basis.figures, basis.cases, basis.beside) for number, basis in bases)
    yield Grid(_APPENDIX, tuple(rows))
    yield Heading("Appendix B: how this was made")
    rulebook = screening.rulebook
    yield Paragraph(
        f"Rulebook {rulebook.id}, version {rulebook.version}, hash {rulebook.hash[:SHORT_HASH]}. "
        f"Cases: hash {screening.cases_hash[:SHORT_HASH]}. Inferences drawn by {screening.engine}."
    )
    yield from map(Paragraph, local_holidays_in_words(rulebook))
    if rulebook.parameters:
        yield parameters_grid(rulebook.parameters.values())


def _records(screening: Screening, most: int) -> Iterator[Part]:
    """What was left out and why, what was taken for granted, what is not shown, and what is to be looked at."""
    cases = case_summaries(screening)
    blocks = [
        *left_out(screening),
        *serious_and_not_shown(screening, cases, screening.rulebook, most),
        *check_the_record(screening, most),
        *assumed(screening, most),
    ]
    if blocks:
        yield Heading("Appendix C: the records")
    yield from (evolve(block, level=3) if isinstance(block, Heading) else block for block in blocks)
