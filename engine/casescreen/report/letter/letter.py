"""The letter in its parts: the sample, what was found theme by theme, strengths, areas, next steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import count

from attrs import evolve

from casescreen.evaluate.case_summary import UNDECIDED, case_summaries
from casescreen.model.outcome import Basis, Outcome
from casescreen.model.problem import ReportRefusedError
from casescreen.model.rulebook import LETTER_MINIMUM_KNOWN, ConclusionKind, Rulebook, Scope, Severity, Theme
from casescreen.model.screening import Conclusion, Rate, Screening, Summary
from casescreen.report.blocks import Heading, Paragraph
from casescreen.report.formats.registry import Options
from casescreen.report.letter.appendices import appendices
from casescreen.report.letter.statements import (
    CASE,
    Blank,
    Notice,
    Part,
    Said,
    Statement,
    StatementBasis,
    Statements,
    how_many,
    in_letters,
    in_running_text,
    rates_statement,
    reasons,
    shortfall_statement,
    told_together,
)
from casescreen.report.letter.word_document import document, opened, write
from casescreen.report.sections.overview import overview
from casescreen.report.wording import title_of_report, whose
from casescreen.text import in_words, listed

DRAFT = Notice(
    "DRAFT, for the sender to check and edit.",
    "A program wrote this from case records, and nobody has checked it. It is a self-assessment: it is not an "
    "inspection, it comes from no inspectorate, and it has no authority. The small numbers lead to Appendix A. "
    "Complete what is in square brackets, and take this notice out before the letter is sent.",
)
_MOST_FIGURES = 4
_MOST_URGENT = 3
_EXCEPTIONS = "Steps that must always be taken, and were not"
_MOST_TO_FILL_IN = 5
_FEWEST_IN_EXAMPLE = 3


def render(result: Summary, options: Options) -> bytes:
    """The letter, or figures where no case is listed, as a Word document in the styles of ``options.template``.

    Raises:
        CasescreenError: the template cannot be used.
        ReportRefusedError: less is known than the rulebook asks for before there is a letter.
    """
    if not isinstance(result, Screening):
        return document(overview(result, options), title_of_report(result), result.as_of, options.template)
    _check_enough_is_known(result)
    title = f"Draft letter: {result.rulebook.title}"
    return write(opened(options.template), letter(result), title, result.as_of)


def _asked_and_decided(screening: Screening) -> tuple[int, int]:
    """How many questions the cases raise by now, and how many of them are met or not met."""
    decided = sum(rate.of for rate in screening.rates)
    return decided + sum(rate.count(outcome) for rate in screening.rates for outcome in UNDECIDED), decided


def _check_enough_is_known(screening: Screening) -> None:
    """Refuse a letter of which too little would be known, with what to fill in first."""
    least = screening.rulebook.parameters.get(LETTER_MINIMUM_KNOWN)
    asked, decided = _asked_and_decided(screening)
    if least is None or not isinstance(least.value, int) or (asked and decided * 100 >= least.value * asked):
        return
    known, advice = "none is asked of these cases", "screen cases of which something is recorded."
    if asked:
        known = f"{decided:,} of {asked:,} are ({decided * 100 // asked} per cent)"
        open_ = _open_in_words(screening, _most_open(screening))
        advice = f"fill in first what is open most often, and run this again: {open_}."
    raise ReportRefusedError(
        f"There is no letter yet: {least.value} per cent of the questions asked must be decided, and {known}.",
        why=f"a letter that rests on little would mislead. The share is the rulebook's ({whose(least)}).",
        advice=advice,
    )


def _most_open(screening: Screening) -> list[tuple[int, str, Outcome]]:
    """The questions that are open most often, of them the gravest first: how often, of which criterion, and why."""
    every = [(rate.count(outcome), rate.criterion, outcome) for rate in screening.rates for outcome in UNDECIDED]
    criteria, grades = screening.rulebook.criterion, tuple(Severity)
    open_ = [one for one in every if one[0]]
    return sorted(open_, key=lambda one: (-one[0], grades.index(criteria[one[1]].severity)))[:_MOST_TO_FILL_IN]


def _open_in_words(screening: Screening, open_: Sequence[tuple[int, str, Outcome]]) -> str:
    criteria = screening.rulebook.criterion
    lacks = {Outcome.NOT_EVIDENCED: "not shown by the record", Outcome.NEEDS_JUDGEMENT: "no reader's answer"}
    return "; ".join(f"{criteria[id_].short} ({lacks[what]}: {in_letters(times)})" for times, id_, what in open_)


def letter(screening: Screening) -> Iterator[Part]:
    """The parts of the letter in order."""
    statements = Statements(screening)
    yield from _opening(screening)
    yield from _summary(screening, statements)
    yield Heading("Commentary")
    for number, theme in enumerate(screening.rulebook.themes, 1):
        yield Heading(f"{number}. {theme.title}", level=3)
        paragraphs = list(_theme(screening, theme, statements))
        for paragraph, part in zip(count(1), paragraphs, strict=False):
            yield part if isinstance(part, Paragraph) else evolve(part, lead=f"{number}.{paragraph}.")
        if not paragraphs:
            yield Paragraph("Nothing in this theme applied to these cases.")
    yield from _ends(screening, statements)
    yield from _next_steps(screening, statements)
    yield from appendices(screening, statements)


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
    yield Paragraph(" ".join(filter(None, (*said, "[How the cases were chosen, and who read them.]"))))


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
        (screening.left_out, "record", "{} left out because of mistakes: see Appendix C"),
    ):
        verbs = ("counts", "was") if number == 1 else ("count", "were")
        if number:
            yield f"{how_many(number, one).capitalize()} {done.format(verbs[one != CASE])}."


def _summary(screening: Screening, statements: Statements) -> Iterator[Part]:
    """The whole in short: what is to be added, what was done best and least well, and how much is known."""
    yield Heading("Summary")
    yield from _additions(screening.rulebook, "")
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
    asked, decided = _asked_and_decided(screening)
    if asked:
        yield Paragraph(
            f"Of the {asked:,} questions that these cases raise by now, {decided:,} could be answered "
            f"({decided * 100 // asked} per cent). What is not known is told at the end of each theme, and counts "
            "neither as done nor as not done."
        )


def _named(conclusion: Conclusion) -> str:
    """What a conclusion says inside a list of others."""
    says, colon, of = in_running_text(conclusion.says).partition(": ")
    return f"{says} ({of})" if colon else says


def _additions(rulebook: Rulebook, theme: str) -> Iterator[Paragraph]:
    """What no record holds, in square brackets for the sender to write."""
    for one in rulebook.letter.add:
        if one.theme == theme:
            yield Paragraph(f"[{one.says[:1].upper()}{one.says[1:].rstrip('.')}.]")


def _theme(screening: Screening, theme: Theme, statements: Statements) -> Iterator[Said | Paragraph]:
    """The work of a theme in its order, what goes with what, an example, what is not known, and what is to be added."""
    rulebook = screening.rulebook
    rates = [rate for rate in screening.rates if rulebook.criterion[rate.criterion].theme == theme.id]
    for stage in (*rulebook.stages, ""):
        members = [rate for rate in rates if rate.of and rulebook.criterion[rate.criterion].stage == stage]
        groups = told_together(members, rulebook)
        if groups:
            told = (_told(group, rulebook, statements, figures_last=bool(n % 2)) for n, group in enumerate(groups))
            yield Said(tuple(told))
    patterns = [
        conclusion
        for conclusion in screening.conclusions
        if conclusion.on is Scope.SAMPLE
        and conclusion.kind is ConclusionKind.PATTERN
        and conclusion.rates
        and rulebook.criterion[conclusion.rates[0]].theme == theme.id
    ]
    beside = [statements.state(each.says, *statements.conclusion_bases(each)) for each in patterns]
    beside += _example(screening, rates, statements)
    if beside:
        yield Said(tuple(beside))
    if unknown := _not_known(rates, rulebook, statements):
        yield Said((unknown,))
    yield from _additions(rulebook, theme.id)


def _told(rates: Sequence[Rate], rulebook: Rulebook, statements: Statements, *, figures_last: bool) -> Statement:
    """Rates in a sentence; and of those that are of enough cases, why some fell short."""
    text = rates_statement(rates, rulebook, figures_last=figures_last)
    if rates[0].band != rulebook.bands.TOO_FEW:
        failed = (finding for rate in rates for finding in statements.not_met[rate.criterion])
        text = f"{text} {reasons(rates, failed, rulebook)}".strip()
    return statements.state(text, *(statements.rate_basis(rate.criterion) for rate in rates))


def _example(screening: Screening, rates: Sequence[Rate], statements: Statements) -> list[Statement]:
    """A case in which nothing of a theme fell short, and what in it others lack; none where there is no such case."""
    rulebook = screening.rulebook
    usable = {
        rate.criterion: Fraction(rate.met, rate.of)
        for rate in rates
        if rate.of and rate.band != rulebook.bands.TOO_FEW and rulebook.criterion[rate.criterion].phrase
    }
    met: dict[str, list[str]] = {case: [] for case in screening.case_ids}
    failed = {finding.case for rate in rates for finding in statements.not_met[rate.criterion]}
    for finding in screening.findings:
        if (
            finding.outcome is Outcome.MET
            and finding.criterion in usable
            and finding.criterion not in met[finding.case]
        ):
            met[finding.case].append(finding.criterion)
    good = [case for case in met if case not in failed and len(met[case]) >= _FEWEST_IN_EXAMPLE]
    if not good:
        return []
    case = max(good, key=lambda each: len(met[each]))
    rank = {id_: (rulebook.criterion[id_].basis is Basis.JUDGEMENT, usable[id_]) for id_ in met[case]}
    chosen = sorted(rank, key=lambda id_: rank[id_])[:_FEWEST_IN_EXAMPLE]
    stages = (*rulebook.stages, "")
    chosen.sort(key=lambda id_: stages.index(rulebook.criterion[id_].stage))
    phrases = [rulebook.criterion[id_].phrase for id_ in chosen]
    text = f"In one case, for example, {listed(phrases, 'and')}."
    return [statements.state(text, statements.cases_basis("A case in which nothing of this theme fell short", [case]))]


def _not_known(rates: Sequence[Rate], rulebook: Rulebook, statements: Statements) -> Statement | None:
    """What of a theme cannot be told, and for want of what; None if nothing."""
    sentences: list[str] = []
    for outcome, lead in (
        (Outcome.NOT_EVIDENCED, "Not known from the records"),
        (Outcome.NEEDS_JUDGEMENT, "Not yet answered by a reader"),
    ):
        open_ = [rate for rate in rates if rate.count(outcome)]
        said = [f"{rulebook.criterion[rate.criterion].short} ({in_letters(rate.count(outcome))})" for rate in open_]
        sentences += [f"{lead}: {listed(said, 'and')}."] if said else []
    bases = [statements.rate_basis(rate.criterion) for rate in rates if any(map(rate.count, UNDECIDED))]
    return statements.state(" ".join(sentences), *bases) if sentences else None


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
        named, more = urgent[:_MOST_URGENT], len(urgent) - _MOST_URGENT
        first = listed([*named, *([f"{in_letters(more)} more"] if more > 0 else [])], "and")
        text = f"Act first in {in_letters(len(urgent))} of the {cases}, which cannot wait, the gravest first: {first}."
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
    if open_ := _most_open(screening):
        bases = [statements.rate_basis(id_) for id_ in dict.fromkeys(id_ for _, id_, _ in open_)]
        text = f"Find out what is not known, first what is open most often: {_open_in_words(screening, open_)}."
        yield Said((statements.state(text, *bases),), bullet=True)
    yield from map(Paragraph, screening.rulebook.letter.closing)
    yield Blank("Signed", "[name and post]")
