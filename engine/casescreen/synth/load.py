"""Reading generate.toml, which stands beside a rulebook and says what is plausible in a made-up case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from attrs import Factory, evolve, frozen

from casescreen.model.case import ID
from casescreen.model.dictionary import Dictionary, Field, Table
from casescreen.model.problem import ProblemCollector, ProblemsError
from casescreen.model.rulebook import Rulebook, Status
from casescreen.resources import rulebook_folder, shipped_rulebooks
from casescreen.rulebook.file_schema import structure
from casescreen.rulebook.folder_files import SYNTHETIC_SPEC_FILE
from casescreen.rulebook.names import entries, find, sound
from casescreen.syntax.rule_file import Location, read_rule_file
from casescreen.synth.field_reader import (
    AS_OF,
    References,
    default_field,
    read_correlations,
    read_date_field,
    read_field,
    read_preconditions,
    read_share,
    read_weights,
)
from casescreen.synth.spec import (
    Choice,
    Cycle,
    LatentVariable,
    PerParentRow,
    SyntheticAnswers,
    SyntheticField,
    SyntheticSpec,
    SyntheticTable,
)

T = TypeVar("T", SyntheticField, SyntheticTable)

_MISSING, _ABSENT = 0.1, 0.05
_ROWS = (1.0, 1.0, 1.0, 1.0)
_ANSWERS = SyntheticAnswers(0.7, 0.7, 0.05, ("Made up.",))


@frozen(eq=False, repr=False, slots=False)
class _SpecEntries:
    """The head of generate.toml."""

    status: Status
    about: str
    as_of: date
    hidden: Any = Factory(dict)
    missing: Any = None
    fields: Any = Factory(dict)
    tables: Any = Factory(dict)
    answers: Any = None


@frozen(eq=False, repr=False, slots=False)
class _LatentEntry:
    about: str
    group: str = ""
    shared: Any = 0.0


@frozen(eq=False, repr=False, slots=False)
class _MissingEntry:
    """What is not recorded where nothing else is said."""

    share: Any
    tables: Any = 0.0
    follows: Any = Factory(dict)


@frozen(eq=False, repr=False, slots=False)
class _TableEntry:
    rows: Any = None
    like: Any = None
    share: Any = None
    follows: Any = Factory(dict)
    absent: Any = None
    only_if: Any = Factory(dict)
    dated_by: Any = None
    until: Any = None
    columns: Any = Factory(dict)


@frozen(eq=False, repr=False, slots=False)
class _AnswersEntry:
    share: Any
    yes: Any
    not_applicable: Any = 0.0
    reasons: tuple[str, ...] = ()
    follows: Any = Factory(dict)


def load_spec(where: str | Path | None, rulebook: Rulebook) -> SyntheticSpec:
    """How cases are made up for a rulebook; from the kinds of its fields alone if it has no generate.toml.

    Args:
        where: as for ``load_rulebook``.
        rulebook: as ``load_rulebook`` reads it from there.

    Raises:
        CasescreenError: there is no such rulebook.
        ProblemsError: everything that is wrong with the file, with line and advice.
    """
    folder = rulebook_folder(where, shipped_rulebooks()).resolve()
    if not (folder / SYNTHETIC_SPEC_FILE).exists():
        return default_spec(rulebook)
    collector = ProblemCollector()
    file = read_rule_file(folder / SYNTHETIC_SPEC_FILE, f"{folder.name}/{SYNTHETIC_SPEC_FILE}", collector)
    spec = None if file is None else _spec(Location(file, collector), rulebook)
    if collector.problems or spec is None:
        raise ProblemsError(collector.problems)
    return spec


def default_spec(rulebook: Rulebook) -> SyntheticSpec:
    """What is drawn where nothing is said but the kinds of the fields."""
    dictionary, roles = rulebook.dictionary, rulebook.roles
    fields = tuple(default_field(field, _MISSING, roles) for field in _drawn_fields(dictionary).values())
    tables = []
    for table in dictionary.tables.values():
        columns = tuple(default_field(column, _MISSING, roles, table.key) for column in table.columns.values())
        tables.append(SyntheticTable(table, _ROWS, columns, absent=_ABSENT))
    return SyntheticSpec(None, (), fields, tuple(tables), _ANSWERS)


def _drawn_fields(dictionary: Dictionary) -> dict[str, Field]:
    return {name: field for name, field in dictionary.fields.items() if name != ID}


def _spec(location: Location, rulebook: Rulebook) -> SyntheticSpec | None:
    written = structure(location.file.data, _SpecEntries, location)
    if written is None:
        return None
    dictionary = rulebook.dictionary
    latent = _latent(written.hidden, dictionary, location.at("hidden"))
    missing, absent, correlations = _MISSING, _ABSENT, dict[str, float]()
    place = location.at("missing")
    if written.missing is not None and (entry := structure(written.missing, _MissingEntry, place)) is not None:
        missing = read_share(entry.share, _MISSING, place.at("share"))
        absent = read_share(entry.tables, 0.0, place.at("tables"))
        correlations = read_correlations(entry.follows, latent, place.at("follows"))
    references = References(_drawn_fields(dictionary), latent, missing, absent, rulebook.roles)
    fields = _fields(written.fields, references, location.at("fields"))
    cycles = {field.field.name for field in fields if isinstance(field.distribution, Cycle)}
    for variable in sound(latent).values():
        if variable.group and variable.group not in cycles:
            what = f"{variable.group} does not say how many cases in turn it stands for"
            place = location.at("hidden", variable.name, "group")
            place.report(what, 'Give that field "numbered", "cases" and "of".')
    tables = _tables(written.tables, dictionary.tables, references, location.at("tables"))
    answers = _answers(written.answers, latent, location.at("answers"))
    return SyntheticSpec(written.as_of, tuple(sound(latent).values()), fields, tables, answers, correlations)


def _latent(raw: object, dictionary: Dictionary, location: Location) -> dict[str, LatentVariable | None]:
    """The latent variables by name; None for one that is itself broken."""
    latent: dict[str, LatentVariable | None] = {}
    for name, raw_entry in entries(raw, "hidden factor", location).items():
        place, latent[name] = location.at(name).named(f"hidden factor {name}"), None
        if (entry := structure(raw_entry, _LatentEntry, place)) is not None:
            if entry.group:
                find(dictionary.fields, entry.group, "field", place.at("group"))
            latent[name] = LatentVariable(name, entry.group, read_share(entry.shared, 0.0, place.at("shared")))
    return latent


def _answers(raw: object, latent: Mapping[str, LatentVariable | None], location: Location) -> SyntheticAnswers:
    entry = None if raw is None else structure(raw, _AnswersEntry, location)
    if entry is None:
        return _ANSWERS
    names = ("share", "yes", "not_applicable")
    share, yes, not_applicable = (read_share(getattr(entry, name), 0.0, location.at(name)) for name in names)
    correlations = read_correlations(entry.follows, latent, location.at("follows"))
    return SyntheticAnswers(share, yes, not_applicable, entry.reasons or _ANSWERS.reasons, correlations)


def _fields(raw: object, references: References, location: Location) -> tuple[SyntheticField, ...]:
    """Every field but the id, in an order in which they can be drawn."""
    fields = {
        name: default_field(field, references.missing, references.roles) for name, field in references.fields.items()
    }
    for section, group in entries(raw, "section", location).items():
        for key, entry in entries(group, "field", location.at(section)).items():
            name = f"{section}.{key}"
            place = location.at(section, key).named(f"field {name}")
            if (field := find(references.fields, name, "field", place)) is not None:
                fields[name] = read_field(entry, field, references, place)
    return _in_order(fields, {name: field.depends_on for name, field in fields.items()}, location)


def _tables(
    raw: object, tables: Mapping[str, Table], references: References, location: Location
) -> tuple[SyntheticTable, ...]:
    written = entries(raw, "table", location)
    for name in written:
        find(tables, name, "table", location.at(name))
    made = {
        name: _table(written.get(name, {}), table, tables, references, location.at(name).named(f"table {name}"))
        for name, table in tables.items()
    }
    parents = {name: {table.size.table} for name, table in made.items() if isinstance(table.size, PerParentRow)}
    return _in_order(made, parents, location)


def _table(
    raw: object, table: Table, tables: Mapping[str, Table], case: References, location: Location
) -> SyntheticTable:
    entry = structure(raw, _TableEntry, location) or _TableEntry()
    size = _size(entry, tables.keys() - {table.name}, location)
    parent = tables[size.table].columns if isinstance(size, PerParentRow) else {}
    row = evolve(case, fields={**case.fields, **table.columns}, parent=parent)
    columns = _columns(entry.columns, table, row, location.at("columns"))
    for column in columns:
        match column.distribution:
            case Choice(weights=weights, distinct=True):
                possible = sum(weight > 0 for weight in weights)
                if isinstance(size, PerParentRow) or len(size) - 1 > possible:
                    what = "a case can have more rows than there are words to tell them apart"
                    place = location.at("columns", column.field.name, "distinct")
                    place.report(what, f"Let it have at most {possible} rows.")
    dated_by, until = location.at("dated_by"), location.at("until")
    return SyntheticTable(
        table,
        size,
        columns,
        read_correlations(entry.follows, case.latent, location.at("follows")),
        read_share(entry.absent, case.absent, location.at("absent")),
        read_preconditions(entry.only_if, {**case.fields, **parent}, location.at("only_if")),
        None if entry.dated_by is None else read_date_field(entry.dated_by, table.columns, dated_by),
        None if entry.until in (None, AS_OF) else read_date_field(entry.until, case.fields, until),
    )


def _size(entry: _TableEntry, others: set[str], location: Location) -> tuple[float, ...] | PerParentRow:
    if entry.like is not None:
        if entry.rows is not None:
            location.at("rows").report('"rows" and "like" cannot stand together', "Keep one of them.")
        parent = find({name: name for name in others}, entry.like, "table", location.at("like"))
        if parent is not None:
            return PerParentRow(parent, read_share(entry.share, 1.0, location.at("share")))
    return _ROWS if entry.rows is None else read_weights(entry.rows, location.at("rows"))


def _columns(raw: object, table: Table, references: References, location: Location) -> tuple[SyntheticField, ...]:
    columns = {
        name: default_field(column, references.missing, references.roles, table.key)
        for name, column in table.columns.items()
    }
    for name, entry in entries(raw, "column", location).items():
        place = location.at(name).named(f"column {table.name}.{name}")
        if (column := find(table.columns, name, "column", place, "in this table")) is not None:
            columns[name] = read_field(entry, column, references, place, table.key)
    return _in_order(columns, {name: column.depends_on for name, column in columns.items()}, location)


def _in_order(made: Mapping[str, T], depends_on: Mapping[str, set[str]], location: Location) -> tuple[T, ...]:
    """All of them, each after what it depends on, else as they come; a circle is reported and broken."""
    waiting, ordered = list(made), list[str]()
    while waiting:
        ready = [name for name in waiting if depends_on.get(name, set()).isdisjoint(waiting)]
        if not ready:
            what = f"in the end it rests on itself: {', '.join(waiting)}"
            location.at(*waiting[0].split(".")).report(what, "Take out one of the links between them.")
            break
        ordered += ready
        waiting = [name for name in waiting if name not in ready]
    return tuple(made[name] for name in ordered)
