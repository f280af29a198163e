"""Chance that can be had again, and columns of made-up values as numbers that stand for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import blake2b
from statistics import NormalDist

import numpy as np
import polars as pl
from attrs import frozen
from numpy.typing import NDArray

from casescreen.columnar.expressions import type_of
from casescreen.model.calendar import WorkingCalendar
from casescreen.model.dictionary import Field, Kind, Value

Numbers = NDArray[np.float64]

_NORMAL = NormalDist()
_FINEST, _FURTHEST = 512, 6
_HEIGHTS = np.arange(-_FURTHEST * _FINEST, _FURTHEST * _FINEST + 1) / _FINEST
_BELOW = np.array([_NORMAL.cdf(float(height)) for height in _HEIGHTS])


@frozen
class RandomStream:
    """Where the numbers of one block of cases come from."""

    seed: int
    block: int

    def uniform(self, name: str, count: int) -> Numbers:
        """Numbers between 0 and 1, neither included; the first of many are the first of few."""
        digest = blake2b(f"{self.seed}/{self.block}/{name}".encode(), digest_size=16).digest()
        bits = np.random.Philox(key=int.from_bytes(digest, "little")).random_raw(count)
        numbers: Numbers = ((bits >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52
        return numbers

    def normal(self, name: str, count: int) -> Numbers:
        """Numbers around 0 as heights of people are around their mean, with a variance of 1."""
        return to_normal(self.uniform(name, count))


def to_normal(uniform: Numbers) -> Numbers:
    """The normal numbers that stand at the same places among all as the uniform ones."""
    normal: Numbers = np.interp(uniform, _BELOW, _HEIGHTS)
    return normal


def to_uniform(normal: Numbers) -> Numbers:
    """The way back."""
    uniform: Numbers = np.interp(normal, _HEIGHTS, _BELOW)
    return uniform


Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

EPOCH = date(1970, 1, 1)


@frozen(eq=False)
class DrawnColumn:
    """The values of a field, and where there is one.

    Attributes:
        values: a date as the days since 1970, yes as 1 and no as 0, a word or text as its place among ``texts``, or as
            the number that goes into the one text that has a place for it.
    """

    field: Field
    values: Whole
    there: Flags
    texts: tuple[str, ...] = ()

    def chosen(self, keep: Flags) -> DrawnColumn:
        """Some of its rows."""
        return DrawnColumn(self.field, self.values[keep], self.there[keep], self.texts)

    def among(self, values: Sequence[Value]) -> Flags:
        """Where it has one of these values."""
        codes = [self._code(value) for value in values]
        found: Flags = self.there & np.isin(self.values, codes)
        return found

    def _code(self, value: Value) -> int:
        if isinstance(value, str):
            return self.texts.index(value) if value in self.texts else -1
        return days_of(value) if isinstance(value, date) else int(value)

    def series(self) -> pl.Series:
        """The values as they are written, null where there is none."""
        values = pl.Series(self.field.name, self.values)
        # A number below 0 stands for no word, and one where nothing is recorded may be any.
        known = values.zip_with(pl.Series(self.there), pl.repeat(None, len(values), dtype=pl.Int64, eager=True))
        match self.field.kind:
            case Kind.DATE:
                return known.cast(pl.Int32).cast(pl.Date)
            case Kind.YES_NO:
                return known.cast(pl.Boolean)
            case Kind.NUMBER:
                return known
            case _:
                return self._worded(known).alias(self.field.name)

    def _worded(self, known: pl.Series) -> pl.Series:
        if len(self.texts) == 1 and "{number}" in self.texts[0]:
            before, _, after = self.texts[0].partition("{number}")
            return pl.select(pl.concat_str(pl.lit(before), known.cast(pl.String), pl.lit(after))).to_series()
        return pl.Series(self.texts, dtype=type_of(self.field)).gather(known.cast(pl.UInt32))


def days_of(day: date) -> int:
    """The days since 1970."""
    return (day - EPOCH).days


_WORKING_WEEK = 5


@frozen(eq=False)
class WorkingDays:
    """The working days of a calendar in order, as days since 1970."""

    days: Whole

    def on(self, start: Whole, offsets: Whole) -> Whole:
        """So many working days after each date, or before it; no days is the date itself.

        Beyond the calendar it is the calendar's first or last working day.
        """
        after = np.searchsorted(self.days, start, side="right") - 1 + offsets
        before = np.searchsorted(self.days, start, side="left") + offsets
        places = np.clip(np.where(offsets > 0, after, before), 0, len(self.days) - 1)
        return np.where(offsets == 0, start, self.days[places])


def working_days(calendar: WorkingCalendar) -> WorkingDays:
    """Those that the calendar covers."""
    length = (calendar.covers_until - calendar.covers_from).days + 1
    days = (calendar.covers_from + timedelta(days=number) for number in range(length))
    working = [day for day in days if day.weekday() < _WORKING_WEEK and day not in calendar.holidays]
    return WorkingDays(np.array([days_of(day) for day in working], dtype=np.int64))
