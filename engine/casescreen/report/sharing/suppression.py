"""Which counts of a row are kept back, so that no small one is shown or can be worked out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

FEWEST = 3  # under 2, "fewer than 2" would be 1


class Kept(Enum):
    """Why a count is not shown.

    FEW: it is from 1 to one less than the threshold.
    WITHHELD: it is 0 or reaches the threshold, and would give away one that is few.
    ROW: it is in a row of which nothing is shown, since nothing less would do.
    """

    FEW = "few"
    WITHHELD = "withheld"
    ROW = "row"


Shown = int | Kept


def is_few(count: int, under: int) -> bool:
    """Whether the count is too small to be shown. None at all is not."""
    return 0 < count < under


def kept_back(counts: Sequence[int], under: int) -> tuple[Shown, ...]:
    """The counts of a row whose sum is known, with what must be kept back.

    More is withheld, the smallest first, until no count that is kept back can be only one number. Whoever reads the
    row is taken to know its sum, the threshold, and what each reason for keeping back means.
    """
    kept = {place: Kept.FEW for place, count in enumerate(counts) if is_few(count, under)}
    others = sorted(
        (place for place in range(len(counts)) if place not in kept), key=lambda place: _rank(counts[place])
    )
    while kept and _gives_away(counts, kept, under):
        if not others:
            return (Kept.ROW,) * len(counts)
        kept[others.pop(0)] = Kept.WITHHELD
    return tuple(kept.get(place, count) for place, count in enumerate(counts))


def _rank(count: int) -> tuple[bool, int]:
    """None at all comes last: to withhold it hides little."""
    return count == 0, count


def _gives_away(counts: Sequence[int], kept: Mapping[int, Kept], under: int) -> bool:
    rest = sum(counts[place] for place in kept)
    return any(_numbers(place, kept, rest, under) == 1 for place in kept)


def _numbers(place: int, kept: Mapping[int, Kept], rest: int, under: int) -> int:
    """How many numbers one count can be, when it and the others that are kept back come to ``rest``."""
    sums = 1  # bit n stands for a sum of n
    for other, why in kept.items():
        if other != place:
            sums = _added(sums, why, under) & ((1 << rest + 1) - 1)
    mirrored = int(f"{sums:0{rest + 1}b}"[::-1], 2)  # bit n: the others can leave n to this count
    return (mirrored & _added(1, kept[place], under)).bit_count()


def _added(sums: int, why: Kept, under: int) -> int:
    """The sums with one more count in them, of as much as its reason allows."""
    if why is Kept.FEW:
        added = 0
        for count in range(1, under):
            added |= sums << count
        return added
    lowest = (sums & -sums).bit_length() - 1
    everything_from = lowest + under
    return sums | (-1 << everything_from) if sums else 0
