"""Conclusions on single cases, for all cases at once: each is inferred once for all that are alike in what it rests on.

A conclusion depends on nothing but what it rests on, so how many kinds of cases there are for it is known beforehand,
and few of them occur.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_
from threading import Lock

import polars as pl
from attrs import field, frozen

from casescreen.evaluate.bulk.plan import Plan
from casescreen.evaluate.bulk.premises import Ground, grounds_of, on_cases
from casescreen.evaluate.inference import Inferrer
from casescreen.model.outcome import EVERY_STANDING, Outcome, decide
from casescreen.model.rulebook import ConclusionRule, FactIs, FlagIs

_BITS_OF_A_KEY = 62

# A standing for each outcome: what is concluded rests on nothing else of it.
_STANDINGS = {outcome: next(one for one in EVERY_STANDING if decide(one) is outcome) for outcome in Outcome}


def conclusion_column(rule: str) -> str:
    """The name of the column that says of which cases a conclusion holds, and of that which counts them."""
    return f"{rule} concluded"


@frozen(eq=False)
class Drawer:
    """Draws the conclusions on the cases of one part after another."""

    plan: Plan
    infer: Inferrer
    _one_at_a_time: Lock = field(factory=Lock, init=False)  # parts are worked on side by side; the engine is one

    @property
    def rests_on(self) -> tuple[str, ...]:
        """The columns of the cases that must have been worked out."""
        return tuple(dict.fromkeys(self.plan.premises.values()))

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns that are drawn."""
        return tuple(conclusion_column(rule.id) for rule in on_cases(self.plan.rulebook))

    def add_to(self, cases: pl.DataFrame) -> pl.DataFrame:
        """The cases with a column for each conclusion, of which it holds."""
        return cases.with_columns(self._drawn(rule, cases) for rule in on_cases(self.plan.rulebook))

    def _drawn(self, rule: ConclusionRule, cases: pl.DataFrame) -> pl.Series:
        grounds = [one for one in grounds_of(rule, self.plan.rulebook) if one in self.plan.premises]
        if not grounds:
            return pl.repeat(False, len(cases), dtype=pl.Boolean, eager=True).alias(conclusion_column(rule.id))
        kinds = cases.select(_kind([self.plan.premises[one] for one in grounds])).to_series()
        holding = [kind for kind in kinds.unique() if self._follows(rule, _so(grounds, kind))]
        return kinds.is_in(pl.Series(holding, dtype=kinds.dtype).implode()).alias(conclusion_column(rule.id))

    def _follows(self, rule: ConclusionRule, so: Sequence[Ground]) -> bool:
        standings = [(one[0], _STANDINGS[one[1]]) for one in so if isinstance(one, tuple)]
        facts = [one.fact for one in so if isinstance(one, FactIs)]
        flags = [(one.criterion, one.flag) for one in so if isinstance(one, FlagIs)]
        with self._one_at_a_time:
            return rule.id in self.infer.on_case(standings, facts, flags).conclusions


def _kind(names: Sequence[str]) -> pl.Expr:
    """One value that says which of the columns are true: a number, or numbers joined where one cannot hold it."""
    words = [_word(names[at : at + _BITS_OF_A_KEY]) for at in range(0, len(names), _BITS_OF_A_KEY)]
    return words[0] if len(words) == 1 else pl.concat_str(words, separator=" ")


def _word(names: Sequence[str]) -> pl.Expr:
    nothing = pl.lit(0, pl.Int64)
    bits = (
        pl.when(pl.col(name)).then(pl.lit(1 << place, pl.Int64)).otherwise(nothing) for place, name in enumerate(names)
    )
    return reduce(or_, bits)


def _so(grounds: Sequence[Ground], kind: int | str) -> list[Ground]:
    return list(_each_so(grounds, [int(word) for word in str(kind).split()]))


def _each_so(grounds: Sequence[Ground], words: Sequence[int]) -> Iterator[Ground]:
    for place, ground in enumerate(grounds):
        if words[place // _BITS_OF_A_KEY] >> place % _BITS_OF_A_KEY & 1:
            yield ground
