"""Reading the parameters of rulebook.toml: named values with their sources."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from casescreen.model.calendar import Duration, read_duration
from casescreen.model.dictionary import Field, Kind, Mismatch, Value
from casescreen.model.rulebook import Document, Parameter, Source, Variation
from casescreen.rulebook.names import entries, find, is_word
from casescreen.rulebook.specs import ParameterSpec, SourceSpec, VariationSpec
from casescreen.rulebook.structuring import structure
from casescreen.syntax.rule_file import Spot
from casescreen.text import in_words

# $as_of names the as-of date.
_RESERVED = "as_of"
Documents = Mapping[str, Document | None]
Fields = Mapping[str, Field | None]


def read_source(spec: SourceSpec, documents: Documents, spot: Spot) -> Source | None:
    """The source, if the document that it names is listed."""
    document = find(documents, spec.document, "document", spot.at("document"))
    return None if document is None else Source(document, spec.paragraph, spec.note)


def read_parameters(raw: object, documents: Documents, fields: Fields, spot: Spot) -> dict[str, Parameter | None]:
    """Every parameter by name; None for those that are broken."""
    return {
        name: _parameter(name, entry, documents, fields, spot.at(name).named(f"parameter {name}"))
        for name, entry in entries({} if raw is None else raw, "parameter", spot).items()
    }


def kind_of(value: Value | Duration) -> str:
    """What sort of value a parameter has, in words."""
    if isinstance(value, Duration):
        return "a length of time"
    if isinstance(value, bool):
        return "yes or no"
    if isinstance(value, int):
        return "a number"
    return "a date" if isinstance(value, date) else "a text"


def _parameter(name: str, raw: object, documents: Documents, fields: Fields, spot: Spot) -> Parameter | None:
    _check_name(name, spot)
    spec = structure(raw, ParameterSpec, spot)
    if spec is None:
        return None
    source = read_source(spec.source, documents, spot.at("source"))
    value = _value(spec.value, spot.at("value"))
    variations = _variations(spec.for_, value, fields, spot.at("for"))
    if source is None or value is None:
        return None
    return Parameter(name, spec.label, value, spec.status, source, variations)


def _check_name(name: str, spot: Spot) -> None:
    if is_word(name, "parameter", spot) and name == _RESERVED:
        spot.tell(f'"{name}" cannot be a parameter', "Choose another name.", "$as_of is the as-of date.")


def _value(raw: object, spot: Spot) -> Value | Duration | None:
    if isinstance(raw, str) and raw.strip():
        return read_duration(raw) or raw
    if isinstance(raw, bool | int) or (isinstance(raw, date) and not isinstance(raw, datetime)):
        return raw
    advice = 'Write a number, a text, true or false, a date, or a length of time as in "15 working days".'
    spot.tell(f"{in_words(raw) or 'an empty text'} cannot be the value of a parameter", advice)
    return None


def _variations(raw: object, value: Value | Duration | None, fields: Fields, spot: Spot) -> tuple[Variation, ...]:
    if raw is None:
        return ()
    if not isinstance(raw, list):
        spot.tell("this is not a list", "Write each other value under its own heading, [[parameters.name.for]].")
        return ()
    read = [_variation(entry, value, fields, spot.at(number)) for number, entry in enumerate(raw)]
    found = tuple(variation for variation in read if variation is not None)
    seen = set()
    for number, variation in enumerate(read):
        if variation is None:
            continue
        case = (variation.field.name, variation.value)
        if case in seen:
            what = f"there is another value already for {case[0]} = {in_words(case[1])}"
            spot.at(number).tell(what, "Keep one of them.", "Only the first that fits counts.")
        seen.add(case)
    return found


def _variation(raw: object, value: Value | Duration | None, fields: Fields, spot: Spot) -> Variation | None:
    spec = structure(raw, VariationSpec, spot)
    if spec is None:
        return None
    field = find(fields, spec.field, "field", spot.at("field"))
    then = _value(spec.value, spot.at("value"))
    if then is not None and value is not None and kind_of(then) != kind_of(value):
        what = f"the value is {kind_of(then)}, and the parameter's own is {kind_of(value)}"
        spot.at("value").tell(what, "Use the same sort of value for every case.")
    if field is None or then is None:
        return None
    case = field.read(spec.is_)
    if isinstance(case, Mismatch):
        spot.at("is").tell(f"{field.name}: {case.what}", case.advice)
        return None
    return Variation(field, case, then)


def misfit(field: Field, parameter: Parameter) -> str:
    """Why the parameter's values cannot be compared with the field; empty if they can."""
    for value in (parameter.value, *(variation.then for variation in parameter.variations)):
        if isinstance(value, Duration):
            return "it is a length of time"
        read = field.read(value)
        if isinstance(read, Mismatch):
            return read.what if field.kind is Kind.CHOICE and isinstance(value, str) else f"it is {kind_of(value)}"
    return ""
