"""Where a condition stands: which fields and columns a name in it can mean."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from casescreen.model.dictionary import Field, Table
from casescreen.model.rulebook import Parameter
from casescreen.rulebook.names import find
from casescreen.rulebook.vocabulary import Vocabulary
from casescreen.syntax.rule_file import Spot
from casescreen.text import did_you_mean


@frozen
class Ground:
    """The case, or a row of one of its tables.

    Attributes:
        table: the table whose row this is; "" on the case.
    """

    vocabulary: Vocabulary
    table: str = ""

    def rows_of(self, table: str) -> Ground:
        """The ground inside a test over the rows of a table."""
        return Ground(self.vocabulary, table)

    def field(self, name: object, spot: Spot) -> Field | None:
        """The field or column of that name; None after telling that there is none, or if it is itself broken."""
        if not isinstance(name, str):
            spot.tell("the field is not named in quotes", 'Write its name in quotes, as in "section.field".')
            return None
        if "." in name:
            return self._field_of_case(name, spot)
        if not self.table:
            spot.tell(f'"{name}" has no section', self._sections_with(name))
            return None
        return find(self._columns(self.table), name, "column", spot, f"in {self.table}")

    def find_table(self, name: object, spot: Spot) -> Table | None:
        """The table of that name; None as for fields."""
        return find(self.vocabulary.tables, name, "table", spot)

    def column(self, name: object, spot: Spot) -> Field | None:
        """The column written ``table.column``; None as for fields."""
        table, _, column = name.partition(".") if isinstance(name, str) else ("", "", "")
        if not column:
            spot.tell("this is not a column of a table", 'Write table and column, as in "table.column".')
            return None
        if self.find_table(table, spot) is None:
            return None
        return find(self._columns(table), column, "column", spot, f"in {table}")

    def parameter(self, name: str, spot: Spot) -> Parameter | None:
        """The parameter written ``$name``; None as for fields."""
        return find(self.vocabulary.parameters, name, "parameter", spot)

    def _field_of_case(self, name: str, spot: Spot) -> Field | None:
        table, _, column = name.partition(".")
        # A section and a table of one name is a mistake of the dictionary, told there.
        if table not in self.vocabulary.tables or name in self.vocabulary.fields:
            return find(self.vocabulary.fields, name, "field", spot)
        if table == self.table:
            advice = f'Inside a test over {table}, write "{column}" alone.'
        else:
            advice = f'Test it over the rows: {{ some = "{table}", satisfies = {{ field = "{column}", ... }} }}.'
        spot.tell(f'"{name}" is a column, and there is a value for each row of {table}', advice)
        return None

    def _columns(self, table: str) -> Mapping[str, Field | None]:
        return self.vocabulary.columns[table]

    def _sections_with(self, name: str) -> str:
        full = sorted(known for known in self.vocabulary.fields if known.partition(".")[2] == name)
        if full:
            return f'Did you mean "{full[0]}"?'
        tables = sorted(table for table, columns in self.vocabulary.columns.items() if name in columns)
        if tables:
            return f'It is a column of {tables[0]}: test it inside "every", "some" or "count".'
        return did_you_mean(name, self.vocabulary.fields) or "Write section and field, with a dot between them."
