"""How much of what falls due is met, month by month: each duty once, as a run chart with its rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import sqrt
from statistics import median

from attrs import frozen

from casescreen.history.store import Duty
from casescreen.model.outcome import KNOWN, Outcome

RUN_LENGTH = 7
"""So many points in a row on one side of the median are a shift."""

FEWEST_POINTS, FEWEST_DUTIES = 12, 10
"""Limits are worked out from so many points at least, each of so many duties at least."""

_OPEN = (Outcome.NOT_EVIDENCED, Outcome.NEEDS_JUDGEMENT)
_XMR = Fraction(266, 100)
_Z = 1.96
_DECEMBER = 12


@frozen
class Point:
    """A month.

    Attributes:
        month: its first day.
        met: how many duties that fell due in it were met.
        of: of how many that were met or not met.
        unknown: of how many more nothing is recorded, or nobody has judged it.
        shifted: whether it is one of a shift.
        outside: whether it lies outside the limits.
    """

    month: date
    met: int
    of: int
    unknown: int
    shifted: bool = False
    outside: bool = False

    @property
    def share(self) -> Fraction | None:
        """How much was met, in per cent; None where nothing is decided."""
        return Fraction(100 * self.met, self.of) if self.of else None

    @property
    def interval(self) -> tuple[int, int]:
        """Where the share of all cases lies that a sample was drawn from, in per cent: 95 in 100 times (Wilson)."""
        share, square = self.met / self.of, _Z * _Z / self.of
        middle = (share + square / 2) / (1 + square)
        half = _Z * sqrt(share * (1 - share) / self.of + square / self.of / 4) / (1 + square)
        return max(0, int(100 * (middle - half))), min(100, -int(-100 * (middle + half) // 1))


@frozen
class RunChart:
    """Months in order, with those in which nothing fell due.

    Attributes:
        median: of the shares, in per cent; None where there is none.
        limits: between which the shares lie unless something has changed (XmR); None where there are too few points.
    """

    points: tuple[Point, ...]
    median: Fraction | None
    limits: tuple[Fraction, Fraction] | None


def run_chart(duties: Iterable[Duty], first: date, as_of: date) -> RunChart:
    """The chart of duties by the month in which they fell due.

    Args:
        duties: each once.
        first: a day in the first month.
        as_of: the day of the latest run. Its month is not over, so it has no point.
    """
    counts = Counter((one.due.replace(day=1), one.outcome) for one in duties)
    points = []
    for month in _months(first, as_of):
        known = {outcome: counts[month, outcome] for outcome in KNOWN}
        unknown = sum(counts[month, outcome] for outcome in _OPEN)
        points.append(Point(month, known[Outcome.MET], sum(known.values()), unknown))
    shares = [point.share for point in points if point.share is not None]
    middle = median(shares) if shares else None
    limits = _limits(points)
    shifted = frozenset() if middle is None else _shifts([point.share for point in points], middle)
    marked = (
        Point(
            point.month,
            point.met,
            point.of,
            point.unknown,
            shifted=place in shifted,
            outside=limits is not None
            and point.of >= FEWEST_DUTIES
            and point.share is not None
            and not limits[0] <= point.share <= limits[1],
        )
        for place, point in enumerate(points)
    )
    return RunChart(tuple(marked), middle, limits)


def _months(first: date, as_of: date) -> list[date]:
    month, months = first.replace(day=1), list[date]()
    while month < as_of.replace(day=1):
        months.append(month)
        over = month.month == _DECEMBER
        month = month.replace(year=month.year + over, month=1 if over else month.month + 1)
    return months


def _shifts(shares: Sequence[Fraction | None], middle: Fraction) -> frozenset[int]:
    """The places of points in runs on one side of the median. A point on it neither ends a run nor counts.

    A month without a point ends a run: nobody knows on which side it would have been.
    """
    shifted, run, side = set[int](), list[int](), 0
    for place, share in enumerate([*shares, None]):
        now = 0 if share is None else (share > middle) - (share < middle)
        if share is not None and now in (0, side):
            run += [place] if now else []
            continue
        if len(run) >= RUN_LENGTH:
            shifted.update(run)
        run, side = ([place] if now else []), now
    return frozenset(shifted)


def _limits(points: Sequence[Point]) -> tuple[Fraction, Fraction] | None:
    """Mean, more and less 2.66 times the mean difference from one month to the next; within 0 and 100 per cent.

    Months of too few duties have no part in it, and no difference is taken over one, or over a gap.
    """
    shares = [point.share if point.of >= FEWEST_DUTIES else None for point in points]
    there = [share for share in shares if share is not None]
    moved = [abs(after - before) for before, after in pairwise(shares) if before is not None and after is not None]
    if len(there) < FEWEST_POINTS or not moved:
        return None
    mean, reach = sum(there, Fraction()) / len(there), _XMR * sum(moved, Fraction()) / len(moved)
    return max(Fraction(), mean - reach), min(Fraction(100), mean + reach)
