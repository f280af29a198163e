"""What a cell says for a mapped column: a value, or by a word of the mapping that there is none, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum
from functools import lru_cache

from attrs import evolve, frozen

from casescreen.cases.tables.cells import Cell, DateOrder, error_in, has_short_year, text_in, value_in, written_in
from casescreen.model.dictionary import Field, Kind, Value
from casescreen.model.problem import Fault
from casescreen.text import folded

_INITIALS = re.compile(r"\b([^\W\d_])\.(?=[^\W\d_]\b)")
_MARKS = re.compile(r"[^\w?/+&]+")
# What stands behind an order that lasts so long.
_LENGTH = re.compile(r"\b\d+ ?(?:hours?|hrs?|days?|weeks?|wks?|w|months?|mths?|mnths?|m|years?|yrs?|y)\b")
_CLAUSE = re.compile(r" [-\N{EN DASH}\N{EM DASH}]+ |[,;:(.]\s*|\n")
_LATER_DONE = re.compile(r"\d|\b(?:done|complete|completed|now)\b")


class How(Enum):
    """How a cell was read."""

    AS_WRITTEN = "as it is written"
    SHORT_YEAR = "as a day whose year has two figures"
    WORD = "by a word of the mapping"
    OTHER = "as any other word of the column"
    NOT_KNOWN = "as not known"
    NOT_APPLICABLE = "as not applicable"
    NOT_DONE = "as not done"
    UNREAD = "not at all"


@frozen
class CellReading:
    """What one cell says.

    Attributes:
        how: how it was read.
        value: what it says; a fault where it cannot be read, None where nothing is recorded or it was not done.
        word: the word of the mapping that it was read by, or "".
    """

    how: How
    value: Value | Fault | None = None
    word: str = ""


def word_in(cell: Cell) -> str:
    """What a cell says as a mapping writes it: a day as year-month-day, a number as its figures."""
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, Fault):
        return folded(cell.written)
    text = "" if cell is None else text_in(cell)
    return folded(text if isinstance(text, str) else str(cell))


@lru_cache(maxsize=4_096)
def plain(word: str) -> str:
    """The word without dots, dashes and brackets. A question mark, a stroke and a plus are part of what it says."""
    return " ".join(_MARKS.sub(" ", _INITIALS.sub(r"\1", folded(word))).split())


def spellings(text: str) -> Iterator[str]:
    """The ways in which a text is looked for among words: itself, without marks, and without a length of time."""
    yield folded(text)
    without = plain(text)
    yield without
    yield " ".join(_LENGTH.sub(" ", without).split())


def choice_in(text: str, field: Field) -> str | None:
    """The allowed word that a text is, whatever its capitals and marks, and without a length of time behind it."""
    allowed = {folded(word): word for word in reversed(field.allowed)}
    return next((allowed[form] for form in spellings(text) if form in allowed), None)


def meanings(
    words: Mapping[str, Value], none: frozenset[str], not_done: frozenset[str], not_applicable: frozenset[str]
) -> Mapping[str, CellReading]:
    """What each word means, by itself and without its marks."""
    whole = {word: CellReading(How.NOT_APPLICABLE, None, word) for word in not_applicable}
    whole |= {word: CellReading(How.NOT_KNOWN, None, word) for word in none}
    whole |= {word: CellReading(How.NOT_DONE, None, word) for word in not_done}
    whole |= {word: CellReading(How.WORD, value, word) for word, value in words.items()}
    return {**{bare: reading for word, reading in whole.items() if (bare := plain(word))}, **whole}


def by_word(cell: Cell, field: Field, known: Mapping[str, CellReading]) -> CellReading | None:
    """What a cell that is not blank says by a word of the mapping; None if none of them stands in it.

    A length of time behind a choice is passed over ("RO 6 mth"), and so is a remark behind a word that says no, or why
    there is no value ("no plan - allocated late"), unless it may say that it was done after all.
    """
    word = word_in(cell)
    if (found := known.get(word)) is not None or not isinstance(cell, str) or error_in(cell) is not None:
        return found
    forms = spellings(word) if field.kind is Kind.CHOICE else (plain(word),)
    if (found := next((known[form] for form in forms if form and form in known), None)) is not None:
        return found
    head, *rest = _CLAUSE.split(folded(cell), maxsplit=1)
    said = known.get(head) or known.get(plain(head))
    if rest and said is not None and (said.value is None or said.value is False) and not _LATER_DONE.search(rest[0]):
        return said
    return None


def as_written(cell: Cell, field: Field, order: DateOrder, taken_on: date | None) -> CellReading:
    """What a cell that is not blank says by itself."""
    value = value_in(cell, field, order, taken_on)
    if isinstance(value, Fault):
        return CellReading(How.UNREAD, evolve(value, written=value.written or written_in(cell)))
    if field.kind is Kind.CHOICE and value not in field.allowed:
        meant = choice_in(str(value), field)
        return CellReading(How.UNREAD, value) if meant is None else CellReading(How.AS_WRITTEN, meant)
    if isinstance(value, date) and isinstance(cell, str) and has_short_year(cell):
        return CellReading(How.SHORT_YEAR, value)
    return CellReading(How.AS_WRITTEN, value)
