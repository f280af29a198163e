"""The numbers that rules use: parameters with their sources, bands of rates, the calendar, and local holidays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import TypeVar

from attrs import evolve

from casescreen.model.calendar import Duration, Unit, WorkingCalendar, read_duration
from casescreen.model.dictionary import Field, Kind, Value
from casescreen.model.problem import CasescreenError, Fault
from casescreen.model.rulebook import (
    LETTER_MINIMUM_KNOWN,
    Band,
    Bands,
    BandSet,
    Document,
    Follows,
    Parameter,
    Rulebook,
    Source,
    Variation,
)
from casescreen.rulebook.file_schema import (
    BandLimitSpec,
    BandSetSpec,
    BandsSpec,
    CalendarSpec,
    ParameterSpec,
    SourceSpec,
    VariationSpec,
    structure,
)
from casescreen.rulebook.names import entries, find, is_id, is_word, read_entries, sound
from casescreen.syntax.rule_file import Location
from casescreen.text import in_words, listed

Documents = Mapping[str, Document | None]
Fields = Mapping[str, Field | None]
Limit = TypeVar("Limit", Band, BandLimitSpec)

# $as_of names the as-of date.
_RESERVED = "as_of"
_LONGEST_OF, _LONGER_THAN, _BY = "longest_of", "longer_than", "by"
_HIGHEST = 100
_SATURDAY = 5
_WEEKEND = ("Saturday", "Sunday")


def read_source(spec: SourceSpec, documents: Documents, location: Location) -> Source | None:
    """The source, if the document that it names is listed."""
    document = find(documents, spec.document, "document", location.at("document"))
    return None if document is None else Source(document, spec.paragraph, spec.note)


def read_parameters(
    raw: object, documents: Documents, fields: Fields, location: Location
) -> dict[str, Parameter | None]:
    """Every parameter by name; None for those that are broken."""
    parameters: dict[str, Parameter | None] = {}
    for name, entry in entries(raw, "parameter", location).items():
        place = location.at(name).named(f"parameter {name}")
        if is_word(name, "parameter", place) and name == _RESERVED:
            place.report(f'"{name}" cannot be a parameter', "Choose another name.", "$as_of is the as-of date.")
        parameters[name] = None
        spec = structure(entry, ParameterSpec, place)
        if spec is None:
            continue
        source = read_source(spec.source, documents, place.at("source"))
        follows, other = _follows(spec.value, parameters, place.at("value"))
        followed = None if follows is None or other is None else _followed(follows, other, place.at("value"))
        value = followed[0] if followed else read_value(spec.value, place.at("value")) if follows is None else None
        if follows is not None and follows.by is not None and spec.for_ is not None:
            what = "its other values come of those of the parameter that it follows"
            place.at("for").report(what, "Leave them out, or write its value out.")
        written = read_variations(spec.for_, value, fields, place.at("for"))
        variations = followed[1] if followed and followed[1] else written
        if name == LETTER_MINIMUM_KNOWN and value is not None:
            check_share(value, variations, place)
        if source is not None and value is not None:
            parameters[name] = Parameter(name, spec.label, value, spec.status, source, variations, follows)
    return parameters


def check_share(value: Value | Duration, variations: Sequence[Variation], location: Location) -> None:
    """Tell of a parameter that is read by its name, and not by rules, where it is no share of all questions."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _HIGHEST:
        advice = "Use a whole number from 1 to 100, or leave the parameter out if any share will do."
        what = f"{value if isinstance(value, Duration) else in_words(value)} is no share of the questions, in per cent"
        location.at("value").report(what, advice)
    if variations:
        location.at("for").report("it is about all cases together", "Leave its other values out.")


def read_value(raw: object, location: Location) -> Value | Duration | None:
    """The value of a parameter; None after telling why there is none."""
    if isinstance(raw, str) and raw.strip():
        return read_duration(raw) or raw
    if isinstance(raw, bool | int) or (isinstance(raw, date) and not isinstance(raw, datetime)):
        return raw
    advice = 'Write a number, a text, true or false, a date, or a length of time as in "15 working days".'
    location.report(f"{in_words(raw) or 'an empty text'} cannot be the value of a parameter", advice)
    return None


