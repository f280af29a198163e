"""What a condition needs to know beside the record: the as-of date, the calendar, the parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from attrs import frozen

from casescreen.model.calendar import Duration, WorkingCalendar
from casescreen.model.case import Case
from casescreen.model.dictionary import Field, Kind, Value
from casescreen.model.rulebook import Parameter, Rulebook
from casescreen.model.screening import Quoting, Reading
from casescreen.text import WITHHELD


@frozen
class Context:
    """The terms of one screening, the same for every case.

    Attributes:
        references: the full names of the texts that name something, and are quoted where others are not.
        quoting: how much of the text of a record is put into words.
    """

    as_of: date
    calendar: WorkingCalendar
    parameters: Mapping[str, Parameter]
    references: frozenset[str] = frozenset()
    quoting: Quoting = Quoting.EVERYTHING

    def told(self, field: Field, value: Value | None) -> Value | None:
        """What is said of a value: itself, or that there is text which is not shown."""
        if value is None or field.kind is not Kind.TEXT or self.quoting is Quoting.EVERYTHING:
            return value
        named = self.quoting is Quoting.REFERENCES and field.full_name in self.references
        return value if named else WITHHELD


def context_of(rulebook: Rulebook, as_of: date, quoting: Quoting = Quoting.REFERENCES) -> Context:
    """The terms on which a rulebook is applied as at a date, and how much of the records' text is quoted."""
    return Context(as_of, rulebook.calendar, rulebook.parameters, rulebook.references, quoting)


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
