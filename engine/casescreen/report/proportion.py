"""Proportions in words, in the manner of an inspection letter.

The inspectorate defines none of these phrases. The intervals are our own reading, and each is exact: of five or more,
a proportion falls in one interval and no other. Under five the plain count is said instead, since "almost
two-thirds" of three cases says more than is known.
"""

from __future__ import annotations

from fractions import Fraction

from attrs import frozen

FEWEST_FOR_A_PHRASE = 5
_SMALL = ("none", "one", "two", "three", "four")


@frozen
class Phrase:
    """A phrase, and the highest proportion that it is said of; the phrase before it says where it begins.

    Attributes:
        up_to: the upper end of the interval.
        included: whether the upper end itself belongs to it.
    """

    words: str
    up_to: Fraction
    included: bool

    def reaches(self, share: Fraction) -> bool:
        """Whether the share lies at or below the upper end."""
        return share < self.up_to or (self.included and share == self.up_to)


def _below(words: str, numerator: int, denominator: int) -> Phrase:
    return Phrase(words, Fraction(numerator, denominator), included=False)


def _to(words: str, numerator: int, denominator: int) -> Phrase:
    return Phrase(words, Fraction(numerator, denominator), included=True)


# From the lowest to the highest; each begins where the one before it ends.
PHRASES: tuple[Phrase, ...] = (
    _below("almost none", 1, 20),
    _below("less than one-fifth", 1, 5),
    _to("about one-quarter", 3, 10),
    _below("almost one-third", 1, 3),
    _to("one-third", 1, 3),
    _below("just over one-third", 2, 5),
    _below("less than half", 1, 2),
    _to("half", 1, 2),
    _to("just over half", 3, 5),
    _below("almost two-thirds", 2, 3),
    _to("two-thirds", 2, 3),
    # Half-way between two-thirds and three-quarters.
    _below("just over two-thirds", 17, 24),
    _below("almost three-quarters", 3, 4),
    _to("three-quarters", 3, 4),
    _to("just over three-quarters", 4, 5),
    _below("the large majority", 19, 20),
    _below("almost all", 1, 1),
)


def proportion_in_words(met: int, of: int) -> str:
    """How ``met`` of ``of`` is said: "all but one", "just over half"; of fewer than five, "two of three".

    What is exact comes first: none, only one, all but one, all. Then the one phrase of ``PHRASES`` that fits.

    >>> in_words(9, 16), in_words(19, 20), in_words(2, 3)
    ('just over half', 'all but one', 'two of three')
    """
    if not of:
        return "none counted"
    if met in (0, of):
        return "all" if met else "none"
    if of < FEWEST_FOR_A_PHRASE:
        return f"{_SMALL[met]} of {_SMALL[of]}"
    if met == 1:
        return "only one"
    if met == of - 1:
        return "all but one"
    share = Fraction(met, of)
    return next(phrase.words for phrase in PHRASES if phrase.reaches(share))


def k_of_n(met: int, of: int) -> str:
    """The figures themselves: "9 of 16"; a dash where nothing was counted."""
    return f"{met:,} of {of:,}" if of else "-"
