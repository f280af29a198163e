"""Reading generate.toml, which stands beside a rulebook and says what is plausible in a made-up case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from attrs import frozen

from casescreen.model.case import ID
from casescreen.model.dictionary import Dictionary, Field, Kind, Table
from casescreen.model.problem import Problem, ProblemsError
from casescreen.model.rulebook import Roles, Rulebook
from casescreen.resources import rulebook_folder, shipped_rulebooks
from casescreen.rulebook.file_schema import structure
from casescreen.rulebook.folder import RECIPE_FILE
from casescreen.rulebook.names import entries, find
from casescreen.syntax.rule_file import Location, read_rule_file
from casescreen.synth.draws import (
    AS_OF,
    AnswersSpec,
    DrawScope,
    HiddenSpec,
    MissingSpec,
    RowsSpec,
    SpecFile,
    read_draw,
    read_follows,
    read_only_if,
    read_share,
    read_weights,
    usual,
)
from casescreen.synth.spec import Draw, Follows, Hidden, InTurns, Like, ReadersAnswers, RowsDraw, SyntheticSpec, Words

T = TypeVar("T")

_MISSING, _ABSENT = 0.1, 0.05
_ROWS = (1.0, 1.0, 1.0, 1.0)
_ANSWERS = ReadersAnswers(0.7, 0.7, 0.05, ("Made up.",))


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
    if not (folder / RECIPE_FILE).exists():
        return default_spec(rulebook)
    told: list[Problem] = []
    file = read_rule_file(folder / RECIPE_FILE, f"{folder.name}/{RECIPE_FILE}", told)
    recipe = None if file is None else _recipe(Location(file, told), rulebook)
    if told or recipe is None:
        raise ProblemsError(told)
    return recipe


def default_spec(rulebook: Rulebook) -> SyntheticSpec:
    """What is drawn where nothing is said but the kinds of the fields."""
    dictionary, roles = rulebook.dictionary, rulebook.roles
    fields = tuple(usual(field, _MISSING, roles) for name, field in dictionary.fields.items() if name != ID)
    tables = tuple(
        RowsDraw(
            table,
            _ROWS,
            tuple(usual(column, _MISSING, roles, table.key) for column in table.columns.values()),
            absent=_ABSENT,
        )
        for table in dictionary.tables.values()
    )
    return SyntheticSpec(None, (), fields, tables, _ANSWERS)


@frozen(eq=False)
class _Head:
    """What holds for the whole file."""

    dictionary: Dictionary
    hidden: Mapping[str, Hidden | None]
    missing: float
    absent: float
    roles: Roles

    @property
    def fields(self) -> dict[str, Field]:
        """The fields that are drawn: all but the id."""
        return {name: field for name, field in self.dictionary.fields.items() if name != ID}

    def around(self, columns: Mapping[str, Field], like: Mapping[str, Field]) -> DrawScope:
        return DrawScope({**self.fields, **columns}, like, self.hidden, self.missing, self.roles)


def _recipe(location: Location, rulebook: Rulebook) -> SyntheticSpec | None:
    spec = structure(location.file.data, SpecFile, location)
    if spec is None:
        return None
    hidden = _hidden(spec.hidden, rulebook.dictionary, location.at("hidden"))
    missing, absent, follows = _missing(spec.missing, hidden, location.at("missing"))
    head = _Head(rulebook.dictionary, hidden, missing, absent, rulebook.roles)
    fields = _fields(spec.fields, head, location.at("fields"))
    _check_groups(hidden, fields, location.at("hidden"))
    tables = _tables(spec.tables, head, location.at("tables"))
    answers = _answers(spec.answers, hidden, location.at("answers"))
    factors = tuple(factor for factor in hidden.values() if factor is not None)
    return SyntheticSpec(spec.as_of, factors, fields, tables, answers, follows)


def _hidden(raw: object, dictionary: Dictionary, location: Location) -> dict[str, Hidden | None]:
    found: dict[str, Hidden | None] = {}
    for name, entry in entries({} if raw is None else raw, "hidden factor", location).items():
        place = location.at(name).named(f"hidden factor {name}")
        spec = structure(entry, HiddenSpec, place)
        found[name] = None
        if spec is not None:
            shared = read_share(spec.shared, 0.0, place.at("shared"))
            if spec.group:
                find(dictionary.fields, spec.group, "field", place.at("group"))
            found[name] = Hidden(name, spec.group, shared)
    return found


def _check_groups(hidden: Mapping[str, Hidden | None], fields: Iterable[Draw], location: Location) -> None:
    groups = {draw.field.name for draw in fields if isinstance(draw.maker, InTurns)}
    for factor in hidden.values():
        if factor is not None and factor.group and factor.group not in groups:
            what = f"{factor.group} does not say how many cases in turn it stands for"
            location.at(factor.name, "group").report(what, 'Give that field "numbered", "cases" and "of".')


def _missing(raw: object, hidden: Mapping[str, Hidden | None], location: Location) -> tuple[float, float, Follows]:
    if raw is None:
        return _MISSING, _ABSENT, {}
    spec = structure(raw, MissingSpec, location)
    if spec is None:
        return _MISSING, _ABSENT, {}
    share, absent = (
        read_share(spec.share, _MISSING, location.at("share")),
        read_share(spec.tables, 0.0, location.at("tables")),
    )
    return share, absent, read_follows(spec.follows, hidden, location.at("follows"))


def _fields(raw: object, head: _Head, location: Location) -> tuple[Draw, ...]:
    """Every field but the id, in an order in which they can be drawn."""
    known, around = head.fields, head.around({}, {})
    draws = {name: usual(field, head.missing, head.roles) for name, field in known.items()}
    for section, group in entries({} if raw is None else raw, "section", location).items():
        for name, entry in entries(group, "field", location.at(section)).items():
            place = location.at(section, name).named(f"field {section}.{name}")
            field = find(known, f"{section}.{name}", "field", place)
            if field is not None:
                draws[field.name] = read_draw(entry, field, around, place)
    return tuple(_in_order(draws, lambda draw: draw.rests_on, lambda name: location.at(*name.split("."))))


def _tables(raw: object, head: _Head, location: Location) -> tuple[RowsDraw, ...]:
    written = entries({} if raw is None else raw, "table", location)
    for name in written:
        find(head.dictionary.tables, name, "table", location.at(name))
    rows = {
        name: _rows(written.get(name, {}), table, head, location.at(name).named(f"table {name}"))
        for name, table in head.dictionary.tables.items()
    }
    return tuple(_in_order(rows, _is_like, location.at))


def _rows(raw: object, table: Table, head: _Head, location: Location) -> RowsDraw:
    spec = structure(raw, RowsSpec, location) or RowsSpec()
    like = _like(spec, table, head, location)
    like_columns = {} if like is None else head.dictionary.tables[like.table].columns
    columns = _columns(spec.columns, table, head.around(table.columns, like_columns), location.at("columns"))
    number = like or (_ROWS if spec.rows is None else read_weights(spec.rows, location.at("rows")))
    _check_distinct(number, columns, location)
    return RowsDraw(
        table,
        number,
        columns,
        read_follows(spec.follows, head.hidden, location.at("follows")),
        read_share(spec.absent, head.absent, location.at("absent")),
        read_only_if(spec.only_if, {**head.fields, **like_columns}, location.at("only_if")),
        _date(spec.dated_by, table.columns, location.at("dated_by")),
        None if spec.until == AS_OF else _date(spec.until, head.fields, location.at("until")),
    )


def _like(spec: RowsSpec, table: Table, head: _Head, location: Location) -> Like | None:
    if spec.like is None:
        return None
    if spec.rows is not None:
        location.at("rows").report('"rows" and "like" cannot stand together', "Keep one of them.")
    others = {name: one for name, one in head.dictionary.tables.items() if name != table.name}
    other = find(others, spec.like, "table", location.at("like"))
    return None if other is None else Like(other.name, read_share(spec.share, 1.0, location.at("share")))


def _columns(raw: object, table: Table, around: DrawScope, location: Location) -> tuple[Draw, ...]:
    draws = {name: usual(column, around.missing, around.roles, table.key) for name, column in table.columns.items()}
    for name, entry in entries({} if raw is None else raw, "column", location).items():
        place = location.at(name).named(f"column {table.name}.{name}")
        column = find(table.columns, name, "column", place, "in this table")
        if column is not None:
            draws[name] = read_draw(entry, column, around, place, table.key)
    return tuple(_in_order(draws, lambda draw: draw.rests_on, location.at))


def _check_distinct(number: tuple[float, ...] | Like, columns: Iterable[Draw], location: Location) -> None:
    for draw in columns:
        if not isinstance(draw.maker, Words) or not draw.maker.distinct:
            continue
        likely = sum(weight > 0 for weight in draw.maker.weights)
        if isinstance(number, Like) or len(number) - 1 > likely:
            what = "a case can have more rows than there are words to tell them apart"
            location.at("columns", draw.field.name, "distinct").report(what, f"Let it have at most {likely} rows.")


def _date(raw: object, known: Mapping[str, Field], location: Location) -> Field | None:
    if raw is None:
        return None
    field = find(known, raw, "date", location)
    if field is not None and field.kind is not Kind.DATE:
        location.report(f"{field.name} is a {field.kind.value} and not a date", "Name a date.")
        return None
    return field


def _answers(raw: object, hidden: Mapping[str, Hidden | None], location: Location) -> ReadersAnswers:
    if raw is None:
        return _ANSWERS
    spec = structure(raw, AnswersSpec, location)
    if spec is None:
        return _ANSWERS
    return ReadersAnswers(
        read_share(spec.share, 0.0, location.at("share")),
        read_share(spec.yes, 0.0, location.at("yes")),
        read_share(spec.not_applicable, 0.0, location.at("not_applicable")),
        spec.reasons or _ANSWERS.reasons,
        read_follows(spec.follows, hidden, location.at("follows")),
    )


def _is_like(rows: RowsDraw) -> Iterator[str]:
    if isinstance(rows.number, Like):
        yield rows.number.table


def _in_order(found: dict[str, T], needs: Callable[[T], Iterable[str]], at: Callable[[str], Location]) -> Iterator[T]:
    """All of them, each after what it needs, else as they come; a circle is told and broken."""
    waiting, done = dict(found), set[str]()
    while waiting:
        ready = [name for name, one in waiting.items() if all(need in done or need not in found for need in needs(one))]
        if not ready:
            at(next(iter(waiting))).report(
                f"in the end it rests on itself: {', '.join(waiting)}", "Take out one of the links between them."
            )
            return
        for name in ready:
            done.add(name)
            yield waiting.pop(name)
