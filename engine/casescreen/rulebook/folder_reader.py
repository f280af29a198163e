"""Reading a whole rulebook from its files: every problem at once, or a value that everything else can rely on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import evolve

from casescreen.model.calendar import WorkingCalendar
from casescreen.model.dictionary import Dictionary
from casescreen.model.problem import Place, ProblemCollector, ProblemsError
from casescreen.model.rulebook import LETTER_MINIMUM_KNOWN, Check, ConclusionRule, Document, Rulebook, Theme
from casescreen.resources import CALENDARS, ROOT_FILE, rulebook_folder, shipped_rulebooks
from casescreen.rulebook.conclusions import read_conclusions, read_facts
from casescreen.rulebook.criteria import (
    CriterionScope,
    check_asked_of_rows,
    in_reading_order,
    read_checks,
    read_criteria,
    read_not_asked,
    read_renamed,
)
from casescreen.rulebook.dictionary import read_derived, read_dictionary, read_letter, read_roles
from casescreen.rulebook.file_schema import DocumentSpec, RulebookSpec, ThemeSpec, structure
from casescreen.rulebook.folder_files import (
    CHECKS_FILE,
    CONCLUSIONS_FILE,
    DICTIONARY_FILE,
    FACTS_FILE,
    Folder,
    content_hash,
    read_folder,
)
from casescreen.rulebook.names import NameScope, find, is_id, read_entries, sound
from casescreen.rulebook.parameters import read_bands, read_calendar, read_parameters
from casescreen.syntax.rule_file import Location, RuleFile, read_rule_file
from casescreen.text import did_you_mean, in_words, listed

if TYPE_CHECKING:
    from casescreen.syntax.toml_lines import KeyPath

LANGUAGES = (1, 2)


def read_rulebook(folder: Path) -> Rulebook:
    """The rulebook that the files of a folder state, checked as a whole.

    Raises:
        ProblemsError: everything that is wrong with it, with file, line and advice.
    """
    collector = ProblemCollector()
    rulebook = _read(read_folder(folder, collector), collector)
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
    with_facts = [folder.root[name] for name in (FACTS_FILE, CONCLUSIONS_FILE) if name in folder.root]
    # A file that could not be read may have any fact that is named.
    lost = _texts_in_rules(folder)["fact"] if folder.unread else ()
    facts = read_facts(scope.names, (Location(file, collector) for file in with_facts), lost)
    names = evolve(scope.names, facts=facts)
    if isinstance(raw.get("open_cases"), str):
        find(facts, raw["open_cases"], "fact", root.at("open_cases"))
    place = root.at("not_asked")
    not_asked = read_not_asked(raw.get("not_asked"), NameScope(names), place, everywhere=True)
    stages = None if spec is None else dict(zip(spec.stages, spec.stages, strict=True))
    scope = evolve(scope, names=names, not_asked=not_asked, stages=stages)
    bands = read_bands(raw["bands"], scope.documents, root.at("bands")) if "bands" in raw else None
    criteria = read_criteria(folder, evolve(scope, band_sets=None if bands is None else bands.sets), root)
    check_asked_of_rows(not_asked, criteria.values(), place)
    renamed = read_renamed(raw.get("renamed"), criteria, root.at("renamed"))
    letter = read_letter(raw.get("letter"), names.fields, scope.themes, root.at("letter"))
    conclusions: tuple[ConclusionRule, ...] = ()
    if CONCLUSIONS_FILE in folder.root:
        location = Location(folder.root[CONCLUSIONS_FILE], collector)
        conclusions = read_conclusions(criteria, None if bands is None else bands.ids, names, location)
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
        dictionary=Dictionary(sound(names.fields), sound(names.tables), names.lanes, names.titles),
        calendar=calendar[1],
        documents=sound(scope.documents),
        themes=tuple(sound(scope.themes).values()),
        parameters=sound(names.parameters),
        bands=bands,
        criteria=in_reading_order(sound(criteria).values(), scope.themes),
        facts=tuple(sound(facts).values()),
        conclusions=conclusions,
        roles=names.roles,
        checks=checks,
        derived=tuple(sound(names.derived).values()),
        open_cases=spec.open_cases,
        language=names.language,
        renamed=renamed,
        stages=spec.stages,
        letter=letter,
    )


def _read_scope(root: Location, dictionary: Location) -> CriterionScope | None:
    """What criteria may refer to; None if something is missing without which each reference would be a mistake."""
    raw = root.file.data
    documents = {
        id_: None if spec is None else Document(id_, spec.title, spec.note)
        for id_, spec, _ in read_entries(raw.get("documents"), "document", DocumentSpec, root.at("documents"))
    }
    themes = {
        id_: None if spec is None else Theme(id_, spec.title, spec.put_right_with, spec.waivable)
        for id_, spec, _ in read_entries(raw.get("themes"), "theme", ThemeSpec, root.at("themes"))
    }
    _check_put_right_with(themes, root.at("themes"))
    names = read_dictionary(dictionary)
    if names is None or not isinstance(raw.get("documents"), dict) or not isinstance(raw.get("themes"), dict):
        return None
    parameters = read_parameters(raw.get("parameters"), documents, names.fields, root.at("parameters"))
    if not isinstance(raw.get("parameters", {}), dict):
        return None
    roles = read_roles(raw.get("roles"), names.fields, root.at("roles"))
    language = _read_language(raw.get("language", 1), root.at("language"))
    as_of = raw.get("examples_as_of")
    if not isinstance(as_of, date) or isinstance(as_of, datetime):
        as_of = None
    names = evolve(names, parameters=parameters, roles=roles, language=language)
    names = read_derived(names, dictionary)
    return CriterionScope(documents, themes, names, as_of)


def _check_put_right_with(themes: Mapping[str, Theme | None], location: Location) -> None:
    """Report themes that are put right with none, or with one that is itself put right with another."""
    for theme in sound(themes).values():
        if theme.put_right_with:
            place = location.at(theme.id, "put_right_with").named(f"theme {theme.id}")
            other = find(themes, theme.put_right_with, "theme", place)
            if other is not None and (other.put_right_with or other is theme):
                says = "is the theme itself" if other is theme else "is put right with another theme"
                place.report(f'"{other.id}" {says}', "Name a theme that is put right by itself.")


def _read_language(raw: object, location: Location) -> int:
    """The version of the rule language; the newest after telling one that there is not, so that no rule is wrong too.

    What is no number was told with the head.
    """
    if isinstance(raw, bool) or not isinstance(raw, int):
        return LANGUAGES[-1]
    if raw in LANGUAGES:
        return raw
    what = f"there is no version {raw} of the rule language"
    location.report(what, f"Write {listed(map(str, LANGUAGES))}; a rulebook without the line is in language 1.")
    return LANGUAGES[-1]


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
    rules, head = _texts_in_rules(folder), defaultdict[str, set[str]](set)
    with_facts = [folder.root[name] for name in (FACTS_FILE, CONCLUSIONS_FILE) if name in folder.root]
    dictionary = folder.root[DICTIONARY_FILE]
    _collect_texts(root.file.data, head)
    parameters = {text[1:] for texts in rules.values() for text in texts if text.startswith("$")}
    parameters.add(LETTER_MINIMUM_KNOWN)  # it is read by its name
    definitions = [
        ("parameters", "parameter", parameters, root),
        ("documents", "document", rules["document"] | head["document"], root),
        ("sets", "band set", rules["bands"], root.at("bands")),
    ]
    definitions += [("facts", "fact", rules["fact"], Location(file, root.problems)) for file in with_facts]
    why = "A rulebook that says more than it uses misleads the people who read it."
    for group, noun, used, location in definitions:
        for name in _defined(location.file.data, (*location.path, group)):
            if name not in used:
                what = f'nothing uses the {noun} "{name}"'
                location.at(group, name).named(f"{noun} {name}").report(what, "Use it, or take it out.", why)
    written = root.file.data.get("stages")
    stages: list[object] = written if isinstance(written, list) else []
    for number, stage in enumerate(stages):
        if stage in stages[:number]:
            root.at("stages", number).report(f'"{in_words(stage)}" is named twice', "Keep it once.")
        elif isinstance(stage, str) and stage not in rules["stage"]:
            what = f'nothing uses the stage "{stage}"'
            root.at("stages", number).report(what, "Name it in a criterion, or take it out.", why)
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


def _texts_in_rules(folder: Folder) -> defaultdict[str, set[str]]:
    """Every text that criteria, facts, derived fields, conclusions and checks say, by the key that it stands under.

    So too what the whole rulebook does not ask, and which cases are open.
    """
    texts = defaultdict[str, set[str]](set)
    if ROOT_FILE in folder.root:
        head = folder.root[ROOT_FILE].data
        _collect_texts({"not_asked": head.get("not_asked"), "fact": head.get("open_cases")}, texts)
    others = [folder.root[name] for name in (FACTS_FILE, CONCLUSIONS_FILE, CHECKS_FILE) if name in folder.root]
    for file in (*folder.criteria, *others):
        _collect_texts(file.data, texts)
    if DICTIONARY_FILE in folder.root:
        _collect_texts(folder.root[DICTIONARY_FILE].data.get("derived"), texts)
    return texts


def _defined(data: object, path: Sequence[str | int]) -> Iterable[str]:
    """The names under a heading; none where it is not there, or is no table."""
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else ()


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


def one_ended(where: str | Path | None = None) -> tuple[Place, ...]:
    """Where each ``within`` stands that language 2 reads otherwise: those of a sound rulebook of language 1."""
    folder = read_folder(rulebook_folder(where, shipped_rulebooks()), ProblemCollector())
    if folder.root[ROOT_FILE].data.get("language", 1) != 1:
        return ()
    rules = [(file, f"criterion {id_}") for files in folder.themes.values() for id_, file in files.items()]
    rules += [(file, "") for file in folder.root.values()]
    return tuple(
        file.place(path, part or f"{str(path[0]).removesuffix('s')} {path[1]}")
        for file, part in rules
        if file is not None
        for path in _within_paths(file.data, ())
    )


def _within_paths(value: object, path: KeyPath) -> Iterator[KeyPath]:
    """Where tests of elapsed time stand in a file's content; records that are examples have none."""
    if isinstance(value, dict):
        if isinstance(value.get("within"), str) and isinstance(value.get("field"), str):
            yield (*path, "within")
        in_example = bool(path) and isinstance(path[-1], int)
        for key, inner in value.items():
            if not (in_example and key == "given"):
                yield from _within_paths(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _within_paths(inner, (*path, number))
