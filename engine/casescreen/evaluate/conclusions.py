"""Rates, k of n for each criterion, and conclusions as values: what inference drew, with what each rests on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import assert_never

from casescreen.model.outcome import ASKED, KNOWN, Outcome
from casescreen.model.rulebook import (
    Concluded,
    ConclusionKind,
    FactIs,
    FlagIs,
    OutcomeIs,
    Premise,
    RateIn,
    Rulebook,
)
from casescreen.model.screening import Conclusion, Finding, Rate
from casescreen.text import counted

_OUTCOMES = tuple(Outcome)  # quicker to go through than the class

_CasesOfRows = Mapping[str, tuple[set[str], set[str]]]
"""Of each criterion that is asked of rows, the cases in which one is known, and in which one is asked by now."""


def rates(rulebook: Rulebook, findings: Collection[Finding]) -> tuple[Rate, ...]:
    """One rate for each criterion, in the rulebook's order; every outcome is counted, also those with none."""
    counts = Counter((finding.criterion, finding.outcome) for finding in findings)
    return rates_from(rulebook, counts, _numbers(_cases_of_rows(rulebook, findings)))


def rates_from(
    rulebook: Rulebook, counts: Mapping[tuple[str, Outcome], int], cases_of_rows: Mapping[str, tuple[int, int]]
) -> tuple[Rate, ...]:
    """The same from how often each criterion has each outcome; what is not counted is none.

    Args:
        rulebook: whose criteria they are.
        counts: how many cases, or rows of them, have each outcome of each criterion.
        cases_of_rows: of each criterion that is asked of rows, in how many cases one of them at least is known, and is
            asked by now.
    """
    every = []
    for criterion in rulebook.criteria:
        each = {outcome: counts.get((criterion.id, outcome), 0) for outcome in _OUTCOMES}
        known, asked = sum(map(each.__getitem__, KNOWN)), sum(map(each.__getitem__, ASKED))
        met, cases = each[Outcome.MET], (known, asked)
        if criterion.per is not None:
            cases = cases_of_rows.get(criterion.id, (0, 0))
        every.append(Rate(criterion.id, each, rulebook.bands.of(met, known, *cases, criterion.bands), *cases))
    return tuple(every)


def grouped_rates(
    rulebook: Rulebook, findings: Collection[Finding], group_of: Mapping[str, str]
) -> dict[str, tuple[Rate, ...]]:
    """The rates over each group of cases, by the group's name, in order of name."""
    counts: dict[str, dict[tuple[str, Outcome], int]] = {name: Counter() for name in sorted(set(group_of.values()))}
    for finding in findings:
        counts[group_of[finding.case]][finding.criterion, finding.outcome] += 1
    members = defaultdict[str, set[str]](set)
    for case, name in group_of.items():
        members[name].add(case)
    of_rows = _cases_of_rows(rulebook, findings)
    return {name: rates_from(rulebook, each, _numbers(of_rows, members[name])) for name, each in counts.items()}


def _cases_of_rows(rulebook: Rulebook, findings: Iterable[Finding]) -> _CasesOfRows:
    cases = {one.id: (set[str](), set[str]()) for one in rulebook.criteria if one.per is not None}
    for finding in findings if cases else ():
        if finding.criterion in cases and finding.outcome in ASKED:
            known, asked = cases[finding.criterion]
            asked.add(finding.case)
            if finding.outcome in KNOWN:
                known.add(finding.case)
    return cases


def _numbers(cases: _CasesOfRows, among: set[str] | None = None) -> dict[str, tuple[int, int]]:
    """How many they are; only those among a group of cases, where one is given."""

    def number(of: set[str]) -> int:
        return len(of if among is None else of & among)

    return {criterion: (number(known), number(asked)) for criterion, (known, asked) in cases.items()}


def in_cases(rate: Rate) -> str:
    """How many cases k of n is about, as it stands behind it: ", in 5 cases"; "" where it counts cases anyway."""
    return "" if rate.cases_known == rate.of else f", in {counted(rate.cases_known, 'case')}"


