"""Reading the rules that ask something of a record: criteria, a file each in a folder for each theme, and checks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from attrs import evolve, frozen

from casescreen.conditions.analysis import can_lack_evidence, outcomes_by_shape
from casescreen.model.condition import All, Any, Condition, Covered, Not, OverRows, Quantifier, tests_rows
from casescreen.model.dictionary import Kind
from casescreen.model.outcome import Basis, Outcome
from casescreen.model.problem import Place
from casescreen.model.rulebook import (
    MISSING,
    BandSet,
    Check,
    CheckExample,
    CheckKind,
    Criterion,
    Due,
    Flag,
    NotAsked,
    PerRow,
    Shortfall,
    Theme,
)
from casescreen.resources import ROOT_FILE
from casescreen.rulebook.conditions import read_condition, read_limit, read_start
from casescreen.rulebook.examples import check_record, read_examples
from casescreen.rulebook.file_schema import (
    CheckExampleSpec,
    CheckSpec,
    ChecksSpec,
    CriterionSpec,
    DueSpec,
    PerSpec,
    StatementSpec,
    structure,
)
from casescreen.rulebook.folder_files import Folder
from casescreen.rulebook.names import (
    KnownNames,
    NameScope,
    check_short,
    entries,
    find,
    is_id,
    quoted,
    read_entries,
    sound,
)
from casescreen.rulebook.parameters import Documents, read_source
from casescreen.syntax.rule_file import Location
from casescreen.text import did_you_mean, listed, visible

_BRACED = re.compile(r"\{[^{}]*\}")
_BOTH = "Give one record of which it holds, with holds = true, and one of which it does not, with holds = false."


@frozen(eq=False)
class CriterionScope:
    """What a criterion may refer to: the rest of the rulebook; None stands for what is broken.

    Attributes:
        themes: in the file's order.
        examples_as_of: None if the file gives no such date.
        not_asked: when no criterion is asked; None for what is broken.
        band_sets: None if the bands are broken.
        stages: None if what the rulebook says of them is broken.
    """

    documents: Documents
    themes: Mapping[str, Theme | None]
    names: KnownNames
    examples_as_of: date | None
    not_asked: tuple[NotAsked | None, ...] = ()
    band_sets: Mapping[str, BandSet] | None = None
    stages: Mapping[str, str] | None = None


def read_criterion(id_: str, theme: str, scope: CriterionScope, location: Location, raw: object) -> Criterion | None:
    """The criterion that a part of a file states, or None if what it asks is broken; all that is wrong is told."""
    before = len(location.problems.problems)
    is_id(id_, "criterion", location)
    spec = structure(raw, CriterionSpec, location)
    if spec is None:
        return None
    source = read_source(spec.source, scope.documents, location.at("source"))
    _check_head(spec, scope.names, location)
    if spec.bands and scope.band_sets is not None:
        find(scope.band_sets, spec.bands, "band set", location.at("bands"))
    if spec.stage and scope.stages is not None:
        find(scope.stages, spec.stage, "stage", location.at("stage"))
    per, applies, met, due, flags = _question(spec, scope.names, location)
    not_asked = (*scope.not_asked, *_not_asked_by(spec, per, scope.names, location.at("not_asked")))
    shortfalls = _shortfalls(spec, met, NameScope(scope.names, "" if per is None else per.table), location)
    sound = len(location.problems.problems) == before
    as_of, place = scope.examples_as_of or date.max, location.at("example")
    examples = read_examples(spec.example, as_of, flags, scope.names, place)
    # A part may be missing without a problem here: what it names is broken, and that is told where it stands.
    whole = (per, applies, met, due).count(None) == (spec.per, spec.applies, spec.met, spec.due).count(None)
    if source is None or not sound or not whole or None in flags.values() or None in not_asked:
        return None
    criterion = Criterion(
        id=id_,
        theme=theme,
        title=spec.title,
        question=spec.question,
        basis=spec.kind,
        severity=spec.severity,
        source=source,
        remedy=spec.remedy,
        owner=spec.owner or scope.names.roles.manager,
        help=spec.help,
        applies=applies,
        met=met,
        due=due,
        per=per,
        flags=tuple(filter(None, flags.values())),
        examples=examples or (),
        file=location.file.name,
        not_asked=tuple(filter(None, not_asked)),
        bands=spec.bands,
        shortfall=spec.shortfall,
        shortfalls=shortfalls,
        among=spec.among,
        short=spec.short or spec.title,
        phrase=spec.phrase,
        stage=spec.stage,
        waivable=spec.waivable and _is_waivable(scope.themes.get(theme)),
    )
    if examples is not None:
        _check_outcomes(criterion, scope.names, location)
    return criterion


def _is_waivable(theme: Theme | None) -> bool:
    return theme is None or theme.waivable


def _check_head(spec: CriterionSpec, names: KnownNames, location: Location) -> None:
    check_short(spec.short, location.at("short"))
    if spec.phrase.endswith("."):
        advice = 'Say it as it stands inside a sentence, as in "it was ready in time".'
        location.at("phrase").report("the phrase is a whole sentence", advice, "A figure follows it.")
    owner = location.at("owner")
    field = find(names.fields, spec.owner, "field", owner) if spec.owner else None
    if field is not None and field.kind not in (Kind.TEXT, Kind.CHOICE):
        owner.report(f"{field.name} is a {field.kind.value} and names nobody", "Name a text field of the case.")
    if spec.kind is Basis.JUDGEMENT and spec.met is not None:
        advice = 'Take "met" out and state the facts as flags, or use kind = "evidence".'
        why = "A reader decides a judgement; facts only challenge it."
        location.at("met").report('a judgement has "met"', advice, why)
    if spec.kind is Basis.EVIDENCE and spec.met is None:
        location.report('"met" is missing', 'Say which facts meet it, or use kind = "judgement".')


def _question(
    spec: CriterionSpec, names: KnownNames, location: Location
) -> tuple[PerRow | None, Condition | None, Condition | None, Due | None, dict[str, Flag | None]]:
    """The parts of a criterion that read the record; None for those that are not there, or are broken."""
    per = None if spec.per is None else _per(spec.per, names, location.at("per"))
    if spec.per is not None and per is None:
        # Where the rows cannot be told, what a name means cannot either.
        return None, None, None, None, dict.fromkeys(entries(spec.flags, "flag", location.at("flags")))
    scope = NameScope(names, "" if per is None else per.table)
    flags = _flags(spec.flags, scope, location.at("flags"))
    applies = None if spec.applies is None else read_condition(spec.applies, scope, location.at("applies"))
    met = None if spec.met is None else read_condition(spec.met, scope, location.at("met"))
    due = None if spec.due is None else _due(spec.due, scope, location.at("due"))
    return per, applies, met, due, flags


def _not_asked_by(
    spec: CriterionSpec, per: PerRow | None, names: KnownNames, location: Location
) -> tuple[NotAsked | None, ...]:
    """When a criterion itself says that it is not asked; nothing where its rows are broken, as what a name means is."""
    if spec.per is not None and per is None:
        return ()
    return read_not_asked(spec.not_asked, NameScope(names, "" if per is None else per.table), location)


def read_not_asked(
    raw: object, scope: NameScope, location: Location, *, everywhere: bool = False
) -> tuple[NotAsked | None, ...]:
    """When a question is not asked, and why; None for what is broken."""
    if raw is not None and (not isinstance(raw, list) or not raw):
        advice = "Write each under its own heading, [[not_asked]], with when and says."
        location.report("this is not a list of when it is not asked", advice)
        return (None,)
    read: list[NotAsked | None] = []
    for number, entry in enumerate(raw or ()):
        spec = structure(entry, StatementSpec, location.at(number))
        when = None if spec is None else read_condition(spec.when, scope, location.at(number, "when"))
        read.append(None if spec is None or when is None else NotAsked(spec.says, when, everywhere))
    return tuple(read)


def check_asked_of_rows(
    not_asked: Iterable[NotAsked | None], criteria: Iterable[Criterion | None], location: Location
) -> None:
    """Tell what the whole rulebook does not ask by a test over rows, where a criterion is asked of rows itself."""
    of_rows = next((one.id for one in criteria if one is not None and one.per is not None), None)
    for number, one in enumerate(not_asked):
        if of_rows is not None and one is not None and tests_rows(one.when):
            what = f"this is a test over rows, and {of_rows} is asked of rows itself"
            advice = "Test fields of the case, or write it in the criteria that are asked of the case."
            location.at(number, "when").report(what, advice, "One test over rows cannot stand inside another.")


def _per(raw: object, names: KnownNames, location: Location) -> PerRow | None:
    spec = structure(raw, PerSpec, location)
    table = None if spec is None else find(names.tables, spec.table, "table", location.at("table"))
    if spec is None or table is None:
        return None
    if not table.key:
        advice = f"Add key = ... to [tables.{table.name}] in the dictionary."
        location.report(f"the rows of {table.name} have no key", advice, "A finding must say which row it is about.")
    if spec.where is None:
        return PerRow(table.name, None)
    return PerRow(table.name, read_condition(spec.where, NameScope(names, table.name), location.at("where")))


def _due(raw: object, scope: NameScope, location: Location) -> Due | None:
    spec = structure(raw, DueSpec, location)
    if spec is None:
        return None
    within = read_limit(spec.within, scope, location.at("within"))
    start = read_start(spec.of, scope, location.at("of"))
    return None if within is None or start is None else Due(within, start)


def _flags(raw: object, scope: NameScope, location: Location) -> dict[str, Flag | None]:
    flags: dict[str, Flag | None] = {}
    statements: dict[str, str] = {}
    for id_, spec, place in read_entries(raw, "flag", StatementSpec, location):
        when = None if spec is None else read_condition(spec.when, scope, place.at("when"))
        flags[id_] = None
        if spec is None or when is None:
            continue
        flags[id_] = Flag(id_, spec.says, when)
        other = statements.setdefault(spec.says, id_)
        if other != id_:
            what = f'the flags "{other}" and "{id_}" say the same'
            place.at("says").report(what, "Say what each one shows, or join them with any.")
    return flags


def _shortfalls(
    spec: CriterionSpec, met: Condition | None, scope: NameScope, location: Location
) -> tuple[Shortfall, ...]:
    """The shortfalls beside the usual one that are sound; what is wrong with any of them is told."""
    sound = (met is None) is (spec.met is None)
    _check_braces(spec.shortfall, location.at("shortfall"), failing=met, sound=sound)
    if spec.shortfalls is None or (spec.per is not None and not scope.table):
        return ()  # where the rows cannot be told, what a name means cannot either
    location = location.at("shortfalls")
    if not isinstance(spec.shortfalls, list):
        location.report("the shortfalls are not a list", "Write each under its own heading, [[shortfalls]].")
        return ()
    if not spec.shortfall:
        advice = 'Add shortfall = "...", or say one of them so.'
        location.report('there are "shortfalls" and no "shortfall"', advice, "It is said where none of them is true.")
    shortfalls: list[Shortfall] = []
    for number, entry in enumerate(spec.shortfalls):
        place = location.at(number)
        one = structure(entry, StatementSpec, place)
        if one is None:
            continue
        when = read_condition(one.when, scope, place.at("when"))
        _check_braces(one.says, place.at("says"), failing=met, holding=when, sound=sound and when is not None)
        if when is not None:
            shortfalls.append(Shortfall(one.says, when))
    return tuple(shortfalls)


def _check_braces(
    text: str, location: Location, *, failing: Condition | None, holding: Condition | None = None, sound: bool
) -> None:
    """Tell what stands in braces in a shortfall and can never be filled in.

    Args:
        text: the shortfall.
        location: where the shortfall stands.
        failing: the condition that is not met where it is said.
        holding: the condition that is true where it is said.
        sound: whether all of the conditions could be read.
    """
    ways = ((failing, False), (holding, True))
    nameable = any(one is not None and _names_failing(one, holds=holds) for one, holds in ways)
    if re.search(r"[{}]", re.sub(_BRACED, "", text)):
        location.report(
            "a brace stands alone", f'What can stand in braces is "{MISSING}" alone.', "It would be printed."
        )
    for braced in dict.fromkeys(re.findall(_BRACED, text)):
        if braced != MISSING:
            what, advice = f'"{braced}" means nothing here', f'What can stand in braces is "{MISSING}" alone.'
            location.report(what, advice)
        elif sound and not nameable:
            what = f'"{MISSING}" stands where nothing can be missing'
            why = "It names the rows that fail a test of every row, or values that are not covered, and there are none."
            location.report(what, "Take it out, or say in words what is missing.", why)


def _names_failing(condition: Condition, *, holds: bool) -> bool:
    """Whether the proof that a condition holds, or that it does not, can name rows or values that fail."""
    match condition:
        case All(parts) | Any(parts):
            return any(_names_failing(part, holds=holds) for part in parts)
        case Not(part):
            return _names_failing(part, holds=not holds)
        case OverRows(quantifier=quantifier):
            return (quantifier is Quantifier.SOME) is holds
        case Covered():
            return not holds
        case _:
            return False


def _check_outcomes(criterion: Criterion, names: KnownNames, location: Location) -> None:
    """Tell examples whose outcome cannot come about, and outcomes that can and have no example."""
    possible = outcomes_by_shape(criterion)
    # What the whole rulebook does not ask is shown once, and not by each criterion.
    by_itself = evolve(criterion, not_asked=tuple(one for one in criterion.not_asked if not one.everywhere))
    shown: set[Outcome] = set()
    for number, example in enumerate(criterion.examples):
        shown.add(example.outcome)
        if example.outcome not in possible:
            what = f'this criterion never comes to "{example.outcome.value}"'
            advice = f"It can come to {listed(outcome.value for outcome in possible)}."
            location.at("example", number, "outcome").report(what, advice)
    missing = [outcome for outcome in outcomes_by_shape(by_itself) if outcome not in shown]
    if Outcome.NOT_EVIDENCED in missing and not can_lack_evidence(
        by_itself, names.parameters, sound(names.derived).values()
    ):
        missing.remove(Outcome.NOT_EVIDENCED)
    if missing:
        location.report(
            f"no example comes to {quoted(outcome.value for outcome in missing)}",
            "Add an [[example]] for each.",
            "The examples are the criterion's tests, and what people read to see what it does.",
        )


def read_criteria(folder: Folder, scope: CriterionScope, root: Location) -> dict[str, Criterion | None]:
    """Every criterion by id, None for those that are broken, after telling folders and files out of place."""
    collector, themes = root.problems, scope.themes
    criteria: dict[str, Criterion | None] = {}
    theme_of: dict[str, str] = {}
    for theme, files in folder.themes.items():
        if theme not in themes:
            what = f'the folder "{visible(theme)}" is not a theme of {ROOT_FILE}'
            advice = did_you_mean(theme, themes) or f"Add [themes.{visible(theme)}] to {ROOT_FILE}."
            collector.add(Place(f"{folder.name}/{theme}"), what, advice)
        for id_, file in files.items():
            part = f"criterion {id_}"
            if id_ in theme_of:
                place = Place(f"{folder.name}/{theme}/{id_}.toml", 0, part)
                what = f'there is another criterion "{id_}", in {theme_of[id_]}'
                why = "Findings name a criterion by its id alone."
                collector.add(place, what, "Rename one of the files.", why)
            theme_of[id_] = theme
            criteria[id_] = None
            if file is not None:
                criteria[id_] = read_criterion(id_, theme, scope, Location(file, collector, (), part), file.data)
    for theme in themes:
        if not folder.themes.get(theme):
            what = "the theme has no criteria" if theme in folder.themes else "the theme has no folder"
            advice = f"Put its criteria into {folder.name}/{visible(theme)}, or take the theme out of {ROOT_FILE}."
            root.at("themes", theme).named(f"theme {theme}").report(what, advice)
    return criteria


def read_renamed(raw: object, criteria: Mapping[str, Criterion | None], location: Location) -> dict[str, str]:
    """What criteria are called now, by the ids that they had before."""
    renamed: dict[str, str] = {}
    if raw is not None and not isinstance(raw, dict):
        location.report(
            "this is not a group of ids", 'Write [renamed], and below it a line old-id = "new-id" for each.'
        )
        return renamed
    for old, new in (raw or {}).items():
        place = location.at(old)
        if is_id(old, "criterion", place) and old in criteria:
            advice = "Take the line out, or rename the criterion."
            place.report(f'there is still a criterion "{old}"', advice, "An answer to it could mean either.")
        find(criteria, new, "criterion", place)
        renamed[old] = str(new)
    return renamed


def in_reading_order(criteria: Iterable[Criterion], themes: Iterable[str]) -> tuple[Criterion, ...]:
    """The criteria by theme, then by paragraph of their source (1.2 before 1.10), then by id."""
    position = list(themes).index
    return tuple(sorted(criteria, key=lambda c: (position(c.theme), _paragraph(c.source.paragraph), c.id)))


def _paragraph(written: str) -> tuple[tuple[bool, int, str], ...]:
    """Figures compare as numbers and come before words."""
    parts = re.findall(r"[0-9]+|[^0-9]+", written)
    return tuple((not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts)


def read_checks(names: KnownNames, as_of: date | None, location: Location) -> tuple[Check, ...]:
    """The checks that are sound; what is wrong with the others is told."""
    spec = structure(location.file.data, ChecksSpec, location)
    if spec is None:
        return ()
    names = evolve(names, derived={}, later=frozenset(names.derived))  # they read the record as it came
    entries = read_entries(spec.checks, "check", CheckSpec, location.at("checks"))
    checks = [None if one is None else _check(id_, one, names, as_of, place) for id_, one, place in entries]
    return tuple(check for check in checks if check is not None)


def _check(id_: str, spec: CheckSpec, names: KnownNames, as_of: date | None, location: Location) -> Check | None:
    if spec.table and find(names.tables, spec.table, "table", location.at("table")) is None:
        return None
    scope = NameScope(names, spec.table)
    when = read_condition(spec.when, scope, location.at("when"))
    fields = [scope.field(name, location.at("disbelieve", n)) for n, name in enumerate(spec.disbelieve)]
    disbelieved = tuple(field for field in fields if field is not None)
    if spec.kind is CheckKind.IMPOSSIBLE and not spec.disbelieve:
        advice = 'Add disbelieve = ["..."] with the fields, or use kind = "unusual".'
        location.report("it does not say which values are not believed", advice)
    if spec.kind is CheckKind.UNUSUAL and spec.disbelieve:
        what = "what is unusual is believed, and shown to be looked at"
        location.at("disbelieve").report(what, 'Leave the line out, or use kind = "impossible".')
    examples = _examples(spec.example, names, as_of, location.at("example"))
    if when is None or len(disbelieved) < len(fields) or examples is None:
        return None
    return Check(id_, spec.kind, spec.says, when, spec.advice, spec.table, disbelieved, examples, location.file.name)


def _examples(
    raw: object, names: KnownNames, as_of: date | None, location: Location
) -> tuple[CheckExample, ...] | None:
    entries = raw if isinstance(raw, list) else []
    examples: list[CheckExample] = []
    for number, entry in enumerate(entries):
        spec = structure(entry, CheckExampleSpec, location.at(number))
        if spec is None:
            continue
        at = spec.as_of or as_of or date.max
        check_record(spec.given, names, at, location.at(number, "given"))
        if isinstance(spec.given, dict):
            examples.append(CheckExample(spec.given, at, spec.holds))
    if {example.holds for example in examples} != {True, False} and len(examples) == len(entries):
        location.report("it has no example for both", _BOTH)
    return tuple(examples) if len(examples) == len(entries) else None
