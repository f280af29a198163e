"""Rates, k of n for each criterion, and conclusions as values: what inference drew, with what each rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import assert_never

from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Concluded, FactIs, FlagIs, OutcomeIs, Premise, RateIn, Rulebook
from casescreen.model.screening import Conclusion, Finding, Rate

_OUTCOMES = tuple(Outcome)  # quicker to go through than the class


def rates(rulebook: Rulebook, findings: Iterable[Finding]) -> tuple[Rate, ...]:
    """One rate for each criterion, in the rulebook's order; every outcome is counted, also those with none."""
    return rates_from(rulebook, Counter((finding.criterion, finding.outcome) for finding in findings))


def rates_from(rulebook: Rulebook, counts: Mapping[tuple[str, Outcome], int]) -> tuple[Rate, ...]:
    """The same from how often each criterion has each outcome; what is not counted is none."""
    every = []
    for criterion in rulebook.criteria:
        each = {outcome: counts.get((criterion.id, outcome), 0) for outcome in _OUTCOMES}
        met, not_met = each[Outcome.MET], each[Outcome.NOT_MET]
        every.append(Rate(criterion.id, each, rulebook.bands.of(met, met + not_met)))
    return tuple(every)


def grouped_rates(
    rulebook: Rulebook, findings: Iterable[Finding], group_of: Mapping[str, str]
) -> dict[str, tuple[Rate, ...]]:
    """The rates over each group of cases, by the group's name, in order of name."""
    counts: dict[str, dict[tuple[str, Outcome], int]] = {name: Counter() for name in sorted(set(group_of.values()))}
    for finding in findings:
        counts[group_of[finding.case]][finding.criterion, finding.outcome] += 1
    return {name: rates_from(rulebook, counted) for name, counted in counts.items()}


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
    rate_of = {rate.criterion: rate for rate in rates}
    conclusions = []
    for rule in rulebook.conclusions:
        if rule.id not in drawn:
            continue
        because: list[str] = []
        rests_on: dict[tuple[str, str, str], None] = {}
        rests_on_rates: dict[str, None] = {}
        for premise in drawn[rule.id]:
            words, having = _ground(rulebook, premise, findings, rate_of)
            because += words
            for finding in having:
                rests_on[finding.case, finding.criterion, finding.item] = None
            if isinstance(premise, RateIn):
                rests_on_rates[premise.criterion] = None
        conclusions.append(
            Conclusion(
                id=rule.id,
                on=rule.on,
                subject=subject,
                kind=rule.kind,
                says=rule.says,
                severity=rule.severity,
                remedy=rule.remedy,
                note=rule.note,
                because=tuple(because),
                findings=tuple(rests_on),
                rates=tuple(rests_on_rates),
            )
        )
    return conclusions


def _ground(
    rulebook: Rulebook, premise: Premise, findings: Iterable[Finding], rate_of: Mapping[str, Rate]
) -> tuple[Iterable[str], Iterable[Finding]]:
    """That a premise held, in words, and the findings by which it did."""
    match premise:
        case OutcomeIs(criterion, outcomes):
            having = [one for one in findings if one.criterion == criterion and one.outcome in outcomes]
            words: dict[str, None] = {}
            for finding in having:
                reason = f". {finding.reason}" if finding.outcome is Outcome.NOT_MET else ""
                words[f"{rulebook.criterion[criterion].title}: {finding.outcome.value}{reason}"] = None
            return words, having
        case FlagIs(criterion, flag):
            about = [one for one in findings if one.criterion == criterion]
            raised = [one for one in about if any(each.id == flag for each in one.flags)]
            return [next(one.says for one in rulebook.criterion[criterion].flags if one.id == flag)], raised
        case FactIs(fact):
            return [next(one.says for one in rulebook.facts if one.id == fact)], ()
        case RateIn(criterion):
            rate = rate_of[criterion]
            return [f"{rulebook.criterion[criterion].title}: {rate.met:,} of {rate.of:,}"], ()
        case Concluded(conclusion):
            return [next(one.says for one in rulebook.conclusions if one.id == conclusion)], ()
        case _:
            assert_never(premise)
