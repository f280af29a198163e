"""Reading a whole rulebook: every problem at once, or a value that everything else can rely on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from attrs import evolve

from casescreen.model.calendar import WorkingCalendar
from casescreen.model.dictionary import Dictionary
from casescreen.model.problem import ProblemCollector, ProblemsError
from casescreen.model.rulebook import CaseFact, Check, ConclusionRule, Document, Rulebook, Theme
from casescreen.resources import ROOT_FILE, rulebook_folder, shipped_rulebooks
from casescreen.rulebook.conclusions import read_conclusions
from casescreen.rulebook.criteria import CriterionScope, in_reading_order, read_checks, read_criteria
from casescreen.rulebook.dictionary import read_derived, read_dictionary, read_roles
from casescreen.rulebook.file_schema import DocumentSpec, RulebookSpec, ThemeSpec, structure
from casescreen.rulebook.folder_files import (
    CALENDARS,
    CHECKS_FILE,
    CONCLUSIONS_FILE,
    DICTIONARY_FILE,
    Folder,
    content_hash,
    read_folder,
)
from casescreen.rulebook.names import is_id, read_entries, sound
from casescreen.rulebook.parameters import read_bands, read_calendar, read_parameters
from casescreen.syntax.rule_file import Location, RuleFile, read_rule_file
from casescreen.text import did_you_mean, in_words


def load_rulebook(where: str | Path | None = None) -> Rulebook:
    """The rulebook, checked as a whole.

    Args:
        where: a folder, or the name of a shipped rulebook; nothing for the only one that is shipped.

    Raises:
        CasescreenError: there is no such rulebook.
        ProblemsError: everything that is wrong with it, with file, line and advice.
    """
    collector = ProblemCollector()
    rulebook = _read(read_folder(rulebook_folder(where, shipped_rulebooks()), collector), collector)
    if rulebook is None:
        raise ProblemsError(collector.problems)
    return rulebook


def _read(folder: Folder, collector: ProblemCollector) -> Rulebook | None:
    """The rulebook, or None after reading every part that can be read without another that is missing altogether."""
    if ROOT_FILE not in folder.root or DICTIONARY_FILE not in folder.root:
        return None
    root = Location(folder.root[ROOT_FILE], collector)
    raw = root.file.data
    spec = structure(raw, RulebookSpec, root)
    scope = _read_scope(root, Location(folder.root[DICTIONARY_FILE], collector))
    if scope is None:
        return None
    names = scope.names
    bands = read_bands(raw["bands"], scope.documents, root.at("bands")) if "bands" in raw else None
    criteria = read_criteria(folder, scope, root)
    facts: tuple[CaseFact, ...] = ()
    conclusions: tuple[ConclusionRule, ...] = ()
    if CONCLUSIONS_FILE in folder.root:
        location = Location(folder.root[CONCLUSIONS_FILE], collector)
        facts, conclusions = read_conclusions(criteria, None if bands is None else bands.ids, names, location)
    checks: tuple[Check, ...] = ()
    if CHECKS_FILE in folder.root:
        checks = read_checks(names, scope.examples_as_of, Location(folder.root[CHECKS_FILE], collector))
    if not folder.unread:  # a file that could not be read may use anything
        _report_unused(folder, root)
    calendar = _read_calendar(folder, scope.examples_as_of, root)
    if collector.problems:
        return None
    assert spec is not None, "a head that is broken was told"
    assert bands is not None, "bands that are broken were told"
    assert calendar is not None, "a calendar that is broken was told"
    return Rulebook(
        id=folder.name,
        title=spec.title,
        version=spec.version,
        about=spec.about,
        hash=content_hash(folder, calendar[0]),
        dictionary=Dictionary(sound(names.fields), sound(names.tables)),
        calendar=calendar[1],
        documents=sound(scope.documents),
        themes=tuple(sound(scope.themes).values()),
        parameters=sound(names.parameters),
        bands=bands,
        criteria=in_reading_order(sound(criteria).values(), scope.themes),
        facts=facts,
        conclusions=conclusions,
        roles=names.roles,
        checks=checks,
        derived=tuple(sound(names.derived).values()),
    )


def _read_scope(root: Location, dictionary: Location) -> CriterionScope | None:
    """What criteria may refer to; None if something is missing without which each reference would be a mistake."""
    raw = root.file.data
    documents = {
        id_: None if spec is None else Document(id_, spec.title, spec.note)
        for id_, spec, _ in read_entries(raw.get("documents"), "document", DocumentSpec, root.at("documents"))
    }
    themes = {
        id_: None if spec is None else Theme(id_, spec.title)
        for id_, spec, _ in read_entries(raw.get("themes"), "theme", ThemeSpec, root.at("themes"))
    }
    names = read_dictionary(dictionary)
    if names is None or not isinstance(raw.get("documents"), dict) or not isinstance(raw.get("themes"), dict):
        return None
    parameters = read_parameters(raw.get("parameters"), documents, names.fields, root.at("parameters"))
    if not isinstance(raw.get("parameters", {}), dict):
        return None
    roles = read_roles(raw.get("roles"), names.fields, root.at("roles"))
    as_of = raw.get("examples_as_of")
    if not isinstance(as_of, date) or isinstance(as_of, datetime):
        as_of = None
    names = read_derived(evolve(names, parameters=parameters, roles=roles), dictionary)
    return CriterionScope(documents, themes, names, as_of)


def _read_calendar(folder: Folder, as_of: date | None, root: Location) -> tuple[RuleFile, WorkingCalendar] | None:
    # A name that is missing, or no text, was told with the head.
    name = root.file.data.get("calendar")
    if not isinstance(name, str) or not is_id(name, "calendar", root.at("calendar")):
        return None
    path = folder.path.parent / CALENDARS / f"{name}.toml"
    known = sorted(file.stem for file in path.parent.glob("*.toml"))
    if name not in known:
        advice = did_you_mean(name, known) or f"Add {CALENDARS}/{name}.toml beside the rulebook's folder."
        root.at("calendar").report(f'there is no calendar "{name}"', advice)
        return None
    file = read_rule_file(path, f"{CALENDARS}/{name}.toml", root.problems)
    calendar = None if file is None else read_calendar(name, Location(file, root.problems))
    if file is None or calendar is None:
        return None
    if as_of is not None and not calendar.covers(as_of):
        what = f"{in_words(as_of)} lies outside the calendar {name}"
        covered = f"{in_words(calendar.covers_from)} to {in_words(calendar.covers_until)}"
        root.at("examples_as_of").report(what, f"Choose a date from {covered}.")
    return file, calendar


def _report_unused(folder: Folder, root: Location) -> None:
    """Report what is defined and never used.

    What the files say is searched, and not what was read from them, so that a broken rule still uses what it names.
    """
    conclusions = folder.root.get(CONCLUSIONS_FILE)
    rules, head = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    others = [folder.root[name] for name in (CONCLUSIONS_FILE, CHECKS_FILE) if name in folder.root]
    for file in (*folder.criteria, *others):
        _collect_texts(file.data, rules)
    dictionary = folder.root[DICTIONARY_FILE]
    _collect_texts(dictionary.data.get("derived"), rules)
    _collect_texts(root.file.data, head)
    parameters = {text[1:] for texts in rules.values() for text in texts if text.startswith("$")}
    definitions = [
        ("parameters", "parameter", parameters, root),
        ("documents", "document", rules["document"] | head["document"], root),
    ]
    if conclusions is not None:
        definitions.append(("facts", "fact", rules["fact"], Location(conclusions, root.problems)))
    why = "A rulebook that says more than it uses misleads the people who read it."
    for group, noun, used, location in definitions:
        defined = location.file.data.get(group)
        for name in defined if isinstance(defined, dict) else ():
            if name not in used:
                what = f'nothing uses the {noun} "{name}"'
                location.at(group, name).named(f"{noun} {name}").report(what, "Use it, or take it out.", why)
    read = {text for texts in rules.values() for text in texts}
    for section, name in _unread_derived(dictionary.data, read):
        place = Location(dictionary, root.problems).at("derived", section, name)
        what = f"nothing uses the derived field {section}.{name}"
        place.named(f"derived field {section}.{name}").report(what, "Use it, or take it out.", why)


def _unread_derived(dictionary: dict[str, Any], read: set[str]) -> Iterator[tuple[str, str]]:
    """The derived fields by section and name that no rule names; those of rows go by their name alone."""
    sections, tables = dictionary.get("derived"), dictionary.get("tables")
    for section, fields in sections.items() if isinstance(sections, dict) else ():
        is_table = isinstance(tables, dict) and section in tables
        for name in fields if isinstance(fields, dict) else ():
            if f"{section}.{name}" not in read and not (is_table and name in read):
                yield section, name


def _collect_texts(value: object, texts: dict[str, set[str]], key: str = "") -> None:
    """Add every text in a file's content, by the key that it stands under."""
    if isinstance(value, str):
        texts[key].add(value)
    elif isinstance(value, dict):
        for inner_key, inner in value.items():
            _collect_texts(inner, texts, inner_key)
    elif isinstance(value, list):
        for inner in value:
            _collect_texts(inner, texts, key)
