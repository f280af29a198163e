"""Columns of a workbook worked out for a part of a caseload."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

import polars as pl
from attrs import frozen

from casescreen.evaluate.bulk.frames import ANSWERS, GIVEN, ITEM, ROW, CaseFrames
from casescreen.evaluate.bulk.looking import answers_to, look_up
from casescreen.evaluate.bulk.reading import Part, Types, Wanted, read
from casescreen.evaluate.bulk.workbook import Fold, Folded, Workbook


@frozen(eq=False)
class Worker:
    """Works out columns, reading no more than they rest on.

    Attributes:
        types: what may be read of the cases, the tables and the answers.
        keys: the column of each table that has one which tells its rows apart.
    """

    book: Workbook
    types: Types
    keys: Mapping[str, str]

    def work_out(self, frames: CaseFrames, wanted: Wanted) -> Part:
        """The wanted columns, those of the sheets and those that are read, and ``case.row``."""
        of_rows = self._of_rows(wanted)
        part = read(frames, self.types, self._to_read(wanted.get("", ()), of_rows))
        tables = {table: self._work_out_rows(part, table, names) for table, names in of_rows.items()}
        folded = [
            _fold(fold, tables[fold.table], len(part.cases)).alias(name)
            for name in sorted(self.book.cases.inputs(wanted.get("", ())))
            if (fold := self.book.folded.get(name))
        ]
        cases = self.book.cases.add_to(part.cases.hstack(folded).lazy(), wanted.get("", ()))
        return Part(_kept(cases, [ROW, *wanted.get("", ())]), {name: tables[name] for name in wanted if name})

    def _of_rows(self, wanted: Wanted) -> dict[str, set[str]]:
        """The columns of rows that are wanted, or that wanted columns of the cases rest on."""
        found = defaultdict(set, {table: set(names) for table, names in wanted.items() if table})
        for name in self.book.cases.inputs(wanted.get("", ())):
            if fold := self.book.folded.get(name):
                found[fold.table].add(fold.column)
        return dict(found)

    def _to_read(self, of_cases: Collection[str], of_rows: Mapping[str, set[str]]) -> Wanted:
        found: defaultdict[str, set[str]] = defaultdict(set)
        found[""] = {name for name in self.book.cases.inputs(of_cases) if name not in self.book.folded}
        for table, names in of_rows.items():
            for name in self.book.rows(table).inputs(names):
                for source, column in self._sources(table, name):
                    found[source].add(column)
            found[table].add(ROW)
        return found

    def _sources(self, table: str, name: str) -> list[tuple[str, str]]:
        """Where to read what a column of rows rests on."""
        if looked := self.book.looked.get(name):
            return [(table, looked.field.name), (looked.by.table, looked.by.name)]
        if name in self.book.answered:
            return [(table, self.keys[table]), *((ANSWERS, one) for one in ("criterion", GIVEN.name, ITEM.name))]
        return [(table if name in self.types[table] or name == ROW else "", name)]

    def _work_out_rows(self, part: Part, table: str, names: Collection[str]) -> pl.DataFrame:
        sheet, rows = self.book.rows(table), part.tables[table]
        more = [self._supply(part, table, name) for name in sorted(sheet.inputs(names)) if name not in rows.columns]
        frame = sheet.add_to(rows.hstack(more).lazy(), names)
        return _kept(frame, [ROW, *names])

    def _supply(self, part: Part, table: str, name: str) -> pl.Series:
        """A column for the rows that does not stand in their table."""
        rows = part.tables[table]
        if looked := self.book.looked.get(name):
            return look_up(rows, part.tables[looked.by.table], looked, len(part.cases)).alias(name)
        if criterion := self.book.answered.get(name):
            return answers_to(rows, self.types[table][self.keys[table]], part.tables[ANSWERS], criterion).alias(name)
        return part.cases[name].gather(rows[ROW])


def _kept(frame: pl.LazyFrame, names: Collection[str]) -> pl.DataFrame:
    return frame.select(sorted(set(names))).collect()


def _fold(fold: Folded, rows: pl.DataFrame, cases: int) -> pl.Series:
    of = rows[ROW].filter(rows[fold.column])
    if fold.fold is Fold.SOME:
        return pl.repeat(False, cases, dtype=pl.Boolean, eager=True).scatter(of, True)
    numbers = of.to_frame().group_by(ROW).len("number")
    return pl.zeros(cases, dtype=pl.UInt32, eager=True).scatter(numbers[ROW], numbers["number"])
