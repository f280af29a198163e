"""Columns of made-up values, as numbers that stand for them, and as they are written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl
from attrs import frozen
from numpy.typing import NDArray

from casescreen.columnar.expressions import type_of
from casescreen.model.dictionary import Field, Kind, Value

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

EPOCH = date(1970, 1, 1)


@frozen(eq=False)
class Column:
    """The values of a field, and where there is one.

    Attributes:
        values: a date as the days since 1970, yes as 1 and no as 0, a word or text as its place among ``texts``, or as
            the number that goes into the one text that has a place for it.
    """

    field: Field
    values: Whole
    there: Flags
    texts: tuple[str, ...] = ()

    def chosen(self, keep: Flags) -> Column:
        """Some of its rows."""
        return Column(self.field, self.values[keep], self.there[keep], self.texts)

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
