"""What cannot be screened, cases and orphan rows: all are counted, and the first are named, with why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import polars as pl

from casescreen.columnar.frames import ROW
from casescreen.model.case import Rejected

MOST_NAMED = 20
"""How many ids of what was rejected are named."""

_WHY = "why"


def reject(cases: pl.Series, why: str) -> pl.DataFrame:
    """``case.row`` of cases by their numbers, which can be there several times in any order, and ``why``, in words."""
    return cases.cast(pl.UInt32).alias(ROW).to_frame().with_columns(pl.lit(why).alias(_WHY))


def first_reasons(rejections: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Each rejected case once and in order, with the first reason."""
    every = pl.concat([pl.DataFrame(schema={ROW: pl.UInt32, _WHY: pl.String}), *rejections])
    return every.unique(ROW, keep="first", maintain_order=True).sort(ROW)


def first_rejected(rejections: pl.DataFrame, ids: pl.Series) -> tuple[Rejected, ...]:
    """The first rejected cases in order of id, by the ids of all cases."""
    each = rejections.select(_WHY, case=ids.cast(pl.String).gather(rejections[ROW]).fill_null(""))
    first = each.group_by("case", _WHY).len("records").sort("case", _WHY).head(MOST_NAMED)
    return tuple(Rejected(**row) for row in first.to_dicts())


def first_by_id(each: Iterable[Rejected]) -> tuple[Rejected, ...]:
    """The first of those that are first in some parts."""
    records: Counter[tuple[str, str]] = Counter()
    for one in each:
        records[one.case, one.why] += one.records
    return tuple(Rejected(*known, number) for known, number in sorted(records.items())[:MOST_NAMED])
