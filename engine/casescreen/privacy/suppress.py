"""The figures of a screening as they may be shared: no case, and no small count, is in them or can be worked out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import Enum

from attrs import frozen

from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Concluded, ConclusionRule, RateIn, Rulebook, Scope
from casescreen.model.screening import Conclusion, Rate, Screening
from casescreen.report.case_summary import case_summaries
from casescreen.report.options import By

FEWEST = 3  # under 2, "fewer than 2" would be 1


class Kept(Enum):
    """Why a count is not shown.

    FEW: it is from 1 to one less than the threshold.
    WITHHELD: it reaches the threshold, and would give away one that is few.
    ROW: it is in a row of which nothing is shown, since nothing less would do.
    """

    FEW = "few"
    WITHHELD = "withheld"
    ROW = "row"


Shown = int | Kept


def is_few(count: int, under: int) -> bool:
    """Whether the count is too small to be shown. None at all is not."""
    return 0 < count < under


def kept_back(counts: Sequence[int], under: int) -> tuple[Shown, ...]:
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
        return (Kept.ROW,) * len(counts)
    kept = {**dict.fromkeys(few, Kept.FEW), large[0]: Kept.WITHHELD}
    return tuple(kept.get(place, count) for place, count in enumerate(counts))


ACT_NOW, ATTENTION, NOTHING = "act now", "needs attention", "nothing found"


@frozen
class Figures:
    """The counts of one criterion over a group of cases."""

    criterion: str
    counts: Mapping[Outcome, Shown]

    @property
    def rate(self) -> tuple[int, int] | None:
        """K of n, where both can be shown."""
        met, not_met = self.counts[Outcome.MET], self.counts[Outcome.NOT_MET]
        return None if isinstance(met, Kept) or isinstance(not_met, Kept) else (met, met + not_met)


@frozen
class SuppressedGroup:
    """The cases of a manager or a team.

    Attributes:
        figures: of the criteria of which no group has a small count.
    """

    name: str
    cases: Shown
    figures: tuple[Figures, ...]


@frozen
class Shared:
    """What may be shared of a screening.

    Attributes:
        under: no count from 1 up to one less is in it.
        cases: how many were screened. Where they are few, nothing is told of them.
        stands: how many cases need action, need attention, or neither.
        by: how the groups are made.
        conclusions: on all cases together, of rules that read only rates that are shown, without their figures.
    """

    rulebook: Rulebook
    as_of: date
    engine: str
    under: int
    cases: Shown
    left_out: Shown
    stands: Mapping[str, Shown]
    figures: tuple[Figures, ...]
    by: By
    groups: tuple[SuppressedGroup, ...]
    conclusions: tuple[Conclusion, ...]


def suppressed(screening: Screening, under: int, by: By) -> Shared:
    """What may be shared of the screening, with the figures of each manager or team if ``by`` says so."""
    few = is_few(len(screening.case_ids), under)
    figures = () if few else tuple(_figures(rate, under) for rate in screening.rates)
    return Shared(
        rulebook=screening.rulebook,
        as_of=screening.as_of,
        engine=screening.engine,
        under=under,
        cases=Kept.FEW if few else len(screening.case_ids),
        left_out=Kept.FEW if is_few(screening.left_out, under) else screening.left_out,
        stands={} if few else _stands(screening, under),
        figures=figures,
        by=by,
        groups=() if few else _groups(screening, figures, under, by),
        conclusions=() if few else _conclusions(screening, figures),
    )


def _figures(rate: Rate, under: int) -> Figures:
    """The counts come to the number of cases, which is told; where they are of rows, to no fewer."""
    shown = kept_back([rate.counts[outcome] for outcome in Outcome], under)
    return Figures(rate.criterion, dict(zip(Outcome, shown, strict=True)))


def _stands(screening: Screening, under: int) -> dict[str, Shown]:
    cases = case_summaries(screening)
    urgent = sum(bool(case.actions) for case in cases)
    wanting = sum(case.needs_attention for case in cases) - urgent
    counts = kept_back((urgent, wanting, len(cases) - urgent - wanting), under)
    return dict(zip((ACT_NOW, ATTENTION, NOTHING), counts, strict=True))


def _groups(screening: Screening, figures: Sequence[Figures], under: int, by: By) -> tuple[SuppressedGroup, ...]:
    rates, members = screening.by_manager, screening.managers
    if by is By.TEAM:
        rates, members = screening.by_team, screening.teams
    elif by is not By.MANAGER:
        return ()
    names = sorted(rates, key=lambda name: (not name, name))
    sizes = kept_back([sum(member == name for member in members.values()) for name in names], under)
    # Counts of a group's cases add up to its size, so none is told where a size is not.
    safe = set() if any(isinstance(size, Kept) for size in sizes) else _safe(figures, rates.values(), under)
    return tuple(
        SuppressedGroup(name, size, tuple(_whole(rate) for rate in rates[name] if rate.criterion in safe))
        for name, size in zip(names, sizes, strict=True)
    )


def _safe(figures: Iterable[Figures], groups: Iterable[Sequence[Rate]], under: int) -> set[str]:
    """The criteria that can be told group by group: no count of theirs is few, in a group or over all."""
    whole = {one.criterion for one in figures if not any(isinstance(count, Kept) for count in one.counts.values())}
    few = {r.criterion for rates in groups for r in rates if any(is_few(n, under) for n in r.counts.values())}
    return whole - few


def _whole(rate: Rate) -> Figures:
    return Figures(rate.criterion, dict(rate.counts))


def _conclusions(screening: Screening, figures: Iterable[Figures]) -> tuple[Conclusion, ...]:
    """Those on all cases of rules that read no rate kept back: else that they hold, or not, would narrow it."""
    rules = {rule.id: rule for rule in screening.rulebook.conclusions}
    told = {one.criterion for one in figures if one.rate is not None}
    on_all = (conclusion for conclusion in screening.conclusions if conclusion.on is Scope.SAMPLE)
    return tuple(conclusion for conclusion in on_all if _rates_read(conclusion.id, rules) <= told)


def _rates_read(conclusion: str, rules: Mapping[str, ConclusionRule]) -> set[str]:
    premises = rules[conclusion].premises
    read = {premise.criterion for premise in premises if isinstance(premise, RateIn)}
    for premise in premises:
        if isinstance(premise, Concluded):
            read |= _rates_read(premise.conclusion, rules)
    return read
