"""What conditions may name: fields, tables, parameters. None marks one that is there and was told to be broken."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from casescreen.model.dictionary import Dictionary, Field, Table
from casescreen.model.rulebook import Parameter
from casescreen.rulebook.names import sound

# The fields that casescreen itself knows: what names a case, and what groups findings.
ID_FIELD = "case.id"
MANAGER_FIELD = "case.manager"
TEAM_FIELD = "case.team"


@frozen
class Vocabulary:
    """The names of a rulebook, broken ones included, so that one mistake is not told again wherever it is used."""

    fields: Mapping[str, Field | None]
    tables: Mapping[str, Table | None]
    columns: Mapping[str, Mapping[str, Field | None]]
    parameters: Mapping[str, Parameter | None]

    def dictionary(self) -> Dictionary:
        """The fields and tables that are sound."""
        return Dictionary(
            {field.name: field for field in sound(self.fields)},
            {table.name: table for table in sound(self.tables)},
        )
