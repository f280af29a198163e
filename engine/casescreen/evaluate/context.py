"""What a condition needs to know beside the record: the as-of date, the calendar, the parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from attrs import frozen

from casescreen.model.calendar import WorkingCalendar
from casescreen.model.case import Case
from casescreen.model.dictionary import Value
from casescreen.model.duration import Duration
from casescreen.model.proof import Reading
from casescreen.model.rulebook import Parameter, Rulebook


@frozen
class Context:
    """The terms of one screening, the same for every case."""

    as_of: date
    calendar: WorkingCalendar
    parameters: Mapping[str, Parameter]


def context_of(rulebook: Rulebook, as_of: date) -> Context:
    """The terms on which a rulebook is applied as at a date."""
    return Context(as_of, rulebook.calendar, rulebook.parameters)


def consulted(parameter: Parameter, case: Case) -> Iterator[Reading]:
    """The fields that decide what the parameter is for this case, up to the first that settles it or is missing."""
    for variation in parameter.variations:
        recorded = case.fields.get(variation.field.name)
        yield Reading(variation.field, recorded)
        if recorded is None or recorded == variation.value:
            return


def value_of(parameter: Parameter, case: Case) -> Value | Duration | None:
    """What the parameter is for this case; None if a field that it varies by is not recorded."""
    for variation in parameter.variations:
        recorded = case.fields.get(variation.field.name)
        if recorded is None:
            return None
        if recorded == variation.value:
            return variation.then
    return parameter.value
