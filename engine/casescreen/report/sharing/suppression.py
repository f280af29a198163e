"""Which counts of a row are kept back, so that no small one is shown or can be worked out."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

FEWEST = 3  # under 2, "fewer than 2" would be 1


class Kept(Enum):
    """Why a count is not shown.

    FEW: it is from 1 to one less than the threshold.
    WITHHELD: it reaches the threshold, and would give away one that is few.
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

    A row without small counts stays. If two or more counts reach the threshold, the small ones are kept back, and the
    first that reaches it with them; else nothing of the row is shown. Which one goes is a matter of its place and
    never of its size: whoever knows how it is chosen learns nothing from the choice. So the counts can be other
    numbers, and the row would look the same; only where all small ones are 1 and the other is the least that it can
    be they could not, and then nothing of the row is shown either.
    """
    few = [place for place, count in enumerate(counts) if is_few(count, under)]
    large = [place for place, count in enumerate(counts) if count >= under]
    if not few:
        return tuple(counts)
    if len(large) < 2 or (counts[large[0]] == under and all(counts[place] == 1 for place in few)):  # noqa: PLR2004 - see above
        return (Kept.ROW,) * len(counts)
    kept = {**dict.fromkeys(few, Kept.FEW), large[0]: Kept.WITHHELD}
    return tuple(kept.get(place, count) for place, count in enumerate(counts))
