"""Conditions in plain words, whatever the case: for `rules show`, and for what would have to be true."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from casescreen.model.calendar import Duration
from casescreen.model.condition import (
    All,
    Any,
    AsOf,
    Compare,
    Condition,
    Count,
    Covered,
    FromField,
    FromParameter,
    Literal,
    Not,
    Operand,
    OverRows,
    Quantifier,
    Recorded,
    Within,
)
from casescreen.model.dictionary import Dictionary, Field, Kind, Value
from casescreen.model.rulebook import DerivedField, Parameter, Rulebook
from casescreen.text import Withheld, in_words, listed


def supplied_in_words(supplied: Value | tuple[Value, ...] | Duration | None) -> str:
    """The other side of a test: a value, a list of them, or a length of time."""
    if isinstance(supplied, tuple):
        return listed(map(quoted, supplied))
    return str(supplied) if isinstance(supplied, Duration) else quoted(supplied)


def quoted(value: Value | Duration | None) -> str:
    """A value in words; a word of a list in quotes, so that it is not read as part of what stands around it."""
    if value is None:
        return "not recorded"
    if isinstance(value, Withheld):
        return str(value)
    if isinstance(value, str):
        return f'"{in_words(value)}"'
    return str(value) if isinstance(value, Duration) else in_words(value)


def parameter_in_words(parameter: Parameter) -> str:
    """The value of a parameter, with what it is for the cases where it is something else."""
    usual = quoted(parameter.value)
    if not parameter.variations:
        return usual
    others = "; ".join(
        f"{quoted(other.then)} where {other.field.label} is {quoted(other.value)}" for other in parameter.variations
    )
    return f"{usual} ({others})"


class ConditionText:
    """Puts the conditions of one rulebook into words."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Keep what names tables and gives parameters."""
        self._dictionary: Dictionary = rulebook.dictionary
        self._parameters: Mapping[str, Parameter] = rulebook.parameters

    def condition(self, condition: Condition) -> str:
        """The condition as part of something longer."""
        match condition:
            case Compare(field, operator, operand):
                return f"{field.label}: {operator.words}{self.operand(operand)}"
            case Recorded(field, expected):
                return f"{field.label}: {'recorded' if expected else 'not recorded'}"
            case Within(field, limit, of, early):
                late_end = f"{field.label}: within {self.operand(limit)} of the date of {quote_label(of)}"
                return late_end if early is None else f"{late_end}, {self._early_end(early)}"
            case All(parts):
                return self._joined(parts, " and ", Any)
            case Any(parts):
                return self._joined(parts, " or ", All)
            case Not(part):
                return f"it is not so that ({self.condition(part)})"
            case OverRows() | Count() | Covered():
                return self._rows(condition)
            case _:
                assert_never(condition)

    def sources(self, derived: DerivedField) -> str:
        """Where a derived field comes from, the first that holds first."""
        each = []
        for source in derived.sources:
            words = quoted(source.value) if source.field is None else source.field.label
            if source.plus is not None:
                words = f"{self.operand(source.plus)} after {words}"
            each.append(words if source.when is None else f"{words}, where {self.condition(source.when)}")
        return "; else ".join(each)

    def operand(self, operand: Operand) -> str:
        """The other side of a test, before any case is read."""
        match operand:
            case Literal(value):
                return supplied_in_words(value)
            case AsOf():
                return "the as-of date"
            case FromField(field):
                return f"the date of {quote_label(field)}" if field.kind is Kind.DATE else quote_label(field)
            case FromParameter(name):
                return parameter_in_words(self._parameters[name])
            case _:
                assert_never(operand)

    def _early_end(self, early: Literal | FromParameter) -> str:
        if isinstance(early, Literal) and isinstance(early.value, Duration) and not early.value.count:
            return "and not before it"
        return f"or up to {self.operand(early)} before it"

    def _joined(self, parts: tuple[Condition, ...], by: str, other: type[All | Any]) -> str:
        def part_in_words(part: Condition) -> str:
            words = self.condition(part)
            return f"({words})" if isinstance(part, other) and len(part.parts) > 1 else words

        return by.join(part_in_words(part) for part in parts)

    def _rows(self, condition: OverRows | Count | Covered) -> str:
        table = self._dictionary.tables[condition.table]
        chosen = f" where {self.condition(condition.where)}" if condition.where is not None else ""
        match condition:
            case OverRows(Quantifier.EVERY, satisfies=satisfies):
                return f"for every {table.one}{chosen}: {self.condition(satisfies)}"
            case OverRows(satisfies=satisfies):
                return f"for at least one {table.one}{chosen}: {self.condition(satisfies)}"
            case Count():
                return f"number of {table.label}{chosen}: {bounds_in_words(condition)}"
            case Covered(field=field, by=by):
                label = self._dictionary.tables[by.table].label
                return f"for every {table.one}{chosen}: {quote_label(field)} is found among the {label}"


def bounds_in_words(condition: Count) -> str:
    """The bounds of a count: at least 1, at most 3."""
    low = [] if condition.at_least is None else [f"at least {condition.at_least}"]
    high = [] if condition.at_most is None else [f"at most {condition.at_most}"]
    return " and ".join(low + high)


def quote_label(field: Field) -> str:
    """A field's label as a thing that is spoken of."""
    return f'"{field.label}"'
