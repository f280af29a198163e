"""Where ids and texts of records look like what tells who somebody is, told without saying it again."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from attrs import frozen

from casescreen.model.case import Case
from casescreen.model.dictionary import Kind
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

    def is_in(self, text: str) -> bool:
        """Whether the text has something that is written so."""
        if not self.check:
            return self.pattern.search(text) is not None
        return any(_keeps_modulus_11(match[0]) for match in self.pattern.finditer(text))


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

    def in_text(self, text: str, as_of: date) -> list[str]:
        """What a text has in it, by label."""
        return self._labels(text, as_of, _TWO_NAMES.findall(text))

    def in_reference(self, text: str, as_of: date) -> list[str]:
        """What an id or the key of a row has in it, by label: there, a given name needs no surname after it."""
        return self._labels(text, as_of, _WORD.findall(text))

    def _labels(self, text: str, as_of: date, words: Iterable[str]) -> list[str]:
        labels = [pattern.label for pattern in self.patterns if pattern.is_in(text)]
        if any(self.youngest <= as_of.year - born.year <= self.oldest for born in _dates(text)):
            labels.append(A_BIRTH)
        if not self.given_names.isdisjoint(map(str.lower, words)):
            labels.append(A_NAME)
        return list(dict.fromkeys(labels))


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


def read_patterns() -> PersonalDataPatterns:
    """What is looked for in England and Wales."""
    data = tomllib.loads(shipped_data("likenesses/england-and-wales.toml").read_text(encoding="utf-8"))
    patterns = [
        PersonalDataPattern(written["label"], re.compile(written["pattern"], re.ASCII), written.get("check", ""))
        for written in data["patterns"]
    ]
    return PersonalDataPatterns(tuple(patterns), frozenset(data["names"]["given"]), data["youngest"], data["oldest"])


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


def seen_in(cases: Sequence[Case], rulebook: Rulebook, patterns: PersonalDataPatterns, as_of: date) -> Iterator[Seen]:
    """Everything that looks like what tells who somebody is, record by record. Names of workers are no concern."""
    for number, case in enumerate(cases, 1):
        in_id = patterns.in_reference(case.id, as_of)
        for label in in_id:
            yield Seen(label, number, "", "case id")
        for where, text, is_key in _texts(case, rulebook):
            for label in patterns.in_reference(text, as_of) if is_key else patterns.in_text(text, as_of):
                yield Seen(label, number, "" if in_id else case.id, where)


def _texts(case: Case, rulebook: Rulebook) -> Iterator[tuple[str, str, bool]]:
    """The texts of a record that are free, and the keys of its rows: what each is, itself, and whether it is a key."""
    dictionary = rulebook.dictionary
    for name, value in case.fields.items():
        field = dictionary.fields[name]
        if field.kind is Kind.TEXT and name not in rulebook.references:
            yield field.label, str(value), False
    for name, rows in case.tables.items():
        table = dictionary.tables[name]
        for row in rows:
            for column in table.columns.values():
                if column.kind is Kind.TEXT and column.name in row:
                    yield f"{table.one}: {column.label}", str(row[column.name]), column.name == table.key
    for answer in case.answers:
        if answer.reason:
            yield "reader's reason", answer.reason, False


def warning(seen: Iterable[Seen], *, by_number: bool) -> str:
    """What was seen, a line for each likeness, with the first places; "" if nothing was.

    Args:
        seen: what was seen.
        by_number: whether records are called by their number only.
    """
    records: dict[str, set[int]] = {}
    places: dict[str, dict[str, None]] = {}
    for one in seen:
        name = visible(one.case) if one.case and not by_number else f"record {one.number:,} in order of id"
        records.setdefault(one.likeness, set()).add(one.number)
        places.setdefault(one.likeness, {})[f"{name} ({one.where})"] = None
    if not records:
        return ""
    lines = ["Some ids or texts of the records look like what tells who somebody is:"]
    for likeness, numbers in sorted(records.items()):
        named, more = list(places[likeness])[:_MOST_PLACES], len(places[likeness]) - _MOST_PLACES
        rest = f"; and {more:,} more" if more > 0 else ""
        lines.append(f"  {likeness}, in {counted(len(numbers), 'record')}: {'; '.join(named)}{rest}")
    text = message(
        "\n".join(lines),
        why="whoever gets a report with them learns it.",
        advice="look at them, and put a reference in their place before you share a report.",
    )
    return f"{text}\n"
