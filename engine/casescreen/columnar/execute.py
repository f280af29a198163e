"""A rulebook made ready for columns, and its columns computed for a part of a caseload."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter

import polars as pl
from attrs import evolve, frozen

from casescreen.columnar.conditions import CalendarGap, Conditions, DerivedColumns, Start
from casescreen.columnar.criteria import EvaluatedCriterion, Ground, evaluate_criterion, premises
from casescreen.columnar.expressions import comparable_column
from casescreen.columnar.frames import ROW, known_part, presence_fields, unknown_column
from casescreen.columnar.graph import ColumnGraph, Folded, Graphs, LookupColumn
from casescreen.columnar.reader import Part, Types, Wanted, merged
from casescreen.conditions.analysis import fields_read
from casescreen.conditions.compiler import context_of
from casescreen.evaluate.data_issues import deciding_derived, severities
from casescreen.model.case import ANSWER, ANSWERS, ANSWERS_TABLE, CRITERION, ITEM
from casescreen.model.dictionary import Field, Kind
from casescreen.model.rulebook import Check, Rulebook, Severity

_LARGEST = 2**31  # bits: a quarter of a gigabyte


def lookup(rows: pl.DataFrame, others: pl.DataFrame, column: LookupColumn, cases: int) -> pl.Series:
    """Whether each row's value stands in the other table's column, in the same case; false where it has none."""
    field, by = column.field, column.by
    is_yes_no = field.kind is by.kind is Kind.YES_NO
    words = ("false", "true") if is_yes_no else tuple(dict.fromkeys((*field.allowed, *by.allowed)))
    places = cases * len(words)
    if words and places < _LARGEST:
        there = _places(others, by, words).drop_nulls()
        marks = pl.repeat(False, places, dtype=pl.Boolean, eager=True).scatter(there, True)
        return marks.gather(_places(rows, field, words)).fill_null(False)
    values = others.lazy().select(ROW, value=comparable_column(by)).unique().with_columns(found=pl.lit(True))
    asked = rows.lazy().select(ROW, value=comparable_column(field))
    joined = asked.join(values, on=[ROW, "value"], how="left", maintain_order="left")
    return joined.select(pl.col("found").fill_null(False)).collect().to_series()


def _places(rows: pl.DataFrame, field: Field, words: tuple[str, ...]) -> pl.Series:
    """A number of its own for each case and word."""
    wanted, column = pl.Enum(words), pl.col(field.name)
    word = column if rows.schema[field.name] == wanted else column.cast(pl.String).cast(wanted, strict=False)
    return rows.select(pl.col(ROW).cast(pl.UInt64) * len(words) + word.to_physical()).to_series()


def answers_about(rows: pl.DataFrame, key: Field, answers: pl.DataFrame, criterion: str) -> pl.Series:
    """What was answered to a criterion about each row; null where nothing was."""
    given = answers.lazy().filter(pl.col(CRITERION) == criterion).select(ROW, ITEM, ANSWER)
    asked = rows.lazy().select(ROW, comparable_column(key).alias("key")).with_row_index("place")
    # Cases are matched first, by number: most answers are to the only row there is.
    matched = given.join(asked, on=ROW).filter(pl.col(ITEM) == pl.col("key")).select("place", ANSWER).collect()
    answered = pl.repeat(None, len(rows), dtype=matched[ANSWER].dtype, eager=True)
    return answered.scatter(matched["place"], matched[ANSWER])


def _fold(fold: Folded, rows: pl.DataFrame, none: pl.Series) -> pl.Series:
    """A column of the cases, of which it is so of none to begin with."""
    of = rows[ROW].filter(rows[fold.column])
    if not fold.count:
        return none.clone().scatter(of, True)
    numbers = of.to_frame().group_by(ROW).len("number")
    return none.cast(pl.UInt32).scatter(numbers[ROW], numbers["number"])


@frozen(eq=False)
class Projection:
    """What has to be read and computed for some wanted columns, the same for every part.

    Attributes:
        read: what is to be read.
        rows: the columns to compute of each table.
        supplied: the columns of each table that rest on something beyond it.
        folds: the columns of the cases that come from columns of rows.
    """

    wanted: Wanted
    read: Wanted
    rows: Mapping[str, Collection[str]]
    supplied: Mapping[str, Collection[str]]
    folds: Collection[str]


@frozen(eq=False)
class Executor:
    """Computes columns, resting on no more than they need.

    Attributes:
        types: what may be read of the cases, the tables and the answers.
        keys: the column of each table that has one which tells its rows apart.
        derived: the columns of the derived fields, each after those that it names.
    """

    graphs: Graphs
    types: Types
    keys: Mapping[str, str]
    derived: Sequence[DerivedColumns] = ()

    def project(self, wanted: Wanted) -> Projection:
        """What the wanted columns need."""
        inputs, folded = self.graphs.of("").inputs(wanted.get("", ())), self.graphs.folded
        folds = sorted(inputs & folded.keys())
        rows = defaultdict(set, {table: set(names) for table, names in wanted.items() if table})
        for name in folds:
            rows[folded[name].table].add(folded[name].column)
        read: defaultdict[str, set[str]] = defaultdict(set, {"": inputs - folded.keys()})
        supplied: dict[str, list[str]] = {table: [] for table in rows}
        for table, names in rows.items():
            read[table].add(ROW)
            for name in sorted(self.graphs.of(table).inputs(names)):
                sources = self._sources(table, name)
                if sources != [(table, name)]:
                    supplied[table].append(name)
                for source, column in sources:
                    read[source].add(column)
        return Projection(wanted, read, rows, supplied, folds)

    def _sources(self, table: str, name: str) -> list[tuple[str, str]]:
        """Where to read what a column of rows rests on."""
        if column := self.graphs.lookups.get(name):
            return [(table, column.field.name), (column.by.table, column.by.name)]
        if name in self.graphs.answered:
            return [(table, self.keys[table]), *((ANSWERS, one) for one in (CRITERION, ANSWER, ITEM))]
        return [(table if known_part(name) in self.types[table] or name == ROW else "", name)]

    def compute(self, part: Part, projection: Projection) -> Part:
        """The wanted columns, those of the graphs and those that were read, and ``case.row``."""
        tables = {}
        for table, names in projection.rows.items():
            supplied = [self._supply(part, table, name) for name in projection.supplied[table]]
            tables[table] = _computed(self.graphs.of(table), part.tables[table].hstack(supplied), names)
        folds = ((name, self.graphs.folded[name]) for name in projection.folds)
        none = pl.repeat(False, len(part.cases), dtype=pl.Boolean, eager=True)
        folded = [_fold(fold, tables[fold.table], none).alias(name) for name, fold in folds]
        cases = _computed(self.graphs.of(""), part.cases.hstack(folded), projection.wanted.get("", ()))
        return Part(cases, {name: tables[name] for name in projection.wanted if name})

    def before_derived(self, read: Wanted) -> tuple[Wanted, Sequence[DerivedColumns]]:
        """What has to be read of the records for some columns, and the derived fields among these to work out of it."""
        needed: list[DerivedColumns] = []
        for one in reversed(self.derived):
            table, own = one.field.table, {one.field.name, unknown_column(one.field.name)}
            if own & {*read.get(table, ())}:
                needed.append(one)
                read = merged(read, self.project(_columns_of([one])).read)
                read = {**read, table: [name for name in read[table] if name not in own]}
        return read, needed[::-1]

    def derive(self, part: Part, derived: Sequence[DerivedColumns]) -> Part:
        """The part with these derived fields, like columns that were read."""
        step = attrgetter("step")
        for _, group in groupby(sorted(derived, key=step), key=step):
            each, frames = [*group], part.by_table
            computed = self.compute(part, self.project(_columns_of(each))).by_table
            for one in each:
                rows, name = computed[one.field.table], one.field.name
                columns = rows[one.value].alias(name), rows[one.unknown].alias(unknown_column(name))
                frames[one.field.table] = frames[one.field.table].with_columns(columns)
            part = Part(frames.pop(""), frames)
        return part

    def _supply(self, part: Part, table: str, name: str) -> pl.Series:
        """A column for the rows that does not stand in their table."""
        rows = part.tables[table]
        if column := self.graphs.lookups.get(name):
            return lookup(rows, part.tables[column.by.table], column, len(part.cases)).alias(name)
        if criterion := self.graphs.answered.get(name):
            return answers_about(rows, self.types[table][self.keys[table]], part.tables[ANSWERS], criterion).alias(name)
        return part.cases[name].gather(rows[ROW])


def _columns_of(derived: Collection[DerivedColumns]) -> Wanted:
    tables = {"": list[str]()}
    for one in derived:
        tables.setdefault(one.field.table, []).extend((one.value, one.unknown))
    return tables


def _computed(graph: ColumnGraph, frame: pl.DataFrame, names: Collection[str]) -> pl.DataFrame:
    columns = graph.add_to(frame.lazy(), names).select(sorted({ROW, *names}))
    return columns.collect(optimizations=pl.QueryOptFlags.none())  # a graph holds no column twice, and none unused


@frozen(eq=False)
class EvaluatedCheck:
    """A check of every record.

    Attributes:
        holds: the column of the rows that it is asked of, or of the cases, that says where it holds.
        of_case: the column of the cases for which it holds, of one row at least.
    """

    check: Check
    holds: str
    of_case: str


@frozen(eq=False)
class ExecutionPlan:
    """What is computed for a caseload, the same for every part of it.

    Attributes:
        asked: the criteria, in the rulebook's order.
        gaps: where outcomes are open since a deadline lies beyond the calendar.
        starts: from what dates working days are counted, and between which days all deadlines are known.
        checks: the columns of the checks, in the rulebook's order.
        premises: the column of the cases for each thing that conclusions on single cases rest on.
        severities: how severe each field is that a criterion reads, by its full name.
        taken_on: the day on which the records were taken, after which nothing can have happened; None if not known.
        deciding: the derived fields on which outcomes rest, and what is told beside them.
        closed: the column of the cases that says which are closed; "" where none can be.
    """

    rulebook: Rulebook
    as_of: date
    executor: Executor
    asked: tuple[EvaluatedCriterion, ...]
    gaps: Collection[CalendarGap]
    starts: Collection[Start]
    checks: tuple[EvaluatedCheck, ...]
    premises: Mapping[Ground, str]
    severities: Mapping[str, Severity]
    taken_on: date | None
    deciding: Wanted
    closed: str = ""


def plan(rulebook: Rulebook, as_of: date, taken_on: date | None = None) -> ExecutionPlan:
    """The rulebook as at a date, for records that were taken on a day; any later one, if None."""
    graphs, dictionary = Graphs(), rulebook.dictionary
    conditions = Conditions(graphs, context_of(rulebook, as_of))
    asked = tuple(evaluate_criterion(conditions, criterion) for criterion in rulebook.criteria)
    for fact in rulebook.facts:
        conditions.evaluate(fact.when)
    rests_on = premises(rulebook, conditions, asked)
    derived, deciding = tuple(_derived(conditions, rulebook)), deciding_derived(rulebook)
    for one in deciding:
        conditions.note_gaps_of(one)
    gaps, starts = tuple(conditions.gaps), frozenset(conditions.starts)  # those of checks are nothing to tell
    checks = tuple(_check(conditions, check) for check in rulebook.checks)
    off = () if rulebook.profile is None else (criterion.id for criterion in rulebook.profile.criteria_off)
    ids = (*(criterion.id for criterion in rulebook.criteria), *rulebook.renamed, *off)
    criterion = evolve(ANSWERS_TABLE.columns[CRITERION], kind=Kind.CHOICE, allowed=ids)
    types: dict[str, dict[str, Field]] = {
        "": {**dictionary.fields, **presence_fields(dictionary)},
        **{name: dict(table.columns) for name, table in dictionary.tables.items()},
        ANSWERS: {**ANSWERS_TABLE.columns, CRITERION: criterion},
    }
    for columns in derived:
        types[columns.field.table][columns.field.name] = columns.field
    keys = {name: table.key for name, table in dictionary.tables.items() if table.key}
    return ExecutionPlan(
        rulebook,
        as_of,
        Executor(graphs, types, keys, derived),
        asked,
        gaps,
        starts,
        checks,
        rests_on,
        severities(rulebook),
        taken_on,
        merged(*({one.field.table: [one.field.name]} for one in deciding)),
        "" if rulebook.is_open is None else graphs.of("").name(conditions.evaluate(rulebook.is_open).false),
    )


def _derived(conditions: Conditions, rulebook: Rulebook) -> Iterator[DerivedColumns]:
    steps: dict[Field, int] = {}
    for one in rulebook.derived:
        read = (field for part in one.conditions for _, field in fields_read(part, rulebook.parameters))
        steps[one.field] = 1 + max((steps[field] for field in read if field in steps), default=0)
        yield conditions.derive(one, steps[one.field])


def _check(conditions: Conditions, check: Check) -> EvaluatedCheck:
    holds = conditions.evaluate(check.when, check.table).true
    of_case = conditions.graphs.some(check.table, holds) if check.table else holds
    cases = conditions.graphs.of("")
    return EvaluatedCheck(check, conditions.graphs.of(check.table).name(holds), cases.name(of_case))
