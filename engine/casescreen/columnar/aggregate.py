"""How many cases have each outcome and each conclusion: counted in each part of a caseload, and added up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache, reduce
from operator import or_
from threading import Lock

import polars as pl
from attrs import evolve, field, frozen

from casescreen.columnar.criteria import CaseIsOpen, Ground, grounds_of, on_cases
from casescreen.columnar.execute import ExecutionPlan
from casescreen.columnar.frames import ROW, CaseFrames
from casescreen.columnar.issues import added_up, first_by_id
from casescreen.columnar.reader import Part, Wanted
from casescreen.columnar.validate import Validated, validate
from casescreen.evaluate.inference.inferrer import Inferrer
from casescreen.evaluate.split_counts import WORST_FIRST
from casescreen.model.case import Rejected
from casescreen.model.outcome import EVERY_STANDING, Outcome, decide
from casescreen.model.rulebook import ConclusionRule, FactIs, FlagIs
from casescreen.model.screening import IssueCount

_BITS = 63

# A standing for each outcome: what is concluded rests on nothing else of it.
_STANDINGS = {outcome: next(one for one in EVERY_STANDING if decide(one) is outcome) for outcome in Outcome}


@lru_cache(maxsize=1_024)  # the same for every part: to make them takes as long as to add up a small one
def _packed(names: tuple[str, ...], width: int) -> tuple[pl.Expr, ...]:
    """Numbers that each hold some of the columns, one after another in so many bits each."""
    each = _BITS // width
    bits = [
        pl.when(pl.col(name)).then(pl.lit(1 << place % each * width, pl.Int64)).otherwise(pl.lit(0, pl.Int64))
        for place, name in enumerate(names)
    ]
    return tuple(reduce(or_, bits[start : start + each]) for start in range(0, len(bits), each))


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
        """The columns of the cases that must have been computed."""
        return tuple(dict.fromkeys(self.plan.premises.values()))

    def add_to(self, cases: pl.DataFrame) -> pl.DataFrame:
        """The cases with a column for each conclusion, of which it holds."""
        rules = on_cases(self.plan.rulebook)
        return cases.with_columns(self._drawn(rule, cases).alias(conclusion_column(rule.id)) for rule in rules)

    def _drawn(self, rule: ConclusionRule, cases: pl.DataFrame) -> pl.Series:
        """Of which cases the conclusion holds, drawn once for each combination of what it rests on."""
        grounds = [one for one in grounds_of(rule, self.plan.rulebook) if one in self.plan.premises]
        if not grounds:
            return pl.repeat(False, len(cases), dtype=pl.Boolean, eager=True)
        words = _packed(tuple(self.plan.premises[one] for one in grounds), 1)
        combination = words[0] if len(words) == 1 else pl.concat_str(words, separator=" ")
        combinations = cases.select(combination).to_series()
        holding = [one for one in combinations.unique() if self._follows(rule, grounds, one)]
        return combinations.is_in(pl.Series(holding, dtype=combinations.dtype).implode())

    def _follows(self, rule: ConclusionRule, grounds: Sequence[Ground], combination: int | str) -> bool:
        words = [int(word) for word in str(combination).split()]
        true = [ground for place, ground in enumerate(grounds) if words[place // _BITS] >> place % _BITS & 1]
        standings = [(one[0], _STANDINGS[one[1]]) for one in true if isinstance(one, tuple)]
        facts = [one.fact for one in true if isinstance(one, FactIs)]
        flags = [(one.criterion, one.flag) for one in true if isinstance(one, FlagIs)]
        with self._one_at_a_time:
            return rule.id in self.infer.on_case(standings, facts, flags, is_open=CaseIsOpen() in true).conclusions


BY = "by"
GROUP = "group"


@frozen(eq=False)
class Aggregate:
    """How many cases, or rows of them, have each outcome of each criterion.

    Attributes:
        counts: a row for all cases, where ``by`` is "", and one for each ``group`` of cases with one value of the
            field ``by``. Each other column counts one outcome of one criterion, and is named by ``count_of``; what
            none can have has none. Where rows are asked, the columns that ``cases_of`` names count the cases. Where
            conclusions on cases are drawn, a column for each counts the cases.
        cases: how many cases were screened.
        left_out: how many could not be.
        orphans: how many rows belong to no case.
        rejected: the first of both, by id.
        not_begun: how many cases had not begun by the as-of date.
        later: how many dates, rows and answers are of later days.
        issues: what is wrong or unusual in the data.
        examples: how many records only show how one is written.
        closed: how many of the cases are closed.
    """

    counts: pl.DataFrame
    cases: int
    left_out: int
    orphans: int = 0
    rejected: tuple[Rejected, ...] = ()
    not_begun: int = 0
    later: int = 0
    issues: tuple[IssueCount, ...] = ()
    examples: int = 0
    closed: int = 0

    def __add__(self, other: Aggregate) -> Aggregate:
        """The sum of two parts."""
        return Aggregate(
            _added((self.counts, other.counts)),
            self.cases + other.cases,
            self.left_out + other.left_out,
            self.orphans + other.orphans,
            first_by_id((*self.rejected, *other.rejected)),
            self.not_begun + other.not_begun,
            self.later + other.later,
            added_up((*self.issues, *other.issues)),
            self.examples + other.examples,
            self.closed + other.closed,
        )


def count_of(criterion: str, outcome: Outcome) -> str:
    """The name of the column that counts an outcome of a criterion."""
    return f"{criterion}: {outcome.value}"


def cases_of(criterion: str) -> tuple[str, str]:
    """The columns that count the cases in which a row is known, and is asked by now, of a criterion asked of rows."""
    return f"{criterion}: cases known", f"{criterion}: cases asked"


def worst_of(criterion: str, outcome: Outcome) -> str:
    """The column that says of which cases an outcome is the worst of a criterion, and the one that counts them."""
    return f"{criterion}: {outcome.value} at worst"


def total(aggregates: Iterable[Aggregate]) -> Aggregate:
    """The sum over the parts of a caseload."""
    return sum(aggregates, Aggregate(pl.DataFrame(schema={BY: pl.String, GROUP: pl.String}), 0, 0))


def aggregate_part(
    plan: ExecutionPlan,
    frames: CaseFrames,
    by: Sequence[str] = (),
    conclusions: ConclusionsOnCases | None = None,
    *,
    worst: bool = False,
) -> Aggregate:
    """Count the outcomes in one part of a caseload, over all of it and over groups by fields of the case.

    Conclusions on single cases are counted where there is something to draw them; and where ``worst`` is asked for, of
    how many cases each outcome of each criterion is the worst.
    """
    rests_on = () if conclusions is None else conclusions.rests_on
    validated = validate(plan, frames, outcome_columns(plan, (*by, *rests_on)))
    return aggregate(plan, validated, by, conclusions, worst=worst)


def aggregate(
    plan: ExecutionPlan,
    validated: Validated,
    by: Sequence[str] = (),
    conclusions: ConclusionsOnCases | None = None,
    *,
    worst: bool = False,
) -> Aggregate:
    """The same of columns that have been computed: at least those of ``outcome_columns`` and of the conclusions."""
    part, drawn = validated.part, []
    if conclusions is not None:
        part = evolve(part, cases=conclusions.add_to(part.cases))
        drawn = [conclusion_column(rule.id) for rule in on_cases(plan.rulebook)]
    if worst:
        columns = _worst_columns(plan, part)
        part = evolve(part, cases=part.cases.with_columns(columns))
        drawn += [column.name for column in columns]
    return Aggregate(
        _counted(plan, part, by, drawn),
        len(part.cases),
        validated.left_out,
        validated.orphans,
        validated.rejected,
        validated.not_begun,
        validated.later,
        validated.issues,
        validated.examples,
        int(part.cases[plan.closed].sum()) if plan.closed else 0,
    )


def _worst_columns(plan: ExecutionPlan, part: Part) -> list[pl.Series]:
    """For each criterion and outcome, of which cases it is the worst: of one row at least, and nothing worse is."""
    columns = []
    for one in plan.asked:
        worse = pl.repeat(False, len(part.cases), dtype=pl.Boolean, eager=True)
        for outcome in WORST_FIRST:
            has = worse & False
            if one.table and outcome in one.outcomes:
                rows = part.tables[one.table]
                having = rows.filter(pl.col(one.outcomes[outcome]))[ROW].unique()
                has |= part.cases[ROW].is_in(having.implode())
            of_cases = one.of_nothing if one.table else one.outcomes
            if outcome in of_cases:
                has |= part.cases[of_cases[outcome]]
            columns.append((has & ~worse).alias(worst_of(one.criterion.id, outcome)))
            worse |= has
    return columns


def outcome_columns(plan: ExecutionPlan, of_cases: Sequence[str] = ()) -> Wanted:
    """The columns of all outcomes, and what else is to be read of the cases."""
    columns: dict[str, list[str]] = {"": [*of_cases, *([plan.closed] if plan.closed else [])]}
    for one in plan.asked:
        columns.setdefault(one.table, []).extend(one.outcomes.values())
        columns[""].extend((*one.of_nothing.values(), *one.of_rows))
    return columns


def _added(counts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The rows of each group added up."""
    rows = pl.concat(list(counts), how="diagonal")
    return rows.group_by(BY, GROUP).agg(pl.all().sum()).sort(BY, GROUP)