def _follows(
    raw: object, parameters: Mapping[str, Parameter | None], location: Location
) -> tuple[Follows | None, Parameter | None]:
    """How a value comes of that of a parameter which stands before, and that parameter.

    Nothing where it is written out; no parameter after telling why there is none.
    """
    if not isinstance(raw, dict):
        return None, None
    unknown = Follows("")
    if set(raw) not in ({_LONGEST_OF}, {_LONGER_THAN, _BY}):
        advice = (
            f'Write {{ {_LONGEST_OF} = "..." }} with the name of a parameter that stands above, or '
            f'{{ {_LONGER_THAN} = "...", {_BY} = "10 working days" }}.'
        )
        location.report("this cannot be the value of a parameter", advice)
        return unknown, None
    key = _LONGEST_OF if _LONGEST_OF in raw else _LONGER_THAN
    other = find(parameters, raw[key], "parameter above this one", location.at(key))
    by = None
    if key == _LONGER_THAN:
        by = read_duration(raw[_BY]) if isinstance(raw[_BY], str) else None
        if by is None:
            advice = 'Write a number of working days, days, weeks or months, as in "10 working days".'
            location.at(_BY).report(f'"{in_words(raw[_BY])}" is no length of time', advice)
            return unknown, None
    return (unknown, None) if other is None else (Follows(other.name, by), other)


def _followed(follows: Follows, other: Parameter, location: Location) -> tuple[Duration, tuple[Variation, ...]] | None:
    made = followed_values(follows, other)
    if isinstance(made, Fault):
        key, why = (_LONGEST_OF, "Which is the longest depends on it.") if follows.by is None else (_LONGER_THAN, "")
        location.at(key).report(made.what, made.advice, why)
        return None
    return made


def followed_values(follows: Follows, other: Parameter) -> tuple[Duration, tuple[Variation, ...]] | Fault:
    """The value, and the other values, of a parameter that follows another; or why they cannot be told."""
    lengths = [value for value in other.values if isinstance(value, Duration)]
    units = {one.unit for one in lengths} | ({follows.by.unit} if follows.by else set())
    if len(lengths) < len(other.values) or len(units) > 1:
        beside = f" that {follows.by} can be added to" if follows.by else ""
        what = f"the values of {other.name} are not lengths of time in one unit{beside}"
        return Fault(what, "Name one whose values are, or write the value out.")
    if follows.by is None:
        return max(lengths, key=lambda one: one.count), ()
    value, *others = (Duration(one.count + follows.by.count, one.unit) for one in lengths)
    return value, tuple(evolve(one, then=then) for one, then in zip(other.variations, others, strict=True))


def read_variations(
    raw: object, value: Value | Duration | None, fields: Fields, location: Location
) -> tuple[Variation, ...]:
    """The values of a parameter for some cases; what is wrong with any of them is told."""
    if raw is not None and not isinstance(raw, list):
        location.report("this is not a list", "Write each other value under its own heading, [[parameters.name.for]].")
        return ()
    variations: dict[tuple[str, Value], Variation] = {}
    for number, entry in enumerate(raw or ()):
        place = location.at(number)
        spec = structure(entry, VariationSpec, place)
        if spec is None:
            continue
        field = find(fields, spec.field, "field", place.at("field"))
        then = read_value(spec.value, place.at("value"))
        if then is not None and value is not None and kind_of(then) != kind_of(value):
            what = f"the value is {kind_of(then)}, and the parameter's own is {kind_of(value)}"
            place.at("value").report(what, "Use the same sort of value for every case.")
        if field is None or then is None:
            continue
        case = field.read(spec.is_)
        if isinstance(case, Fault):
            place.at("is").report(f"{field.name}: {case.what}", case.advice)
        elif (field.name, case) in variations:
            what = f"there is another value already for {field.name} = {in_words(case)}"
            place.report(what, "Keep one of them.", "Only the first that fits counts.")
        else:
            variations[field.name, case] = Variation(field, case, then)
    return tuple(variations.values())


