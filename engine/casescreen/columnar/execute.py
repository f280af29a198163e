"""A rulebook made ready for columns, and its columns worked out for a part of a caseload."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

import polars as pl
from attrs import Factory, evolve, frozen

from casescreen.columnar.conditions import Conditions, Starts
from casescreen.columnar.criteria import Criteria, EvaluatedCriterion, Ground, premises
from casescreen.columnar.expressions import as_expression, comparable_column
from casescreen.columnar.frames import ROW, saying_tables
from casescreen.columnar.graph import ColumnGraph, Fold, Folded, Graphs, LookupColumn
from casescreen.columnar.reader import Part, Types, Wanted
from casescreen.conditions.compiler import context_of
from casescreen.model.case import ANSWER, ANSWERS, ANSWERS_TABLE, CRITERION, ITEM
from casescreen.model.dictionary import Field, Kind
from casescreen.model.rulebook import Rulebook

_LARGEST = 2**31  # bits: a quarter of a gigabyte


def lookup(rows: pl.DataFrame, others: pl.DataFrame, column: LookupColumn, cases: int) -> pl.Series:
    """Whether each row's value stands in the other table's column, in the same case; false where it has none."""
    words = _words(column)
    if words and cases * len(words) < _LARGEST:
        return _marked(_places(rows, column.field, words), _places(others, column.by, words), cases * len(words))
    return _joined(rows, others, column)


def _words(column: LookupColumn) -> tuple[str, ...]:
    if column.field.kind is column.by.kind is Kind.YES_NO:
        return ("false", "true")
    return tuple(dict.fromkeys((*column.field.allowed, *column.by.allowed)))


def _places(rows: pl.DataFrame, field: Field, words: tuple[str, ...]) -> pl.Series:
    """A number of its own for each case and word."""
    wanted, column = pl.Enum(words), pl.col(field.name)
    word = column if rows.schema[field.name] == wanted else column.cast(pl.String).cast(wanted, strict=False)
    return rows.select(pl.col(ROW).cast(pl.UInt64) * len(words) + word.to_physical()).to_series()


def _marked(asked: pl.Series, there: pl.Series, places: int) -> pl.Series:
    """Whether each of the places that are asked for is among those that are there, by a mark in each of those."""
    marks = pl.repeat(False, places, dtype=pl.Boolean, eager=True).scatter(there.drop_nulls(), True)
    return marks.gather(asked).fill_null(False)


def _joined(rows: pl.DataFrame, others: pl.DataFrame, column: LookupColumn) -> pl.Series:
    there = others.lazy().select(ROW, value=comparable_column(column.by)).unique().with_columns(found=pl.lit(True))
    asked = rows.lazy().select(ROW, value=comparable_column(column.field))
    joined = asked.join(there, on=[ROW, "value"], how="left", maintain_order="left")
    return joined.select(pl.col("found").fill_null(False)).collect().to_series()


def answers_about(rows: pl.DataFrame, key: Field, answers: pl.DataFrame, criterion: str) -> pl.Series:
    """What was answered to a criterion about each row; null where nothing was."""
    given = answers.lazy().filter(pl.col(CRITERION) == criterion).select(ROW, ITEM, ANSWER)
    asked = rows.lazy().select(ROW, comparable_column(key).alias("key")).with_row_index("place")
    # Cases are matched first, by number: most answers are to the only row there is.
    found = given.join(asked, on=ROW).filter(pl.col(ITEM) == pl.col("key")).select("place", ANSWER).collect()
    answered = pl.repeat(None, len(rows), dtype=found[ANSWER].dtype, eager=True)
    return answered.scatter(found["place"], found[ANSWER])


_AS_THEY_STAND = pl.QueryOptFlags.none()  # a graph holds no column twice and none that is not used


@frozen(eq=False)
class _Work:
    """What has to be done for some wanted columns, the same for every part.

    Attributes:
        cases: the columns of the cases to work out.
        rows: the columns to work out of each table.
        folds: the columns of the cases that come from columns of rows.
        supplied: the columns of each table that rest on something beyond it.
        read: what is to be read.
    """

    cases: tuple[str, ...]
    rows: Mapping[str, tuple[str, ...]]
    folds: tuple[str, ...]
    supplied: Mapping[str, tuple[str, ...]]
    read: Wanted


@frozen(eq=False)
class Executor:
    """Works out columns, resting on no more than they need.

    Attributes:
        types: what may be read of the cases, the tables and the answers.
        keys: the column of each table that has one which tells its rows apart.
    """

    graphs: Graphs
    types: Types
    keys: Mapping[str, str]
    _works: dict[tuple[tuple[str, tuple[str, ...]], ...], _Work] = Factory(dict)

    def to_read(self, wanted: Wanted) -> Wanted:
        """The columns that must be read for the wanted ones."""
        return self._work(wanted).read

    def work_out(self, part: Part, wanted: Wanted) -> Part:
        """The wanted columns, those of the graphs and those that were read, and ``case.row``."""
        work = self._work(wanted)
        tables = {table: self._rows(part, table, work) for table in work.rows}
        folding = _Folding(len(part.cases))
        folded = [
            folding.fold(fold, tables[fold.table]).alias(name)
            for name in work.folds
            for fold in [self.graphs.folded[name]]
        ]
        cases = _added(self.graphs.of(""), part.cases.hstack(folded), work.cases)
        return Part(cases, {name: tables[name] for name in wanted if name})

    def _work(self, wanted: Wanted) -> _Work:
        key = tuple((table, tuple(sorted(set(names)))) for table, names in sorted(wanted.items()))
        if (work := self._works.get(key)) is None:
            work = self._works[key] = self._prepared(wanted)
        return work

    def _prepared(self, wanted: Wanted) -> _Work:
        of_cases = tuple(sorted(set(wanted.get("", ()))))
        inputs = self.graphs.of("").inputs(of_cases)
        folds = tuple(sorted(name for name in inputs if name in self.graphs.folded))
        rows = defaultdict(set, {table: set(names) for table, names in wanted.items() if table})
        for name in folds:
            rows[self.graphs.folded[name].table].add(self.graphs.folded[name].column)
        read: defaultdict[str, set[str]] = defaultdict(set, {"": inputs - set(folds)})
        supplied = {}
        for table, names in rows.items():
            rests_on = self.graphs.of(table).inputs(names)
            supplied[table] = tuple(sorted(name for name in rests_on if self._sources(table, name) != [(table, name)]))
            read[table].add(ROW)
            for source, column in (one for name in rests_on for one in self._sources(table, name)):
                read[source].add(column)
        return _Work(of_cases, {table: tuple(sorted(names)) for table, names in rows.items()}, folds, supplied, read)

    def _sources(self, table: str, name: str) -> list[tuple[str, str]]:
        """Where to read what a column of rows rests on."""
        if column := self.graphs.lookups.get(name):
            return [(table, column.field.name), (column.by.table, column.by.name)]
        if name in self.graphs.answered:
            return [(table, self.keys[table]), *((ANSWERS, one) for one in (CRITERION, ANSWER, ITEM))]
        return [(table if name in self.types[table] or name == ROW else "", name)]

    def _rows(self, part: Part, table: str, work: _Work) -> pl.DataFrame:
        more = [self._supply(part, table, name) for name in work.supplied[table]]
        return _added(self.graphs.of(table), part.tables[table].hstack(more), work.rows[table])

    def _supply(self, part: Part, table: str, name: str) -> pl.Series:
        """A column for the rows that does not stand in their table."""
        rows = part.tables[table]
        if column := self.graphs.lookups.get(name):
            return lookup(rows, part.tables[column.by.table], column, len(part.cases)).alias(name)
        if criterion := self.graphs.answered.get(name):
            return answers_about(rows, self.types[table][self.keys[table]], part.tables[ANSWERS], criterion).alias(name)
        return part.cases[name].gather(rows[ROW])


def _added(graph: ColumnGraph, frame: pl.DataFrame, names: Collection[str]) -> pl.DataFrame:
    wanted = sorted({ROW, *names})
    return graph.add_to(frame.lazy(), names).select(wanted).collect(optimizations=_AS_THEY_STAND)


class _Folding:
    """What is so of rows, as columns of so many cases."""

    def __init__(self, cases: int) -> None:
        self._none = pl.repeat(False, cases, dtype=pl.Boolean, eager=True)
        self._nought = pl.zeros(cases, dtype=pl.UInt32, eager=True)

    def fold(self, fold: Folded, rows: pl.DataFrame) -> pl.Series:
        of = rows[ROW].filter(rows[fold.column])
        if fold.fold is Fold.SOME:
            return self._none.clone().scatter(of, True)
        numbers = of.to_frame().group_by(ROW).len("number")
        return self._nought.clone().scatter(numbers[ROW], numbers["number"])


@frozen(eq=False)
class ExecutionPlan:
    """What is worked out for a caseload, the same for every part of it.

    Attributes:
        asked: the criteria, in the rulebook's order.
        faults: columns of the cases that say that a date is beyond the calendar.
        starts: from what dates deadlines are worked out, and between which days all of those are known.
        premises: the column of the cases for each thing that conclusions on single cases rest on.
    """

    rulebook: Rulebook
    as_of: date
    worker: Executor
    asked: tuple[EvaluatedCriterion, ...]
    faults: tuple[str, ...]
    starts: Starts
    premises: Mapping[Ground, str]


def plan(rulebook: Rulebook, as_of: date) -> ExecutionPlan:
    """The rulebook as at a date."""
    graphs = Graphs()
    conditions = Conditions(graphs, context_of(rulebook, as_of))
    criteria = Criteria(conditions, rulebook)
    asked = tuple(criteria.ask(criterion) for criterion in rulebook.criteria)
    facts = (conditions.evaluate(fact.when).fault for fact in rulebook.facts)
    faults = [graphs.of("").put(as_expression(fault)).meta.output_name() for fault in facts if fault is not False]
    rests_on = premises(rulebook, conditions, asked)
    keys = {table.name: table.key for table in rulebook.dictionary.tables.values() if table.key}
    return ExecutionPlan(
        rulebook,
        as_of,
        Executor(graphs, _types(rulebook), keys),
        asked,
        tuple(dict.fromkeys((*(one.fault for one in asked if one.fault), *faults))),
        conditions.starts,
        rests_on,
    )


def _types(rulebook: Rulebook) -> Types:
    dictionary = rulebook.dictionary
    ids = tuple(criterion.id for criterion in rulebook.criteria)
    criterion = evolve(ANSWERS_TABLE.columns[CRITERION], kind=Kind.CHOICE, allowed=ids)
    answers = {**ANSWERS_TABLE.columns, CRITERION: criterion}
    tables = {name: table.columns for name, table in dictionary.tables.items()}
    return {"": {**dictionary.fields, **saying_tables(dictionary)}, **tables, ANSWERS: answers}
