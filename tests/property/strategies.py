"""Caseloads that a dictionary allows: with gaps, absent and empty tables, and values at every edge."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from random import Random

from hypothesis import strategies as st

from casescreen.cases.tables.cells import error_in
from casescreen.model.case import Answer, Case, Row, is_example
from casescreen.model.dictionary import LARGEST_NUMBER, Dictionary, Field, Kind, Value
from casescreen.model.outcome import ReadersAnswer
from casescreen.text import evened, evened_lines

Values = Mapping[Kind, st.SearchStrategy[Value]]
"""What a field of each kind may hold; a choice that is not here holds any of its words."""

Pools = Mapping[Kind, tuple[Value, ...]]
"""The same as a few values of each kind, from which are picked so that they meet one another."""

ANSWERS = (ReadersAnswer.YES, ReadersAnswer.NO, ReadersAnswer.NOT_APPLICABLE)

# Numbers beyond 2^53 are not told apart by programs that take them for fractions.
NUMBERS = (-LARGEST_NUMBER, -1, 0, 1, 2, 2**53, 2**53 + 1, LARGEST_NUMBER - 1, LARGEST_NUMBER)
# Texts that look like numbers, dates and other values, and one of two lines.
TEXTS = ("red", "amber", "1", "01", "1e5", "true", "2024-04-01", "null", "é\nè")


def _days(*written: str) -> tuple[date, ...]:
    return tuple(date.fromisoformat(day) for day in written)


# Leap days, and Easter and Christmas with their weekends, in a calendar of 2024: its first and last days too.
DAYS_OF_2024 = _days(
    *("2024-01-01", "2024-01-31", "2024-02-28", "2024-02-29", "2024-03-01", "2024-03-28", "2024-03-29"),
    *("2024-03-30", "2024-04-01", "2024-04-02", "2024-04-05", "2024-05-31", "2024-12-24", "2024-12-27"),
)
# The last day that such a calendar knows, days just beyond it, and the first and last days that there are.
DAYS_BEYOND = _days("2024-12-31", "2023-12-29", "2023-12-31", "2025-01-01", "2023-02-28", "0001-01-01", "9999-12-31")

EDGES: Pools = {
    Kind.YES_NO: (True, False),
    Kind.NUMBER: NUMBERS,
    Kind.DATE: DAYS_OF_2024,
    Kind.TEXT: TEXTS,
}

# Everything that a text may hold but half characters, what cannot be seen, and what tables hold in place of a value,
# with more than chance would give of what writers stumble over.
ANY_TEXT = st.sampled_from(TEXTS) | st.text(
    st.one_of(st.sampled_from("\\\"'x#[]=.\n\r\t\x7f\x00 é"), st.characters(exclude_categories=["Cs"]))
).map(evened_lines).filter(lambda text: bool(evened(text)) and error_in(text) is None)

DISGUISES: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    lambda text: f" {text}\N{NO-BREAK SPACE}",
    lambda text: f"\N{ZERO WIDTH SPACE}{text}\x1a",
    lambda text: text.replace(" ", "  "),
    lambda text: unicodedata.normalize("NFD", text),
)
"""What makes another text of one that looks the same."""

ANY: Values = {
    Kind.TEXT: ANY_TEXT,
    Kind.DATE: st.sampled_from((*DAYS_OF_2024, *DAYS_BEYOND)) | st.dates(),
    Kind.YES_NO: st.booleans(),
    Kind.NUMBER: st.sampled_from(NUMBERS) | st.integers(-LARGEST_NUMBER, LARGEST_NUMBER),
}


def value_of(field: Field, values: Values = ANY) -> st.SearchStrategy[Value]:
    """A value that the field may hold."""
    return values[field.kind] if field.kind in values else st.sampled_from(field.allowed)


def records(fields: Mapping[str, Field], values: Values = ANY) -> st.SearchStrategy[dict[str, Value]]:
    """Values of some of the fields."""
    return st.fixed_dictionaries({}, optional={name: value_of(field, values) for name, field in fields.items()})


def rows(columns: Mapping[str, Field], values: Values = ANY, most: int = 3) -> st.SearchStrategy[tuple[Row, ...]]:
    """No row, or a few."""
    return st.lists(records(columns, values), max_size=most).map(tuple)


def tables(
    dictionary: Dictionary, values: Values = ANY, most: int = 3
) -> st.SearchStrategy[dict[str, tuple[Row, ...]]]:
    """Some of the tables: absent, empty, or with rows."""
    each = {name: rows(table.columns, values, most) for name, table in dictionary.tables.items()}
    return st.fixed_dictionaries({}, optional=each)


def answers(criteria: st.SearchStrategy[str] = ANY_TEXT) -> st.SearchStrategy[Answer]:
    """An answer to some question, with all that may be said of it."""
    return st.builds(
        Answer,
        criterion=criteria,
        answer=st.sampled_from(ANSWERS),
        item=st.just("") | ANY_TEXT,
        reason=ANY_TEXT,
        reader=st.just("") | ANY_TEXT,
        answered_on=st.none() | value_of(Field("", "", Kind.DATE, "")),
        source=st.sampled_from(("", "file", "interview")),
    )


@st.composite
def cases(draw: st.DrawFn, dictionary: Dictionary, values: Values = ANY, most: int = 3) -> Case:
    """A case that the dictionary allows, with answers to questions of any name."""
    fields = draw(records(dictionary.fields, values))
    # What cannot be seen is no part of an id, and an apostrophe before figures is no part of one in tables.
    fields["case.id"] = id_ = evened(str(fields.get("case.id", ""))).lstrip("'= ") or "A"
    if is_example(id_):  # a record that only shows how one is written is passed over
        fields["case.id"] = id_ = "A"
    said = draw(st.lists(answers(), max_size=3, unique_by=lambda answer: (answer.criterion, answer.item)))
    return Case(id_, fields, draw(tables(dictionary, values, most)), tuple(said))


def caseloads(dictionary: Dictionary, values: Values = ANY, most: int = 4) -> st.SearchStrategy[list[Case]]:
    """Cases whose ids differ."""
    return st.lists(cases(dictionary, values), min_size=1, max_size=most, unique_by=lambda case: case.id)


def picked(random: Random, fields: Mapping[str, Field], pools: Pools, missing: float) -> dict[str, Value]:
    """Values of some of the fields, picked at random: for caseloads that are too large to be drawn value by value."""
    found: dict[str, Value] = {}
    for name, field in fields.items():
        if random.random() >= missing:
            found[name] = random.choice(field.allowed or pools[field.kind])
    return found
