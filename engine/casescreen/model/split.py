"""The figures of each group of a characteristic beside those of everyone else, and when the two can be compared."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

from attrs import frozen

from casescreen.model.dictionary import Field, Kind, Value
from casescreen.text import in_words

FEWEST_COMPARED = 10
"""How many cases a group, and everyone else, must have behind a share at least."""

LEAST_EXPECTED = 5
"""How many cases each of the four counts must come to at least, if the group were like everyone else."""

NOT_RECORDED = ""
"""What the group is called of which the record does not say, or not in a way that can be read."""


@frozen
class TwoShares:
    """k of n of the cases of a group, and k of n of everyone else's.

    Attributes:
        count: how many cases of the group it is so of.
        of: of how many.
        others: how many cases of everyone else it is so of.
        others_of: of how many.
    """

    count: int
    of: int
    others: int
    others_of: int

    @property
    def comparable(self) -> bool:
        """Whether there are enough: both numbers of cases, and each count that would be expected without a difference.

        Expected of the group, say, is its part of all that it is so of. It is worked out without dividing.
        """
        if min(self.of, self.others_of) < FEWEST_COMPARED:
            return False
        every, so = self.of + self.others_of, self.count + self.others
        return min(self.of, self.others_of) * min(so, every - so) >= LEAST_EXPECTED * every

    @property
    def points(self) -> Fraction | None:
        """By how many percentage points the group's share is above everyone else's; None if too few to compare."""
        if not self.comparable:
            return None
        return 100 * (Fraction(self.count, self.of) - Fraction(self.others, self.others_of))

    @property
    def ratio(self) -> Fraction | None:
        """The group's share divided by everyone else's; None if too few to compare, or if that share is nought."""
        if not self.comparable or not self.others:
            return None
        return Fraction(self.count, self.of) / Fraction(self.others, self.others_of)


@frozen
class GroupFigures:
    """What one criterion comes to in a group, and in everyone else.

    Attributes:
        met: how many cases met it, of those that met it or did not.
        not_evidenced: of how many it is not evidenced, of those in which it is asked by now; None in a suppressed copy.
    """

    criterion: str
    met: TwoShares
    not_evidenced: TwoShares | None


@frozen
class SplitGroup:
    """The cases with one value of the characteristic.

    Attributes:
        name: the word that the record has for them, or what small groups are called together.
        size: how many cases there are.
        figures: in the rulebook's order; in a suppressed copy of the criteria that can be told by group.
    """

    name: str
    size: int
    figures: tuple[GroupFigures, ...]


@frozen
class Split:
    """Each group of one characteristic beside everyone else. Cases are counted: of several rows the worst.

    Attributes:
        field: the characteristic.
        groups: those that have cases, in the dictionary's order, then the small ones together, then what is not
            recorded. In a suppressed copy none, where there is no safe way to tell them apart.
        together: what those groups are called that a suppressed copy tells together, as one of them at least is small;
            "" where there are none.
        withheld: the criteria that a suppressed copy does not tell by group.
    """

    field: Field
    groups: tuple[SplitGroup, ...]
    together: str = ""
    withheld: tuple[str, ...] = ()

    def name_of(self, group: str) -> str:
        """What a group is called where people read it."""
        return group or not_recorded(self.field)


def not_recorded(field: Field) -> str:
    """What the group is called of which nothing is recorded: as no word of the list is."""
    return "nothing recorded" if "not recorded" in field.allowed else "not recorded"


def group_of(value: Value | None) -> str:
    """The name of the group that a case with this value is in."""
    return NOT_RECORDED if value is None else in_words(value)


def groups_in_order(field: Field, names: Collection[str]) -> tuple[str, ...]:
    """The groups, by their names, in the dictionary's order, then others, then what is not recorded."""
    words = (True, False) if field.kind is Kind.YES_NO else field.allowed
    known = [group_of(word) for word in words]
    others = sorted(name for name in names if name not in known and name != NOT_RECORDED)
    return tuple(name for name in (*known, *others, NOT_RECORDED) if name in names)
