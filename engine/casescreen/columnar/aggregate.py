"""How many cases have each outcome and each conclusion: counted in each part of a caseload, and added up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import or_
from threading import Lock

import polars as pl
from attrs import evolve, field, frozen

from casescreen.columnar.criteria import EvaluatedCriterion, Ground, grounds_of, on_cases
from casescreen.columnar.execute import ExecutionPlan
from casescreen.columnar.frames import ROW, CaseFrames
from casescreen.columnar.reader import Part, Wanted
from casescreen.columnar.rejects import first_by_id
from casescreen.columnar.validate import Validated, validate
from casescreen.evaluate.inference.inferrer import Inferrer
from casescreen.model.case import Rejected
from casescreen.model.outcome import EVERY_STANDING, Outcome, decide
from casescreen.model.rulebook import ConclusionRule, FactIs, FlagIs

_BITS_OF_A_KEY = 62

# A standing for each outcome: what is concluded rests on nothing else of it.
_STANDINGS = {outcome: next(one for one in EVERY_STANDING if decide(one) is outcome) for outcome in Outcome}


def conclusion_column(rule: str) -> str:
    """The name of the column that says of which cases a conclusion holds, and of that which counts them."""
    return f"{rule} concluded"


@frozen(eq=False)
class ConclusionsOnCases:
    """Draws the conclusions on the cases of one part after another."""

    plan: ExecutionPlan
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


BY = "by"
GROUP = "group"
_BITS = 63


@frozen(eq=False)
class Tally:
    """How many cases, or rows of them, have each outcome of each criterion.

    Attributes:
        counts: a row for all cases, where ``by`` is "", and one for each ``group`` of cases with one value of the
            field ``by``. Each other column counts one outcome of one criterion, and is named by ``count_of``; what
            none can have has none. Where conclusions on cases are drawn, a column for each counts the cases.
        cases: how many cases were screened.
        left_out: how many could not be.
        orphans: how many rows belong to no case.
        rejected: the first of both, by id.
    """

    counts: pl.DataFrame
    cases: int
    left_out: int
    orphans: int = 0
    rejected: tuple[Rejected, ...] = ()


def count_of(criterion: str, outcome: Outcome) -> str:
    """The name of the column that counts an outcome of a criterion."""
    return f"{criterion}: {outcome.value}"


def tally(
    plan: ExecutionPlan, frames: CaseFrames, by: Sequence[str] = (), drawer: ConclusionsOnCases | None = None
) -> Tally:
    """Count the outcomes in one part of a caseload, over all of it and over groups by fields of the case.

    With a drawer, count the conclusions on single cases too.
    """
    found = validate(plan, frames, outcome_columns(plan, (*by, *(drawer.rests_on if drawer else ()))))
    return aggregate(plan, found, by, drawer)


def aggregate(
    plan: ExecutionPlan, found: Validated, by: Sequence[str] = (), drawer: ConclusionsOnCases | None = None
) -> Tally:
    """The same of columns that have been worked out: at least those of ``outcome_columns`` and of the drawer."""
    part, drawn = found.part, drawer.columns if drawer else ()
    with_drawn = evolve(part, cases=drawer.add_to(part.cases)) if drawer else part
    counts = _added(_counted(plan, with_drawn, field, drawn) for field in ("", *by))
    return Tally(counts, len(part.cases), found.left_out, found.orphans, found.rejected)


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum over the parts of a caseload."""
    return reduce(_sum, tallies, Tally(pl.DataFrame(schema={BY: pl.String, GROUP: pl.String}), 0, 0))


def _sum(one: Tally, other: Tally) -> Tally:
    counts = _added((one.counts, other.counts))
    left_out, orphans = one.left_out + other.left_out, one.orphans + other.orphans
    return Tally(counts, one.cases + other.cases, left_out, orphans, first_by_id((*one.rejected, *other.rejected)))


def outcome_columns(plan: ExecutionPlan, of_cases: Sequence[str] = ()) -> Wanted:
    """The columns of all outcomes, and what else is to be read of the cases."""
    found: dict[str, list[str]] = {"": list(of_cases)}
    for one in plan.asked:
        found.setdefault(one.table, []).extend(one.outcomes.values())
        found[""].extend(one.of_nothing.values())
    return found


def _added(counts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The rows of each group added up."""
    rows = pl.concat(list(counts), how="diagonal")
    return rows.group_by(BY, GROUP).agg(pl.all().sum()).sort(BY, GROUP)


def _counted(plan: ExecutionPlan, part: Part, by: str, drawn: Sequence[str]) -> pl.DataFrame:
    return _added(
        _sums(frame, columns, _groups(part, by, frame)).select(pl.lit(by).alias(BY), pl.all())
        for table, frame in {"": part.cases, **part.tables}.items()
        if (columns := dict(_columns(plan.asked, table, drawn)))
    )


def _columns(asked: Iterable[EvaluatedCriterion], table: str, drawn: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What is counted, with the column of the cases, or of a table's rows, that says what counts."""
    for one in asked:
        if one.table == table:
            yield from ((count_of(one.criterion.id, outcome), name) for outcome, name in one.outcomes.items())
        if not table:
            yield from ((count_of(one.criterion.id, outcome), name) for outcome, name in one.of_nothing.items())
    if not table:
        yield from zip(drawn, drawn, strict=True)


def _groups(part: Part, by: str, frame: pl.DataFrame) -> pl.Series | None:
    if not by:
        return None
    group = part.cases[by].cast(pl.String).fill_null("").alias(GROUP)
    return group if frame is part.cases else group.gather(frame[ROW])


def _sums(frame: pl.DataFrame, columns: dict[str, str], groups: pl.Series | None) -> pl.DataFrame:
    """How many are true of each column, in each group.

    Several columns are summed as one number, each in bits of its own: as many bits as the largest group needs.
    """
    if groups is None:
        over_all = [pl.col(name).sum().cast(pl.Int64).alias(count) for count, name in columns.items()]
        return frame.select(pl.lit("").alias(GROUP), *over_all)
    named = frame.select(groups, *set(columns.values()))
    width = _largest(named).bit_length()
    words = [list(columns)[at : at + _BITS // width] for at in range(0, len(columns), _BITS // width)]
    packed = [_packed([columns[count] for count in word], width).alias(word[0]) for word in words]
    sums = named.lazy().select(GROUP, *packed).group_by(GROUP).agg(pl.all().sum())
    each = [_unpacked(word[0], width, place).alias(count) for word in words for place, count in enumerate(word)]
    return sums.select(GROUP, *each).collect()


def _largest(named: pl.DataFrame) -> int:
    """How many are in the largest group; 1 where there is none."""
    sizes: list[int] = named.group_by(GROUP).len()["len"].to_list()
    return max([1, *sizes])


def _packed(names: list[str], width: int) -> pl.Expr:
    nothing = pl.lit(0, pl.Int64)
    return reduce(
        or_,
        (
            pl.when(pl.col(name)).then(pl.lit(1 << place * width, pl.Int64)).otherwise(nothing)
            for place, name in enumerate(names)
        ),
    )


def _unpacked(word: str, width: int, place: int) -> pl.Expr:
    return pl.col(word) // (1 << place * width) % (1 << width)
