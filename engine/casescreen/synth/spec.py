"""How made-up cases are drawn: what is plausible for each field and table, as data beside a rulebook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attrs import Factory, frozen

from casescreen.model.dictionary import Field, Table, Value

Follows = Mapping[str, float]
"""How a value goes with hidden factors: the correlation with each, from -1 to 1, by the factor's name."""


@frozen
class Hidden:
    """Something about a case that no record says and several fields follow, such as how well it is run.

    Attributes:
        group: the field whose cases have a part of it in common, or "".
        shared: how much of its variance they have in common.
    """

    name: str
    group: str = ""
    shared: float = 0.0


@frozen
class Spread:
    """Whole numbers between some that cut them into equally likely parts: the least, ..., the middle, ..., the most."""

    points: tuple[int, ...]


@frozen
class Share:
    """Yes in this share of cases."""

    yes: float


@frozen
class WhetherThere:
    """Yes where another field has a value, else no: a yes-no field that stands beside a date."""

    of: Field


@frozen
class Words:
    """One of some texts or words, each as likely as its weight says.

    Attributes:
        distinct: whether the rows of a case all have different ones.
    """

    words: tuple[str, ...]
    weights: tuple[float, ...]
    distinct: bool = False


@frozen
class Numbered:
    """A text with the number of the row, or of the case, at ``{number}``."""

    text: str


@frozen
class InTurns:
    """A text with a number that so many cases in turn have in common, such as who holds them.

    Attributes:
        cases: how many cases in turn.
        of: how many numbers there are before they begin again with the first.
    """

    text: str
    cases: int
    of: int


@frozen
class Day:
    """A date some days on from another.

    Attributes:
        of: the other date; None is the as-of date.
        back: whether the days are counted back.
        days: how many.
        working: whether they are working days.
        in_turn: whether each row of a case counts from the one before it, and only the first from ``of``.
        never: the share of cases or rows in which it does not come to that at all: the far end of the spread.
    """

    of: Field | None
    days: Spread
    back: bool = False
    working: bool = False
    in_turn: bool = False
    never: float = 0.0


@frozen
class SameAs:
    """The same as a column of the row that this row is like, or in the rest of the rows one of some words."""

    column: Field
    share: float
    otherwise: Words


Maker = Share | WhetherThere | Words | Numbered | InTurns | Spread | Day | SameAs


@frozen
class OnlyIf:
    """A field has one of these values."""

    field: Field
    values: tuple[Value, ...]


@frozen
class Draw:
    """How the values of one field or column are drawn.

    Attributes:
        missing: the share of values that are not recorded although there is something to record.
        only_if: there is something to record only where all of these are so.
    """

    field: Field
    maker: Maker
    follows: Follows = Factory(dict)
    missing: float = 0.0
    only_if: tuple[OnlyIf, ...] = ()

    @property
    def rests_on(self) -> tuple[str, ...]:
        """The names of the fields, of the case or of the row at hand, that must be drawn first."""
        other = self.maker.of if isinstance(self.maker, WhetherThere | Day) else None
        return (*(() if other is None else (other.name,)), *(condition.field.name for condition in self.only_if))


@frozen
class Like:
    """A row for most rows of another table."""

    table: str
    share: float


@frozen
class RowsDraw:
    """How the rows of one table are drawn.

    Attributes:
        table: the table.
        number: how likely it is that a case has no row, one, two and so on; or the table that they are like.
        columns: in an order in which each rests only on those before it.
        absent: the share of cases in which the record does not have the table at all.
        only_if: there are rows only where all of these are so, of the case or of the row that they are like.
        dated_by: the column with the day from which a row exists, or None.
        until: the last such day is that of this field of the case; None is the as-of date.
    """

    table: Table
    number: tuple[float, ...] | Like
    columns: tuple[Draw, ...]
    follows: Follows = Factory(dict)
    absent: float = 0.0
    only_if: tuple[OnlyIf, ...] = ()
    dated_by: Field | None = None
    until: Field | None = None

    @property
    def rests_on(self) -> tuple[str, ...]:
        """The names of the fields, of the case, the rows and the rows that these are like, that they rest on."""
        until = () if self.until is None else (self.until.name,)
        conditions = (condition.field.name for condition in self.only_if)
        return (*until, *conditions, *(name for draw in self.columns for name in draw.rests_on))


@frozen
class ReadersAnswers:
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
    follows: Follows = Factory(dict)


@frozen
class SyntheticSpec:
    """Everything that made-up cases of a rulebook are drawn from.

    Attributes:
        as_of: the date that the cases are made up for, or None if none is stated.
        fields: in an order in which each rests only on those before it.
        tables: the same.
        missing_follows: what the missing values go with.
    """

    as_of: date | None
    hidden: tuple[Hidden, ...]
    fields: tuple[Draw, ...]
    tables: tuple[RowsDraw, ...]
    answers: ReadersAnswers
    missing_follows: Follows = Factory(dict)
