"""Rates, k of n for each criterion, and conclusions as values: what inference drew, with what each rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import assert_never

from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Concluded, ConclusionRule, FactIs, FlagIs, OutcomeIs, Premise, RateIn, Rulebook
from casescreen.model.screening import Conclusion, Finding, Rate

_OUTCOMES = tuple(Outcome)  # quicker to go through than the class


def rates(rulebook: Rulebook, findings: Iterable[Finding]) -> tuple[Rate, ...]:
    """One rate for each criterion, in the rulebook's order; every outcome is counted, also those with none."""
    return rates_from(rulebook, Counter((finding.criterion, finding.outcome) for finding in findings))


def rates_from(rulebook: Rulebook, counts: Mapping[tuple[str, Outcome], int]) -> tuple[Rate, ...]:
    """The same from how often each criterion has each outcome; what is not counted is none."""
    return tuple(_rate(rulebook, criterion.id, counts) for criterion in rulebook.criteria)


def _rate(rulebook: Rulebook, criterion: str, counts: Mapping[tuple[str, Outcome], int]) -> Rate:
    each = {outcome: counts.get((criterion, outcome), 0) for outcome in _OUTCOMES}
    met, not_met = each[Outcome.MET], each[Outcome.NOT_MET]
    return Rate(criterion, each, rulebook.bands.of(met, met + not_met))


def grouped_rates(
    rulebook: Rulebook, findings: Iterable[Finding], group_of: Mapping[str, str]
) -> dict[str, tuple[Rate, ...]]:
    """The rates over each group of cases, by the group's name, in order of name."""
    groups: dict[str, list[Finding]] = {name: [] for name in sorted(set(group_of.values()))}
    for finding in findings:
        groups[group_of[finding.case]].append(finding)
    return {name: rates(rulebook, members) for name, members in groups.items()}


Drawn = Mapping[str, tuple[Premise, ...]]


class Concluder:
    """Turns what was drawn about one case, or one group of cases, into conclusions."""

    def __init__(self, rulebook: Rulebook, findings: Iterable[Finding] = (), rates: Iterable[Rate] = ()) -> None:
        """Keep what the conclusions can rest on: the case's findings, or the group's rates."""
        self._rulebook = rulebook
        self._findings = tuple(findings)
        self._rates = {rate.criterion: rate for rate in rates}
        self._facts = {fact.id: fact.says for fact in rulebook.facts}
        self._says = {rule.id: rule.says for rule in rulebook.conclusions}

    def conclusions(self, subject: str, drawn: Drawn) -> list[Conclusion]:
        """Those drawn, in the rulebook's order, about a case's id, a manager, a team, or "" for the sample."""
        return [
            self._conclusion(rule, subject, drawn[rule.id]) for rule in self._rulebook.conclusions if rule.id in drawn
        ]

    def _conclusion(self, rule: ConclusionRule, subject: str, premises: tuple[Premise, ...]) -> Conclusion:
        rests_on = [finding for premise in premises for finding in self._findings_for(premise)]
        return Conclusion(
            id=rule.id,
            on=rule.on,
            subject=subject,
            kind=rule.kind,
            says=rule.says,
            severity=rule.severity,
            remedy=rule.remedy,
            note=rule.note,
            because=tuple(words for premise in premises for words in self._because(premise)),
            findings=tuple(dict.fromkeys((finding.case, finding.criterion, finding.item) for finding in rests_on)),
            rates=tuple(dict.fromkeys(premise.criterion for premise in premises if isinstance(premise, RateIn))),
        )

    def _findings_for(self, premise: Premise) -> Iterator[Finding]:
        match premise:
            case OutcomeIs(criterion, outcomes):
                yield from (one for one in self._findings if one.criterion == criterion and one.outcome in outcomes)
            case FlagIs(criterion, flag):
                yield from (
                    one
                    for one in self._findings
                    if one.criterion == criterion and any(raised.id == flag for raised in one.flags)
                )
            case _:
                return

    def _because(self, premise: Premise) -> Iterator[str]:
        match premise:
            case OutcomeIs():
                yield from dict.fromkeys(self._outcome(finding) for finding in self._findings_for(premise))
            case FactIs(fact):
                yield self._facts[fact]
            case FlagIs(criterion, flag):
                yield next(one.says for one in self._rulebook.criterion[criterion].flags if one.id == flag)
            case RateIn(criterion):
                yield self._rate(self._rates[criterion])
            case Concluded(conclusion):
                yield self._says[conclusion]
            case _:
                assert_never(premise)

    def _outcome(self, finding: Finding) -> str:
        title = self._rulebook.criterion[finding.criterion].title
        said = f"{title}: {finding.outcome.value}"
        return f"{said}. {finding.reason}" if finding.outcome is Outcome.NOT_MET else said

    def _rate(self, rate: Rate) -> str:
        return f"{self._rulebook.criterion[rate.criterion].title}: {rate.met:,} of {rate.of:,}"
