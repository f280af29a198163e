"""The parts of generate.toml as they are written."""

from __future__ import annotations

from datetime import date
from typing import Any

from attrs import frozen

from casescreen.model.rulebook import Status


@frozen(eq=False, repr=False, slots=False)
class RecipeSpec:
    """The head of generate.toml."""

    status: Status
    about: str
    as_of: date
    hidden: Any = None
    missing: Any = None
    fields: Any = None
    tables: Any = None
    answers: Any = None


@frozen(eq=False, repr=False, slots=False)
class HiddenSpec:
    """A hidden factor."""

    about: str
    group: str = ""
    shared: Any = 0.0


@frozen(eq=False, repr=False, slots=False)
class MissingSpec:
    """What is not recorded where nothing else is said."""

    share: Any
    tables: Any = 0.0
    follows: Any = None


@frozen(eq=False, repr=False, slots=False)
class DrawSpec:
    """A field or a column."""

    yes: Any = None
    recorded: Any = None
    words: Any = None
    texts: Any = None
    distinct: bool = False
    numbered: str = ""
    cases: int = 0
    of: int = 0
    spread: Any = None
    after: Any = None
    before: Any = None
    days: Any = None
    working_days: Any = None
    in_turn: bool = False
    never: Any = None
    same_as: Any = None
    same: Any = None
    follows: Any = None
    missing: Any = None
    only_if: Any = None


@frozen(eq=False, repr=False, slots=False)
class RowsSpec:
    """A table."""

    rows: Any = None
    like: Any = None
    share: Any = None
    follows: Any = None
    absent: Any = None
    only_if: Any = None
    dated_by: Any = None
    until: Any = None
    columns: Any = None


@frozen(eq=False, repr=False, slots=False)
class AnswersSpec:
    """What readers answered."""

    share: Any
    yes: Any
    not_applicable: Any = 0.0
    reasons: tuple[str, ...] = ()
    follows: Any = None
