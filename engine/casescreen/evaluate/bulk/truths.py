"""Three truth values as two booleans that are never null: certainly true, and certainly false.

Engines disagree about nulls and never about booleans. What is neither is unknown. A boolean that is the same for
every case is a plain ``True`` or ``False``, and falls away where it makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

import polars as pl
from attrs import frozen

Bool = pl.Expr | bool


def both(*parts: Bool) -> Bool:
    """Every part is true."""
    if any(part is False for part in parts):
        return False
    rest = [part for part in parts if not isinstance(part, bool)]
    return reduce(lambda one, other: one & other, rest) if rest else True


def either(*parts: Bool) -> Bool:
    """At least one part is true."""
    if any(part is True for part in parts):
        return True
    rest = [part for part in parts if not isinstance(part, bool)]
    return reduce(lambda one, other: one | other, rest) if rest else False


def opposite(part: Bool) -> Bool:
    """The part is false."""
    return not part if isinstance(part, bool) else part.not_()


def expression(part: Bool) -> pl.Expr:
    """The boolean as an expression."""
    return pl.lit(part) if isinstance(part, bool) else part


@frozen(eq=False)
class Truths:
    """What a condition comes to for each case, or for each row.

    Attributes:
        true: it is certainly true.
        false: it is certainly false.
        fault: working it out needs a date that the calendar does not cover. Then the other two mean nothing.
    """

    true: Bool
    false: Bool
    fault: Bool = False

    @property
    def unknown(self) -> Bool:
        """It is neither."""
        return both(opposite(self.true), opposite(self.false))

    @property
    def not_false(self) -> Bool:
        """It is true or unknown."""
        return opposite(self.false)


TRUE, UNKNOWN = Truths(True, False), Truths(False, False)


def negation(part: Truths) -> Truths:
    """True and false change places."""
    return Truths(part.false, part.true, part.fault)


def conjunction(parts: Iterable[Truths]) -> Truths:
    """False if any part is false, else unknown if any is unknown, else true; parts after a false one are not asked."""
    asked = tuple(parts)
    return Truths(
        both(*(part.true for part in asked)),
        either(*(part.false for part in asked)),
        _fault(asked, [part.not_false for part in asked]),
    )


def disjunction(parts: Iterable[Truths]) -> Truths:
    """True if any part is true, else unknown if any is unknown, else false; parts after a true one are not asked."""
    return negation(conjunction(negation(part) for part in parts))


def _fault(parts: tuple[Truths, ...], goes_on: list[Bool]) -> Bool:
    return either(
        *(both(part.fault, *goes_on[:number]) for number, part in enumerate(parts) if part.fault is not False)
    )
