"""What tells who somebody is, by how it is written: patterns that are data, and a few that are the same anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from attrs import frozen

A_NAME, A_BIRTH = "a name", "a date of birth"
MODULUS_11 = "modulus 11"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})([/.-])(\d{1,2})\2((?:19|20)\d{2})(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)((?:19|20)\d{2})-(\d{2})-(\d{2})(?!\d)")
_IN_WORDS = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)? ({'|'.join(_MONTHS)})[a-z]*\.? ((?:19|20)\d{{2}})(?!\d)", re.IGNORECASE
)
_TWO_NAMES = re.compile(r"\b([A-Z][a-z]+) [A-Z][a-z'-]+")
_WORD = re.compile(r"[^\W\d_]+")


@frozen
class Pattern:
    """How something is written.

    Attributes:
        label: what it is, with its article.
        check: a rule that the figures of a match keep, ``MODULUS_11``; "" for none.
    """

    label: str
    pattern: re.Pattern[str]
    check: str = ""

    def found_in(self, text: str) -> bool:
        """Whether the text has something that is written so."""
        matches = self.pattern.finditer(text)
        return any(not self.check or _keeps_modulus_11(match[0]) for match in matches)


@frozen
class Likenesses:
    """All that is looked for.

    Attributes:
        given_names: in small letters.
        youngest: the age of the youngest whose date of birth is looked for; ``oldest`` that of the oldest.
    """

    patterns: tuple[Pattern, ...]
    given_names: frozenset[str]
    youngest: int
    oldest: int

    def in_text(self, text: str, as_of: date) -> Iterator[str]:
        """What a text has in it, by label."""
        yield from self._anywhere(text, as_of)
        if any(match[1].lower() in self.given_names for match in _TWO_NAMES.finditer(text)):
            yield A_NAME

    def in_reference(self, text: str, as_of: date) -> Iterator[str]:
        """What an id or the key of a row has in it, by label: there, a given name needs no surname after it."""
        yield from self._anywhere(text, as_of)
        if any(word[0].lower() in self.given_names for word in _WORD.finditer(text)):
            yield A_NAME

    def _anywhere(self, text: str, as_of: date) -> Iterator[str]:
        yield from (pattern.label for pattern in self.patterns if pattern.found_in(text))
        if any(self.youngest <= as_of.year - born.year <= self.oldest for born in _dates(text)):
            yield A_BIRTH


def _dates(text: str) -> Iterator[date]:
    for day, _, month, year in _DAY_FIRST.findall(text):
        yield from _date(int(year), int(month), int(day))
    for year, month, day in _YEAR_FIRST.findall(text):
        yield from _date(int(year), int(month), int(day))
    for day, month, year in _IN_WORDS.findall(text):
        yield from _date(int(year), _MONTHS.index(month.lower()) + 1, int(day))


def _date(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return


def _keeps_modulus_11(text: str) -> bool:
    """Whether the last of ten figures is what the nine before it come to, weighted from 10 down to 2."""
    figures = [int(figure) for figure in text if figure.isdigit()]
    weighted = sum(figure * (10 - place) for place, figure in enumerate(figures[:9]))
    return 11 - weighted % 11 in (figures[-1], figures[-1] + 11)
