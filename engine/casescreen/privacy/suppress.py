"""The figures of a screening as they may be shared: no case, and no small count, is in them or can be worked out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import evolve

from casescreen.evaluate.case_summary import case_summaries
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Concluded, ConclusionRule, RateIn, Scope
from casescreen.model.screening import (
    CaseState,
    Conclusion,
    Count,
    Quoting,
    Rate,
    Screening,
    Summary,
    Suppressed,
)

FEWEST = 3  # under 2, "fewer than 2" would be 1


def is_few(count: int, under: int) -> bool:
    """Whether the count is too small to be shown. None at all is not."""
    return 0 < count < under


def kept_back(counts: Sequence[int], under: int) -> tuple[Count, ...]:
    """The counts of a row whose sum is known, with what must be kept back.

    A row without small counts stays. If two or more counts reach the threshold, the small ones are kept back, and the
    first that reaches it with them; else nothing of the row is shown. Which one goes is a matter of its place and
    never of its size: whoever knows how it is chosen learns nothing from the choice. So the counts can be other
    numbers, and the row would look the same; only where all small ones are 1 and the other is the least that it can
    be they could not, and then nothing of the row is shown either.
    """
    few = [place for place, count in enumerate(counts) if is_few(count, under)]
    large = [place for place, count in enumerate(counts) if count >= under]
    if not few:
        return tuple(counts)
    if len(large) < 2 or (counts[large[0]] == under and all(counts[place] == 1 for place in few)):  # noqa: PLR2004 - see above
        return (Suppressed.ROW,) * len(counts)
    kept = {**dict.fromkeys(few, Suppressed.FEW), large[0]: Suppressed.WITHHELD}
    return tuple(kept.get(place, count) for place, count in enumerate(counts))


def suppressed(screening: Screening, under: int, by: Scope | None) -> Summary:
    """What may be shared of the screening, with the figures of each manager or team if ``by`` says so.

    Where the cases are few, nothing is told of them. What is left of groups are the criteria of which no group has a
    small count; of conclusions those on all cases together, of rules that read only rates that are shown, without
    their figures.
    """
    few = is_few(len(screening.case_ids), under)
    rates, states = [], dict[CaseState, Count]()
    if not few:
        for rate in screening.rates:
            # The counts come to the number of cases, which is told; where they are of rows, to no fewer.
            counts = kept_back([rate.count(outcome) for outcome in Outcome], under)
            rates.append(Rate(rate.criterion, dict(zip(Outcome, counts, strict=True)), ""))
        cases = case_summaries(screening)
        urgent = sum(bool(case.actions) for case in cases)
        wanting = sum(case.needs_attention for case in cases) - urgent
        counts = kept_back((urgent, wanting, len(cases) - urgent - wanting), under)
        states = dict(zip(CaseState, counts, strict=True))
    scope = None if few else by
    managers = _groups(screening.by_manager, screening.managers, rates, under) if scope is Scope.MANAGER else {}
    teams = _groups(screening.by_team, screening.teams, rates, under) if scope is Scope.TEAM else {}
    return Summary(
        as_of=screening.as_of,
        rulebook=screening.rulebook,
        engine=screening.engine,
        suppressed_under=under,
        cases=Suppressed.FEW if few else len(screening.case_ids),
        left_out=Suppressed.FEW if is_few(screening.left_out, under) else screening.left_out,
        not_begun=Suppressed.FEW if is_few(len(screening.cases_not_begun), under) else len(screening.cases_not_begun),
        states=states,
        rates=tuple(rates),
        by_manager={name: rates for name, (_, rates) in managers.items()},
        by_team={name: rates for name, (_, rates) in teams.items()},
        manager_sizes={name: size for name, (size, _) in managers.items()},
        team_sizes={name: size for name, (size, _) in teams.items()},
        conclusions=() if few else tuple(_conclusions(screening, rates)),
        quoting=Quoting.NOTHING,
    )


def _groups(
    groups: Mapping[str, tuple[Rate, ...]], members: Mapping[str, str], over_all: Sequence[Rate], under: int
) -> dict[str, tuple[Count, tuple[Rate, ...]]]:
    """The size of each group and its rates; those of whom the record names no one come last."""
    names = sorted(groups, key=lambda name: (not name, name))
    sizes = kept_back([sum(member == name for member in members.values()) for name in names], under)
    # Counts of a group's cases add up to its size, so none is told where a size is not.
    safe = _safe(over_all, groups.values(), under) if all(isinstance(size, int) for size in sizes) else set[str]()
    return {
        name: (size, tuple(rate for rate in groups[name] if rate.criterion in safe))
        for name, size in zip(names, sizes, strict=True)
    }


def _safe(over_all: Iterable[Rate], groups: Iterable[Sequence[Rate]], under: int) -> set[str]:
    """The criteria that can be told group by group: no count of theirs is few, in a group or over all."""
    whole = {rate.criterion for rate in over_all if all(isinstance(count, int) for count in rate.counts.values())}
    few = {r.criterion for rates in groups for r in rates if any(is_few(r.count(one), under) for one in r.counts)}
    return whole - few


def _conclusions(screening: Screening, rates: Iterable[Rate]) -> Iterator[Conclusion]:
    """Those on all cases of rules that read no rate kept back: else that they hold, or not, would narrow it."""
    rules = {rule.id: rule for rule in screening.rulebook.conclusions}
    told = {rate.criterion for rate in rates if rate.shown is not None}
    for conclusion in screening.conclusions:
        if conclusion.on is Scope.SAMPLE and _rates_read(conclusion.id, rules) <= told:
            titles = "; ".join(screening.rulebook.criterion[criterion].title for criterion in conclusion.rates)
            yield evolve(conclusion, because=(titles,) if titles else ())


def _rates_read(conclusion: str, rules: Mapping[str, ConclusionRule]) -> set[str]:
    premises = rules[conclusion].premises
    read = {premise.criterion for premise in premises if isinstance(premise, RateIn)}
    return read.union(*(_rates_read(one.conclusion, rules) for one in premises if isinstance(one, Concluded)))
