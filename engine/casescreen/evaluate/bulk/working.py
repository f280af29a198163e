"""Columns of a workbook worked out for a part of a caseload."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

import polars as pl
from attrs import Factory, frozen

from casescreen.evaluate.bulk.frames import ANSWERS, GIVEN, ITEM, ROW
from casescreen.evaluate.bulk.looking import answers_to, look_up
from casescreen.evaluate.bulk.reading import Part, Types, Wanted
from casescreen.evaluate.bulk.sheet import Sheet
from casescreen.evaluate.bulk.workbook import Fold, Folded, Workbook

_AS_THEY_STAND = pl.QueryOptFlags.none()  # a sheet holds no column twice and none that is not used


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
class Worker:
    """Works out columns, resting on no more than they need.

    Attributes:
        types: what may be read of the cases, the tables and the answers.
        keys: the column of each table that has one which tells its rows apart.
    """

    book: Workbook
    types: Types
    keys: Mapping[str, str]
    _works: dict[tuple[tuple[str, tuple[str, ...]], ...], _Work] = Factory(dict)

    def to_read(self, wanted: Wanted) -> Wanted:
        """The columns that must be read for the wanted ones."""
        return self._work(wanted).read

    def work_out(self, part: Part, wanted: Wanted) -> Part:
        """The wanted columns, those of the sheets and those that were read, and ``case.row``."""
        work = self._work(wanted)
        tables = {table: self._rows(part, table, work) for table in work.rows}
        folding = _Folding(len(part.cases))
        folded = [
            folding.fold(fold, tables[fold.table]).alias(name)
            for name in work.folds
            for fold in [self.book.folded[name]]
        ]
        cases = _kept(self.book.cases, part.cases.hstack(folded), work.cases)
        return Part(cases, {name: tables[name] for name in wanted if name})

    def _work(self, wanted: Wanted) -> _Work:
        key = tuple((table, tuple(sorted(set(names)))) for table, names in sorted(wanted.items()))
        if (work := self._works.get(key)) is None:
            work = self._works[key] = self._prepared(wanted)
        return work

    def _prepared(self, wanted: Wanted) -> _Work:
        of_cases = tuple(sorted(set(wanted.get("", ()))))
        inputs = self.book.cases.inputs(of_cases)
        folds = tuple(sorted(name for name in inputs if name in self.book.folded))
        rows = defaultdict(set, {table: set(names) for table, names in wanted.items() if table})
        for name in folds:
            rows[self.book.folded[name].table].add(self.book.folded[name].column)
        read: defaultdict[str, set[str]] = defaultdict(set, {"": inputs - set(folds)})
        supplied = {}
        for table, names in rows.items():
            rests_on = self.book.rows(table).inputs(names)
            supplied[table] = tuple(sorted(name for name in rests_on if self._sources(table, name) != [(table, name)]))
            read[table].add(ROW)
            for source, column in (one for name in rests_on for one in self._sources(table, name)):
                read[source].add(column)
        return _Work(of_cases, {table: tuple(sorted(names)) for table, names in rows.items()}, folds, supplied, read)

    def _sources(self, table: str, name: str) -> list[tuple[str, str]]:
        """Where to read what a column of rows rests on."""
        if looked := self.book.looked.get(name):
            return [(table, looked.field.name), (looked.by.table, looked.by.name)]
        if name in self.book.answered:
            return [(table, self.keys[table]), *((ANSWERS, one) for one in ("criterion", GIVEN.name, ITEM.name))]
        return [(table if name in self.types[table] or name == ROW else "", name)]

    def _rows(self, part: Part, table: str, work: _Work) -> pl.DataFrame:
        more = [self._supply(part, table, name) for name in work.supplied[table]]
        return _kept(self.book.rows(table), part.tables[table].hstack(more), work.rows[table])

    def _supply(self, part: Part, table: str, name: str) -> pl.Series:
        """A column for the rows that does not stand in their table."""
        rows = part.tables[table]
        if looked := self.book.looked.get(name):
            return look_up(rows, part.tables[looked.by.table], looked, len(part.cases)).alias(name)
        if criterion := self.book.answered.get(name):
            return answers_to(rows, self.types[table][self.keys[table]], part.tables[ANSWERS], criterion).alias(name)
        return part.cases[name].gather(rows[ROW])


def _kept(sheet: Sheet, frame: pl.DataFrame, names: Collection[str]) -> pl.DataFrame:
    wanted = sorted({ROW, *names})
    return sheet.add_to(frame.lazy(), names).select(wanted).collect(optimizations=_AS_THEY_STAND)


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
