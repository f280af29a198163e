"""Statements of the letter, each with a number and with what it rests on."""

from __future__ import annotations

from attrs import define, field, frozen


@frozen
class Ground:
    """What a statement rests on: a row of the appendix.

    Attributes:
        rests_on: the criterion or premise, in words.
        figures: k of n, or "".
        cases: the cases that it points at, in words.
        beside: what is not counted in k of n, in words.
    """

    rests_on: str
    figures: str = ""
    cases: str = ""
    beside: str = ""


@frozen
class Statement:
    """A line or two of the letter, and the number under which its grounds stand in the appendix."""

    text: str
    number: int
    grounds: tuple[Ground, ...]


@define
class Numbering:
    """Numbers statements from 1, and keeps them for the appendix.

    Attributes:
        made: every statement so far, in order.
    """

    made: list[Statement] = field(factory=list)

    def state(self, text: str, *grounds: Ground) -> Statement:
        """The next statement."""
        statement = Statement(text, len(self.made) + 1, grounds)
        self.made.append(statement)
        return statement

    def again(self, text: str, statement: Statement) -> Statement:
        """More that rests on the grounds of a statement made before, under its number."""
        return Statement(text, statement.number, statement.grounds)
