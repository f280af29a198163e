"""Reading dictionary.toml: the fields and tables that a case may have."""

from __future__ import annotations

from collections.abc import Mapping

from casescreen.model.case import ANSWERS, CASES, ID
from casescreen.model.dictionary import Field, Kind, Table
from casescreen.model.rulebook import Roles
from casescreen.rulebook.file_schema import DictionarySpec, FieldSpec, TableSpec, structure
from casescreen.rulebook.names import KnownNames, entries, find, is_word, sound
from casescreen.syntax.rule_file import Location
from casescreen.text import listed

# What a case file may hold beside the fields and tables of the dictionary.
_RESERVED = (ANSWERS, CASES)
_HOW_TO_NAME_A_ROLE = "Name another text or choice field of the case under [roles], or leave the line out."


def read_dictionary(location: Location) -> KnownNames | None:
    """The names that the dictionary defines, without parameters and roles; None if it has no fields at all."""
    spec = structure(location.file.data, DictionarySpec, location)
    if spec is None:
        return None
    fields: dict[str, Field | None] = {}
    for section, group in entries(spec.fields, "section", location.at("fields")).items():
        place = location.at("fields", section)
        is_word(section, "section", place)
        for name, entry in entries(group, "field", place).items():
            fields[f"{section}.{name}"] = _field(entry, place.at(name), f"{section}.{name}")
    if not fields:
        return None
    _check_dated(fields, "field", location.at("fields"))
    tables: dict[str, Table | None] = {}
    columns: dict[str, dict[str, Field | None]] = {}
    for name, entry in entries(spec.tables, "table", location.at("tables")).items():
        tables[name], columns[name] = _table(name, entry, location.at("tables", name).named(f"table {name}"))
    _check_names(fields, tables, location)
    return KnownNames(fields, tables, columns, {}, Roles())


def read_roles(raw: object, known: Mapping[str, Field | None], location: Location) -> Roles:
    """Which fields name who is responsible for a case, broken ones included.

    Args:
        raw: what the rulebook says under [roles]; where it says nothing, case.manager and case.team have these roles,
            if they are there.
        known: the fields of the case.
        location: the place of [roles].
    """
    if raw is None:
        roles = Roles(*(name if name in known else "" for name in ("case.manager", "case.team")))
    else:
        roles = structure(raw, Roles, location) or Roles()
    for role, name in (("manager", roles.manager), ("team", roles.team)):
        field = find(known, name, "field", location.at(role)) if name else None
        if field is None:
            continue
        if name == ID:
            location.at(role).report(f"{name} names the case and not its {role}", _HOW_TO_NAME_A_ROLE)
        elif field.kind not in (Kind.TEXT, Kind.CHOICE):
            location.at(role).report(f"{name} is a {field.kind.value} and names no {role}", _HOW_TO_NAME_A_ROLE)
    return roles


def _field(raw: object, location: Location, name: str, table: str = "") -> Field | None:
    location = location.named(f"column {table}.{name}" if table else f"field {name}")
    is_word(name.rpartition(".")[2], "column" if table else "field", location)
    spec = structure(raw, FieldSpec, location)
    if spec is None:
        return None
    is_choice, kind = spec.type is Kind.CHOICE, spec.type.value
    if is_choice and not spec.allowed:
        location.report("a choice without the words it may be", 'Add allowed = ["one", "another"].')
    if spec.allowed and not is_choice:
        what = f'"allowed" is for choices, and this is a {kind}'
        location.at("allowed").report(what, 'Use type = "choice".')
    twice = sorted({word for word in spec.allowed if spec.allowed.count(word) > 1})
    if twice:
        location.at("allowed").report(f"allowed more than once: {listed(twice, 'and')}", "Keep each word once.")
    if spec.past and spec.type is not Kind.DATE:
        location.at("past").report(f'"past" is for dates, and this is a {kind}', "Leave the line out.")
    for key, written in (("dates", spec.dates), ("begins", spec.begins)):
        if written and not spec.past:
            location.at(key).report(f'"{key}" is for dates of what happened', "Add past = true, or leave the line out.")
    if is_choice is not bool(spec.allowed):
        return None
    return Field(name, spec.label, spec.type, spec.meaning, spec.allowed, spec.past, table, spec.dates, spec.begins)


def _check_dated(known: Mapping[str, Field | None], noun: str, location: Location) -> None:
    """Check which yes-no each date dates, and that one date at most begins the case or a row."""
    beginning = [name for name, field in known.items() if field is not None and field.begins]
    for name, field in known.items():
        place = location.at(*name.split("."))
        if field is not None and field.dates:
            dated = find(known, field.dates, noun, place.at("dates"))
            if dated is not None and dated.kind is not Kind.YES_NO:
                what = f"{field.dates} is a {dated.kind.value}, and a date dates a yes-no"
                place.at("dates").report(what, "Name the yes-no that says whether it was done.")
        if name in beginning[1:]:
            place.at("begins").report(f"{beginning[0]} begins it already", "Keep one of them.")


def _table(name: str, raw: object, location: Location) -> tuple[Table | None, dict[str, Field | None]]:
    is_word(name, "table", location)
    spec = structure(raw, TableSpec, location)
    if spec is None:
        return None, {}
    place = location.at("columns")
    columns = {
        column: _field(entry, place.at(column), column, name)
        for column, entry in entries(spec.columns, "column", place).items()
    }
    _check_dated(columns, "column", place)
    find(columns, spec.named_by, "column", location.at("named_by"), "in this table")
    key = find(columns, spec.key, "column", location.at("key"), "in this table") if spec.key else None
    if key is not None and key.kind is not Kind.TEXT:
        what = f'the key "{spec.key}" is a {key.kind.value} and not a text'
        location.at("key").report(what, "Use a text column.", "Readers' answers name a row by its key, in quotes.")
    return Table(name, spec.label, spec.one, spec.meaning, spec.named_by, sound(columns), spec.key), columns


def _check_names(fields: dict[str, Field | None], tables: dict[str, Table | None], location: Location) -> None:
    if ID not in fields:
        advice = f"Add [fields.{ID}], a text."
        location.report(f"there is no field {ID}", advice, "Every case needs a name.")
    id_ = fields.get(ID)
    if id_ is not None and id_.kind is not Kind.TEXT:
        place = location.at("fields", *ID.split("."), "type").named(f"field {ID}")
        place.report(f"{ID} is a {id_.kind.value} and not a text", 'Use type = "text".')
    sections = {name.partition(".")[0] for name in fields}
    for word in sorted(sections & set(tables)):
        what = f'"{word}" is a section of fields and also a table'
        location.at("tables", word).report(what, "Rename one.", "A case file has one place for each name.")
    for group, words in (("fields", sections), ("tables", set(tables))):
        for word in sorted(words & set(_RESERVED)):
            location.at(group, word).report(f'"{word}" has its own meaning in a case file', "Choose another name.")
