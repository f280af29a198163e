"""What a mapping says, checked against the dictionary; and, once it is bound to sheets, against these too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import Factory, evolve, frozen

from casescreen.cases.mapping.cell_reading import CellReading, meanings
from casescreen.cases.tables.cells import DateOrder
from casescreen.cases.tables.sheet import HeadedSheet
from casescreen.model.dictionary import Field, Kind, Value
from casescreen.model.problem import Fault, Place, Problem

if TYPE_CHECKING:
    from casescreen.cases.mapping.heading_match import HeadingMatcher
    from casescreen.cases.mapping.headings import Target


class Keep(Enum):
    """Which row counts where several belong to a case, by the name that a mapping gives it."""

    ONLY = "only"
    EARLIEST = "earliest"
    LATEST = "latest"
    LATEST_OF_SEVERAL = "latest of several"  # a row that is alone tells of no change, and does not count


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
        not_done: the texts, folded, in a column of days that mean that it was not done: the yes-no that the day dates
            is no then.
        not_applicable: the texts, folded, that mean that there is nothing to record; it counts as not known.
    """

    field: Field
    heading: str
    words: Mapping[str, Value]
    other: Value | None
    none: frozenset[str]
    order: DateOrder | None
    place: Place
    not_done: frozenset[str] = frozenset()
    not_applicable: frozenset[str] = frozenset()

    @property
    def is_plain_text(self) -> bool:
        """Whether each text in it stands for itself."""
        return self.field.kind is Kind.TEXT and self.other is None and not self.meanings

    @cached_property
    def meanings(self) -> Mapping[str, CellReading]:
        """What each text that stands for something means."""
        return meanings(self.words, self.none, self.not_done, self.not_applicable)


def with_words(column: MappedColumn, not_applicable: frozenset[str], not_done: frozenset[str]) -> MappedColumn:
    """A column that is also read by what is usual in a mapping; its own words go before that.

    That something was not done says no where a date dates a yes-no; of any other day of the past it says that the day
    is not known.
    """
    denies = not_done if column.field.dates else frozenset()
    unknown = not_done if column.field.past and not column.field.dates else frozenset()
    own = {*column.words}
    none = (column.none - denies) | unknown
    return evolve(column, none=none - own, not_done=denies - own, not_applicable=not_applicable - denies - none - own)


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
        header_rows: the numbers of the rows of headings, from 1, by sheet, folded; elsewhere the first row in use. Of
            two, the headings of the upper one stand over groups of columns.
        columns: the fields in the sheet of the cases.
        constants: the fields that are the same for every case.
        only: which rows of that sheet are cases.
        lookups: the fields in other sheets.
        rows: the rows of child tables.
        complete: the tables of which every row is listed.
        optional: the sheets, folded, that need not be there; a case has nothing from them then.
        listed: for a table, the column in the sheet of the cases that says whether all its rows are listed.
        only_cases: whether rows of the sheet of the cases that look like totals, sections, repeated headings and
            remarks are passed over, and told.
        confirmed: whether a person has looked at it; one that was suggested for a single run was not.
        manager: the field that says who holds a case: where no column is of it, rows between the cases that may say so
            are told. None where it is not known which field does.
    """

    title: str
    place: Place
    sheet: str
    id: str
    header_rows: Mapping[str, Sequence[int]] = Factory(dict)
    columns: Sequence[MappedColumn] = ()
    constants: Mapping[str, Value] = Factory(dict)
    only: Sequence[Only] = ()
    lookups: Sequence[MappedLookup] = ()
    rows: Sequence[MappedRows] = ()
    complete: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    listed: Mapping[str, MappedColumn] = Factory(dict)
    only_cases: bool = False
    confirmed: bool = True
    manager: Field | None = None


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


@frozen(eq=False)
class SuggestedField:
    """A field, and the column that it is read from.

    Attributes:
        field: a field of the case, or a column of a table.
        rows: what a row of the table always says, where it stands in the row of the case; else empty.
        sheet: what the sheet is called.
        heading: the heading.
        cells: how many cells below it are not blank.
        read: how many of them say a value.
        said: how many of them say by a word that there is none.
        example: the value that one of them says; None for text, which is not shown, and where none says one.
        sure: whether the heading is a name of the field, and not only like one.
    """

    field: Field
    rows: Mapping[str, Value]
    sheet: str
    heading: str
    cells: int
    read: int
    said: int
    example: Value | None
    sure: bool


@frozen(eq=False)
class UnusedHeading:
    """A heading that is not read, and why."""

    sheet: str
    heading: str
    why: str


@frozen(eq=False)
class MissingField:
    """A field without a column that decides criteria of high severity, by how many."""

    field: Field
    criteria: int


@frozen(eq=False)
class Choices:
    """What a person has said of columns, which goes before whatever is likely.

    Attributes:
        columns: by the folded name of the sheet and the heading, the id of what a column is read for; None for nothing.
        order: how days in figures are read; None where that is not said.
    """

    columns: Mapping[tuple[str, str], str | None] = Factory(dict)
    order: DateOrder | None = None

    def of_sheet(self, sheet: str) -> Mapping[str, str | None]:
        """What was said of the columns of a sheet, by heading."""
        return {heading: chosen for (named, heading), chosen in self.columns.items() if named == sheet}


NO_CHOICES = Choices()


@frozen(eq=False)
class OfferedSheet:
    """A sheet that is read, and all that its columns could be read for.

    Attributes:
        id: the heading of the id of the case.
        holds_cases: whether it has a row for each case.
    """

    matcher: HeadingMatcher
    targets: Sequence[Target]
    id: str
    holds_cases: bool


@frozen(eq=False)
class Suggestion:
    """What the tables of somebody are likely to mean.

    Attributes:
        mapping: the mapping, not confirmed by anybody.
        sheet: what the sheet of the cases is called.
        header_rows: the numbers of its rows of headings.
        fields: what is read.
        missing: what decides criteria of high severity and is not read.
        unused: the headings that are not read.
        not_read: the sheets that are not read, and why.
        chosen: what is taken for granted of columns: which is the id, and how days in figures are read.
        assumed: what is taken for granted of cells.
        asked: what somebody has to say before it can be read.
        passed_over: the rows that are passed over.
        asks_order: whether days in figures are not read, as nothing tells which of the day and the month comes first.
        offered: the sheets that are read, with what could be chosen for their columns.
    """

    mapping: CaseMapping
    sheet: str
    header_rows: Sequence[int]
    fields: Sequence[SuggestedField]
    missing: Sequence[MissingField]
    unused: Sequence[UnusedHeading]
    not_read: Sequence[str]
    chosen: Sequence[str]
    assumed: Sequence[str]
    asked: Sequence[str]
    passed_over: Sequence[str]
    asks_order: bool
    offered: Sequence[OfferedSheet] = ()
