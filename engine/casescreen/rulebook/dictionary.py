"""Reading dictionary.toml: the fields and tables that a case may have, and the fields that are derived from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve

from casescreen.model.case import ANSWERS, CASES, ID
from casescreen.model.condition import FromParameter, Literal
from casescreen.model.dictionary import Field, Kind, Table, Value
from casescreen.model.problem import Fault
from casescreen.model.rulebook import DerivedField, DerivedSource, LetterAddition, LetterText, Roles, Theme
from casescreen.rulebook.conditions import read_condition, read_limit
from casescreen.rulebook.file_schema import (
    DerivedSourceSpec,
    DerivedSpec,
    DictionarySpec,
    FieldSpec,
    LetterAdditionSpec,
    LetterSpec,
    TableSpec,
    structure,
)
from casescreen.rulebook.names import KnownNames, NameScope, entries, find, is_word, sound
from casescreen.syntax.rule_file import Location
from casescreen.text import in_words, listed

# What a case file may hold beside the fields and tables of the dictionary.
_RESERVED = (ANSWERS, CASES)
_UNMARK = "Leave the line out."
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
    of_tables = {f"tables.{name}.columns": known for name, known in columns.items()}
    _check_lanes(spec.lanes, {"fields": fields, **of_tables}, location)
    titles = _titles(spec.titles, fields, location.at("titles"))
    return KnownNames(fields, tables, columns, {}, Roles(), lanes=spec.lanes, titles=titles)


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
        if field.characteristic:
            what = f"{name} is marked as a characteristic, and names the {role} of a case"
            why = "Cases are compared by what they are about, and never by who works on them."
            location.at(role).report(what, "Take the mark out of the dictionary, or name another field.", why)
        if name == ID:
            location.at(role).report(f"{name} names the case and not its {role}", _HOW_TO_NAME_A_ROLE)
        elif field.kind not in (Kind.TEXT, Kind.CHOICE):
            location.at(role).report(f"{name} is a {field.kind.value} and names no {role}", _HOW_TO_NAME_A_ROLE)
    return roles


def read_letter(
    raw: object, known: Mapping[str, Field | None], themes: Mapping[str, Theme | None], location: Location
) -> LetterText:
    """What a letter says beside what was found: nothing where the rulebook says nothing, or what is broken.

    Args:
        raw: what the rulebook says under [letter].
        known: the fields of the case.
        themes: by id; None for those that are broken.
        location: the place of [letter].
    """
    spec = None if raw is None else structure(raw, LetterSpec, location)
    if spec is None:
        return LetterText()
    for number, name in enumerate(spec.sample):
        place = location.at("sample", number)
        field = find(known, name, "field", place)
        if field is not None and field.kind is not Kind.CHOICE:
            why = "The letter says how many cases have each of its values."
            place.report(f"{name} is a {field.kind.value}", "Name choice fields of the case only.", why)
    additions: list[LetterAddition] = []
    if spec.add is not None and not isinstance(spec.add, list):
        location.at("add").report("this is not a list", "Write each under its own heading, [[letter.add]].")
    for number, entry in enumerate(spec.add if isinstance(spec.add, list) else ()):
        one = structure(entry, LetterAdditionSpec, location.at("add", number))
        if one is not None and one.theme:
            find(themes, one.theme, "theme", location.at("add", number, "theme"))
        additions += [] if one is None else [LetterAddition(one.says, one.theme)]
    return LetterText(spec.purpose, spec.sample, tuple(additions), spec.closing)


def _field(raw: object, location: Location, name: str, table: str = "") -> Field | None:
    location = location.named(f"column {table}.{name}" if table else f"field {name}")
    is_word(name.rpartition(".")[2], "column" if table else "field", location)
    spec = structure(raw, FieldSpec, location)
    if spec is None:
        return None
    has_words = _has_words(spec, location)
    if spec.past and spec.type is not Kind.DATE:
        location.at("past").report(f'"past" is for dates, and this is a {spec.type.value}', "Leave the line out.")
    for key, written in (("dates", spec.dates), ("begins", spec.begins)):
        if written and not spec.past:
            location.at(key).report(f'"{key}" is for dates of what happened', "Add past = true, or leave the line out.")
    if spec.lane and spec.type is not Kind.DATE:
        location.at("lane").report(f'"lane" is for dates, and this is a {spec.type.value}', "Leave the line out.")
    if spec.event and not spec.lane:
        location.at("event").report('"event" is what a date is called in a lane', "Add lane, or leave the line out.")
    if spec.characteristic:
        _check_characteristic(spec, location.at("characteristic"), table)
    if not has_words:
        return None
    return Field(
        *(name, spec.label, spec.type, spec.meaning, spec.allowed, spec.past, table, spec.dates, spec.begins),
        lane=spec.lane,
        event=spec.event,
        characteristic=spec.characteristic,
    )


def _check_characteristic(spec: FieldSpec, location: Location, table: str) -> None:
    """Check that each value is the name of a group, and that each case has one."""
    if table:
        why = "Groups of cases are compared, and a case can have several rows."
        location.report(f'"characteristic" is for fields of the case, and this is a column of {table}', _UNMARK, why)
    elif spec.type not in (Kind.CHOICE, Kind.YES_NO):
        what = f'"characteristic" is for a choice or a yes-no, and this is a {spec.type.value}'
        why = "Its values name the groups that are compared: there are too many numbers, and a text can name anybody."
        location.report(what, f"{_UNMARK} Or make it a choice with a word for each group.", why)


def _has_words(spec: FieldSpec | DerivedSpec, location: Location) -> bool:
    """Whether a choice has the words that it may be, and nothing else has any; told if not."""
    is_choice, kind = spec.type is Kind.CHOICE, spec.type.value
    if is_choice and not spec.allowed:
        location.report("a choice without the words it may be", 'Add allowed = ["one", "another"].')
    if spec.allowed and not is_choice:
        what = f'"allowed" is for choices, and this is a {kind}'
        location.at("allowed").report(what, 'Use type = "choice".')
    twice = sorted({word for word in spec.allowed if spec.allowed.count(word) > 1})
    if twice:
        location.at("allowed").report(f"allowed more than once: {listed(twice, 'and')}", "Keep each word once.")
    return is_choice is bool(spec.allowed)


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


def _check_lanes(lanes: Sequence[str], known: Mapping[str, Mapping[str, Field | None]], location: Location) -> None:
    """Check that the dates name lanes that there are, and that there is none that no date names.

    Args:
        lanes: those of the timeline.
        known: the fields and columns by the path of their group, with dots.
        location: the dictionary.
    """
    named = dict.fromkeys(lanes, True)
    used = set[str]()
    for group, fields in known.items():
        for name, field in fields.items():
            if field is not None and field.lane:
                used.add(field.lane)
                called = f"column {field.table}.{name}" if field.table else f"field {name}"
                place = location.at(*group.split("."), *name.split("."), "lane").named(called)
                find(named, field.lane, "lane", place)
    for number, lane in enumerate(lanes):
        if lane in lanes[:number]:
            location.at("lanes", number).report(f'"{in_words(lane)}" is named twice', "Keep it once.")
        elif lane not in used:
            what = f'no date is in the lane "{in_words(lane)}"'
            location.at("lanes", number).report(what, "Name it in a date, or take it out.")


def _titles(raw: object, fields: Iterable[str], location: Location) -> dict[str, str]:
    """What sections are called, where that is said; a title of no section, or that is no text, is told."""
    sections = {name.partition(".")[0]: True for name in fields}
    titles = dict[str, str]()
    for section, title in entries(raw, "section", location).items():
        find(sections, section, "section", location.at(section))
        if isinstance(title, str) and title.strip():
            titles[section] = title
        else:
            location.at(section).report("this is not a title", 'Write a few words in quotes, as in "the order".')
    return titles


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


def read_derived(names: KnownNames, location: Location) -> KnownNames:
    """The names with the derived fields, broken ones included, each after those that it may name.

    Args:
        names: all other names; parameters are among them.
        location: the dictionary.
    """
    place = location.at("derived")
    written: dict[str, object] = {}
    for section, group in entries(location.file.data.get("derived"), "section", place).items():
        if section not in names.tables:
            is_word(section, "section", place.at(section))
        if section in _RESERVED:
            place.at(section).report(f'"{section}" has its own meaning in a case file', "Choose another name.")
        fields = entries(group, "derived field", place.at(section))
        written |= {f"{section}.{name}": entry for name, entry in fields.items()}
    of_rows = [name for name in written if name.partition(".")[0] in names.tables]
    order = [*(name for name in written if name not in of_rows), *of_rows]
    before: dict[str, DerivedField | None] = {}
    for number, name in enumerate(order):
        table = name.partition(".")[0] if name in of_rows else ""
        # Those of rows are worked out together, and name none of one another.
        later = of_rows if table else order[number:]
        known = {one: derived for one, derived in before.items() if one not in later}
        scope = NameScope(evolve(names, derived=known, later=frozenset(later), before_facts=True), table)
        at = place.at(*name.split(".", 1)).named(f"derived field {name}")
        before[name] = _derived(written[name], name, scope, at)
    return evolve(names, derived=before)


def _derived(raw: object, full_name: str, scope: NameScope, location: Location) -> DerivedField | None:
    name = full_name.partition(".")[2] if scope.table else full_name
    is_word(full_name.partition(".")[2], "derived field", location)
    if name in (scope.names.columns[scope.table] if scope.table else scope.names.fields):
        location.report(f"records have a {'column' if scope.table else 'field'} {full_name}", "Choose another name.")
    spec = structure(raw, DerivedSpec, location)
    if spec is None or not _has_words(spec, location):
        return None
    field = Field(name, spec.label, spec.type, spec.meaning, spec.allowed, table=scope.table)
    place = location.at("from")
    if not isinstance(spec.from_, list) or not spec.from_:
        place.report("this is not a list", f"Write each under its own heading, [[derived.{full_name}.from]].")
        return None
    sources = [_source(one, field, scope, place.at(number)) for number, one in enumerate(spec.from_)]
    for number, source in enumerate(spec.from_[:-1]):
        if isinstance(source, dict) and "when" not in source:
            why = "The first whose condition is true gives the field, and one without a condition always does."
            place.at(number).report("nothing after it is ever reached", 'Add "when", or move it to the end.', why)
    read = tuple(source for source in sources if source is not None)
    return DerivedField(field, read) if len(read) == len(sources) else None


def _source(raw: object, derived: Field, scope: NameScope, location: Location) -> DerivedSource | None:
    spec = structure(raw, DerivedSourceSpec, location)
    if spec is None:
        return None
    if (spec.field is None) is (spec.value is None):
        what = "it names no field and gives no value" if spec.field is None else "it names a field and gives a value"
        location.report(what, 'Write field = "...", or value = ....')
    when = None if spec.when is None else read_condition(spec.when, scope, location.at("when"))
    field = None if spec.field is None else _given_by(spec.field, derived, scope, location.at("field"))
    value = None if spec.value is None else _constant(spec.value, derived, location.at("value"))
    plus = None if spec.plus is None else _plus(spec, derived, scope, location.at("plus"))
    written, read = (spec.when, spec.field, spec.value, spec.plus), (when, field, value, plus)
    if [one is None for one in written] != [one is None for one in read] or (field is None) is (value is None):
        return None
    return DerivedSource(when, field, value, plus)


def _given_by(raw: object, derived: Field, scope: NameScope, location: Location) -> Field | None:
    """The field that gives a derived one its value; None after telling why it cannot."""
    field = scope.field(raw, location)
    if field is None:
        return None
    if field.kind is not derived.kind:
        what = f"{field.name} is a {field.kind.value}, and the derived field is a {derived.kind.value}"
        location.report(what, "Name a field of the same type.")
        return None
    others = [word for word in field.allowed if word not in derived.allowed]
    if others:
        words = listed((f'"{word}"' for word in others), "and")
        location.report(f"{field.name} may be {words}, and the derived field may not", 'Add these words to "allowed".')
    return None if others else field


def _constant(raw: object, derived: Field, location: Location) -> Value | None:
    value = derived.read(raw)
    if isinstance(value, Fault):
        location.report(value.what, value.advice)
        return None
    return value


def _plus(
    spec: DerivedSourceSpec, derived: Field, scope: NameScope, location: Location
) -> Literal | FromParameter | None:
    """The length of time after another date; None after telling what is wrong with it."""
    if derived.kind is not Kind.DATE:
        what = f'"plus" is for dates, and the derived field is a {derived.kind.value}'
    elif spec.field is None:
        what = f"{in_words(spec.value)} is the same for every case: nothing is to be added to it"
    else:
        return read_limit(spec.plus, scope, location)
    location.report(what, "Leave the line out.")
    return None
