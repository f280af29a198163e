"""The sheets of a rulebook: one for the cases, one for the rows of each table, and what is carried between them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

import polars as pl
from attrs import Factory, define, frozen

from casescreen.evaluate.bulk.frames import HAS, ROW
from casescreen.evaluate.bulk.sheet import Sheet
from casescreen.evaluate.bulk.truths import Bool, either, expression
from casescreen.model.dictionary import Field


class Fold(Enum):
    """How what is so of the rows of a case becomes a column of the cases."""

    SOME = "some"
    COUNT = "count"


@frozen
class Folded:
    """A column of the cases that is made of a column of a table's rows."""

    fold: Fold
    table: str
    column: str


@frozen
class Looked:
    """Whether a row's value stands in a column of the rows of another table of the same case."""

    field: Field
    by: Field


@define(eq=False)
class Workbook:
    """All columns that are worked out.

    Attributes:
        cases: the columns of the cases.
        folded: how columns of the cases come from columns of rows, by name.
        looked: how columns of rows come from the rows of another table, by name.
        answered: columns of rows that hold what was answered about each, with the criterion, by name.
    """

    cases: Sheet = Factory(lambda: Sheet(""))
    folded: dict[str, Folded] = Factory(dict)
    looked: dict[str, Looked] = Factory(dict)
    answered: dict[str, str] = Factory(dict)
    _rows: dict[str, Sheet] = Factory(dict)

    def rows(self, table: str) -> Sheet:
        """The columns of a table's rows."""
        return self._rows.setdefault(table, Sheet(table))

    @property
    def tables(self) -> Mapping[str, Sheet]:
        """The sheets of rows, by table."""
        return self._rows

    def some(self, table: str, row: Bool) -> Bool:
        """It is so of at least one row."""
        return False if row is False else self._fold(Fold.SOME, table, row)

    def number(self, table: str, row: Bool) -> pl.Expr:
        """How many rows it is so of."""
        return self._fold(Fold.COUNT, table, row)

    def present(self, table: str) -> Bool:
        """The table is in the record, with rows or without."""
        return self.cases.put(expression(either(pl.col(f"{HAS}{table}").fill_null(False), self.some(table, True))))

    def found(self, field: Field, by: Field) -> pl.Expr:
        """The row's value stands in a column of the rows of another table."""
        name = f"{field.full_name} in {by.full_name}"
        self.looked[name] = Looked(field, by)
        return pl.col(name)

    def answer(self, criterion: str) -> pl.Expr:
        """What was answered about the row to a criterion; null where nothing was."""
        name = f"answer to {criterion}"
        self.answered[name] = criterion
        return pl.col(name)

    def _fold(self, fold: Fold, table: str, row: Bool) -> pl.Expr:
        column = pl.col(ROW).is_not_null() if row is True else expression(row)
        name = self.rows(table).put(column).meta.output_name()
        folded = f"{fold.value} {name}"
        self.folded[folded] = Folded(fold, table, name)
        return pl.col(folded)
