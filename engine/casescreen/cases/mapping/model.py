"""What a mapping says, checked against the dictionary; and, once it is bound to sheets, against these too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

from attrs import Factory, frozen

from casescreen.cases.tables.cells import DateOrder
from casescreen.cases.tables.sheet import HeadedSheet
from casescreen.model.dictionary import Field, Value
from casescreen.model.problem import Fault, Place, Problem


class Keep(Enum):
    """Which row counts where several belong to a case, by the name that a mapping gives it."""

    ONLY = "only"
    EARLIEST = "earliest"
    LATEST = "latest"


@frozen(eq=False)
class MappedColumn:
    """What a field is read from.

    Attributes:
        field: the field, or the column of a table.
        heading: the heading of the column.
        words: what the texts of cells, folded, stand for.
        other: what every other text stands for; None if each stands for itself.
        none: the texts, folded, that mean that nothing is recorded.
        order: how days in figures are read; None where the column itself must tell.
        place: where the mapping says so.
    """

    field: Field
    heading: str
    words: Mapping[str, Value]
    other: Value | None
    none: frozenset[str]
    order: DateOrder | None
    place: Place


@frozen(eq=False)
class Step:
    """From a row to the rows of a sheet whose ``to`` says what ``of`` says.

    Attributes:
        sheet: the sheet that is reached.
        of: the heading in the sheet before.
        to: the heading in the sheet that is reached.
        place: where the mapping says so.
    """

    sheet: str
    of: str
    to: str
    place: Place


@frozen(eq=False)
class Only:
    """Rows count only if the column says one of the words, folded, or, if there are none, says anything."""

    heading: str
    words: frozenset[str]
    place: Place


@frozen(eq=False)
class MappedLookup:
    """Fields of the case that stand in another sheet; of several rows one is kept, by the days in a column."""

    steps: Sequence[Step]
    columns: Sequence[MappedColumn]
    keep: Keep
    by: MappedColumn | None
    only: Sequence[Only]


@frozen(eq=False)
class MappedRows:
    """Rows of a child table; without steps, the row of the case is itself the row."""

    table: str
    steps: Sequence[Step]
    columns: Sequence[MappedColumn]
    constants: Mapping[str, Value]
    only: Sequence[Only]


@frozen(eq=False)
class CaseMapping:
    """A mapping.

    Attributes:
        title: what it is for.
        place: the file of it.
        sheet: the sheet of the cases; "" for the only one there is.
        id: the heading of the column that has the case's id.
        header_rows: the number of the row of headings, from 1, by sheet, folded; elsewhere the first row in use.
        columns: the fields in the sheet of the cases.
        constants: the fields that are the same for every case.
        only: which rows of that sheet are cases.
        lookups: the fields in other sheets.
        rows: the rows of child tables.
        complete: the tables of which every row is listed.
        optional: the sheets, folded, that need not be there; a case has nothing from them then.
        listed: for a table, the column in the sheet of the cases that says whether all its rows are listed.
    """

    title: str
    place: Place
    sheet: str
    id: str
    header_rows: Mapping[str, int] = Factory(dict)
    columns: Sequence[MappedColumn] = ()
    constants: Mapping[str, Value] = Factory(dict)
    only: Sequence[Only] = ()
    lookups: Sequence[MappedLookup] = ()
    rows: Sequence[MappedRows] = ()
    complete: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    listed: Mapping[str, MappedColumn] = Factory(dict)


@frozen(eq=False)
class BoundMapping:
    """A mapping and the sheets that it is for: all that it names is there, and is written in it as in the sheets.

    Attributes:
        mapping: the mapping.
        sheets: the sheets by the names that the mapping has for them.
        left_aside: what stands in the sheets and is not read, where the rest of them is.
        noticed: what is read, and is to be looked at.
        unreadable: the fields and tables that cannot be read for any case, and why.
    """

    mapping: CaseMapping
    sheets: Mapping[str, HeadedSheet]
    left_aside: tuple[Problem, ...] = ()
    noticed: tuple[Problem, ...] = ()
    unreadable: Mapping[str, Fault] = Factory(dict)
