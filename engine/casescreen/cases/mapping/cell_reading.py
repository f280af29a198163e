"""What a cell says for a mapped column: a value, an id as it was, or by a word of the mapping that there is none."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from enum import Enum
from functools import lru_cache

from attrs import evolve, frozen

from casescreen.cases.tables.cells import (
    Cell,
    DateOrder,
    PaddedNumber,
    error_in,
    has_short_year,
    is_blank,
    text_in,
    value_in,
    written_in,
)
from casescreen.model.dictionary import Field, Kind, Value
from casescreen.model.problem import Fault
from casescreen.text import evened, folded

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


_MARKED_AS_TEXT = re.compile(r"=\"([^\"]+)\"|'([0-9][0-9 ./-]*)")
_SHORTENED = re.compile(r"[0-9](?:\.([0-9]{1,14}))?[Ee]\+([0-9]{1,3})")
_FIGURES = re.compile(r"0*([0-9]{1,40}?)(?:\.0+)?")
# Of longer numbers a spreadsheet program keeps only so many figures.
_MOST_KEPT = 10**15
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t|tember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
# Zeros in front, more figures than are shown, powers of ten, decimals with a zero at the end, days, months, formulas.
_CHANGED = re.compile(
    rf"0[0-9]+|[0-9]{{12,}}|[0-9.]+E[+-]?[0-9]+|[0-9]*\.[0-9]*0|[0-9]{{1,4}}[-/][0-9]{{1,2}}(?:[-/][0-9]{{1,4}})?"
    rf"|[0-9]{{1,4}}[- ]?{_MONTH}(?:[- ]?[0-9]{{2,4}})?|{_MONTH}[- ]?[0-9]{{1,4}}|[=+@-].*|true|false",
    re.IGNORECASE | re.DOTALL,
)
_AS_TEXT = "Give the column the format Text before the ids are written or opened, and export it again."


def id_in(cell: Cell) -> str | Fault:
    """The id in a cell as it is seen, without what marks it as text; "" where it is blank."""
    if is_blank(cell):
        return ""
    text = text_in(cell)
    if isinstance(text, Fault):
        return text
    seen = evened(text)
    marked = _MARKED_AS_TEXT.fullmatch(seen)
    return evened(marked[1] or marked[2]) if marked else seen


def lost_figures(cell: Cell) -> Fault | None:
    """What a spreadsheet program took from the id in a cell and nobody can give back; None if nothing is known."""
    if isinstance(cell, str) and _SHORTENED.fullmatch(evened(cell)):
        return Fault("the id is a number that a spreadsheet program shortened, and its last figures are lost", _AS_TEXT)
    if isinstance(cell, float) and not isinstance(cell, PaddedNumber) and abs(cell) >= _MOST_KEPT:
        return Fault("the id is a number of more than 15 figures, of which a spreadsheet program keeps 15", _AS_TEXT)
    return None


def is_changed_by_spreadsheets(case_id: str) -> bool:
    """Whether a spreadsheet program shows or keeps another id than this when it opens a text with delimiters."""
    return _CHANGED.fullmatch(case_id) is not None


@frozen(eq=False)
class SameIds:
    """Which ids of two columns mean the same.

    Attributes:
        found: for an id of the first, the one of the second.
        unclear: the ids of both for which there are several.
    """

    found: Mapping[str, str]
    unclear: Collection[str]


def same_ids(first: Iterable[str], second: Iterable[str]) -> SameIds:
    """The ids that two columns share: those that are the same, and those of which only one can be meant.

    Capitals, zeros before a number, ``.0`` after it, and figures that a spreadsheet program left out are passed over
    where exactly one id of each column is then the same.
    """
    ours, theirs = set(first) - {""}, set(second) - {""}
    found = {key: key for key in ours & theirs}
    if len(found) == len(ours) == len(theirs):
        return SameIds(found, ())
    unclear: set[str] = set()
    alone = ours ^ theirs
    decimals = {len(match[1] or "") for key in ours | theirs if (match := _SHORTENED.fullmatch(key))}
    for form in (folded, _plain_number, *map(_shortened_to, sorted(decimals))):
        # Forms that only ids have which stand in both columns tell nothing more.
        forms = {key: form(key) for key in ours | theirs}
        wanted = {forms[key] for key in alone} - {""}
        left, right = _by_form(ours, forms, wanted), _by_form(theirs, forms, wanted)
        for key in left.keys() & right.keys():
            if len(left[key]) == len(right[key]) == 1:
                found.setdefault(left[key][0], right[key][0])
            else:
                unclear.update(left[key], right[key])
    return SameIds(found, unclear - {*found, *found.values()})


def _by_form(keys: Iterable[str], forms: Mapping[str, str], wanted: Collection[str]) -> Mapping[str, list[str]]:
    by_form: defaultdict[str, list[str]] = defaultdict(list)
    for key in keys:
        if (form := forms[key]) in wanted:
            by_form[form].append(key)
    return by_form


def _plain_number(key: str) -> str:
    match = _FIGURES.fullmatch(key)
    return match[1] if match else ""


def _shortened_to(decimals: int) -> Callable[[str], str]:
    """The form that a long number has with so many decimals, as in 1.23457E+11; others have none."""

    def form(key: str) -> str:
        if (match := _SHORTENED.fullmatch(key)) and len(match[1] or "") != decimals:
            return ""
        return f"{float(key):.{decimals}E}" if match or _FIGURES.fullmatch(key) else ""

    return form
