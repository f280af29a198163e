"""What records are read against: the dictionary, the known criteria, the as-of date, and the names of columns."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from attrs import frozen

from casescreen.model.dictionary import Dictionary, Field, Kind, Table
from casescreen.model.outcome import ReadersAnswer

ANSWERS = "answers"


_ANSWER_COLUMNS = (
    Field("criterion", "criterion", Kind.TEXT, "The id of the criterion that was answered.", table=ANSWERS),
    Field(
        "answer",
        "answer",
        Kind.CHOICE,
        "What the reader answered.",
        tuple(answer.value for answer in ReadersAnswer if answer is not ReadersAnswer.NONE),
        table=ANSWERS,
    ),
    Field("item", "item", Kind.TEXT, "The key of the row that it is about.", table=ANSWERS),
    Field("reason", "reason", Kind.TEXT, "Why; needed for n/a.", table=ANSWERS),
    Field("reader", "reader", Kind.TEXT, "Who answered.", table=ANSWERS),
    Field("answered_on", "answered on", Kind.DATE, "When.", past=True, table=ANSWERS),
)
# Readers' answers are written like any table, and so are read like one.
ANSWERS_TABLE = Table(
    ANSWERS,
    "answers",
    "answer",
    "What readers answered.",
    "criterion",
    {column.name: column for column in _ANSWER_COLUMNS},
)


@frozen
class RecordSchema:
    """What records are read against.

    Attributes:
        sections: the fields of a case by section and then by name within it.
        tables: the child tables by name, that of answers among them.
        criteria: the ids that an answer may name; None if any may.
        as_of: the date after which nothing can have happened; None if there is none.
    """

    sections: Mapping[str, Mapping[str, Field]]
    tables: Mapping[str, Table]
    criteria: Collection[str] | None
    as_of: date | None

    def needed(self, table: Table) -> tuple[str, ...]:
        """The columns that every row of a table must have."""
        if table is ANSWERS_TABLE:
            return ("criterion", "answer")
        return (table.key,) if table.key else ()

    def why_needed(self, table: Table) -> str:
        """Advice for a row that lacks one of them."""
        if table is ANSWERS_TABLE:
            return "Write the id of the criterion that is answered, and the answer: yes, no or n/a."
        return f"Give each {table.one} a different {table.key}, which tells the {table.label} apart."


def record_schema(dictionary: Dictionary, criteria: Collection[str] | None, as_of: date | None) -> RecordSchema:
    """The terms that a dictionary sets."""
    sections: dict[str, dict[str, Field]] = {name: {} for name in dictionary.sections}
    for field in dictionary.fields.values():
        section, _, name = field.name.partition(".")
        sections[section][name] = field
    return RecordSchema(sections, {**dictionary.tables, ANSWERS: ANSWERS_TABLE}, criteria, as_of)


CASES = "cases"
"""The table that has a row for each case."""

ID = "case.id"
"""The column, of every table, that says which case a row is about."""

HAS = "has."
"""What the name of a column of the cases begins with that says whether a table is in the record."""

ASIDE = ("read me", "fields", "lists")
"""The sheets of a template that hold no cases."""


def has_label(table: Table) -> str:
    """What the column is called for people that says whether all rows of a table are listed."""
    return f"{table.label}: all listed"
