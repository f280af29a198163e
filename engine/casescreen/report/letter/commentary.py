"""What the letter says of the work of a theme, and how much is known: enough for a letter, and what is open most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from casescreen.evaluate.case_summary import UNDECIDED
from casescreen.model.outcome import Basis, Outcome
from casescreen.model.problem import ReportRefusedError
from casescreen.model.rulebook import LETTER_MINIMUM_KNOWN, ConclusionKind, Rulebook, Scope, Severity, Theme
from casescreen.model.screening import Rate, Screening
from casescreen.report.blocks import Paragraph
from casescreen.report.letter.statements import (
    Said,
    Statement,
    Statements,
    in_letters,
    rates_statement,
    reasons,
    told_together,
)
from casescreen.report.wording import whose
from casescreen.text import listed

_FEWEST_IN_EXAMPLE = 3
_MOST_TO_FILL_IN = 5


def commentary(screening: Screening, theme: Theme, statements: Statements) -> Iterator[Said | Paragraph]:
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
    beside += _example(screening, theme, rates, statements)
    if beside:
        yield Said(tuple(beside))
    if unknown := _not_known(rates, rulebook, statements):
        yield Said((unknown,))
    yield from additions(rulebook, theme.id)


def _told(rates: Sequence[Rate], rulebook: Rulebook, statements: Statements, *, figures_last: bool) -> Statement:
    """Rates in a sentence; and of those that are of enough cases, why some fell short."""
    text = rates_statement(rates, rulebook, figures_last=figures_last)
    if rates[0].band != rulebook.bands.TOO_FEW:
        failed = (finding for rate in rates for finding in statements.not_met[rate.criterion])
        text = f"{text} {reasons(rates, failed, rulebook)}".strip()
    return statements.state(text, *(statements.rate_basis(rate.criterion) for rate in rates))


def _example(screening: Screening, theme: Theme, rates: Sequence[Rate], statements: Statements) -> list[Statement]:
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
    of = f"A case in which nothing of this theme fell short: {theme.title}"
    return [statements.state(text, statements.cases_basis(of, [case]))]


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


def additions(rulebook: Rulebook, theme: str) -> Iterator[Paragraph]:
    """What no record holds, in square brackets for the sender to write."""
    for one in rulebook.letter.add:
        if one.theme == theme:
            yield Paragraph(f"[{one.says[:1].upper()}{one.says[1:].rstrip('.')}.]")


# How much is known


def asked_and_decided(screening: Screening) -> tuple[int, int]:
    """How many questions the cases raise by now, and how many of them are met or not met."""
    decided = sum(rate.of for rate in screening.rates)
    return decided + sum(rate.count(outcome) for rate in screening.rates for outcome in UNDECIDED), decided


def check_enough_is_known(screening: Screening) -> None:
    """Refuse a letter of which too little would be known.

    Raises:
        ReportRefusedError: less is known than the rulebook asks for, with what to fill in first.
    """
    least = screening.rulebook.parameters.get(LETTER_MINIMUM_KNOWN)
    asked, decided = asked_and_decided(screening)
    if least is None or not isinstance(least.value, int) or (asked and decided * 100 >= least.value * asked):
        return
    known, advice = "none is asked of these cases", "screen cases of which something is recorded."
    if asked:
        known = f"{decided:,} of {asked:,} are ({decided * 100 // asked} per cent)"
        open_ = open_in_words(screening, most_open(screening))
        advice = f"fill in first what is open most often, and run this again: {open_}."
    raise ReportRefusedError(
        f"There is no letter yet: {least.value} per cent of the questions asked must be decided, and {known}.",
        why=f"a letter that rests on little would mislead. The share is the rulebook's ({whose(least)}).",
        advice=advice,
    )


def most_open(screening: Screening) -> list[tuple[int, str, Outcome]]:
    """The questions that are open most often, of them the gravest first: how often, of which criterion, and why."""
    every = [(rate.count(outcome), rate.criterion, outcome) for rate in screening.rates for outcome in UNDECIDED]
    criteria, grades = screening.rulebook.criterion, tuple(Severity)
    open_ = [one for one in every if one[0]]
    return sorted(open_, key=lambda one: (-one[0], grades.index(criteria[one[1]].severity)))[:_MOST_TO_FILL_IN]


def open_in_words(screening: Screening, open_: Sequence[tuple[int, str, Outcome]]) -> str:
    """What is open, for want of what, and how often, in one line."""
    criteria = screening.rulebook.criterion
    lacks = {Outcome.NOT_EVIDENCED: "not shown by the record", Outcome.NEEDS_JUDGEMENT: "no reader's answer"}
    return "; ".join(f"{criteria[id_].short} ({lacks[what]}: {in_letters(times)})" for times, id_, what in open_)
