"""The letter in its parts: the sample, what was found theme by theme, strengths, areas, next steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from types import MappingProxyType

from attrs import evolve

from casescreen.evaluate.case_summary import case_summaries
from casescreen.model.rulebook import ConclusionKind, Scope
from casescreen.model.sample_figures import ScreenedSample
from casescreen.model.screening import Conclusion, Rate, Screening, Summary
from casescreen.report.blocks import Heading, Paragraph
from casescreen.report.formats.registry import Options
from casescreen.report.letter.appendices import appendices
from casescreen.report.letter.commentary import (
    additions,
    asked_and_decided,
    check_enough_is_known,
    commentary,
    most_open,
    open_in_words,
)
from casescreen.report.letter.statements import (
    CASE,
    Blank,
    Notice,
    Part,
    Said,
    StatementBasis,
    Statements,
    how_many,
    in_letters,
    in_running_text,
    shortfall_statement,
)
from casescreen.report.letter.styled_text import parts_of_report
from casescreen.report.letter.word import document
from casescreen.report.sections.accepted import in_a_letter
from casescreen.report.sections.overview import overview
from casescreen.report.wording import title_of_report
from casescreen.text import in_words, listed

DRAFT = Notice(
    "DRAFT, for the sender to check and edit.",
    "A program wrote this from case records, and nobody has checked it. It is a self-assessment: it is not an "
    "inspection, it comes from no inspectorate, and it has no authority. The small numbers lead to Appendix A, and "
    "from there to the cases. Complete what is in square brackets. Before the letter is sent, take out this notice "
    "and, unless who receives it may know which cases they are, Appendices C and D: nothing before them names a case.",
)
_MOST_FIGURES = 4
_NO_SHEETS: Mapping[str, str] = MappingProxyType({})
_EXCEPTIONS = "Steps that must always be taken, and were not"


def render(result: Summary, options: Options) -> bytes:
    """The letter, or figures where no case is listed, as a Word document in the styles of ``options.template``.

    Raises:
        CasescreenError: the template cannot be used, or python-docx, which alone can use one, is not installed.
        ReportRefusedError: less is known than the rulebook asks for before there is a letter.
    """
    if not isinstance(result, Screening):
        parts = parts_of_report(overview(result, options))
        return document(parts, title_of_report(result), result.as_of, options.template)
    check_enough_is_known(result)
    title = f"Draft letter: {result.rulebook.title}"
    return document(letter(result, options.sheets), title, result.as_of, options.template)


def letter(screening: Screening, sheets: Mapping[str, str] = _NO_SHEETS) -> Iterator[Part]:
    """The parts of the letter in order; ``sheets`` are the files that the ids of cases lead to, as seen from it."""
    statements = Statements(screening)
    yield from _opening(screening)
    yield from _summary(screening, statements)
    yield Heading("Commentary")
    for number, theme in enumerate(screening.rulebook.themes, 1):
        yield Heading(f"{number}. {theme.title}", level=3)
        paragraphs = list(commentary(screening, theme, statements))
        for paragraph, part in zip(count(1), paragraphs, strict=False):
            yield part if isinstance(part, Paragraph) else evolve(part, lead=f"{number}.{paragraph}.")
        if not paragraphs:
            yield Paragraph("Nothing in this theme applied to these cases.")
    yield from _ends(screening, statements)
    yield from _next_steps(screening, statements)
    yield from appendices(screening, statements, sheets)


def _opening(screening: Screening) -> Iterator[Part]:
    """The notice, the lines to fill in, the title, and what was looked at."""
    rulebook = screening.rulebook
    yield DRAFT
    yield Blank("To", "[name and post]")
    yield Blank("From", "[name and post]")
    yield Blank("Date", "[date of sending]")
    yield Heading(f"Report of a self-assessment: {rulebook.title}", level=1)
    yield Paragraph(
        f"This self-assessment of the work of [name of the service] was made from case records as they stood on "
        f"{in_words(screening.as_of)}, with the questions of {rulebook.title}, version {rulebook.version}. [Who else "
        "receives a copy, and what for.]"
    )
    yield Heading("Context")
    said = [rulebook.letter.purpose, f"We looked at {how_many(screening.cases, CASE)}.", *_sample(screening)]
    chosen = "[How the cases were chosen, and who read them.]"
    if screening.drawn is not None:
        chosen = f"{_chosen(screening.drawn)} [Who read them.]"
    yield Paragraph(" ".join(filter(None, (*said, chosen))))


def _sample(screening: Screening) -> Iterator[str]:
    """What the cases are, and when they began, in sentences."""
    dictionary, cases = screening.rulebook.dictionary, screening.cases
    for name, counts in screening.sample.items():
        values = sorted((value for value in counts if value), key=lambda value: (-counts[value], value))
        shares = [f"{value} in {'all' if counts[value] == cases else in_letters(counts[value])}" for value in values]
        shares += [f"not recorded in {in_letters(counts[''])}"] if counts.get("") else []
        if shares:
            yield f"The {dictionary.fields[name].label} was {listed(shares, 'and')}."
    if began := sorted(screening.began.values()):
        which = "They" if len(began) == cases else f"The {in_letters(len(began))} whose start is recorded"
        last = in_words(began[-1])
        days = f"between {in_words(began[0])} and {last}" if began[0] < began[-1] else f"on {last}"
        yield f"{'It' if cases == 1 else which} began {days}."
    for number, one, done in (
        (screening.closed, CASE, "had ended, and {} in the figures"),
        (screening.left_out, "record", "{} left out because of mistakes"),
    ):
        verbs = ("counts", "was") if number == 1 else ("count", "were")
        if number:
            yield f"{how_many(number, one).capitalize()} {done.format(verbs[one != CASE])}."


def _chosen(sample: ScreenedSample) -> str:
    """How the cases of a sample were chosen, in sentences."""
    drawn, named = sample.size - sample.missing_of_lot, len(sample.must_include)
    said = "They were" if not named else f"{in_letters(drawn).capitalize()} of them {'was' if drawn == 1 else 'were'}"
    said += (
        f" drawn by lot from {how_many(sample.eligible, 'eligible case')}, by a plan and a seed with which anyone can"
    )
    said += " repeat the draw."
    if named:
        were = "was" if named == 1 else "were"
        said += (
            f" {in_letters(named).capitalize()} {were} named before the draw, and enter{'s' * (named == 1)} no rate."
        )
    if sample.missing_of_lot:
        others = how_many(sample.missing_of_lot, "other that was drawn", "others that were drawn")
        said += f" {others.capitalize()} could not be screened, which says nothing of how they stand."
    return said


def _summary(screening: Screening, statements: Statements) -> Iterator[Part]:
    """The whole in short: what is to be added, what was done best and least well, and how much is known."""
    yield Heading("Summary")
    yield from additions(screening.rulebook, "")
    conclusions = [conclusion for conclusion in screening.conclusions if conclusion.on is Scope.SAMPLE]
    summaries = [conclusion for conclusion in conclusions if conclusion.kind is ConclusionKind.SUMMARY]
    if summaries:
        yield Said(tuple(statements.state(each.says, *statements.conclusion_bases(each)) for each in summaries))
    for kind, lead in (
        (ConclusionKind.STRENGTH, "Overall, the work was strongest here"),
        (ConclusionKind.AREA, "It needs to improve most here"),
    ):
        named = [_named(conclusion) for conclusion in conclusions if conclusion.kind is kind]
        if named:
            yield Paragraph(f"{lead}: {'; '.join(named)}.")
    asked, decided = asked_and_decided(screening)
    if asked:
        yield Paragraph(
            f"Of the {asked:,} questions that these cases raise by now, {decided:,} could be answered "
            f"({decided * 100 // asked} per cent). What is not known is told at the end of each theme, and counts "
            "neither as done nor as not done."
        )
    if accepted := in_a_letter(screening):
        yield Paragraph(accepted)


def _named(conclusion: Conclusion) -> str:
    """What a conclusion says inside a list of others."""
    says, colon, of = in_running_text(conclusion.says).partition(": ")
    return f"{says} ({of})" if colon else says


def _ends(screening: Screening, statements: Statements) -> Iterator[Part]:
    """Key strengths, areas requiring improvement, and exceptions if the rules have any."""
    rulebook, kinds = screening.rulebook, ConclusionKind
    drawn = {kind: _on_sample(screening, kind) for kind in kinds}
    rates = {rate.criterion: rate for rate in screening.rates}
    for kind, title in ((kinds.STRENGTH, "Key strengths"), (kinds.AREA, "Areas requiring improvement")):
        yield Heading(title)
        for conclusion in drawn[kind]:
            rule = rulebook.conclusion.get(conclusion.id)
            text = (rule.sentence if rule is not None else "") or f"{conclusion.says.rstrip('.')}."
            text = f"{text} {_in_figures(conclusion, rates)}".rstrip()
            yield Said((statements.state(text, *statements.conclusion_bases(conclusion)),), bullet=True)
        if not drawn[kind]:
            yield Paragraph("The rules draw none from these cases.")
    asked = any(rule.on is Scope.SAMPLE and rule.kind is kinds.EXCEPTION for rule in rulebook.conclusions)
    if not asked and not drawn[kinds.EXCEPTION]:
        return
    yield Heading(_EXCEPTIONS)
    for conclusion in drawn[kinds.EXCEPTION]:
        text = f"{conclusion.says.rstrip('.')}."
        if len(conclusion.rates) == 1:
            text = shortfall_statement(conclusion.says, rates[conclusion.rates[0]], rulebook)
        text = f"{text} {conclusion.remedy}".rstrip()
        yield Said((statements.state(text, *statements.conclusion_bases(conclusion)),), bullet=True)
    if not drawn[kinds.EXCEPTION]:
        yield Paragraph("The rules draw none from these cases.")


def _in_figures(conclusion: Conclusion, rates: Mapping[str, Rate]) -> str:
    """What the sentence rests on, in brackets, so that it says no more than its figures; "" where these are many."""
    of = [rates[criterion] for criterion in conclusion.rates]
    figures = [f"{in_letters(rate.met)} of {in_letters(rate.of)}" for rate in of]
    return f"({'; '.join(figures)})" if 0 < len(figures) <= _MOST_FIGURES else ""


def _on_sample(screening: Screening, kind: ConclusionKind) -> list[Conclusion]:
    return [each for each in screening.conclusions if each.on is Scope.SAMPLE and each.kind is kind]


def _next_steps(screening: Screening, statements: Statements) -> Iterator[Part]:
    """Which cases cannot wait, what the rules advise, and how the letter ends."""
    yield Heading("Next steps")
    urgent = [case.id for case in case_summaries(screening) if case.actions]
    cases = f"{how_many(screening.cases, CASE)}"
    if urgent:
        text = f"Act first in {in_letters(len(urgent))} of the {cases}, which cannot wait."
        basis = statements.cases_basis("Conclusions that call for action on a case", urgent)
    else:
        text = f"What is recorded calls for action at once in none of the {cases}."
        basis = StatementBasis("No conclusion calls for action on a case")
    yield Said((statements.state(text, basis),), bullet=True)
    advice: dict[str, list[Conclusion]] = {}
    for conclusion in _on_sample(screening, ConclusionKind.AREA):
        if conclusion.remedy:
            advice.setdefault(conclusion.remedy, []).append(conclusion)
    for remedy, conclusions in advice.items():
        bases = [basis for one in conclusions for basis in statements.conclusion_bases(one)]
        yield Said((statements.state(remedy, *dict.fromkeys(bases)),), bullet=True)
    if open_ := most_open(screening):
        bases = [statements.rate_basis(id_) for id_ in dict.fromkeys(id_ for _, id_, _ in open_)]
        text = f"Find out what is not known, first what is open most often: {open_in_words(screening, open_)}."
        yield Said((statements.state(text, *bases),), bullet=True)
    yield from map(Paragraph, screening.rulebook.letter.closing)
    yield Blank("Signed", "[name and post]")
