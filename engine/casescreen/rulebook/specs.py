"""The plain parts of rule files, as they are written. What stands as ``Any`` is read by a module of its own.

The classes have no methods but the constructor: they are passed on and never compared or shown, and making
the others would be a good part of the time that it takes to start.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from attrs import frozen

from casescreen.model.dictionary import Kind
from casescreen.model.outcome import Basis, Outcome, ReadersAnswer
from casescreen.model.rulebook import ConclusionKind, Scope, Severity, Status
from casescreen.rulebook.vocabulary import MANAGER_FIELD


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


@frozen(eq=False, repr=False, slots=False)
class DocumentSpec:
    """A source that may be cited."""

    title: str
    note: str = ""


@frozen(eq=False, repr=False, slots=False)
class ThemeSpec:
    """A group of criteria."""

    title: str


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


@frozen(eq=False, repr=False, slots=False)
class BandSpec:
    """One band."""

    id: str
    label: str
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


@frozen(eq=False, repr=False, slots=False)
class FieldSpec:
    """A field of the case, or a column of a table."""

    label: str
    type: Kind
    meaning: str
    allowed: tuple[str, ...] = ()
    past: bool = False


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
    owner: str = MANAGER_FIELD
    help: str = ""
    applies: Any = None
    met: Any = None
    due: Any = None
    per: Any = None
    flags: Any = None
    example: Any = None


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
    """A flag or a fact."""

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
