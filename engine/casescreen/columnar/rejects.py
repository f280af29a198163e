"""What cannot be screened, cases and rows of none: all are counted, and the first are named, with why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import polars as pl
from attrs import frozen

from casescreen.columnar.frames import ROW
from casescreen.model.case import Rejected

MOST_NAMED = 20
"""How many ids of what was left out are named."""

_WHY = "why"


@frozen(eq=False)
class RejectReason:
    """What is wrong with some cases of a part.

    Attributes:
        why: what is wrong with each, in words.
        cases: their numbers, in any order; one can be there several times.
    """

    why: str
    cases: pl.Series


def rejected(troubles: Iterable[RejectReason]) -> pl.DataFrame:
    """``case.row`` of each case with troubles, once and in order, and ``why``."""
    every = pl.concat([pl.DataFrame(schema={ROW: pl.UInt32, _WHY: pl.String}), *map(_rows, troubles)])
    return every.unique(ROW, keep="first", maintain_order=True).sort(ROW)


def first_of(found: pl.DataFrame, ids: pl.Series) -> tuple[Rejected, ...]:
    """The first in order of id of the cases with troubles, by the ids of all cases."""
    each = found.select(_WHY, case=ids.cast(pl.String).gather(found[ROW]).fill_null(""))
    named = each.group_by("case", _WHY).len("records").sort("case", _WHY).head(MOST_NAMED)
    return tuple(Rejected(**row) for row in named.to_dicts())


def first_by_id(each: Iterable[Rejected]) -> tuple[Rejected, ...]:
    """The first of those that are first in some parts."""
    records: Counter[tuple[str, str]] = Counter()
    for one in each:
        records[one.case, one.why] += one.records
    return tuple(Rejected(*known, number) for known, number in sorted(records.items())[:MOST_NAMED])


def _rows(trouble: RejectReason) -> pl.DataFrame:
    return trouble.cases.cast(pl.UInt32).alias(ROW).to_frame().with_columns(pl.lit(trouble.why).alias(_WHY))
