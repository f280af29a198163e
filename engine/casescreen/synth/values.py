"""Values made from numbers between 0 and 1, each as its maker says."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from casescreen.synth.distributions import (
    DrawnColumn,
    Flags,
    Numbers,
    RandomStream,
    Whole,
    WorkingDays,
    to_normal,
    to_uniform,
)
from casescreen.synth.spec import (
    Day,
    Draw,
    Follows,
    InTurns,
    Numbered,
    OnlyIf,
    SameAs,
    Share,
    Spread,
    WhetherThere,
    Words,
)


@frozen(eq=False)
class DrawContext:
    """The rows that values are drawn for: the cases of a block, or rows of one of their tables.

    Attributes:
        name: the table, or "" for the cases.
        cases: how many cases there are.
        of: the case of each row.
        turn: the number of the row in its case; of the case, in the caseload.
        drawn: what was drawn already, by the name that it has here.
        like: the columns of the rows that these are like.
        hidden: the hidden factors of each row's case.
    """

    chance: RandomStream
    name: str
    cases: int
    of: Whole
    turn: Whole
    drawn: Mapping[str, DrawnColumn]
    like: Mapping[str, DrawnColumn]
    hidden: Mapping[str, Numbers]
    working: WorkingDays
    as_of: int

    def __len__(self) -> int:
        return len(self.of)

    def uniform(self, name: str, follows: Follows) -> Numbers:
        """A number between 0 and 1 for each row, that goes with the hidden factors as is said."""
        own = self.chance.uniform(f"{self.name}/{name}", len(self))
        if not follows:
            return own
        rest = np.sqrt(max(0.0, 1.0 - sum(with_**2 for with_ in follows.values())))
        together = rest * to_normal(own)
        for factor, with_ in follows.items():
            together = together + with_ * self.hidden[factor]
        return to_uniform(together)

    def meets(self, conditions: tuple[OnlyIf, ...]) -> Flags:
        """The rows for which all of these are so."""
        known = {**self.like, **self.drawn}
        met = np.ones(len(self), dtype=np.bool_)
        for condition in conditions:
            met &= known[condition.field.name].among(condition.values)
        return met


def make(draw: Draw, rows: DrawContext) -> DrawnColumn:
    """The values of one field: what is so, before anything of it goes unrecorded."""
    column = _made(draw, rows)
    there = column.there & rows.meets(draw.only_if)
    if draw.field.past:
        there &= column.values <= rows.as_of
    return DrawnColumn(draw.field, column.values, there, column.texts)


def _made(draw: Draw, rows: DrawContext) -> DrawnColumn:
    every = np.ones(len(rows), dtype=np.bool_)
    match draw.maker:
        case WhetherThere(of):
            return DrawnColumn(draw.field, rows.drawn[of.name].there.astype(np.int64), every)
        case Numbered(text):
            return DrawnColumn(draw.field, rows.turn + 1, every, (text,))
        case InTurns(text, cases, of):
            return DrawnColumn(draw.field, rows.turn // cases % of + 1, every, (text,))
        case Words(distinct=True) as words:
            return DrawnColumn(draw.field, _distinct(words, rows, draw.field.name), every, words.words)
    chosen = rows.uniform(draw.field.name, draw.follows)
    match draw.maker:
        case Share(yes):
            return DrawnColumn(draw.field, (chosen > 1.0 - yes).astype(np.int64), every)
        case Words(texts, weights):
            return DrawnColumn(draw.field, weighed(chosen, weights), every, texts)
        case Spread() as spread:
            return DrawnColumn(draw.field, spread_out(chosen, spread), every)
        case Day() as day:
            return _day(draw, day, chosen, rows)
        case SameAs(column, share, otherwise):
            same = rows.chance.uniform(f"{rows.name}/{draw.field.name}/same", len(rows)) < share
            own, other = weighed(chosen, otherwise.weights), rows.like[column.name]
            return DrawnColumn(draw.field, np.where(same, other.values, own), other.there | ~same, otherwise.words)
    raise AssertionError(draw.maker)


def weighed(chosen: Numbers, weights: tuple[float, ...]) -> Whole:
    """The place among the weights that each number falls on."""
    ends = np.cumsum(weights) / sum(weights)
    return np.searchsorted(ends[:-1], chosen, side="right").astype(np.int64)


def spread_out(chosen: Numbers, spread: Spread) -> Whole:
    """The whole number of the spread that stands where each number stands between 0 and 1."""
    places: NDArray[np.float64] = np.linspace(0.0, 1.0, len(spread.points))
    return np.rint(np.interp(chosen, places, np.array(spread.points, dtype=np.float64))).astype(np.int64)


def _day(draw: Draw, day: Day, chosen: Numbers, rows: DrawContext) -> DrawnColumn:
    """Dates some days from others; those that never come stand at the far end."""
    comes = chosen <= 1.0 - day.never
    within = np.minimum(chosen / (1.0 - day.never), 1.0) if day.never < 1.0 else chosen
    offsets = spread_out(within, day.days) * (-1 if day.back else 1)
    if day.in_turn:
        offsets = _running(offsets, rows.of)
    if day.of is None:
        start, there = np.full(len(rows), rows.as_of, dtype=np.int64), comes
    else:
        other = rows.drawn[day.of.name]
        start, there = other.values, comes & other.there
    found = rows.working.on(start, offsets) if day.working else start + offsets
    # Beyond the calendar no deadline is known, and the case could not be screened.
    return DrawnColumn(draw.field, np.clip(found, rows.working.days[0], rows.working.days[-1]), there)


def _running(numbers: Whole, of: Whole) -> Whole:
    """The sum of the numbers of each case up to each row."""
    total = np.cumsum(numbers)
    first = np.searchsorted(of, of)
    return total - total[first] + numbers[first]


def _distinct(words: Words, rows: DrawContext, name: str) -> Whole:
    """Different words in the rows of a case: the heavier a word, the sooner its turn is likely to come."""
    among = len(words.words)
    drawn = rows.chance.uniform(f"{rows.name}/{name}/order", rows.cases * among).reshape(rows.cases, among)
    weights = np.array(words.weights)
    sooner = np.where(weights > 0, -np.log(drawn) / np.where(weights > 0, weights, 1.0), np.inf)
    order = np.argsort(sooner, axis=1, kind="stable")
    return order[rows.of, rows.turn].astype(np.int64)
