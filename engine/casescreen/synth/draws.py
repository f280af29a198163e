"""Drawing columns of made-up values: reproducible random numbers, and what each distribution makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from hashlib import blake2b
from statistics import NormalDist

import numpy as np
import polars as pl
from attrs import evolve, frozen
from numpy.typing import NDArray

from casescreen.columnar.expressions import type_of
from casescreen.model.calendar import WorkingCalendar
from casescreen.model.dictionary import Field, Kind, Value
from casescreen.synth.spec import (
    Bernoulli,
    Choice,
    Correlations,
    Cycle,
    DateOffset,
    IsRecorded,
    ParentCopy,
    Precondition,
    Quantiles,
    SerialNumber,
    SyntheticField,
)

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

_NORMAL = NormalDist()
_FINEST, _FURTHEST = 512, 6
_HEIGHTS = np.arange(-_FURTHEST * _FINEST, _FURTHEST * _FINEST + 1) / _FINEST
_BELOW = np.array([_NORMAL.cdf(float(height)) for height in _HEIGHTS])


@frozen
class RandomStream:
    """Where the numbers of one block of cases come from."""

    seed: int
    block: int

    def uniform(self, name: str, count: int) -> Floats:
        """Numbers between 0 and 1, neither included; the first of many are the first of few."""
        digest = blake2b(f"{self.seed}/{self.block}/{name}".encode(), digest_size=16).digest()
        bits = np.random.Philox(key=int.from_bytes(digest, "little")).random_raw(count)
        numbers: Floats = ((bits >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52
        return numbers


def to_normal(uniform: Floats) -> Floats:
    """The numbers with a mean of 0 and a variance of 1 that stand at the same places among all as the uniform ones."""
    normal: Floats = np.interp(uniform, _BELOW, _HEIGHTS)
    return normal


def to_uniform(normal: Floats) -> Floats:
    """The way back."""
    uniform: Floats = np.interp(normal, _HEIGHTS, _BELOW)
    return uniform


def days_since_1970(day: date) -> int:
    """The number that stands for a date."""
    return (day - date(1970, 1, 1)).days


@frozen(eq=False)
class DrawnColumn:
    """The values of a field, and where there is one.

    Attributes:
        values: a date as the days since 1970, yes as 1 and no as 0, a word or text as its place among ``texts``, or as
            the number that goes into the one text that has a place for it.
    """

    field: Field
    values: Integers
    present: Booleans
    texts: tuple[str, ...] = ()

    def take(self, rows: Booleans | Integers) -> DrawnColumn:
        """Some of its rows, as a mask or by their numbers."""
        return evolve(self, values=self.values[rows], present=self.present[rows])

    def where(self, kept: Booleans, other: DrawnColumn) -> DrawnColumn:
        """Its values in some rows, and in the rest those of another column of the same field."""
        values, present = np.where(kept, self.values, other.values), np.where(kept, self.present, other.present)
        return evolve(self, values=values, present=present)

    def matches(self, precondition: Precondition) -> Booleans:
        """Where it has one of the values, or any if none is named."""
        if not precondition.values:
            return self.present
        codes = [self._code(value) for value in precondition.values]
        matching: Booleans = self.present & np.isin(self.values, codes)
        return matching

    def _code(self, value: Value) -> int:
        if isinstance(value, str):
            return self.texts.index(value) if value in self.texts else -1
        return days_since_1970(value) if isinstance(value, date) else int(value)

    def series(self) -> pl.Series:
        """The values as they are written, null where there is none."""
        values = pl.Series(self.field.name, self.values)
        # A number below 0 stands for no word, and one where nothing is recorded may be any.
        known = values.zip_with(pl.Series(self.present), pl.repeat(None, len(values), dtype=pl.Int64, eager=True))
        match self.field.kind:
            case Kind.DATE:
                return known.cast(pl.Int32).cast(pl.Date)
            case Kind.YES_NO:
                return known.cast(pl.Boolean)
            case Kind.NUMBER:
                return known
        if len(self.texts) == 1 and "{number}" in self.texts[0]:
            before, _, after = self.texts[0].partition("{number}")
            texts = pl.select(pl.concat_str(pl.lit(before), known.cast(pl.String), pl.lit(after))).to_series()
        else:
            texts = pl.Series(self.texts, dtype=type_of(self.field)).gather(known.cast(pl.UInt32))
        return texts.alias(self.field.name)


@frozen(eq=False)
class Calendar:
    """A calendar of working days, as numpy counts them, and its first and last working day since 1970."""

    business_days: np.busdaycalendar
    first: int
    last: int

    def add_working_days(self, start: Integers, counts: Integers) -> Integers:
        """So many working days after each date, or before it; no days is the date itself."""
        days, calendar = start.astype("datetime64[D]"), self.business_days
        after = np.busday_offset(days, counts, roll="preceding", busdaycal=calendar)
        before = np.busday_offset(days, counts, roll="following", busdaycal=calendar)
        return np.where(counts == 0, days, np.where(counts > 0, after, before)).astype(np.int64)


def to_calendar(calendar: WorkingCalendar) -> Calendar:
    """The same calendar for whole columns of dates."""
    days = np.busdaycalendar(holidays=np.array(sorted(calendar.holidays), dtype="datetime64[D]"))
    ends = np.array([calendar.covers_from, calendar.covers_until], dtype="datetime64[D]")
    first = np.busday_offset(ends[0], 0, roll="following", busdaycal=days)
    last = np.busday_offset(ends[1], 0, roll="preceding", busdaycal=days)
    return Calendar(days, int(first.astype(np.int64)), int(last.astype(np.int64)))


@frozen(eq=False)
class DrawnRows:
    """The rows that values are drawn for: the cases of a block, or rows of one of their tables.

    Attributes:
        table: its name, or "" for the cases.
        cases: how many cases there are.
        case: the case of each row.
        position: the number of the row in its case; of the case, in the caseload.
        columns: what was drawn already, by the name that it has here.
        parent: the columns of the parent rows.
        latent: the latent variables of each row's case.
        as_of: the as-of date in days since 1970.
    """

    stream: RandomStream
    table: str
    cases: int
    case: Integers
    position: Integers
    latent: Mapping[str, Floats]
    calendar: Calendar
    as_of: int
    columns: Mapping[str, DrawnColumn]
    parent: Mapping[str, DrawnColumn]

    def __len__(self) -> int:
        return len(self.case)

    def take(self, rows: Booleans | Integers) -> DrawnRows:
        """Some of the rows, or rows of some of the cases, numbered anew within their cases."""
        case = self.case[rows]
        return evolve(
            self,
            case=case,
            position=np.arange(len(case), dtype=np.int64) - np.searchsorted(case, case),
            latent={name: numbers[rows] for name, numbers in self.latent.items()},
            columns={name: column.take(rows) for name, column in self.columns.items()},
            parent={name: column.take(rows) for name, column in self.parent.items()},
        )

    def uniform(self, name: str, correlations: Correlations | None = None) -> Floats:
        """A number between 0 and 1 for each row, correlated with the latent variables as is said."""
        own = self.stream.uniform(f"{self.table}/{name}", len(self))
        if not correlations:
            return own
        rest = np.sqrt(max(0.0, 1.0 - sum(correlation**2 for correlation in correlations.values())))
        normal: Floats = rest * to_normal(own)
        for variable, correlation in correlations.items():
            normal = normal + correlation * self.latent[variable]
        return to_uniform(normal)

    def meet(self, preconditions: tuple[Precondition, ...]) -> Booleans:
        """The rows for which all of these are so."""
        known = {**self.parent, **self.columns}
        met = np.ones(len(self), dtype=np.bool_)
        for precondition in preconditions:
            met &= known[precondition.field.name].matches(precondition)
        return met

    def draw(self, fields: tuple[SyntheticField, ...]) -> DrawnRows:
        """The rows with what is so in these fields too, each drawn from those before it."""
        rows = self
        for synthetic in fields:
            column = _drawn(synthetic, rows)
            for instead in reversed(synthetic.instead):
                column = column.where(
                    ~rows.meet(instead.only_if), _drawn(evolve(synthetic, distribution=instead.distribution), rows)
                )
            present = column.present & rows.meet(synthetic.only_if)
            if synthetic.field.past:
                present &= column.values <= rows.as_of
            rows = evolve(rows, columns={**rows.columns, synthetic.field.name: evolve(column, present=present)})
        return rows


def _drawn(synthetic: SyntheticField, rows: DrawnRows) -> DrawnColumn:
    """The values of one field by its distribution, whether or not it is recorded or has yet come."""
    field = synthetic.field
    always = np.ones(len(rows), dtype=np.bool_)
    match synthetic.distribution:
        case IsRecorded(other):
            return DrawnColumn(field, rows.columns[other.name].present.astype(np.int64), always)
        case SerialNumber(text):
            return DrawnColumn(field, rows.position + 1, always, (text,))
        case Cycle(text, cases, length):
            return DrawnColumn(field, rows.position // cases % length + 1, always, (text,))
        case Choice(texts, weights, distinct=True):
            return DrawnColumn(field, _distinct(weights, field.name, rows), always, texts)
    uniform = rows.uniform(field.name, synthetic.correlations)
    match synthetic.distribution:
        case Bernoulli(yes):
            return DrawnColumn(field, (uniform > 1.0 - yes).astype(np.int64), always)
        case Choice(texts, weights):
            return DrawnColumn(field, weighted(uniform, weights), always, texts)
        case Quantiles() as quantiles:
            return DrawnColumn(field, between(uniform, quantiles), always)
        case DateOffset() as offset:
            return _dates(field, offset, uniform, rows)
        case ParentCopy(column, share, otherwise):
            same, parent = rows.uniform(f"{field.name}/same") < share, rows.parent[column.name]
            values = np.where(same, parent.values, weighted(uniform, otherwise.weights))
            return DrawnColumn(field, values, parent.present | ~same, otherwise.texts)
    raise AssertionError(synthetic.distribution)


def weighted(uniform: Floats, weights: tuple[float, ...]) -> Integers:
    """The place among the weights that each number falls on."""
    ends = np.cumsum(weights) / sum(weights)
    return np.searchsorted(ends[:-1], uniform, side="right").astype(np.int64)


def between(uniform: Floats, quantiles: Quantiles) -> Integers:
    """The whole number among the quantiles that stands where each number stands between 0 and 1."""
    places: Floats = np.linspace(0.0, 1.0, len(quantiles.points))
    return np.rint(np.interp(uniform, places, np.array(quantiles.points, dtype=np.float64))).astype(np.int64)


def _dates(field: Field, offset: DateOffset, uniform: Floats, rows: DrawnRows) -> DrawnColumn:
    """Dates some days from others; those that never come stand at the far end."""
    present = uniform <= 1.0 - offset.never
    within = np.minimum(uniform / (1.0 - offset.never), 1.0) if offset.never < 1.0 else uniform
    days = between(within, offset.days) * (-1 if offset.back else 1)
    if offset.cumulative:
        total, first = np.cumsum(days), np.searchsorted(rows.case, rows.case)
        days = total - total[first] + days[first]
    start = np.full(len(rows), rows.as_of, dtype=np.int64)
    if offset.base is not None:
        base = rows.columns[offset.base.name]
        start, present = base.values, present & base.present
    dates = rows.calendar.add_working_days(start, days) if offset.working else start + days
    # Beyond the calendar no deadline is known, and the case could not be screened.
    return DrawnColumn(field, np.clip(dates, rows.calendar.first, rows.calendar.last), present)


def _distinct(weights: tuple[float, ...], name: str, rows: DrawnRows) -> Integers:
    """Different words in the rows of a case: the heavier a word, the sooner its turn is likely to come."""
    words = len(weights)
    uniform = rows.stream.uniform(f"{rows.table}/{name}/order", rows.cases * words).reshape(rows.cases, words)
    heavy = np.array(weights)
    sooner = np.where(heavy > 0, -np.log(uniform) / np.where(heavy > 0, heavy, 1.0), np.inf)
    return np.argsort(sooner, axis=1, kind="stable")[rows.case, rows.position].astype(np.int64)