def conclusions_drawn(
    rulebook: Rulebook,
    subject: str,
    drawn: Mapping[str, tuple[Premise, ...]],
    *,
    findings: Iterable[Finding] = (),
    rates: Iterable[Rate] = (),
) -> list[Conclusion]:
    """What was drawn about one case, or one group of cases, as conclusions in the rulebook's order.

    Args:
        rulebook: whose conclusions they are.
        subject: a case's id, a manager, a team, or "" for the sample.
        drawn: the conclusions that hold, by id, each with the premises that it rests on.
        findings: those of the case.
        rates: those of the group.
    """
    having = tuple(findings)
    rate_of = {rate.criterion: rate for rate in rates}
    conclusions = []
    for rule in rulebook.conclusions:
        if rule.id not in drawn or rule.kind is ConclusionKind.PREMISE:
            continue
        drawn_one = Conclusion(
            id=rule.id,
            on=rule.on,
            subject=subject,
            kind=rule.kind,
            says=rule.says,
            severity=rule.severity,
            remedy=rule.remedy,
            note=rule.note,
            because=(),
        )
        premises = tuple(_printed_premises(rulebook, rule.id, drawn))
        conclusions.append(drawn_one.made_by(partial(_rests_on, rulebook, premises, having, rate_of)))
    return conclusions


def _rests_on(
    rulebook: Rulebook,
    premises: Iterable[Premise],
    findings: Iterable[Finding],
    rate_of: Mapping[str, Rate],
    _conclusion: Conclusion,
) -> tuple[tuple[str, ...], tuple[tuple[str, str, str], ...], tuple[str, ...]]:
    """Of a conclusion: each premise that held, in words; the findings that it rests on; and the rates."""
    because: dict[str, None] = {}
    rests_on: dict[tuple[str, str, str], None] = {}
    rests_on_rates: dict[str, None] = {}
    for premise in premises:
        words, having = _ground(rulebook, premise, findings, rate_of)
        because |= dict.fromkeys(words)
        for finding in having:
            rests_on[finding.case, finding.criterion, finding.item] = None
        if isinstance(premise, RateIn):
            rests_on_rates[premise.criterion] = None
    return tuple(because), tuple(rests_on), tuple(rests_on_rates)


def _printed_premises(
    rulebook: Rulebook, conclusion: str, drawn: Mapping[str, tuple[Premise, ...]]
) -> Iterator[Premise]:
    """What a conclusion rests on; of one that no report prints, what that rests on itself."""
    for premise in drawn[conclusion]:
        if isinstance(premise, Concluded) and rulebook.conclusion[premise.conclusion].kind is ConclusionKind.PREMISE:
            yield from _printed_premises(rulebook, premise.conclusion, drawn)
        else:
            yield premise


def _ground(
    rulebook: Rulebook, premise: Premise, findings: Iterable[Finding], rate_of: Mapping[str, Rate]
) -> tuple[Iterable[str], Iterable[Finding]]:
    """That a premise held, in words, and the findings by which it did."""
    match premise:
        case OutcomeIs(criterion, outcomes):
            having = [one for one in findings if one.criterion == criterion and one.outcome in outcomes]
            words: dict[str, None] = {}
            for finding in having:
                words[_told(rulebook.criterion[criterion].title, finding)] = None
            return words, having
        case FlagIs(criterion, flag):
            about = [one for one in findings if one.criterion == criterion]
            raised = [one for one in about if any(each.id == flag for each in one.flags)]
            return [next(one.says for one in rulebook.criterion[criterion].flags if one.id == flag)], raised
        case FactIs(fact):
            return [next(one.says for one in rulebook.facts if one.id == fact)], ()
        case RateIn(criterion):
            rate = rate_of[criterion]
            return [f"{rulebook.criterion[criterion].title}: {rate.met:,} of {rate.of:,}{in_cases(rate)}"], ()
        case Concluded(conclusion):
            return [rulebook.conclusion[conclusion].says], ()
        case _:
            assert_never(premise)


def _told(title: str, finding: Finding) -> str:
    """What a criterion came to; where it is not met, what is wrong, and why."""
    if finding.outcome is not Outcome.NOT_MET:
        return f"{title}: {finding.outcome.value}"
    return f"{finding.shortfall or f'Not met: {title}.'} {finding.reason}".strip()
