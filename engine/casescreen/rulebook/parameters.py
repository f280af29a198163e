"""Reading the numbers that rules use: parameters with their sources, the bands of rates, and the calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from casescreen.model.calendar import Duration, WorkingCalendar, read_duration
from casescreen.model.dictionary import Field, Kind, Value
from casescreen.model.problem import Fault
from casescreen.model.rulebook import Band, Bands, Document, Parameter, Source, Variation
from casescreen.rulebook.file_schema import (
    BandSpec,
    BandsSpec,
    CalendarSpec,
    ParameterSpec,
    SourceSpec,
    VariationSpec,
    structure,
)
from casescreen.rulebook.names import entries, find, is_id, is_word
from casescreen.syntax.rule_file import Location
from casescreen.text import in_words

# $as_of names the as-of date.
_RESERVED = "as_of"
Documents = Mapping[str, Document | None]
Fields = Mapping[str, Field | None]


def read_source(spec: SourceSpec, documents: Documents, location: Location) -> Source | None:
    """The source, if the document that it names is listed."""
    document = find(documents, spec.document, "document", location.at("document"))
    return None if document is None else Source(document, spec.paragraph, spec.note)


def read_parameters(
    raw: object, documents: Documents, fields: Fields, location: Location
) -> dict[str, Parameter | None]:
    """Every parameter by name; None for those that are broken."""
    return {
        name: _parameter(name, entry, documents, fields, location.at(name).named(f"parameter {name}"))
        for name, entry in entries({} if raw is None else raw, "parameter", location).items()
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


def _parameter(name: str, raw: object, documents: Documents, fields: Fields, location: Location) -> Parameter | None:
    _check_name(name, location)
    spec = structure(raw, ParameterSpec, location)
    if spec is None:
        return None
    source = read_source(spec.source, documents, location.at("source"))
    value = _value(spec.value, location.at("value"))
    variations = _variations(spec.for_, value, fields, location.at("for"))
    if source is None or value is None:
        return None
    return Parameter(name, spec.label, value, spec.status, source, variations)


def _check_name(name: str, location: Location) -> None:
    if is_word(name, "parameter", location) and name == _RESERVED:
        location.report(f'"{name}" cannot be a parameter', "Choose another name.", "$as_of is the as-of date.")


def _value(raw: object, location: Location) -> Value | Duration | None:
    if isinstance(raw, str) and raw.strip():
        return read_duration(raw) or raw
    if isinstance(raw, bool | int) or (isinstance(raw, date) and not isinstance(raw, datetime)):
        return raw
    advice = 'Write a number, a text, true or false, a date, or a length of time as in "15 working days".'
    location.report(f"{in_words(raw) or 'an empty text'} cannot be the value of a parameter", advice)
    return None


def _variations(
    raw: object, value: Value | Duration | None, fields: Fields, location: Location
) -> tuple[Variation, ...]:
    if raw is None:
        return ()
    if not isinstance(raw, list):
        location.report("this is not a list", "Write each other value under its own heading, [[parameters.name.for]].")
        return ()
    read = [_variation(entry, value, fields, location.at(number)) for number, entry in enumerate(raw)]
    found = tuple(variation for variation in read if variation is not None)
    seen = set()
    for number, variation in enumerate(read):
        if variation is None:
            continue
        case = (variation.field.name, variation.value)
        if case in seen:
            what = f"there is another value already for {case[0]} = {in_words(case[1])}"
            location.at(number).report(what, "Keep one of them.", "Only the first that fits counts.")
        seen.add(case)
    return found


def _variation(raw: object, value: Value | Duration | None, fields: Fields, location: Location) -> Variation | None:
    spec = structure(raw, VariationSpec, location)
    if spec is None:
        return None
    field = find(fields, spec.field, "field", location.at("field"))
    then = _value(spec.value, location.at("value"))
    if then is not None and value is not None and kind_of(then) != kind_of(value):
        what = f"the value is {kind_of(then)}, and the parameter's own is {kind_of(value)}"
        location.at("value").report(what, "Use the same sort of value for every case.")
    if field is None or then is None:
        return None
    case = field.read(spec.is_)
    if isinstance(case, Fault):
        location.at("is").report(f"{field.name}: {case.what}", case.advice)
        return None
    return Variation(field, case, then)


def misfit(field: Field, parameter: Parameter) -> str:
    """Why the parameter's values cannot be compared with the field; empty if they can."""
    for value in (parameter.value, *(variation.then for variation in parameter.variations)):
        if isinstance(value, Duration):
            return "it is a length of time"
        read = field.read(value)
        if isinstance(read, Fault):
            return read.what if field.kind is Kind.CHOICE and isinstance(value, str) else f"it is {kind_of(value)}"
    return ""