def kind_of(value: Value | Duration) -> str:
    """What sort of value a parameter has, in words."""
    if isinstance(value, Duration):
        return "a length of time"
    if isinstance(value, bool):
        return "yes or no"
    if isinstance(value, int):
        return "a number"
    return "a date" if isinstance(value, date) else "a text"


def misfit(field: Field, parameter: Parameter) -> str:
    """Why the parameter's values cannot be compared with the field; empty if they can."""
    for value in parameter.values:
        if isinstance(value, Duration):
            return "it is a length of time"
        read = field.read(value)
        if isinstance(read, Fault):
            return read.what if field.kind is Kind.CHOICE and isinstance(value, str) else f"it is {kind_of(value)}"
    return ""


def read_bands(raw: object, documents: Documents, location: Location) -> Bands | None:
    """The bands, or None after telling everything that is wrong with them."""
    spec = structure(raw, BandsSpec, location)
    if spec is None:
        return None
    source = read_source(spec.source, documents, location.at("source"))
    if spec.minimum < 1:
        what = f"the minimum is {spec.minimum}"
        location.at("minimum").report(what, "Use 1 or more.", "A rate of no cases is no rate.")
    if spec.known is not None and not 1 <= spec.known <= _HIGHEST:
        advice = "Use a whole number from 1 to 100, or leave the line out if any share will do."
        location.at("known").report(f"{spec.known} is no share of the cases, in per cent", advice)
    bands = _limits(spec.band, Band, location.at("band"))
    if bands is None:
        return None
    sets = _band_sets(spec.sets, bands, location.at("sets"))
    if source is None or None in sets.values() or not isinstance(spec.sets or {}, dict):
        return None
    return Bands(tuple(bands), spec.minimum, spec.status, source, spec.known or 0, sound(sets))


def _limits(raw: object, spec: type[Limit], location: Location) -> list[Limit] | None:
    """Bands from the highest to the lowest, or None after telling which are broken."""
    if not isinstance(raw, list) or not raw:
        heading = ".".join(map(str, location.path))
        location.report("there are no bands", f"Write each under its own heading, [[{heading}]].")
        return None
    bands: list[Limit] = []
    for number, entry in enumerate(raw):
        place = location.at(number)
        band = structure(entry, spec, place)
        if band is None:
            continue
        bands.append(band)
        is_id(band.id, "band", place.at("id"))
        if not 0 <= band.at_least <= _HIGHEST:
            place.at("at_least").report(f"{band.at_least} is no percentage", "Use a whole number from 0 to 100.")
    if len(bands) < len(raw):
        return None
    _check_order(bands, location)
    return bands


def _band_sets(raw: object, bands: Sequence[Band], location: Location) -> dict[str, BandSet | None]:
    """The sets of limits by id; None for those that are broken."""
    sets: dict[str, BandSet | None] = {}
    usual = [band.id for band in bands]
    for id_, spec, place in read_entries(raw, "band set", BandSetSpec, location):
        sets[id_] = None
        limits = None if spec is None else _limits(spec.band, BandLimitSpec, place.at("band"))
        if spec is None or limits is None:
            continue
        if (written := [limit.id for limit in limits]) != usual:
            what = f"its bands are {listed(written, 'and')}, and those of [[bands.band]] are {listed(usual, 'and')}"
            place.at("band").report(what, "Give a limit for each of those, under the same id and in the same order.")
            continue
        limited = tuple(evolve(band, at_least=limit.at_least) for band, limit in zip(bands, limits, strict=True))
        sets[id_] = BandSet(id_, spec.label, limited)
    return sets


def _check_order(bands: Sequence[Band | BandLimitSpec], location: Location) -> None:
    ids: set[str] = set()
    for number, lower in enumerate(bands):
        higher = bands[number - 1]
        if number and higher.at_least <= lower.at_least:
            what = f"{lower.id} begins at {lower.at_least} per cent, and {higher.id} before it at {higher.at_least}"
            location.at(number, "at_least").report(what, "Order the bands from the highest to the lowest.")
        if lower.id in ids:
            advice = "Give each band an id of its own."
            location.at(number, "id").report(f'there is another band "{lower.id}"', advice)
        ids.add(lower.id)
    if bands[-1].at_least != 0:
        what = f"the lowest band begins at {bands[-1].at_least} per cent"
        location.at(len(bands) - 1, "at_least").report(what, "Begin it at 0.", "Every rate must fall into a band.")


