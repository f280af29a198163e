"""What workers send back: counts of each group of cases, the first that were left out, and what went wrong.

Each is a row. Those of one group are added up wherever they meet, so that what reaches the driver grows with the parts
only by the cases that are named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl
import pyarrow as pa

from casescreen.evaluate.bulk.concluding import conclusion_column
from casescreen.evaluate.bulk.leaving import LeftOut, first_by_id
from casescreen.evaluate.bulk.premises import on_cases
from casescreen.evaluate.bulk.tallying import BY, GROUP, Tally, count_of
from casescreen.model.outcome import Outcome
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Rulebook

PROBLEM = "problem"
KEYS = (BY, GROUP, PROBLEM)
_CASES, _LEFT_OUT, _ASTRAY = "cases", "left out", "astray"
_NAMED = "left out: "  # where others have a field: the reason follows, and the group is the case


def numbers(rulebook: Rulebook) -> tuple[str, ...]:
    """The names of all columns that are added up."""
    counts = (count_of(criterion.id, outcome) for criterion in rulebook.criteria for outcome in Outcome)
    drawn = (conclusion_column(rule.id) for rule in on_cases(rulebook))
    return (_CASES, _LEFT_OUT, _ASTRAY, *counts, *drawn)


def tally_rows(counted: Tally, names: Sequence[str]) -> pa.Table:
    """What was counted in a part."""
    over_all = pl.col(BY) == ""
    totals = {_CASES: counted.cases, _LEFT_OUT: counted.left_out, _ASTRAY: counted.astray}
    once = {name: over_all * pl.lit(number) for name, number in totals.items()}
    each = {name: once.get(name, pl.col(name) if name in counted.counts.columns else pl.lit(0)) for name in names}
    counts = counted.counts.select(BY, GROUP, pl.lit("").alias(PROBLEM), **each)
    return pa.concat_tables([_sent(counts, names), *(_sent(_named(one, names), names) for one in counted.named)])


def _named(one: LeftOut, names: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame(
        {BY: _NAMED + one.why, GROUP: one.case, PROBLEM: "", **dict.fromkeys(names, 0), _LEFT_OUT: one.records}
    )


def problem_row(told: str, names: Sequence[str]) -> pa.Table:
    """A part that could not be screened."""
    return _sent(pl.DataFrame({BY: "", GROUP: "", PROBLEM: told, **dict.fromkeys(names, 0)}), names)


def tally_of(rows: pa.Table) -> Tally:
    """The rows of all parts, once they have been added up.

    Raises:
        CasescreenError: everything that is wrong with any part.
    """
    frame = pl.DataFrame(rows)
    told = sorted(problem for problem in frame[PROBLEM] if problem)
    if told:
        raise CasescreenError("\n".join(told))
    is_named = pl.col(BY).str.starts_with(_NAMED)
    counted, named = frame.filter(~is_named), frame.filter(is_named)
    counts = counted.drop(PROBLEM, _CASES, _LEFT_OUT, _ASTRAY).sort(BY, GROUP)
    cases, left_out, astray = (int(counted[name].sum()) for name in (_CASES, _LEFT_OUT, _ASTRAY))
    return Tally(counts, cases, left_out, astray, first_by_id(_left_out(named)))


def _left_out(named: pl.DataFrame) -> Iterator[LeftOut]:
    for why, case, records in named.select(BY, GROUP, _LEFT_OUT).iter_rows():
        yield LeftOut(case, why.removeprefix(_NAMED), records)


def _sent(frame: pl.DataFrame, names: Sequence[str]) -> pa.Table:
    """The frame in the types that Spark was told of."""
    types = [*((key, pa.string()) for key in KEYS), *((name, pa.int64()) for name in names)]
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(pa.schema(types))
