"""Rates: k of n for each criterion over a group of cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Finding, Rate

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
