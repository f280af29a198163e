"""Reading generate.toml, which stands beside a rulebook and says what is plausible in a made-up case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from attrs import frozen

from casescreen.model.dictionary import Dictionary, Field, Kind, Table
from casescreen.model.problem import Problem, ProblemsError
from casescreen.resources import rulebook_folder, shipped_rulebooks
from casescreen.rulebook.file_schema import structure
from casescreen.rulebook.folder import RECIPE_FILE
from casescreen.rulebook.names import ID_FIELD, entries, find
from casescreen.syntax.rule_file import Spot, read_rule_file
from casescreen.synth.draws import (
    AS_OF,
    AnswersSpec,
    Around,
    HiddenSpec,
    MissingSpec,
    RecipeSpec,
    RowsSpec,
    read_draw,
    read_follows,
    read_only_if,
    read_share,
    read_weights,
    usual,
)
from casescreen.synth.spec import Draw, Follows, Hidden, InTurns, Like, ReadersAnswers, Recipe, Rows, Words

T = TypeVar("T")

_MISSING, _ABSENT = 0.1, 0.05
_ROWS = (1.0, 1.0, 1.0, 1.0)
_ANSWERS = ReadersAnswers(0.7, 0.7, 0.05, ("Made up.",))


def load_recipe(where: str | Path | None, dictionary: Dictionary) -> Recipe:
    """How cases are made up for a rulebook; from the kinds of its fields alone if it has no generate.toml.

    Args:
        where: as for ``load_rulebook``.
        dictionary: the rulebook's.

    Raises:
        CasescreenError: there is no such rulebook.
        ProblemsError: everything that is wrong with the file, with line and advice.
    """
    folder = rulebook_folder(where, shipped_rulebooks()).resolve()
    if not (folder / RECIPE_FILE).exists():
        return usual_recipe(dictionary)
    told: list[Problem] = []
    file = read_rule_file(folder / RECIPE_FILE, f"{folder.name}/{RECIPE_FILE}", told)
    recipe = None if file is None else _recipe(Spot(file, told), dictionary)
    if told or recipe is None:
        raise ProblemsError(told)
    return recipe


def usual_recipe(dictionary: Dictionary) -> Recipe:
    """What is drawn where nothing is said but the kinds of the fields."""
    fields = tuple(usual(field, _MISSING) for name, field in dictionary.fields.items() if name != ID_FIELD)
    tables = tuple(
        Rows(
            table,
            _ROWS,
            tuple(usual(column, _MISSING, table.key) for column in table.columns.values()),
            absent=_ABSENT,
        )
        for table in dictionary.tables.values()
    )
    return Recipe(None, (), fields, tables, _ANSWERS)


@frozen(eq=False)
class _Head:
    """What holds for the whole file."""

    dictionary: Dictionary
    hidden: Mapping[str, Hidden | None]
    missing: float
    absent: float

    @property
    def fields(self) -> dict[str, Field]:
        """The fields that are drawn: all but the id."""
        return {name: field for name, field in self.dictionary.fields.items() if name != ID_FIELD}

    def around(self, columns: Mapping[str, Field], like: Mapping[str, Field]) -> Around:
        return Around({**self.fields, **columns}, like, self.hidden, self.missing)


def _recipe(spot: Spot, dictionary: Dictionary) -> Recipe | None:
    spec = structure(spot.file.data, RecipeSpec, spot)
    if spec is None:
        return None
    hidden = _hidden(spec.hidden, dictionary, spot.at("hidden"))
    missing, absent, follows = _missing(spec.missing, hidden, spot.at("missing"))
    head = _Head(dictionary, hidden, missing, absent)
    fields = _fields(spec.fields, head, spot.at("fields"))
    _check_groups(hidden, fields, spot.at("hidden"))
    tables = _tables(spec.tables, head, spot.at("tables"))
    answers = _answers(spec.answers, hidden, spot.at("answers"))
    factors = tuple(factor for factor in hidden.values() if factor is not None)
    return Recipe(spec.as_of, factors, fields, tables, answers, follows)


def _hidden(raw: object, dictionary: Dictionary, spot: Spot) -> dict[str, Hidden | None]:
    found: dict[str, Hidden | None] = {}
    for name, entry in entries({} if raw is None else raw, "hidden factor", spot).items():
        place = spot.at(name).named(f"hidden factor {name}")
        spec = structure(entry, HiddenSpec, place)
        found[name] = None
        if spec is not None:
            shared = read_share(spec.shared, 0.0, place.at("shared"))
            if spec.group:
                find(dictionary.fields, spec.group, "field", place.at("group"))
            found[name] = Hidden(name, spec.group, shared)
    return found


def _check_groups(hidden: Mapping[str, Hidden | None], fields: Iterable[Draw], spot: Spot) -> None:
    groups = {draw.field.name for draw in fields if isinstance(draw.maker, InTurns)}
    for factor in hidden.values():
        if factor is not None and factor.group and factor.group not in groups:
            what = f"{factor.group} does not say how many cases in turn it stands for"
            spot.at(factor.name, "group").tell(what, 'Give that field "numbered", "cases" and "of".')


def _missing(raw: object, hidden: Mapping[str, Hidden | None], spot: Spot) -> tuple[float, float, Follows]:
    if raw is None:
        return _MISSING, _ABSENT, {}
    spec = structure(raw, MissingSpec, spot)
    if spec is None:
        return _MISSING, _ABSENT, {}
    share, absent = read_share(spec.share, _MISSING, spot.at("share")), read_share(spec.tables, 0.0, spot.at("tables"))
    return share, absent, read_follows(spec.follows, hidden, spot.at("follows"))


def _fields(raw: object, head: _Head, spot: Spot) -> tuple[Draw, ...]:
    """Every field but the id, in an order in which they can be drawn."""
    known, around = head.fields, head.around({}, {})
    draws = {name: usual(field, head.missing) for name, field in known.items()}
    for section, group in entries({} if raw is None else raw, "section", spot).items():
        for name, entry in entries(group, "field", spot.at(section)).items():
            place = spot.at(section, name).named(f"field {section}.{name}")
            field = find(known, f"{section}.{name}", "field", place)
            if field is not None:
                draws[field.name] = read_draw(entry, field, around, place)
    return tuple(_in_order(draws, lambda draw: draw.rests_on, lambda name: spot.at(*name.split("."))))


def _tables(raw: object, head: _Head, spot: Spot) -> tuple[Rows, ...]:
    written = entries({} if raw is None else raw, "table", spot)
    for name in written:
        find(head.dictionary.tables, name, "table", spot.at(name))
    rows = {
        name: _rows(written.get(name, {}), table, head, spot.at(name).named(f"table {name}"))
        for name, table in head.dictionary.tables.items()
    }
    return tuple(_in_order(rows, _is_like, spot.at))


def _rows(raw: object, table: Table, head: _Head, spot: Spot) -> Rows:
    spec = structure(raw, RowsSpec, spot) or RowsSpec()
    like = _like(spec, table, head, spot)
    like_columns = {} if like is None else head.dictionary.tables[like.table].columns
    columns = _columns(spec.columns, table, head.around(table.columns, like_columns), spot.at("columns"))
    number = like or (_ROWS if spec.rows is None else read_weights(spec.rows, spot.at("rows")))
    _check_distinct(number, columns, spot)
    return Rows(
        table,
        number,
        columns,
        read_follows(spec.follows, head.hidden, spot.at("follows")),
        read_share(spec.absent, head.absent, spot.at("absent")),
        read_only_if(spec.only_if, {**head.fields, **like_columns}, spot.at("only_if")),
        _date(spec.dated_by, table.columns, spot.at("dated_by")),
        None if spec.until == AS_OF else _date(spec.until, head.fields, spot.at("until")),
    )


def _like(spec: RowsSpec, table: Table, head: _Head, spot: Spot) -> Like | None:
    if spec.like is None:
        return None
    if spec.rows is not None:
        spot.at("rows").tell('"rows" and "like" cannot stand together', "Keep one of them.")
    others = {name: one for name, one in head.dictionary.tables.items() if name != table.name}
    other = find(others, spec.like, "table", spot.at("like"))
    return None if other is None else Like(other.name, read_share(spec.share, 1.0, spot.at("share")))


def _columns(raw: object, table: Table, around: Around, spot: Spot) -> tuple[Draw, ...]:
    draws = {name: usual(column, around.missing, table.key) for name, column in table.columns.items()}
    for name, entry in entries({} if raw is None else raw, "column", spot).items():
        place = spot.at(name).named(f"column {table.name}.{name}")
        column = find(table.columns, name, "column", place, "in this table")
        if column is not None:
            draws[name] = read_draw(entry, column, around, place, table.key)
    return tuple(_in_order(draws, lambda draw: draw.rests_on, spot.at))


def _check_distinct(number: tuple[float, ...] | Like, columns: Iterable[Draw], spot: Spot) -> None:
    for draw in columns:
        if not isinstance(draw.maker, Words) or not draw.maker.distinct:
            continue
        likely = sum(weight > 0 for weight in draw.maker.weights)
        if isinstance(number, Like) or len(number) - 1 > likely:
            what = "a case can have more rows than there are words to tell them apart"
            spot.at("columns", draw.field.name, "distinct").tell(what, f"Let it have at most {likely} rows.")


def _date(raw: object, known: Mapping[str, Field], spot: Spot) -> Field | None:
    if raw is None:
        return None
    field = find(known, raw, "date", spot)
    if field is not None and field.kind is not Kind.DATE:
        spot.tell(f"{field.name} is a {field.kind.value} and not a date", "Name a date.")
        return None
    return field


def _answers(raw: object, hidden: Mapping[str, Hidden | None], spot: Spot) -> ReadersAnswers:
    if raw is None:
        return _ANSWERS
    spec = structure(raw, AnswersSpec, spot)
    if spec is None:
        return _ANSWERS
    return ReadersAnswers(
        read_share(spec.share, 0.0, spot.at("share")),
        read_share(spec.yes, 0.0, spot.at("yes")),
        read_share(spec.not_applicable, 0.0, spot.at("not_applicable")),
        spec.reasons or _ANSWERS.reasons,
        read_follows(spec.follows, hidden, spot.at("follows")),
    )


def _is_like(rows: Rows) -> Iterator[str]:
    if isinstance(rows.number, Like):
        yield rows.number.table


def _in_order(found: dict[str, T], needs: Callable[[T], Iterable[str]], at: Callable[[str], Spot]) -> Iterator[T]:
    """All of them, each after what it needs, else as they come; a circle is told and broken."""
    waiting, done = dict(found), set[str]()
    while waiting:
        ready = [name for name, one in waiting.items() if all(need in done or need not in found for need in needs(one))]
        if not ready:
            at(next(iter(waiting))).tell(
                f"in the end it rests on itself: {', '.join(waiting)}", "Take out one of the links between them."
            )
            return
        for name in ready:
            done.add(name)
            yield waiting.pop(name)
