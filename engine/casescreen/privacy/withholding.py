"""What is withheld of counts of cases: how much of a row is shown, and which groups are shown together.

Every decision rests on what is shown anyway, on sizes of groups, or on there being a small count where nothing is
shown. So whoever knows these rules, and has every copy, learns no more of a small count than that it is small. ADR 6
says why, case by case; tests/privacy/attacker.py tries it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar

from casescreen.model.outcome import Outcome
from casescreen.model.screening import Count, Suppressed

FEWEST = 3  # under 2, "fewer than 2" would be 1

DECIDED = (Outcome.MET, Outcome.NOT_MET)
_UNDECIDED = (Outcome.NOT_YET_DUE, Outcome.NOT_EVIDENCED, Outcome.NEEDS_JUDGEMENT)
_NEITHER = (Outcome.NOT_APPLICABLE, *_UNDECIDED)

_Group = TypeVar("_Group", bound=Hashable)


def is_few(count: int, under: int) -> bool:
    """Whether the count is too small to be shown. None at all is not."""
    return 0 < count < under


def shown_row(counts: Mapping[Outcome, int], under: int) -> dict[Outcome, Count]:
    """The counts of a row whose sum is known, with as little withheld as will do.

    What is tried, in this order: to withhold nothing; what is neither met, nor not met, nor not applicable; all that is
    neither met nor not met; met and not met, one of which is small; the whole row. What is withheld always comes to so
    much that each small count in it can be any from 1 to one less than the threshold.
    """
    for hidden in ((), _UNDECIDED, _NEITHER):
        together = sum(counts[outcome] for outcome in hidden)
        shown = [counts[outcome] for outcome in Outcome if outcome not in hidden]
        if not any(is_few(count, under) for count in shown) and (not hidden or together > under):
            return {outcome: Suppressed.ROW if outcome in hidden else counts[outcome] for outcome in Outcome}
    if not any(is_few(counts[outcome], under) for outcome in _NEITHER):
        decided = sum(counts[outcome] for outcome in DECIDED)
        if decided >= 2 * under - 1:  # so that exactly one of the two is small
            few = {o: Suppressed.FEW if is_few(counts[o], under) else Suppressed.WITHHELD for o in DECIDED}
            return {outcome: few.get(outcome, counts[outcome]) for outcome in Outcome}
    return dict.fromkeys(Outcome, Suppressed.ROW)


def in_order(group: str) -> tuple[bool, str]:
    """What groups are sorted by: their names; that of which the record names no one comes last."""
    return not group, group


def with_small_groups_joined(
    groups: Mapping[str, str],
    within: Mapping[str, str],
    under: int,
    others: str,
    order: Callable[[str], tuple[Any, ...]] = in_order,
) -> Mapping[str, str] | None:
    """The group that each case is shown in, where those with few cases are one; None if that is not enough.

    A group that has few cases, in any part that is shown too, is joined with others like it. In each such part a group
    that has many goes with them: the first in ``order``, whatever its size, so that the choice tells nothing.

    Args:
        groups: the group of each case, by its id.
        within: the part that each case is in, by its id.
        under: how many cases are too few.
        others: what the joined groups are called.
        order: what the groups are sorted by.
    """
    sizes = Counter((group, within[case]) for case, group in groups.items())
    parts = sorted(set(within.values()))
    joined = {group for (group, _), size in sizes.items() if size < under}
    if not joined:
        return groups
    for part in parts:
        few = [group for group in joined if is_few(sizes[group, part], under)]
        large = sorted((g for (g, of), size in sizes.items() if of == part and size >= under), key=order)
        if few and large and joined.isdisjoint(large):
            joined.add(large[0])
    for part in parts:
        few = [group for group in joined if is_few(sizes[group, part], under)]
        if few and sum(sizes[group, part] for group in joined) < 2 * under + len(few) - 2:
            return None
    shown = {case: others if group in joined else group for case, group in groups.items()}
    return None if set(shown.values()) == {others} else shown


def decided_by_group(
    outcomes: Mapping[str, Outcome], groups: Mapping[str, _Group], under: int
) -> Mapping[_Group, Mapping[Outcome, int]] | None:
    """How many cases of each group are met and not met; None if those, or how many are neither, are few anywhere.

    Args:
        outcomes: of each case, by its id.
        groups: the group of each case, by its id.
        under: how many cases are too few.
    """
    counts = Counter(zip(groups.values(), map(outcomes.get, groups), strict=True))
    rows = {}
    for group, size in Counter(groups.values()).items():
        row = rows[group] = {outcome: counts[group, outcome] for outcome in DECIDED}
        if any(is_few(count, under) for count in (*row.values(), size - sum(row.values()))):
            return None
    return rows
