"""The numbers that rules use, each with whose it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import fields, has

from casescreen.conditions.description import parameter_in_words
from casescreen.model.condition import FromParameter
from casescreen.model.rulebook import Bands, Criterion, Parameter, Rulebook
from casescreen.report.blocks import Column, Grid


def whose(parameter: Parameter) -> str:
    """Whose number a parameter is, and where it stands."""
    return f"status: {parameter.status.value}; source: {parameter.source}"


def parameters_grid(parameters: Iterable[Parameter]) -> Grid:
    """Each parameter with its value, status and source."""
    columns = (Column("Parameter"), Column("Value"), Column("Status"), Column("Source"))
    rows = ((p.label, parameter_in_words(p), p.status.value, str(p.source)) for p in parameters)
    return Grid(columns, tuple(rows))


def parameters_of(criterion: Criterion, rulebook: Rulebook) -> tuple[Parameter, ...]:
    """The parameters that a criterion uses anywhere, in the rulebook's order."""
    conditions = (criterion.applies, criterion.met, criterion.due, criterion.per, *criterion.flags)
    used = {name for condition in conditions for name in _names(condition)}
    return tuple(parameter for name, parameter in rulebook.parameters.items() if name in used)


def _names(value: object) -> Iterator[str]:
    """The parameters named in a value, however deep: conditions are attrs values all the way down."""
    kind = type(value)
    if isinstance(value, FromParameter):
        yield value.name
    elif isinstance(value, tuple):
        for part in value:
            yield from _names(part)
    elif has(kind):
        for each in fields(kind):
            yield from _names(getattr(value, each.name))


def bands_in_words(bands: Bands) -> str:
    """What the bands of rates are, and whose."""
    ranges = ", ".join(f'"{band.label}" from {band.at_least} per cent' for band in bands.bands)
    few = f"a rate of fewer than {bands.minimum:,} is too few to say"
    note = f" {bands.source.note}" if bands.source.note else ""
    return (
        f"About bands: a rate is {ranges}; {few}. The bands are the rulebook's own "
        f"(status: {bands.status.value}; source: {bands.source}).{note}"
    )
