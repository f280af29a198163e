"""Where ids and texts of records look like what tells who somebody is, told without saying it again."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from attrs import frozen

from casescreen.model.case import Case
from casescreen.model.dictionary import Dictionary, Kind
from casescreen.model.problem import message
from casescreen.model.rulebook import Rulebook
from casescreen.resources import shipped_data
from casescreen.text import counted, visible

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
class PersonalDataPattern:
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
class PersonalDataPatterns:
    """All that is looked for.

    Attributes:
        given_names: in small letters.
        youngest: the age of the youngest whose date of birth is looked for; ``oldest`` that of the oldest.
    """

    patterns: tuple[PersonalDataPattern, ...]
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


_FILE = "likenesses/england-and-wales.toml"


def read_patterns() -> PersonalDataPatterns:
    """What is looked for in England and Wales."""
    data: dict[str, Any] = tomllib.loads(shipped_data(_FILE).read_text(encoding="utf-8"))
    return PersonalDataPatterns(
        patterns=tuple(
            PersonalDataPattern(one["label"], re.compile(one["pattern"], re.ASCII), one.get("check", ""))
            for one in data["patterns"]
        ),
        given_names=frozenset(data["names"]["given"]),
        youngest=data["youngest"],
        oldest=data["oldest"],
    )


_MOST_PLACES = 3


@frozen
class Seen:
    """Something that was seen in a record.

    Attributes:
        likeness: what it looks like.
        number: of the record, from 1 in order of id.
        case: the case's id; "" where that itself is not to be said.
        where: the field, by its label.
    """

    likeness: str
    number: int
    case: str
    where: str


def seen_in(cases: Sequence[Case], rulebook: Rulebook, likenesses: PersonalDataPatterns, as_of: date) -> Iterator[Seen]:
    """Everything that looks like what tells who somebody is, record by record. Names of workers are no concern."""
    for number, case in enumerate(cases, 1):
        in_id = tuple(dict.fromkeys(likenesses.in_reference(case.id, as_of)))
        yield from (Seen(likeness, number, "", "case id") for likeness in in_id)
        name = "" if in_id else case.id
        for where, text, is_reference in _texts(case, rulebook):
            look = likenesses.in_reference if is_reference else likenesses.in_text
            yield from (Seen(likeness, number, name, where) for likeness in dict.fromkeys(look(text, as_of)))


def _texts(case: Case, rulebook: Rulebook) -> Iterator[tuple[str, str, bool]]:
    """The texts of a record that are free, and the keys of its rows: what each is, itself, and whether it is a key."""
    dictionary: Dictionary = rulebook.dictionary
    for name, value in case.fields.items():
        field = dictionary.fields[name]
        if field.kind is Kind.TEXT and name not in rulebook.references:
            yield field.label, str(value), False
    for name, rows in case.tables.items():
        table = dictionary.tables[name]
        columns = [column for column in table.columns.values() if column.kind is Kind.TEXT]
        for row in rows:
            for column in columns:
                if column.name in row:
                    yield f"{table.one}: {column.label}", str(row[column.name]), column.name == table.key
    yield from (("reader's reason", answer.reason, False) for answer in case.answers if answer.reason)


def warning(seen: Sequence[Seen], *, by_number: bool) -> str:
    """What was seen, a line for each likeness, with the first places; "" if nothing was.

    Args:
        seen: what was seen.
        by_number: whether records are called by their number only.
    """
    if not seen:
        return ""
    lines = [_line(likeness, seen, by_number=by_number) for likeness in sorted({one.likeness for one in seen})]
    text = message(
        "\n".join(("Some ids or texts of the records look like what tells who somebody is:", *lines)),
        why="whoever gets a report with them learns it.",
        advice="look at them, and put a reference in their place before you share a report.",
    )
    return f"{text}\n"


def _line(likeness: str, seen: Sequence[Seen], *, by_number: bool) -> str:
    ours = [one for one in seen if one.likeness == likeness]
    records = len({one.number for one in ours})
    places = list(dict.fromkeys(_place(one, by_number=by_number) for one in ours))
    more = f"; and {len(places) - _MOST_PLACES:,} more" if len(places) > _MOST_PLACES else ""
    return f"  {likeness}, in {counted(records, 'record')}: {'; '.join(places[:_MOST_PLACES])}{more}"


def _place(seen: Seen, *, by_number: bool) -> str:
    named = bool(seen.case) and not by_number
    return f"{visible(seen.case) if named else f'record {seen.number:,} in order of id'} ({seen.where})"
