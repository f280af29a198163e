"""How many cases have each outcome: counted in each part of a caseload, and added up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import polars as pl
from attrs import frozen

from casescreen.evaluate.bulk.criteria import AskedOfAll
from casescreen.evaluate.bulk.frames import ROW, CaseFrames
from casescreen.evaluate.bulk.plan import Plan
from casescreen.evaluate.bulk.reading import Part, Wanted
from casescreen.evaluate.bulk.troubles import screenable
from casescreen.model.outcome import Outcome

OUTCOMES = tuple(Outcome)
"""Outcomes stand in frames as their position here."""

_SCHEMA = {"by": pl.String, "group": pl.String, "criterion": pl.UInt16, "outcome": pl.UInt8, "number": pl.Int64}


@frozen(eq=False)
class Tally:
    """How many cases, or rows of them, have each outcome of each criterion.

    Attributes:
        counts: ``number`` of each ``criterion`` (its position in the rulebook) and ``outcome`` (its position among
            ``OUTCOMES``), over all cases, where ``by`` is "", and over each ``group`` of those with one value of the
            field ``by``.
        cases: how many cases were screened.
        left_out: how many could not be.
    """

    counts: pl.DataFrame
    cases: int
    left_out: int


def tally(plan: Plan, frames: CaseFrames, by: Sequence[str] = ()) -> Tally:
    """Count the outcomes in one part of a caseload, over all of it and over groups by fields of the case."""
    rest, left_out = screenable(plan, frames)
    part = plan.worker.work_out(rest, wanted(plan, by))
    counts = [_counted(plan, part, field) for field in ("", *by)]
    return Tally(pl.concat(counts), len(part.cases), left_out)


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum over the parts of a caseload."""
    counts, cases, left_out = pl.DataFrame(schema=_SCHEMA), 0, 0
    for one in tallies:
        counts = _summed(pl.concat([counts, one.counts]))
        cases, left_out = cases + one.cases, left_out + one.left_out
    return Tally(counts, cases, left_out)


def wanted(plan: Plan, of_cases: Sequence[str] = ()) -> Wanted:
    """The columns of all outcomes, and what else is to be read of the cases."""
    found: dict[str, list[str]] = {"": list(of_cases)}
    for one in plan.asked:
        found.setdefault(one.table, []).extend(one.outcomes.values())
        found[""].extend(one.of_nothing.values())
    return found


def _summed(counts: pl.DataFrame) -> pl.DataFrame:
    keys = [name for name in _SCHEMA if name != "number"]
    return counts.group_by(keys).agg(pl.col("number").sum()).sort(keys)


def _counted(plan: Plan, part: Part, by: str) -> pl.DataFrame:
    of_cases = part.cases.get_column(by, default=None)
    counts = [
        _sums(frame, columns, of_cases if of_cases is None or not table else of_cases.gather(frame[ROW]))
        for table, frame in {"": part.cases, **part.tables}.items()
        if (columns := list(_columns(plan.asked, table)))
    ]
    return _summed(pl.concat(counts)).select(pl.lit(by).alias("by"), *list(_SCHEMA)[1:])


def _columns(asked: Iterable[AskedOfAll], table: str) -> Iterator[tuple[int, int, str]]:
    """Each criterion and outcome with the column, of the cases or of a table's rows, that says who has it."""
    for number, one in enumerate(asked):
        if one.table == table:
            yield from ((number, OUTCOMES.index(outcome), name) for outcome, name in one.outcomes.items())
        if not table:
            yield from ((number, OUTCOMES.index(outcome), name) for outcome, name in one.of_nothing.items())


def _sums(frame: pl.DataFrame, columns: list[tuple[int, int, str]], groups: pl.Series | None) -> pl.DataFrame:
    """The sum of each column over each group."""
    names = sorted({name for _, _, name in columns})
    if groups is None:
        sums = frame.select(pl.lit("").alias("group"), pl.col(names).sum())
    else:
        named = groups.cast(pl.String).fill_null("").alias("group")
        sums = frame.select(named, *names).group_by("group").agg(pl.col(names).sum())
    each = (
        sums.select("group", criterion=pl.lit(number), outcome=pl.lit(outcome), number=pl.col(name))
        for number, outcome, name in columns
    )
    return pl.concat(each).select(pl.lit("").alias("by"), *list(_SCHEMA)[1:]).cast(_SCHEMA)  # type: ignore[arg-type]