def read_calendar(name: str, location: Location) -> WorkingCalendar | None:
    """The calendar, or None after telling everything that is wrong with it."""
    spec = structure(location.file.data, CalendarSpec, location)
    if spec is None:
        return None
    if spec.covers_from > spec.covers_until:
        what = f"it covers {in_words(spec.covers_from)} until {in_words(spec.covers_until)}, which is earlier"
        location.at("covers_until").report(what, "Swap the dates.")
        return None
    location = location.at("holidays")
    if not isinstance(spec.holidays, list):
        location.report('"holidays" is not a list', "Write the dates as holidays = [2016-01-01, ...].")
        return None
    holidays: set[date] = set()
    for number, day in enumerate(spec.holidays):
        shown, place = in_words(day), location.at(number)
        if not isinstance(day, date) or isinstance(day, datetime):
            advice = "Write year-month-day without quotes, as in 2016-01-01."
            place.report(f'"{shown}" is not a date', advice)
        elif not spec.covers_from <= day <= spec.covers_until:
            what = f"{shown} lies outside the dates that the calendar covers"
            place.report(what, "Mend the date, or covers_until.")
        elif day in holidays:
            advice = "Keep it once, and look whether another day was meant."
            place.report(f"{shown} stands in the list twice", advice)
        else:
            holidays.add(day)
    return WorkingCalendar(name, spec.title, spec.covers_from, spec.covers_until, frozenset(holidays), spec.source)


def with_local_holidays(rulebook: Rulebook, days: Iterable[date]) -> Rulebook:
    """The rulebook with days off of the place where it is used, which its hash covers.

    They count for limits in working days that no law and no national standard sets: those of status local, ours or
    unverified.

    Raises:
        CasescreenError: everything that is wrong with the days.
    """
    given, calendar = tuple(days), rulebook.calendar
    if not given:
        return rulebook
    if wrong := tuple(_wrong_holidays(given, calendar)):
        raise CasescreenError(
            f"Local holidays cannot be taken: {'; '.join(wrong)}.",
            why="a day that was meant would be missing, and deadlines would be wrong.",
            advice="correct those days, or leave them out.",
        )
    local = calendar.local_holidays | set(given)
    told = ",".join(sorted(day.isoformat() for day in given))
    return evolve(
        rulebook,
        hash=sha256(f"{rulebook.hash}+{told}".encode("ascii")).hexdigest(),
        calendar=evolve(calendar, local_holidays=local),
        parameters={name: _with_local_days(parameter) for name, parameter in rulebook.parameters.items()},
    )


def _wrong_holidays(days: Sequence[date], calendar: WorkingCalendar) -> Iterator[str]:
    covered = f"{in_words(calendar.covers_from)} to {in_words(calendar.covers_until)}"
    for place, day in enumerate(days):
        if not isinstance(day, date) or isinstance(day, datetime):
            yield f'"{in_words(str(day))}" is not a date'
        elif day in days[:place] or day in calendar.local_holidays:
            yield f"{in_words(day)} is given twice"
        elif not calendar.covers(day):
            yield f"{in_words(day)} lies outside the calendar of public holidays, which runs from {covered}"
        elif day.weekday() >= _SATURDAY:
            yield f"{in_words(day)} is a {_WEEKEND[day.weekday() - _SATURDAY]}, which is no working day anyway"
        elif day in calendar.holidays:
            yield f"{in_words(day)} is a public holiday already, in the calendar {calendar.id}"


def _with_local_days(parameter: Parameter) -> Parameter:
    if not parameter.status.is_local:
        return parameter
    variations = tuple(evolve(one, then=_local(one.then)) for one in parameter.variations)
    return evolve(parameter, value=_local(parameter.value), variations=variations)


def _local(value: Value | Duration) -> Value | Duration:
    return evolve(value, local=True) if isinstance(value, Duration) and value.unit is Unit.WORKING_DAY else value
