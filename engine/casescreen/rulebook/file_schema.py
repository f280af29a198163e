"""The plain parts of rule files as they are written, and how they become values: nothing is converted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from enum import Enum
from itertools import repeat
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import fields, frozen, has
from cattrs import BaseValidationError, Converter
from cattrs.errors import AttributeValidationNote, ForbiddenExtraKeysError
from cattrs.gen import make_dict_structure_fn, override

from casescreen.model.dictionary import Field, Kind, Value
from casescreen.model.outcome import Basis, Outcome, ReadersAnswer
from casescreen.model.problem import Fault, FaultError
from casescreen.model.rulebook import CheckKind, ConclusionKind, Scope, Severity, Status
from casescreen.syntax.rule_file import Location
from casescreen.text import did_you_mean, in_words, listed, nearest

if TYPE_CHECKING:
    from casescreen.syntax.toml_lines import KeyPath

T = TypeVar("T")

_HOW_TO_ADD = {
    "band": "Write each band under its own heading, [[bands.band]] or [[bands.sets.name.band]].",
    "bands": "Add [bands], and a [[bands.band]] for each.",
    "checks": "Add a [checks.name] for each.",
    "columns": "Add a [tables.name.columns.name] for each.",
    "documents": "Add a [documents.name] for each.",
    "facts": "Add a [facts.name] for each.",
    "fields": "Add a [fields.section.name] for each.",
    "from": "Add a [[derived.section.name.from]] for each field that it may come from.",
    "source": 'Add source = { document = "...", paragraph = "..." }.',
    "themes": "Add a [themes.folder] for each.",
}


def structure(raw: object, spec: type[T], location: Location) -> T | None:
    """The value that a part of a file states, or None after telling everything that is wrong with it."""
    if not isinstance(raw, dict):
        location.report("this is not a group of keys", f"Write a table with the keys {', '.join(_keys(spec))}.")
        return None
    try:
        return _CONVERTER.structure(raw, spec)
    except BaseValidationError as error:
        for path, leaf in _leaves(error, ()):
            _report(leaf, location.at(*path))
        return None


def _leaves(error: Exception, path: KeyPath) -> Iterator[tuple[KeyPath, Exception]]:
    if not isinstance(error, BaseValidationError):
        yield path, error
        return
    for inner in error.exceptions:
        notes = (note for note in getattr(inner, "__notes__", ()) if isinstance(note, AttributeValidationNote))
        yield from _leaves(inner, path + tuple(note.name.rstrip("_") for note in notes))


def _report(error: Exception, location: Location) -> None:
    match error:
        case FaultError():
            location.report(f'"{location.path[-1]}": {error.fault.what}', error.fault.advice)
        case KeyError():
            key = error.args[0]
            location.report(f'"{key}" is missing', _HOW_TO_ADD.get(key, f"Add a line {key} = ..."))
        case ForbiddenExtraKeysError():
            for key in sorted(error.extra_fields):
                unknown_key(key, _keys(error.cl), location)
        case _:  # pragma: no cover - nothing else is raised by the hooks below
            raise error


def unknown_key(key: str, known: tuple[str, ...], location: Location) -> None:
    """Tell that a key means nothing here."""
    meant = nearest(key, known)
    advice = f'Did you mean "{meant}"?' if meant else f"What can stand here: {listed(known)}."
    location.at(key).report(f'"{key}" means nothing here', advice)


def _keys(spec: type) -> tuple[str, ...]:
    """Its keys as a file has them: the attributes that Python keeps for itself end in an underscore."""
    return tuple(attribute.name.rstrip("_") for attribute in fields(spec))


# Left alone, cattrs would read "15" as 15 and a text as a list of letters; these hooks convert nothing.
_CONVERTER = Converter(forbid_extra_keys=True)
# Plain values are read with the same strictness and the same words as those of a record.
_PLAIN: dict[type, Field] = {
    plain: Field("", "", kind, "")
    for plain, kind in ((str, Kind.TEXT), (int, Kind.NUMBER), (bool, Kind.YES_NO), (date, Kind.DATE))
}


def _plain(raw: object, plain: type) -> Value:
    if plain is str and isinstance(raw, str) and not raw.strip():
        raise FaultError(Fault("the text is empty", "Say something here, or leave the line out if it is optional."))
    value = _PLAIN[plain].read(raw)
    if isinstance(value, Fault):
        raise FaultError(value)
    return value


def _texts(raw: object, _: object) -> tuple[Value, ...]:
    if not isinstance(raw, list):
        raise FaultError(Fault("this is not a list", 'Write a list of texts, as in ["one", "another"].'))
    return tuple(map(_plain, raw, repeat(str)))


def _word(raw: object, kind: type[Enum]) -> Enum:
    words = [str(member.value) for member in kind]
    if raw not in words:
        shown = f'"{raw}"' if isinstance(raw, str) else in_words(raw)
        raise FaultError(Fault(f"{shown} is not one of the words allowed here", did_you_mean(str(raw), words)))
    return kind(raw)


def _group(spec: type) -> Callable[[Any, Any], Any]:
    renamed: dict[str, Any] = {}
    for attribute in fields(spec):
        if attribute.name.endswith("_"):
            renamed[attribute.name] = override(rename=attribute.name.rstrip("_"))
    read: Callable[[Any, Any], Any] = make_dict_structure_fn(
        spec, _CONVERTER, _cattrs_forbid_extra_keys=True, _cattrs_detailed_validation=True, **renamed
    )

    def checked(raw: object, target: type) -> Any:  # noqa: ANN401 - the type is the spec's
        if not isinstance(raw, dict):
            raise FaultError(Fault("this is not a group of keys", f"Write {{ {', '.join(_keys(spec))} }}."))
        return read(raw, target)

    return checked


for _kind in _PLAIN:
    _CONVERTER.register_structure_hook(_kind, _plain)
_CONVERTER.register_structure_hook_func(lambda kind: kind == tuple[str, ...], _texts)
_CONVERTER.register_structure_hook(Enum, _word)
_CONVERTER.register_structure_hook_factory(has, _group)


@frozen(eq=False, repr=False, slots=False)
class SourceSpec:
    """Where something comes from."""

    document: str
    paragraph: str = ""
    note: str = ""


@frozen(eq=False, repr=False, slots=False)
class RulebookSpec:
    """The head of rulebook.toml."""

    title: str
    version: str
    about: str
    calendar: str
    examples_as_of: date
    documents: Any
    themes: Any
    bands: Any
    parameters: Any = None
    roles: Any = None
    not_asked: Any = None
    open_cases: str = ""
    language: int = 1
    renamed: Any = None
    stages: tuple[str, ...] = ()
    letter: Any = None


@frozen(eq=False, repr=False, slots=False)
class LetterSpec:
    """What a letter says beside what was found."""

    purpose: str = ""
    sample: tuple[str, ...] = ()
    add: Any = None
    closing: tuple[str, ...] = ()


@frozen(eq=False, repr=False, slots=False)
class LetterAdditionSpec:
    """What the sender is to write into a letter."""

    says: str
    theme: str = ""


@frozen(eq=False, repr=False, slots=False)
class DocumentSpec:
    """A source that may be cited."""

    title: str
    note: str = ""


@frozen(eq=False, repr=False, slots=False)
class ThemeSpec:
    """A group of criteria."""

    title: str
    put_right_with: str = ""
    waivable: bool = True


@frozen(eq=False, repr=False, slots=False)
class ParameterSpec:
    """A named value."""

    label: str
    value: Any
    status: Status
    source: SourceSpec
    for_: Any = None


@frozen(eq=False, repr=False, slots=False)
class VariationSpec:
    """Another value of a parameter, for some cases."""

    field: str
    is_: Any
    value: Any


@frozen(eq=False, repr=False, slots=False)
class BandsSpec:
    """The head of the bands."""

    minimum: int
    status: Status
    source: SourceSpec
    band: Any
    known: int | None = None
    sets: Any = None


@frozen(eq=False, repr=False, slots=False)
class BandSetSpec:
    """Other limits for the bands."""

    label: str
    band: Any


@frozen(eq=False, repr=False, slots=False)
class BandLimitSpec:
    """Where a band of such a set begins."""

    id: str
    at_least: int


@frozen(eq=False, repr=False, slots=False)
class CalendarSpec:
    """A calendar of public holidays."""

    title: str
    covers_from: date
    covers_until: date
    source: str
    holidays: Any


@frozen(eq=False, repr=False, slots=False)
class DictionarySpec:
    """The head of dictionary.toml."""

    fields: Any
    tables: Any = None
    derived: Any = None
    lanes: tuple[str, ...] = ()
    titles: Any = None


@frozen(eq=False, repr=False, slots=False)
class FieldSpec:
    """A field of the case, or a column of a table."""

    label: str
    type: Kind
    meaning: str
    allowed: tuple[str, ...] = ()
    past: bool = False
    dates: str = ""
    begins: bool = False
    lane: str = ""
    event: str = ""
    characteristic: bool = False


@frozen(eq=False, repr=False, slots=False)
class DerivedSpec:
    """The head of a derived field."""

    label: str
    type: Kind
    meaning: str
    from_: Any
    allowed: tuple[str, ...] = ()


@frozen(eq=False, repr=False, slots=False)
class DerivedSourceSpec:
    """What a derived field may come from."""

    field: Any = None
    when: Any = None
    plus: Any = None
    value: Any = None


@frozen(eq=False, repr=False, slots=False)
class TableSpec:
    """The head of a table."""

    label: str
    one: str
    named_by: str
    meaning: str
    columns: Any
    key: str = ""


@frozen(eq=False, repr=False, slots=False)
class CriterionSpec:
    """The head of a criterion."""

    title: str
    question: str
    kind: Basis
    severity: Severity
    source: SourceSpec
    remedy: str
    owner: str = ""
    help: str = ""
    applies: Any = None
    met: Any = None
    due: Any = None
    per: Any = None
    flags: Any = None
    example: Any = None
    not_asked: Any = None
    bands: str = ""
    shortfall: str = ""
    shortfalls: Any = None
    among: str = ""
    short: str = ""
    phrase: str = ""
    stage: str = ""
    waivable: bool = True


@frozen(eq=False, repr=False, slots=False)
class DueSpec:
    """A deadline."""

    within: Any
    of: Any


@frozen(eq=False, repr=False, slots=False)
class PerSpec:
    """The rows that a criterion is asked of."""

    table: str
    where: Any = None


@frozen(eq=False, repr=False, slots=False)
class StatementSpec:
    """A flag, a fact, a shortfall, or why a question is not asked."""

    says: str
    when: Any


@frozen(eq=False, repr=False, slots=False)
class ExampleSpec:
    """An example."""

    given: Any
    outcome: Outcome
    as_of: date | None = None
    answer: ReadersAnswer = ReadersAnswer.NONE
    reason: str = ""
    flags: tuple[str, ...] | None = None
    note: str = ""


@frozen(eq=False, repr=False, slots=False)
class ChecksSpec:
    """The head of checks.toml."""

    checks: Any


@frozen(eq=False, repr=False, slots=False)
class CheckSpec:
    """A check of the record."""

    kind: CheckKind
    says: str
    when: Any
    advice: str = ""
    table: str = ""
    disbelieve: tuple[str, ...] = ()
    example: Any = None


@frozen(eq=False, repr=False, slots=False)
class CheckExampleSpec:
    """An example of a check."""

    given: Any
    holds: bool
    as_of: date | None = None


@frozen(eq=False, repr=False, slots=False)
class ConclusionsSpec:
    """The head of conclusions.toml."""

    facts: Any = None
    conclusions: Any = None


@frozen(eq=False, repr=False, slots=False)
class ConclusionSpec:
    """A conclusion, without its premises."""

    on: Scope
    kind: ConclusionKind
    says: str
    remedy: str = ""
    note: str = ""
    severity: Severity = Severity.HIGH
    all: Any = None
    any: Any = None
    minimum: int | None = None
    short: str = ""
    sentence: str = ""


@frozen(eq=False, repr=False, slots=False)
class FactsSpec:
    """The head of facts.toml."""

    facts: Any


@frozen(eq=False, repr=False, slots=False)
class ProfileSpec:
    """The head of a profile."""

    extends: str
    version: str = ""
    hash: str = ""
    documents: Any = None
    parameters: Any = None
    off: Any = None
    on: Any = None
    severity: Any = None
    bands: Any = None
    criteria: Any = None
    holidays: Any = None
    waivers: Any = None
    examples_as_of: date | None = None


@frozen(eq=False, repr=False, slots=False)
class LocalParameterSpec:
    """What a parameter is here."""

    source: Any
    reason: str
    value: Any = None
    for_: Any = None
    status: Status = Status.LOCAL
    rulebook_has: Any = None


@frozen(eq=False, repr=False, slots=False)
class OffSpec:
    """Why a criterion or a conclusion is off, and the conclusions that go with it."""

    reason: str
    conclusions: tuple[str, ...] = ()


@frozen(eq=False, repr=False, slots=False)
class OnSpec:
    """Why a criterion or a conclusion that a profile beneath switched off is on again, and whose decision that is."""

    source: Any
    reason: str


@frozen(eq=False, repr=False, slots=False)
class LocalSeveritySpec:
    """How much a criterion matters here."""

    value: Severity
    reason: str
    rulebook_has: Severity | None = None


@frozen(eq=False, repr=False, slots=False)
class LocalBandsSpec:
    """The bands of rates here."""

    source: Any
    reason: str
    status: Status = Status.LOCAL
    minimum: int | None = None
    known: int | None = None
    band: Any = None
    sets: Any = None


@frozen(eq=False, repr=False, slots=False)
class LocalWaiversSpec:
    """What holds here of findings that are accepted."""

    longest_months: int
