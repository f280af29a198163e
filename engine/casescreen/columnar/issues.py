"""What is wrong with very many records: issues, counted in each part and added up, and the first that are rejected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import polars as pl
from attrs import Factory, define

from casescreen.columnar.frames import ROW
from casescreen.model.case import Rejected
from casescreen.model.rulebook import Severity, worst
from casescreen.model.screening import IssueCount, IssueKind

MOST_NAMED = 20
"""How many ids of what was rejected are named."""

_WHY = "why"


@define(eq=False)
class IssueCounts:
    """The issues of one part.

    Attributes:
        severities: how severe each field is that a criterion reads, by its full name.
    """

    severities: Mapping[str, Severity]
    _counts: Counter[tuple[IssueKind, str, str, Severity | None]] = Factory(Counter)

    def add(self, kind: IssueKind, where: str, what: str, number: int, fields: Iterable[str] = ()) -> None:
        """Count an issue: at a field, a table or a check; of what is not known for it, or of the place itself."""
        if not number:
            return
        severity = None
        if kind in (IssueKind.UNREADABLE, IssueKind.IMPOSSIBLE):
            names = [*fields] or [where]
            severity = worst(
                severity
                for name in names
                for known, severity in self.severities.items()
                if known == name or known.startswith(f"{name}.")
            )
        self._counts[kind, where, what, severity] += number

    def counted(self) -> tuple[IssueCount, ...]:
        """All of them, in order."""
        return added_up(IssueCount(*key, number) for key, number in self._counts.items())


def added_up(each: Iterable[IssueCount]) -> tuple[IssueCount, ...]:
    """The issues of several parts, in order of kind, place and words."""
    counts: Counter[tuple[IssueKind, str, str, Severity | None]] = Counter()
    for one in each:
        counts[one.kind, one.where, one.what, one.severity] += one.number
    kinds = list(IssueKind)
    ordered = sorted(counts.items(), key=lambda item: (kinds.index(item[0][0]), item[0][1:3]))
    return tuple(IssueCount(*key, number) for key, number in ordered)


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
