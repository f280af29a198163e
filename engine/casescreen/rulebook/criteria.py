"""Reading criteria: one file, one question, in a folder for each theme."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from attrs import evolve, frozen

from casescreen.model.condition import Condition
from casescreen.model.dictionary import Kind
from casescreen.model.outcome import Basis, Outcome
from casescreen.model.problem import Place, Problem
from casescreen.model.rulebook import Criterion, Due, Flag, PerRow, Source, Theme
from casescreen.resources import ROOT_FILE
from casescreen.rulebook.conditions import read_condition
from casescreen.rulebook.examples import read_examples
from casescreen.rulebook.field_tests import read_limit, read_start
from casescreen.rulebook.file_schema import CriterionSpec, DueSpec, PerSpec, StatementSpec, structure
from casescreen.rulebook.folder import Folder
from casescreen.rulebook.names import KnownNames, NameScope, entries, find, is_id, quoted
from casescreen.rulebook.parameters import Documents, read_source
from casescreen.rulebook.possible_outcomes import can_lack_evidence, outcomes_by_shape
from casescreen.syntax.rule_file import Location
from casescreen.text import did_you_mean, listed, visible


@frozen(eq=False)
class Question:
    """The parts of a criterion that read the record; None for those that are not there, or are broken.

    Attributes:
        flags: by id; None for those that are broken.
    """

    flags: dict[str, Flag | None]
    per: PerRow | None = None
    applies: Condition | None = None
    met: Condition | None = None
    due: Due | None = None

    def is_whole(self, spec: CriterionSpec) -> bool:
        """Whether nothing that the file states is missing here for being broken."""
        parts = ((spec.per, self.per), (spec.applies, self.applies), (spec.met, self.met), (spec.due, self.due))
        return all(part is not None for written, part in parts if written is not None) and None not in set(
            self.flags.values()
        )


def read_question(spec: CriterionSpec, vocabulary: KnownNames, location: Location) -> Question:
    """What the criterion asks, with everything that is wrong with it told."""
    case = NameScope(vocabulary)
    per = None if spec.per is None else _per(spec.per, case, location.at("per"))
    flags = entries({} if spec.flags is None else spec.flags, "flag", location.at("flags"))
    if spec.per is not None and per is None:
        # Where the rows cannot be told, what a name means cannot either.
        return Question(dict.fromkeys(flags))
    names_in_scope = case if per is None else case.rows_of(per.table)
    return Question(
        _flags(flags, names_in_scope, location.at("flags")),
        per,
        None if spec.applies is None else read_condition(spec.applies, names_in_scope, location.at("applies")),
        None if spec.met is None else read_condition(spec.met, names_in_scope, location.at("met")),
        None if spec.due is None else _due(spec.due, names_in_scope, location.at("due")),
    )


def _per(raw: object, case: NameScope, location: Location) -> PerRow | None:
    spec = structure(raw, PerSpec, location)
    table = None if spec is None else case.find_table(spec.table, location.at("table"))
    if spec is None or table is None:
        return None
    if not table.key:
        advice = f"Add key = ... to [tables.{table.name}] in the dictionary."
        location.report(f"the rows of {table.name} have no key", advice, "A finding must say which row it is about.")
    names_in_scope = case.rows_of(table.name)
    return PerRow(
        table.name, None if spec.where is None else read_condition(spec.where, names_in_scope, location.at("where"))
    )


def _due(raw: object, names_in_scope: NameScope, location: Location) -> Due | None:
    spec = structure(raw, DueSpec, location)
    if spec is None:
        return None
    within = read_limit(spec.within, names_in_scope, location.at("within"))
    start = read_start(spec.of, names_in_scope, location.at("of"))
    return None if within is None or start is None else Due(within, start)


def _flags(raw: dict[str, Any], names_in_scope: NameScope, location: Location) -> dict[str, Flag | None]:
    flags = {id_: _flag(id_, entry, names_in_scope, location.at(id_)) for id_, entry in raw.items()}
    said: dict[str, str] = {}
    for flag in flags.values():
        if flag is None:
            continue
        other = said.setdefault(flag.says, flag.id)
        if other != flag.id:
            what = f'the flags "{other}" and "{flag.id}" say the same'
            location.at(flag.id, "says").report(what, "Say what each one shows, or join them with any.")
    return flags


def _flag(id_: str, raw: object, names_in_scope: NameScope, location: Location) -> Flag | None:
    is_id(id_, "flag", location)
    spec = structure(raw, StatementSpec, location)
    when = None if spec is None else read_condition(spec.when, names_in_scope, location.at("when"))
    return None if spec is None or when is None else Flag(id_, spec.says, when)


@frozen(eq=False)
class CriterionScope:
    """What a criterion may refer to: the rest of the rulebook."""

    documents: Documents
    vocabulary: KnownNames
    examples_as_of: date


def read_criterion(id_: str, theme: str, around: CriterionScope, location: Location) -> Criterion | None:
    """The criterion, or None if what it asks is broken; everything that is wrong with its file is told."""
    told = len(location.told)
    is_id(id_, "criterion", location)
    spec = structure(location.file.data, CriterionSpec, location)
    if spec is None:
        return None
    source = read_source(spec.source, around.documents, location.at("source"))
    _check_owner(spec, around.vocabulary, location.at("owner"))
    _check_met(spec, location)
    question = read_question(spec, around.vocabulary, location)
    sound = len(location.told) == told and question.is_whole(spec)
    as_of, place = around.examples_as_of, location.at("example")
    examples = read_examples(spec.example, as_of, question.flags, around.vocabulary, place)
    if source is None or not sound:
        return None
    owner = spec.owner or around.vocabulary.roles.manager
    criterion = _criterion(id_, theme, spec, owner, source, question, location.file.name)
    if examples is None:
        return criterion
    criterion = evolve(criterion, examples=examples)
    _check_outcomes(criterion, around.vocabulary, location)
    return criterion


def _criterion(
    id_: str, theme: str, spec: CriterionSpec, owner: str, source: Source, question: Question, file: str
) -> Criterion:
    return Criterion(
        id=id_,
        theme=theme,
        title=spec.title,
        question=spec.question,
        basis=spec.kind,
        severity=spec.severity,
        source=source,
        remedy=spec.remedy,
        owner=owner,
        help=spec.help,
        applies=question.applies,
        met=question.met,
        due=question.due,
        per=question.per,
        flags=tuple(flag for flag in question.flags.values() if flag is not None),
        file=file,
    )


def _check_owner(spec: CriterionSpec, vocabulary: KnownNames, location: Location) -> None:
    if not spec.owner:
        return
    field = find(vocabulary.fields, spec.owner, "field", location)
    if field is not None and field.kind not in (Kind.TEXT, Kind.CHOICE):
        location.report(f"{field.name} is a {field.kind.value} and names nobody", "Name a text field of the case.")


def _check_met(spec: CriterionSpec, location: Location) -> None:
    if spec.kind is Basis.JUDGEMENT and spec.met is not None:
        advice = 'Take "met" out and state the facts as flags, or use kind = "evidence".'
        location.at("met").report(
            'a judgement has "met"', advice, "A reader decides a judgement; facts only challenge it."
        )
    if spec.kind is Basis.EVIDENCE and spec.met is None:
        location.report('"met" is missing', 'Say which facts meet it, or use kind = "judgement".')


def _check_outcomes(criterion: Criterion, vocabulary: KnownNames, location: Location) -> None:
    """Tell examples whose outcome cannot come about, and outcomes that can and have no example."""
    room = outcomes_by_shape(criterion)
    for number, example in enumerate(criterion.examples):
        if example.outcome not in room:
            what = f'this criterion never comes to "{example.outcome.value}"'
            advice = f"It can come to {listed(outcome.value for outcome in room)}."
            location.at("example", number, "outcome").report(what, advice)
    shown = {example.outcome for example in criterion.examples}
    missing = [outcome for outcome in room if outcome not in shown]
    if Outcome.NOT_EVIDENCED in missing and not can_lack_evidence(criterion, vocabulary.parameters):
        missing.remove(Outcome.NOT_EVIDENCED)
    if missing:
        location.report(
            f"no example comes to {quoted(outcome.value for outcome in missing)}",
            "Add an [[example]] for each.",
            "The examples are the criterion's tests, and what people read to see what it does.",
        )


def read_criteria(
    folder: Folder, themes: Mapping[str, Theme | None], around: CriterionScope, told: list[Problem]
) -> dict[str, Criterion | None]:
    """Every criterion by id, None for those that are broken, after telling folders and files out of place."""
    criteria: dict[str, Criterion | None] = {}
    stands_in: dict[str, str] = {}
    for theme, files in folder.themes.items():
        if theme not in themes:
            told.append(_no_theme(f"{folder.name}/{theme}", theme, themes))
        for id_, file in files.items():
            if id_ in stands_in:
                told.append(_twice(f"{folder.name}/{theme}/{id_}.toml", id_, stands_in[id_]))
            stands_in[id_] = theme
            criteria[id_] = (
                None
                if file is None
                else read_criterion(id_, theme, around, Location(file, told, (), f"criterion {id_}"))
            )
    return criteria


def tell_empty_themes(folder: Folder, themes: Iterable[str], location: Location) -> None:
    """Tell the themes of rulebook.toml that have no criteria."""
    for theme in themes:
        if not folder.themes.get(theme):
            what = "the theme has no criteria" if theme in folder.themes else "the theme has no folder"
            advice = f"Put its criteria into {folder.name}/{visible(theme)}, or take the theme out of {ROOT_FILE}."
            location.at("themes", theme).named(f"theme {theme}").report(what, advice)


def in_reading_order(criteria: Iterable[Criterion], themes: Iterable[str]) -> tuple[Criterion, ...]:
    """The criteria by theme, then by paragraph of their source (1.2 before 1.10), then by id."""
    position = {theme: number for number, theme in enumerate(themes)}
    return tuple(sorted(criteria, key=lambda c: (position[c.theme], _paragraph(c.source.paragraph), c.id)))


def _paragraph(written: str) -> tuple[tuple[bool, int, str], ...]:
    """Figures compare as numbers and come before words."""
    parts = re.findall(r"[0-9]+|[^0-9]+", written)
    return tuple((not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts)


def _no_theme(name: str, theme: str, themes: Iterable[str]) -> Problem:
    advice = did_you_mean(theme, themes)
    what = f'the folder "{visible(theme)}" is not a theme of {ROOT_FILE}'
    return Problem(Place(name), what, advice or f"Add [themes.{visible(theme)}] to {ROOT_FILE}.")


def _twice(name: str, id_: str, other: str) -> Problem:
    what = f'there is another criterion "{id_}", in {other}'
    return Problem(
        Place(name, 0, f"criterion {id_}"),
        what,
        "Rename one of the files.",
        "Findings name a criterion by its id alone.",
    )