def _counted(plan: ExecutionPlan, part: Part, by: Sequence[str], drawn: Sequence[str]) -> pl.DataFrame:
    """The counts over the groups of each field, and over all: every case is in one group of the first field."""
    if not by:
        return _counts(plan, part, "", drawn)
    each = [_counts(plan, part, field, drawn) for field in by]
    return _added((each[0].with_columns(pl.lit("").alias(BY), pl.lit("").alias(GROUP)), *each))


def _counts(plan: ExecutionPlan, part: Part, by: str, drawn: Sequence[str]) -> pl.DataFrame:
    """How often each outcome and conclusion occurs in each group of cases with one value of a field."""
    group = part.cases[by].cast(pl.String).fill_null("").alias(GROUP) if by else None
    counts = []
    for table, frame in part.by_table.items():
        columns: dict[str, str] = {}  # what says what counts, by the name of the count
        for one in plan.asked:
            outcomes = one.outcomes if one.table == table else {} if table else one.of_nothing
            columns |= {count_of(one.criterion.id, outcome): name for outcome, name in outcomes.items()}
            columns |= {} if table or not one.table else dict(zip(cases_of(one.criterion.id), one.of_rows, strict=True))
        columns |= {} if table else dict(zip(drawn, drawn, strict=True))
        if columns:
            groups = group if group is None or not table else group.gather(frame[ROW])
            counts.append(_sums(frame, columns, groups).select(pl.lit(by).alias(BY), pl.all()))
    return _added(counts)


def _sums(frame: pl.DataFrame, columns: dict[str, str], groups: pl.Series | None) -> pl.DataFrame:
    """How many are true of each column, in each group.

    Several columns are summed as one number, each in bits of its own: as many bits as the largest group needs.
    """
    if groups is None:
        over_all = [pl.col(name).sum().cast(pl.Int64).alias(count) for count, name in columns.items()]
        return frame.select(pl.lit("").alias(GROUP), *over_all)
    named = frame.select(groups, *set(columns.values()))
    width = max([1, *named.group_by(GROUP).len()["len"]]).bit_length()
    packed = {f"word {number}": word for number, word in enumerate(_packed(tuple(columns.values()), width))}
    sums = named.lazy().select(GROUP, **packed).group_by(GROUP).agg(pl.all().sum())
    return sums.select(GROUP, *_unpacked(tuple(columns), width)).collect()


@lru_cache(maxsize=1_024)
def _unpacked(counts: tuple[str, ...], width: int) -> tuple[pl.Expr, ...]:
    """Each count out of the sums of the numbers that hold several."""
    each = _BITS // width
    return tuple(
        (pl.col(f"word {place // each}") // (1 << place % each * width) % (1 << width)).alias(count)
        for place, count in enumerate(counts)
    )
