"""What the sheets and columns of case tables are called, for people and for programs."""

from __future__ import annotations

from casescreen.model.dictionary import Field, Table

CASES = "cases"
"""The table that has a row for each case."""

ID = "case.id"
"""The column, of every table, that says which case a row is about."""

HAS = "has."
"""What the name of a column of the cases begins with that says whether a table is in the record."""

ASIDE = ("read me", "fields", "lists")
"""The sheets of a template that hold no cases."""


def heading(field: Field) -> str:
    """What a column is called for people."""
    return field.label


def has_label(table: Table) -> str:
    """What the column is called for people that says whether all rows of a table are listed."""
    return f"{table.label}: all listed"
