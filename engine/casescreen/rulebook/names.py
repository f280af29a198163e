"""What a name in a rule can mean: the fields, columns and parameters that are there, or that there is no such thing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from attrs import Factory, field, frozen

from casescreen.model.dictionary import Field, Table
from casescreen.model.rulebook import CaseFact, DerivedField, Parameter, Roles
from casescreen.rulebook.file_schema import structure
from casescreen.syntax.rule_file import Location
from casescreen.text import did_you_mean, listed

T = TypeVar("T")

LONGEST_SHORT = 45
"""How many characters may call something in a few words."""

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_WORD = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def find(known: Mapping[str, T | None], name: object, noun: str, location: Location, where: str = "") -> T | None:
    """What goes by the name.

    None if nothing does, which is told, or if what does is itself broken, which was told where it stands.
    """
    if not isinstance(name, str):
        location.report(f"the {noun} is not named in quotes", f'Write the name of the {noun} in quotes, as in "name".')
        return None
    if name not in known:
        location.report(f'there is no {noun} "{name}"{where and f" {where}"}', did_you_mean(name, known))
        return None
    return known[name]


def is_id(name: str, noun: str, location: Location) -> bool:
    """Whether the name is fit for a criterion, theme and the like; told if not."""
    if _ID.fullmatch(name):
        return True
    location.report(f'"{name}" is no id for a {noun}', "Use lower-case letters, digits and single hyphens.")
    return False


def is_word(name: str, noun: str, location: Location) -> bool:
    """Whether the name is fit for a field, a table or a parameter; told if not."""
    if _WORD.fullmatch(name):
        return True
    advice = "Use lower-case letters, digits and single underscores, and begin with a letter."
    location.report(f'"{name}" is no name for a {noun}', advice)
    return False


def entries(raw: object, noun: str, location: Location) -> dict[str, Any]:
    """The named entries of a group, which must be a TOML table; told, and empty, if it is not one. None has none."""
    if raw is None:
        return {}
    if isinstance(raw, dict):
        return raw
    location.report(f"this is not a group of {noun}s", f"Write one table for each {noun}, under its name.")
    return {}


def read_entries(raw: object, noun: str, spec: type[T], location: Location) -> Iterator[tuple[str, T | None, Location]]:
    """Each entry of a group by its id: what it states, None if that is broken, and where it stands.

    Where it is no part of another thing, such as a flag of a criterion, problems name it.
    """
    for id_, entry in entries(raw, noun, location).items():
        place = location.at(id_) if location.part else location.at(id_).named(f"{noun} {id_}")
        is_id(id_, noun, place)
        yield id_, structure(entry, spec, place), place


def sound(known: Mapping[str, T | None]) -> dict[str, T]:
    """What is not broken, in order."""
    return {name: entry for name, entry in known.items() if entry is not None}


def check_short(text: str, location: Location) -> None:
    """Tell where what something is called in a few words is longer than lists and charts have room for."""
    if len(text) > LONGEST_SHORT:
        what = f"{len(text)} characters are too many for a few words"
        advice = f"Say it in at most {LONGEST_SHORT}: the whole of it stands elsewhere."
        location.report(what, advice, "It stands in lists and charts, in one line beside figures.")


def quoted(words: Iterable[str]) -> str:
    """Words of ours in quotes, as a phrase: "one", "another" and "a third"."""
    return listed((f'"{word}"' for word in words), "and")


def _readable(names: KnownNames) -> dict[str, dict[str, Field | None]]:
    readable = {"": dict(names.fields), **{table: dict(columns) for table, columns in names.columns.items()}}
    for full_name, derived in names.derived.items():
        table, _, column = full_name.partition(".")
        among, name = (readable[table], column) if table in names.columns else (readable[""], full_name)
        among[name] = None if derived is None else derived.field
    return readable


@frozen
class KnownNames:
    """The names of a rulebook, broken ones included, so that one mistake is not told again wherever it is used.

    Attributes:
        fields: those that a record may have.
        columns: the same of each table.
        derived: the derived fields that can be read here, by full name.
        later: the full names of those that cannot, since they are worked out later.
        readable: all fields that can be read: those of the case for "", and the columns of each table.
        facts_below: while facts are read, the one that is being read and those after it, which it cannot name.
        language: the version of the rule language that they are used in.
        before_facts: whether facts are not read yet, so that none can be named.
        lanes: the lanes of a case's timeline.
        titles: what sections are called.
    """

    fields: Mapping[str, Field | None]
    tables: Mapping[str, Table | None]
    columns: Mapping[str, Mapping[str, Field | None]]
    parameters: Mapping[str, Parameter | None]
    roles: Roles
    derived: Mapping[str, DerivedField | None] = Factory(dict)
    later: frozenset[str] = frozenset()
    facts: Mapping[str, CaseFact | None] = Factory(dict)
    facts_below: Collection[str] = ()
    language: int = 1
    before_facts: bool = False
    lanes: tuple[str, ...] = ()
    titles: Mapping[str, str] = Factory(dict)
    readable: Mapping[str, Mapping[str, Field | None]] = field(init=False, default=Factory(_readable, takes_self=True))


_LATER = "Name the fields that it comes from, or one that is worked out before."
LATER_ORDER = "Checks come first; then derived fields of the case, as they stand in the file; then those of rows."


@frozen
class NameScope:
    """What names can mean on the case, or on a row of one of its tables.

    Attributes:
        table: the table whose row this is; "" on the case.
    """

    names: KnownNames
    table: str = ""

    def field(self, name: object, location: Location) -> Field | None:
        """The field or column of that name; None after telling that there is none, or if it is itself broken."""
        if not isinstance(name, str):
            location.report("the field is not named in quotes", 'Write its name in quotes, as in "section.field".')
            return None
        table, dot, column = name.partition(".")
        if self._is_later(name if dot else f"{self.table}.{name}", location):
            return None
        if not dot and self.table:
            return find(self.names.readable[self.table], name, "column", location, f"in {self.table}")
        if not dot:
            location.report(f'"{name}" has no section', self._sections_with(name))
            return None
        # A section and a table of one name is a mistake of the dictionary, told there.
        if table not in self.names.tables or name in self.names.fields:
            return find(self.names.readable[""], name, "field", location)
        if table == self.table:
            advice = f'Inside a test over {table}, write "{column}" alone.'
        else:
            advice = f'Test it over the rows: {{ some = "{table}", satisfies = {{ field = "{column}", ... }} }}.'
        location.report(f'"{name}" is a column, and there is a value for each row of {table}', advice)
        return None

    def column(self, name: object, location: Location) -> Field | None:
        """The column written ``table.column``; None as for fields."""
        table, _, column = name.partition(".") if isinstance(name, str) else ("", "", "")
        if not column:
            location.report("this is not a column of a table", 'Write table and column, as in "table.column".')
            return None
        if find(self.names.tables, table, "table", location) is None or self._is_later(f"{table}.{column}", location):
            return None
        return find(self.names.readable[table], column, "column", location, f"in {table}")

    def _is_later(self, full_name: str, location: Location) -> bool:
        """Whether it is a derived field that cannot be read here yet; told if so."""
        if full_name in self.names.later:
            location.report(f'"{full_name}" is a derived field, and is not worked out before this', _LATER, LATER_ORDER)
        return full_name in self.names.later

    def _sections_with(self, name: str) -> str:
        of_case = self.names.readable[""]
        full = sorted(known for known in of_case if known.partition(".")[2] == name)
        if full:
            return f'Did you mean "{full[0]}"?'
        tables = sorted(table for table, columns in self.names.readable.items() if table and name in columns)
        if tables:
            return f'It is a column of {tables[0]}: test it inside "every", "some" or "count".'
        return did_you_mean(name, of_case) or "Write section and field, with a dot between them."
