"""A sheet of named columns, each worked out from what was read or from columns before it, and each only once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl
from attrs import Factory, define, frozen


@frozen(eq=False)
class _Column:
    expression: pl.Expr
    inputs: tuple[str, ...]
    layer: int


@define(eq=False)
class Sheet:
    """The columns that are worked out for every case, or for every row of a table.

    Attributes:
        label: the table's name, or "" for the cases.
    """

    label: str
    _columns: dict[str, _Column] = Factory(dict)
    _names: dict[bytes, str] = Factory(dict)

    def put(self, expression: pl.Expr) -> pl.Expr:
        """The column that holds what the expression comes to; the same expression has the same column."""
        meaning = expression.meta.serialize()
        if (name := self._names.get(meaning)) is None:
            name = self._names[meaning] = f"#{self.label} {len(self._columns)}"
            inputs = tuple(expression.meta.root_names())
            layer = 1 + max((self._columns[one].layer for one in inputs if one in self._columns), default=0)
            self._columns[name] = _Column(expression, inputs, layer)
        return pl.col(name)

    def inputs(self, wanted: Iterable[str]) -> set[str]:
        """The names of what must be there before the wanted columns can be worked out."""
        return {name for name in self._reached(wanted) if name not in self._columns}

    def add_to(self, frame: pl.LazyFrame, wanted: Iterable[str]) -> pl.LazyFrame:
        """The frame with the wanted columns, and those that they rest on."""
        layers: dict[int, list[pl.Expr]] = {}
        for name in sorted(self._reached(wanted)):
            if column := self._columns.get(name):
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
                waiting.extend(self._inputs_of(name))
        return reached

    def _inputs_of(self, name: str) -> Iterator[str]:
        if column := self._columns.get(name):
            yield from column.inputs
