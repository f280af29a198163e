"""How made-up cases are drawn: what is plausible for each field and table, as data beside a rulebook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attrs import Factory, frozen

from casescreen.model.dictionary import Field, Table, Value

Correlations = Mapping[str, float]
"""The correlation of a value with each latent variable, from -1 to 1, by the variable's name."""


@frozen
class LatentVariable:
    """Something about a case that no record says and several fields follow, such as how well it is run.

    Attributes:
        group: the field whose cases have a part of it in common, or "".
        shared: how much of its variance they have in common.
    """

    name: str
    group: str = ""
    shared: float = 0.0


@frozen
class Quantiles:
    """Whole numbers between some that cut them into equally likely parts: the least, ..., the middle, ..., the most."""

    points: tuple[int, ...]


@frozen
class Bernoulli:
    """Yes in this share of cases."""

    yes: float


@frozen
class IsRecorded:
    """Yes where another field has a value, else no: a yes-no field that stands beside a date."""

    other: Field


@frozen
class Choice:
    """One of some texts or words, each as likely as its weight says.

    Attributes:
        distinct: whether the rows of a case all have different ones.
    """

    texts: tuple[str, ...]
    weights: tuple[float, ...]
    distinct: bool = False


@frozen
class SerialNumber:
    """A text with the number of the row, or of the case, at ``{number}``."""

    text: str


@frozen
class Cycle:
    """A text with a number that so many cases in turn have in common, such as who holds them.

    Attributes:
        cases: how many cases in turn.
        length: how many numbers there are before they begin again with the first.
    """

    text: str
    cases: int
    length: int


@frozen
class DateOffset:
    """A date some days on from another.

    Attributes:
        base: the other date; None is the as-of date.
        days: how many.
        back: whether the days are counted back.
        working: whether they are working days.
        cumulative: whether each row of a case counts from the one before it, and only the first from ``base``.
        never: the share of cases or rows in which it does not come to that at all: the far end of the quantiles.
    """

    base: Field | None
    days: Quantiles
    back: bool = False
    working: bool = False
    cumulative: bool = False
    never: float = 0.0


@frozen
class ParentCopy:
    """The same as a column of the parent row, or in the rest of the rows one of some words."""

    column: Field
    share: float
    otherwise: Choice


Distribution = Bernoulli | IsRecorded | Choice | SerialNumber | Cycle | Quantiles | DateOffset | ParentCopy


@frozen
class Precondition:
    """A field has one of these values; any, if none is named."""

    field: Field
    values: tuple[Value, ...]


@frozen
class Alternative:
    """What values are drawn by instead, where all of these are so."""

    only_if: tuple[Precondition, ...]
    distribution: Distribution


@frozen
class SyntheticField:
    """How the values of one field or column are drawn.

    Attributes:
        missing: the share of values that are not recorded although there is something to record.
        only_if: there is something to record only where all of these are so.
        instead: what they are drawn by in some cases; the first that fits counts.
    """

    field: Field
    distribution: Distribution
    correlations: Correlations = Factory(dict)
    missing: float = 0.0
    only_if: tuple[Precondition, ...] = ()
    instead: tuple[Alternative, ...] = ()

    @property
    def depends_on(self) -> set[str]:
        """The names of the fields, of the case or of the row at hand, that must be drawn first."""
        preconditions = [*self.only_if, *(one for instead in self.instead for one in instead.only_if)]
        fields = [precondition.field for precondition in preconditions]
        for distribution in (self.distribution, *(instead.distribution for instead in self.instead)):
            match distribution:
                case IsRecorded(Field() as other) | DateOffset(Field() as other):
                    fields.append(other)
        return {field.name for field in fields}


@frozen
class PerParentRow:
    """A row for most rows of another table."""

    table: str
    share: float


@frozen
class SyntheticTable:
    """How the rows of one table are drawn.

    Attributes:
        size: how likely it is that a case has no row, one, two and so on; or the table whose rows have one each.
        columns: in an order in which each depends only on those before it.
        absent: the share of cases in which the record does not have the table at all.
        only_if: there are rows only where all of these are so, of the case or of the parent row.
        dated_by: the column with the day from which a row exists, or None.
        until: the last such day is that of this field of the case; None is the as-of date.
    """

    table: Table
    size: tuple[float, ...] | PerParentRow
    columns: tuple[SyntheticField, ...]
    correlations: Correlations = Factory(dict)
    absent: float = 0.0
    only_if: tuple[Precondition, ...] = ()
    dated_by: Field | None = None
    until: Field | None = None

    @property
    def depends_on(self) -> set[str]:
        """The names of the fields, of the case, the rows and their parent rows, that are needed to draw the rows."""
        fields = [precondition.field for precondition in self.only_if]
        if self.until is not None:
            fields.append(self.until)
        return {field.name for field in fields}.union(*(column.depends_on for column in self.columns))


@frozen
class SyntheticAnswers:
    """What readers answered to the questions that facts cannot decide.

    Attributes:
        share: the share of such questions that were answered.
        yes: how many of the answers are yes; the rest is no.
        not_applicable: how many of the answers are that the question does not apply.
        reasons: the reasons given.
    """

    share: float
    yes: float
    not_applicable: float
    reasons: tuple[str, ...]
    correlations: Correlations = Factory(dict)


@frozen
class SyntheticSpec:
    """Everything that made-up cases of a rulebook are drawn from.

    Attributes:
        as_of: the date that the cases are made up for, or None if none is stated.
        fields: in an order in which each depends only on those before it.
        tables: the same.
        missing_correlations: what the missing values go with.
    """

    as_of: date | None
    latent: tuple[LatentVariable, ...]
    fields: tuple[SyntheticField, ...]
    tables: tuple[SyntheticTable, ...]
    answers: SyntheticAnswers
    missing_correlations: Correlations = Factory(dict)