_HIGHEST = 100


def read_bands(raw: object, documents: Documents, location: Location) -> Bands | None:
    """The bands, or None after telling everything that is wrong with them."""
    spec = structure(raw, BandsSpec, location)
    if spec is None:
        return None
    source = read_source(spec.source, documents, location.at("source"))
    if spec.minimum < 1:
        location.at("minimum").report(
            f"the minimum is {spec.minimum}", "Use 1 or more.", "A rate of no cases is no rate."
        )
    bands = _list(spec.band, location.at("band"))
    return None if source is None or not bands else Bands(bands, spec.minimum, spec.status, source)


def _list(raw: Any, location: Location) -> tuple[Band, ...]:  # noqa: ANN401 - whatever the file says
    if not isinstance(raw, list) or not raw:
        location.report("there are no bands", "Write each under its own heading, [[bands.band]].")
        return ()
    read = [_band(entry, location.at(number)) for number, entry in enumerate(raw)]
    bands = tuple(band for band in read if band is not None)
    if len(bands) < len(read):
        return ()
    _check(bands, location)
    return bands


def _band(raw: object, location: Location) -> Band | None:
    spec = structure(raw, BandSpec, location)
    if spec is None:
        return None
    is_id(spec.id, "band", location.at("id"))
    if not 0 <= spec.at_least <= _HIGHEST:
        location.at("at_least").report(f"{spec.at_least} is no percentage", "Use a whole number from 0 to 100.")
    return Band(spec.id, spec.label, spec.at_least)


def _check(bands: tuple[Band, ...], location: Location) -> None:
    for number, (higher, lower) in enumerate(pairwise(bands), 1):
        if higher.at_least <= lower.at_least:
            what = f"{lower.id} begins at {lower.at_least} per cent, and {higher.id} before it at {higher.at_least}"
            location.at(number, "at_least").report(what, "Order the bands from the highest to the lowest.")
    if bands[-1].at_least != 0:
        what = f"the lowest band begins at {bands[-1].at_least} per cent"
        location.at(len(bands) - 1, "at_least").report(what, "Begin it at 0.", "Every rate must fall into a band.")
    ids = [band.id for band in bands]
    for number, id_ in enumerate(ids):
        if id_ in ids[:number]:
            location.at(number, "id").report(f'there is another band "{id_}"', "Give each band an id of its own.")


def read_calendar(name: str, location: Location) -> WorkingCalendar | None:
    """The calendar, or None after telling everything that is wrong with it."""
    spec = structure(location.file.data, CalendarSpec, location)
    if spec is None:
        return None
    if spec.covers_from > spec.covers_until:
        what = f"it covers {in_words(spec.covers_from)} until {in_words(spec.covers_until)}, which is earlier"
        location.at("covers_until").report(what, "Swap the dates.")
        return None
    holidays = _holidays(spec, location.at("holidays"))
    if holidays is None:
        return None
    return WorkingCalendar(name, spec.title, spec.covers_from, spec.covers_until, frozenset(holidays), spec.source)


def _holidays(spec: CalendarSpec, location: Location) -> set[date] | None:
    if not isinstance(spec.holidays, list):
        location.report('"holidays" is not a list', "Write the dates as holidays = [2016-01-01, ...].")
        return None
    found: set[date] = set()
    for number, day in enumerate(spec.holidays):
        wrong = _wrong(day, found, spec)
        if wrong:
            location.at(number).report(*wrong)
        else:
            found.add(day)
    return found


def _wrong(day: object, found: set[date], spec: CalendarSpec) -> tuple[str, str] | None:
    if not isinstance(day, date) or isinstance(day, datetime):
        return f'"{in_words(day)}" is not a date', "Write year-month-day without quotes, as in 2016-01-01."
    if not spec.covers_from <= day <= spec.covers_until:
        return f"{in_words(day)} lies outside the dates that the calendar covers", "Mend the date, or covers_until."
    if day in found:
        return f"{in_words(day)} stands in the list twice", "Keep it once, and look whether another day was meant."
    return None
