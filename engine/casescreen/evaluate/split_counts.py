"""The cases of each group of a characteristic, counted once each, and set beside those of everyone else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from casescreen.model.dictionary import Field
from casescreen.model.outcome import ASKED, KNOWN, Outcome
from casescreen.model.screening import Finding, Screening
from casescreen.model.split import GroupFigures, Split, SplitGroup, TwoShares, groups_in_order

WORST_FIRST = (
    Outcome.NOT_MET,
    Outcome.NEEDS_JUDGEMENT,
    Outcome.NOT_EVIDENCED,
    Outcome.NOT_YET_DUE,
    Outcome.MET,
    Outcome.NOT_APPLICABLE,
)
"""From what a case counts with first, where a criterion is asked of several rows of it."""

GroupCounts = Mapping[str, Mapping[Outcome, int]]
"""Of each group, how many of its cases have each outcome of one criterion; what is not counted is none."""


def split_of(screening: Screening, field: Field) -> Split:
    """Each group of the characteristic beside everyone else, with every count as it is; of a sample, of the drawn."""
    beside = () if screening.drawn is None else screening.drawn.must_include
    known = screening.characteristics[field.name]
    groups = {case: known[case] for case in screening.case_ids if case not in beside}
    counted = worst_of_each_case(one for one in screening.findings if one.case in groups)
    counts = {criterion: of_groups(of, groups) for criterion, of in counted.items()}
    criteria = [one.id for one in screening.rulebook.criteria]
    return split_from(field, Counter(groups.values()), criteria, counts)


def split_from(
    field: Field,
    sizes: Mapping[str, int],
    criteria: Iterable[str],
    counts: Mapping[str, GroupCounts],
    *,
    decided_only: bool = False,
) -> Split:
    """The same from what was counted.

    Args:
        field: the characteristic.
        sizes: how many cases each group has.
        criteria: those that are told of, in order.
        counts: of each criterion, how many cases of each group have each outcome.
        decided_only: whether nothing is told beside what is met and not met.
    """
    names, figures = groups_in_order(field, sizes), defaultdict[str, list[GroupFigures]](list)
    for criterion in criteria:
        counted = counts.get(criterion, {})
        met = _beside_everyone_else(counted, (Outcome.MET,), KNOWN, names)
        open_ = {} if decided_only else _beside_everyone_else(counted, (Outcome.NOT_EVIDENCED,), ASKED, names)
        for name in names:
            figures[name].append(GroupFigures(criterion, met[name], open_.get(name)))
    return Split(field, tuple(SplitGroup(name, sizes[name], tuple(figures[name])) for name in names))


def _beside_everyone_else(
    counts: GroupCounts, so: Collection[Outcome], among: Collection[Outcome], names: Iterable[str]
) -> dict[str, TwoShares]:
    """Of each group, of how many of its cases among some it is so, and of how many of everyone else's."""
    each = {name: (_number(counts.get(name, {}), so), _number(counts.get(name, {}), among)) for name in names}
    every = [sum(column) for column in zip(*each.values(), strict=True)]
    return {name: TwoShares(k, n, every[0] - k, every[1] - n) for name, (k, n) in each.items()}


def _number(counts: Mapping[Outcome, int], outcomes: Collection[Outcome]) -> int:
    return sum(counts.get(outcome, 0) for outcome in outcomes)


def of_groups(outcomes: Mapping[str, Outcome], groups: Mapping[str, str]) -> GroupCounts:
    """How many cases of each group have each outcome; ``outcomes`` and ``groups`` are those of each case, by its id."""
    counts = defaultdict[str, Counter[Outcome]](Counter)
    for case, outcome in outcomes.items():
        counts[groups[case]][outcome] += 1
    return counts


def worst_of_each_case(findings: Iterable[Finding]) -> dict[str, dict[str, Outcome]]:
    """For each criterion the outcome of each case: of several rows the worst, since nine rows can be one case's."""
    worst = defaultdict[str, dict[str, Outcome]](dict)
    for finding in findings:
        of_cases = worst[finding.criterion]
        first = of_cases.setdefault(finding.case, finding.outcome)
        if first is not finding.outcome:
            of_cases[finding.case] = min(first, finding.outcome, key=WORST_FIRST.index)
    return worst
