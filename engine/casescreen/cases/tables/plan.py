"""Which column of which sheet says what: the plan by which sheets are read as cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum

from attrs import Factory, frozen

from casescreen.cases.tables.cells import DateOrder, is_blank, text_in
from casescreen.cases.tables.sheet import Sheet
from casescreen.model.dictionary import Field, Value
from casescreen.model.problem import Problem


@frozen(eq=False)
class HeadedSheet:
    """The rows of a sheet that are read, and where their columns stand.

    Attributes:
        sheet: the sheet.
        header: the index of the row of headings.
        columns: the index of each column by its heading, as it is written.
    """

    sheet: Sheet
    header: int
    columns: Mapping[str, int]


@frozen(eq=False)
class PlannedColumn:
    """Where the values of one field stand, and what is written there.

    Attributes:
        field: the field, or the column of a table.
        index: the number of the column from 0.
        words: what a cell's text, folded, stands for where it does not stand for itself.
        other: what any text stands for that is not in ``words``; None if each stands for itself.
        none: the texts, folded, that mean that nothing is recorded.
        order: how days in figures are read; None where the column itself must tell.
    """

    field: Field
    index: int
    words: Mapping[str, Value] = Factory(dict)
    other: Value | None = None
    none: frozenset[str] = frozenset()
    order: DateOrder | None = None


@frozen(eq=False)
class Hop:
    """One step from a row to rows of another part: those whose ``to`` says what ``of`` says."""

    part: HeadedSheet
    of: int
    to: int


@frozen(eq=False)
class When:
    """Only rows whose cell is recorded count, or says one of the words, folded."""

    index: int
    words: frozenset[str] = frozenset()

    @property
    def any_word(self) -> bool:
        """Whether it is enough that something is recorded."""
        return not self.words


class Keep(Enum):
    """Which row counts where several belong to a case, by the name that a mapping gives it."""

    ONLY = "only"
    EARLIEST = "earliest"
    LATEST = "latest"


@frozen(eq=False)
class PlannedLookup:
    """Fields of the case from rows of another sheet than the cases'.

    Attributes:
        hops: the way from the row of the case to the rows.
        keep: which of them counts.
        by: the column of days by which they are earliest or latest.
        when: only these rows count.
        columns: where the fields stand.
    """

    hops: Sequence[Hop]
    columns: Sequence[PlannedColumn]
    keep: Keep = Keep.ONLY
    by: PlannedColumn | None = None
    when: Sequence[When] = ()


@frozen(eq=False)
class PlannedRows:
    """Rows of a child table.

    Attributes:
        table: the name of the table.
        hops: the way from the row of the case to the rows; none where the row of the case is itself the row.
        columns: where the columns stand.
        constants: what every row says.
        when: only these rows count.
    """

    table: str
    hops: Sequence[Hop]
    columns: Sequence[PlannedColumn]
    constants: Mapping[str, Value] = Factory(dict)
    when: Sequence[When] = ()


@frozen(eq=False)
class SheetPlan:
    """How sheets are read as cases.

    Attributes:
        cases: the part that has a row for each case.
        id: where the case's id stands in it.
        columns: where the fields stand in it.
        constants: the fields that are the same for every case.
        has: for a table, the column of ``cases`` that says whether it is in the record.
        complete: the tables of which every row is listed, so that a case without rows has none.
        looked: fields that stand in other sheets.
        rows: rows of child tables.
        when: only these rows of ``cases`` are cases.
        own: the parts in which every row must belong to a case that is there, by the column of the case's id.
    """

    cases: HeadedSheet
    id: int
    columns: Sequence[PlannedColumn]
    constants: Mapping[str, Value] = Factory(dict)
    has: Mapping[str, PlannedColumn] = Factory(dict)
    complete: frozenset[str] = frozenset()
    looked: Sequence[PlannedLookup] = ()
    rows: Sequence[PlannedRows] = ()
    when: Sequence[When] = ()
    own: Sequence[tuple[HeadedSheet, int]] = ()


_LOST = "What is not read cannot count."


def part_of(sheet: Sheet, header: int | None = None) -> HeadedSheet | None:
    """The part of a sheet from its headings down; None if there are no headings.

    Args:
        sheet: the sheet.
        header: the index of the row of headings; the first row that is not blank, if None.
    """
    rows = range(len(sheet.rows)) if header is None else (header,)
    for row in rows:
        if row < len(sheet.rows) and (found := _headings(sheet, row)):
            return HeadedSheet(sheet, row, found)
    return None


def part_problems(part: HeadedSheet) -> Iterator[Problem]:
    """What would be lost or misread below the headings: cells merged over rows, and in text rows that are too long."""
    sheet = part.sheet
    for (first, column), (last, _) in sheet.merged:
        if last > max(first, part.header):
            advice = "Split them, and write the value into each row that it is for."
            yield Problem(
                sheet.place(first, column), f"cells are merged here over {last - first + 1} rows", advice, _LOST
            )
    if not sheet.name:
        width = len(sheet.rows[part.header])
        for row, cells in enumerate(sheet.rows[part.header + 1 :], part.header + 1):
            if any(not is_blank(cell) for cell in cells[width:]):
                what = "the row has more cells than there are headings"
                yield Problem(
                    sheet.place(row, width), what, "Put a text that has the delimiter in it in quotes.", _LOST
                )


def is_filled(sheet: Sheet) -> bool:
    """Whether anything stands in the sheet."""
    return any(not is_blank(cell) for row in sheet.rows for cell in row)


def _headings(sheet: Sheet, row: int) -> Mapping[str, int]:
    """The headings in a row, each with the number of its column; of two that are the same, the first."""
    found: dict[str, int] = {}
    for index, cell in enumerate(sheet.rows[row]):
        if not is_blank(cell) and isinstance(text := text_in(cell), str):
            found.setdefault(text.strip(), index)
    return found
