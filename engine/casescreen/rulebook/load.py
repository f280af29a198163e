"""Reading a whole rulebook: every problem at once, or a value that everything else can rely on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from casescreen.model.calendar import WorkingCalendar
from casescreen.model.problem import Problem, ProblemsError
from casescreen.model.rulebook import Bands, CaseFact, ConclusionRule, Criterion, Document, Rulebook, Theme
from casescreen.resources import ROOT_FILE, rulebook_folder, shipped_rulebooks
from casescreen.rulebook.conclusions import read_conclusions
from casescreen.rulebook.criteria import CriterionScope, in_reading_order, read_criteria, tell_empty_themes
from casescreen.rulebook.dictionary import read_dictionary, read_roles
from casescreen.rulebook.file_schema import DocumentSpec, RulebookSpec, ThemeSpec, structure
from casescreen.rulebook.folder import (
    CALENDARS,
    CONCLUSIONS_FILE,
    DICTIONARY_FILE,
    Folder,
    calendars_beside,
    content_hash,
    read_calendar_file,
    read_folder,
)
from casescreen.rulebook.names import KnownNames, entries, is_id, sound
from casescreen.rulebook.parameters import read_bands, read_calendar, read_parameters
from casescreen.syntax.rule_file import Location, RuleFile
from casescreen.text import did_you_mean, in_words

_WHY = "A rulebook that says more than it uses misleads the people who read it."


def tell_unused(root: RuleFile, conclusions: Location | None, criteria: Iterable[RuleFile], location: Location) -> None:
    """Tell what is defined and never used.

    What the files say is searched, and not what was read from them, so that a broken rule still uses what it names.

    Args:
        root: rulebook.toml.
        conclusions: conclusions.toml, if there is one.
        criteria: the files of the criteria.
        location: where the definitions in rulebook.toml stand.
    """
    rules = [file.data for file in criteria]
    if conclusions is not None:
        rules.append(conclusions.file.data)
    said = set(_said(rules))
    cited = {word for key, word in _said([root.data, *rules]) if key == "document"}
    _tell("parameters", "parameter", {word[1:] for _, word in said if word.startswith("$")}, location)
    _tell("documents", "document", cited, location)
    if conclusions is not None:
        _tell("facts", "fact", {word for key, word in said if key == "fact"}, conclusions)


def _tell(group: str, noun: str, used: set[str], location: Location) -> None:
    defined = location.file.data.get(group)
    for name in defined if isinstance(defined, dict) else ():
        if name not in used:
            what = f'nothing uses the {noun} "{name}"'
            location.at(group, name).named(f"{noun} {name}").report(what, "Use it, or take it out.", _WHY)


def _said(value: Any, key: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any TOML value
    """Every text in a file's content, with the key that it stands under."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for inner_key, inner in value.items():
            yield from _said(inner, inner_key)
    elif isinstance(value, list):
        for inner in value:
            yield from _said(inner, key)


@frozen
class Head:
    """The head of a rulebook; None stands for what is broken.

    Attributes:
        themes: in the file's order.
        examples_as_of: None if the file gives no such date.
    """

    spec: RulebookSpec | None
    documents: Mapping[str, Document | None]
    themes: Mapping[str, Theme | None]
    examples_as_of: date | None


def read_head(location: Location) -> Head:
    """The head, with everything that is wrong with it told; what is sound is there for the rest to refer to."""
    spec = structure(location.file.data, RulebookSpec, location)
    as_of = location.file.data.get("examples_as_of")
    return Head(
        spec,
        {id_: _document(id_, raw, place) for id_, raw, place in _entries("documents", "document", location)},
        {id_: _theme(id_, raw, place) for id_, raw, place in _entries("themes", "theme", location)},
        as_of if isinstance(as_of, date) and not isinstance(as_of, datetime) else None,
    )


def _entries(group: str, noun: str, location: Location) -> list[tuple[str, object, Location]]:
    # A group that is missing altogether is told as a missing key.
    found = entries(location.file.data.get(group, {}), noun, location.at(group))
    return [(id_, raw, location.at(group, id_).named(f"{noun} {id_}")) for id_, raw in found.items()]


def _document(id_: str, raw: object, location: Location) -> Document | None:
    is_id(id_, "document", location)
    spec = structure(raw, DocumentSpec, location)
    return None if spec is None else Document(id_, spec.title, spec.note)


def _theme(id_: str, raw: object, location: Location) -> Theme | None:
    is_id(id_, "theme", location)
    spec = structure(raw, ThemeSpec, location)
    return None if spec is None else Theme(id_, spec.title)


def load_rulebook(where: str | Path | None = None) -> Rulebook:
    """The rulebook, checked as a whole.

    Args:
        where: a folder, or the name of a shipped rulebook; nothing for the only one that is shipped.

    Raises:
        CasescreenError: there is no such rulebook.
        ProblemsError: everything that is wrong with it, with file, line and advice.
    """
    told: list[Problem] = []
    folder = read_folder(rulebook_folder(where, shipped_rulebooks()), told)
    parts = _read(folder, told)
    if told or parts is None:
        raise ProblemsError(told)
    return _rulebook(folder, parts)


