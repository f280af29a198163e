"""Options that go together, each group of them given to a command as one value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import TypeVar

from attrs import frozen

from casescreen.cli.options import (
    ShownSuggestion,
    as_of_option,
    holidays_option,
    mapping_option,
    profile_options,
    reading_options,
    rulebook_named,
    rules_in_force,
    rules_option,
    today,
    unattended_option,
)
from casescreen.model.rulebook import Rulebook

_T = TypeVar("_T")


@frozen
class RuleOptions:
    """Which rules are to be in force, as options say.

    Attributes:
        name: the rulebook; None for the one that comes.
        profile: what is local, in a file.
        settings: the numbers that are set for this run.
    """

    name: str | None
    profile: Path | None
    settings: tuple[tuple[str, str], ...]

    @property
    def are_local(self) -> bool:
        """Whether anything is laid over the rulebook."""
        return self.profile is not None or bool(self.settings)

    def in_force(self, holidays: Iterable[date] = ()) -> Rulebook:
        """The rulebook with what is local laid over it; raises as ``rules_in_force`` does."""
        return rules_in_force(self.name, holidays, self.profile, self.settings)

    def rulebook(self, holidays: Iterable[date] = ()) -> Rulebook:
        """The rulebook without what is local, but for days off."""
        if self.profile is None:
            return rulebook_named(self.name, holidays)
        from casescreen.rulebook.parameters import with_local_holidays  # noqa: PLC0415 - imported when used
        from casescreen.rulebook.profile_files import load_profile  # noqa: PLC0415 - the same

        return with_local_holidays(load_profile(self.profile, (), self.name).base, holidays)


def rule_options(function: Callable[..., _T]) -> Callable[..., _T]:
    """Which rules are in force, given to the command as one value: ``rules``, which is RuleOptions."""

    @wraps(function)
    def gathering(
        rules: str | None, profile: Path | None, settings: tuple[tuple[str, str], ...], **others: object
    ) -> _T:
        return function(rules=RuleOptions(rules, profile, settings), **others)

    return rules_option(profile_options(gathering))


@frozen
class RecordOptions:
    """How records are to be read and judged, as options say.

    Attributes:
        mapping: what the columns of tables mean; None where nothing is named.
        as_of: the day as at which cases are judged.
        holidays: local ones.
        strict: whether a record is left out as soon as anything in it cannot be read.
        taken_on: the day on which the records were taken.
        unattended: whether nobody looks at the run.
    """

    mapping: str | None
    as_of: date
    holidays: tuple[date, ...]
    strict: bool
    taken_on: date
    unattended: bool = False

    def suggest(
        self, cases: tuple[str, ...], rulebook: Rulebook, rules: RuleOptions, width: int | None
    ) -> ShownSuggestion:
        """What suggests a mapping for those of the cases of which no heading is known, and shows it that wide."""
        return ShownSuggestion(cases, rulebook, rules.name, self.taken_on, width, refused=self.unattended)


def record_options(*, unattended: bool = False) -> Callable[[Callable[..., _T]], Callable[..., _T]]:
    """How records are read and judged, given to the command as one value: ``records``, which is RecordOptions.

    Args:
        unattended: whether the command can be a scheduled task.
    """

    def decorate(function: Callable[..., _T]) -> Callable[..., _T]:
        @wraps(function)
        def gathering(
            mapping: str | None,
            as_of: date | None,
            holidays: tuple[date, ...],
            strict: bool,
            taken_on: date | None,
            unattended: bool = False,  # noqa: FBT002 - the same
            **others: object,
        ) -> _T:
            days = (as_of or today(), taken_on or today())
            records = RecordOptions(mapping, days[0], holidays, strict, days[1], unattended)
            return function(records=records, **others)

        judged = as_of_option(holidays_option(reading_options(gathering)))
        return mapping_option(unattended_option(judged) if unattended else judged)

    return decorate
