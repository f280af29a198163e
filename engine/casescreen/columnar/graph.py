"""Named columns, each computed once from columns before it: one graph for the cases and one for each table."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
from attrs import Factory, define, frozen

from casescreen.columnar.expressions import Bool, as_expression, or_
from casescreen.columnar.frames import ROW
from casescreen.model.case import HAS
from casescreen.model.dictionary import Field


@frozen(eq=False)
class _Column:
    expression: pl.Expr
    inputs: tuple[str, ...]
    layer: int


@define(eq=False)
class ColumnGraph:
    """The columns that are computed for every case, or for every row of a table.

    Attributes:
        label: the table's name, or "" for the cases.
    """

    label: str
    _columns: dict[str, _Column] = Factory(dict)
    _names: dict[bytes, str] = Factory(dict)

    def put(self, part: Bool) -> pl.Expr:
        """The column that holds what the expression comes to."""
        return pl.col(self.name(part))

    def name(self, part: Bool) -> str:
        """The name of that column; the same expression has the same one."""
        expression = as_expression(part)
        meaning = expression.meta.serialize()
        if (name := self._names.get(meaning)) is None:
            name = self._names[meaning] = f"#{self.label} {len(self._columns)}"
            inputs = tuple(expression.meta.root_names())
            layer = 1 + max((self._columns[one].layer for one in inputs if one in self._columns), default=0)
            self._columns[name] = _Column(expression, inputs, layer)
        return name

    def inputs(self, wanted: Iterable[str]) -> set[str]:
        """The names of what must be there before the wanted columns can be computed."""
        return self._reached(wanted) - self._columns.keys()

    def add_to(self, frame: pl.LazyFrame, wanted: Iterable[str]) -> pl.LazyFrame:
        """The frame with the wanted columns, and those that they rest on."""
        layers: dict[int, list[pl.Expr]] = {}
        for name in sorted(self._reached(wanted) & self._columns.keys()):
            column = self._columns[name]
            layers.setdefault(column.layer, []).append(column.expression.alias(name))
        for _, layer in sorted(layers.items()):
            frame = frame.with_columns(layer)
        return frame

    def _reached(self, wanted: Iterable[str]) -> set[str]:
        reached: set[str] = set()
        waiting = list(wanted)
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting.extend(self._columns[name].inputs if name in self._columns else ())
        return reached


@frozen
class Folded:
    """A column of the cases made of one of a table's rows: whether it is so of some of a case's, or of how many."""

    table: str
    column: str
    count: bool


@frozen
class LookupColumn:
    """Whether a row's value stands in a column of the rows of another table of the same case."""

    field: Field
    by: Field


@define(eq=False)
class Graphs:
    """All columns that are computed.

    Attributes:
        folded: how columns of the cases come from columns of rows, by name.
        lookups: how columns of rows come from the rows of another table, by name.
        answered: columns of rows that hold what was answered about each, with the criterion, by name.
    """

    folded: dict[str, Folded] = Factory(dict)
    lookups: dict[str, LookupColumn] = Factory(dict)
    answered: dict[str, str] = Factory(dict)
    _graphs: dict[str, ColumnGraph] = Factory(dict)

    def of(self, table: str) -> ColumnGraph:
        """The columns of a table's rows; those of the cases where it is ""."""
        return self._graphs.setdefault(table, ColumnGraph(table))

    def some(self, table: str, row: Bool) -> Bool:
        """It is so of at least one row."""
        return False if row is False else self._fold(table, row, count=False)

    def number(self, table: str, row: Bool) -> pl.Expr:
        """How many rows it is so of."""
        return self._fold(table, row, count=True)

    def _fold(self, table: str, row: Bool, *, count: bool) -> pl.Expr:
        column = self.of(table).name(pl.col(ROW).is_not_null() if row is True else row)
        folded = f"{'number of' if count else 'some'} {column}"
        self.folded[folded] = Folded(table, column, count)
        return pl.col(folded)

    def present(self, table: str) -> Bool:
        """The table is in the record, with rows or without."""
        return self.of("").put(or_(pl.col(f"{HAS}{table}").fill_null(False), self.some(table, True)))

    def lookup(self, field: Field, by: Field) -> pl.Expr:
        """The row's value stands in a column of the rows of another table."""
        name = f"{field.full_name} in {by.full_name}"
        self.lookups[name] = LookupColumn(field, by)
        return pl.col(name)

    def answer(self, criterion: str) -> pl.Expr:
        """What was answered about the row to a criterion; null where nothing was."""
        name = f"answer to {criterion}"
        self.answered[name] = criterion
        return pl.col(name)
