"""What records are read against: the dictionary, the known criteria, the as-of date, and the names of columns."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from attrs import frozen

from casescreen.model.case import ANSWER, ANSWERS, ANSWERS_TABLE, CRITERION
from casescreen.model.dictionary import Dictionary, Field, Table


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
            return (CRITERION, ANSWER)
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


ASIDE = ("read me", "fields", "lists")
"""The sheets of a template that hold no cases."""


def has_label(table: Table) -> str:
    """What the column is called for people that says whether all rows of a table are listed."""
    return f"{table.label}: all listed"
