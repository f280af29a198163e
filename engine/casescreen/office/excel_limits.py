"""Names that Excel takes for sheets and tables."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from casescreen.text import single_line

LONGEST_NAME = 31
MOST_ROWS = 1_048_576
LONGEST_TEXT = 32_767
# Excel takes 1900 for a leap year, and no number says which day of its first two months is meant.
FIRST_DAY = date(1900, 3, 1)
# Excel keeps "History" for itself.
_KEPT = frozenset({"history"})
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")


def sheet_name(wanted: str, taken: Collection[str]) -> str:
    """The name that a sheet gets: allowed by Excel, and like no name in ``taken`` in any mix of capitals.

    >>> sheet_name("Actions: A/B", ()), sheet_name("cover", ("Cover",))
    ('Actions  A B', 'cover (2)')
    """
    used = {name.casefold() for name in taken} | _KEPT
    base = _NOT_IN_A_NAME.sub(" ", single_line(wanted)).strip(" '") or "Sheet"
    name, number = _cut(base, LONGEST_NAME), 1
    while name.casefold() in used:
        number += 1
        end = f" ({number})"
        name = _cut(base, LONGEST_NAME - len(end)) + end
    return name


def _cut(text: str, longest: int) -> str:
    """The beginning of the text, as Excel counts: a character beyond the first 65,536 is two."""
    while len(text.encode("utf-16-le")) > 2 * longest:
        text = text[:-1]
    return text.rstrip(" '")