@frozen
class _Parts:
    """What was read; None for what is broken, and then a problem was told."""

    head: Head
    vocabulary: KnownNames
    bands: Bands | None
    calendar: tuple[RuleFile, WorkingCalendar] | None
    criteria: Mapping[str, Criterion | None]
    facts: tuple[CaseFact, ...]
    conclusions: tuple[ConclusionRule, ...]


def _read(folder: Folder, told: list[Problem]) -> _Parts | None:
    """Read every part that can be read without another that is missing altogether."""
    if ROOT_FILE not in folder.root or DICTIONARY_FILE not in folder.root:
        return None
    root = Location(folder.root[ROOT_FILE], told)
    head = read_head(root)
    raw = root.file.data
    names = read_dictionary(Location(folder.root[DICTIONARY_FILE], told))
    # Without one of these groups, everything that refers to it would be told as a mistake of its own.
    if names is None or not _are_groups(raw.get("documents"), raw.get("themes")):
        return None
    parameters = read_parameters(raw.get("parameters"), head.documents, names.fields, root.at("parameters"))
    if not _are_groups(raw.get("parameters", {})):
        return None
    roles = read_roles(raw.get("roles"), names.fields, root.at("roles"))
    vocabulary = evolve(names, parameters=parameters, roles=roles)
    bands = read_bands(raw["bands"], head.documents, root.at("bands")) if "bands" in raw else None
    around = CriterionScope(head.documents, vocabulary, head.examples_as_of or date.max)
    criteria = read_criteria(folder, head.themes, around, told)
    tell_empty_themes(folder, head.themes, root)
    facts, conclusions = _conclusions(folder, criteria, bands, vocabulary, told)
    _tell_unused(folder, root)
    return _Parts(head, vocabulary, bands, _calendar(folder, head, root), criteria, facts, conclusions)


def _are_groups(*parts: object) -> bool:
    return all(isinstance(part, dict) for part in parts)


def _conclusions(
    folder: Folder,
    criteria: Mapping[str, Criterion | None],
    bands: Bands | None,
    vocabulary: KnownNames,
    told: list[Problem],
) -> tuple[tuple[CaseFact, ...], tuple[ConclusionRule, ...]]:
    if CONCLUSIONS_FILE not in folder.root:
        return (), ()
    ids = None if bands is None else bands.ids
    return read_conclusions(criteria, ids, vocabulary, Location(folder.root[CONCLUSIONS_FILE], told))


def _tell_unused(folder: Folder, root: Location) -> None:
    """A file that could not be read may use anything."""
    if not folder.unread:
        conclusions = folder.root.get(CONCLUSIONS_FILE)
        tell_unused(root.file, None if conclusions is None else Location(conclusions, root.told), folder.criteria, root)


def _calendar(folder: Folder, head: Head, root: Location) -> tuple[RuleFile, WorkingCalendar] | None:
    # A name that is missing, or no text, was told with the head.
    name = root.file.data.get("calendar")
    if not isinstance(name, str) or not is_id(name, "calendar", root.at("calendar")):
        return None
    known = calendars_beside(folder)
    if name not in known:
        what = f'there is no calendar "{name}"'
        advice = did_you_mean(name, known) or f"Add {CALENDARS}/{name}.toml beside the rulebook's folder."
        root.at("calendar").report(what, advice)
        return None
    file = read_calendar_file(folder, name, root.told)
    calendar = None if file is None else read_calendar(name, Location(file, root.told))
    if file is None or calendar is None:
        return None
    as_of = head.examples_as_of
    if as_of is not None and not calendar.covers(as_of):
        what = f"{in_words(as_of)} lies outside the calendar {name}"
        covered = f"{in_words(calendar.covers_from)} to {in_words(calendar.covers_until)}"
        root.at("examples_as_of").report(what, f"Choose a date from {covered}.")
    return file, calendar


def _rulebook(folder: Folder, parts: _Parts) -> Rulebook:
    spec = parts.head.spec
    assert spec is not None, "a head that is broken was told"
    assert parts.bands is not None, "bands that are broken were told"
    assert parts.calendar is not None, "a calendar that is broken was told"
    calendar_file, calendar = parts.calendar
    themes: tuple[Theme, ...] = sound(parts.head.themes)
    return Rulebook(
        id=folder.name,
        title=spec.title,
        version=spec.version,
        about=spec.about,
        hash=content_hash(folder.contents(calendar_file)),
        dictionary=parts.vocabulary.dictionary(),
        calendar=calendar,
        documents={document.id: document for document in sound(parts.head.documents)},
        themes=themes,
        parameters={parameter.name: parameter for parameter in sound(parts.vocabulary.parameters)},
        bands=parts.bands,
        criteria=in_reading_order(sound(parts.criteria), (theme.id for theme in themes)),
        facts=parts.facts,
        conclusions=parts.conclusions,
        roles=parts.vocabulary.roles,
    )
