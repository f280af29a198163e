"""Options that go together, each group of them given to a command as one value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from attrs import AttrsInstance, fields, frozen

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
)
from casescreen.model.rulebook import Rulebook

if TYPE_CHECKING:
    from casescreen.cli.waived import NamedWaivers
    from casescreen.review.answers_in_use import NamedAnswers

_T = TypeVar("_T")
_Option = Callable[[Callable[..., Any]], Callable[..., Any]]
"""What declares an option of a command, or several."""


def option_group(name: str, kind: type[AttrsInstance], *options: _Option) -> _Option:
    """Options that are given to a command as one value: ``name``, which is a ``kind``.

    Args:
        name: the parameter of the command.
        kind: the class of the value; its attributes are called like the options in Python.
        options: what declares them, in the order of the help.
    """
    names = [attribute.name for attribute in fields(kind)]

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def gathering(**given: object) -> object:
            value = kind(**{one: given.pop(one) for one in names})
            return function(**given, **{name: value})

        made: Callable[..., Any] = gathering
        for option in reversed(options):
            made = option(made)
        return made

    return decorate


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
        mapping_out: the file that a mapping is kept in which is suggested; None if it is not.
    """

    mapping: str | None
    as_of: date
    holidays: tuple[date, ...]
    strict: bool
    taken_on: date
    unattended: bool = False
    mapping_out: Path | None = None

    @property
    def days(self) -> tuple[date, date]:
        """The day as at which cases are judged, and the day on which the records were taken."""
        return self.as_of, self.taken_on

    def suggest(
        self, cases: tuple[str, ...], rulebook: Rulebook, rules: RuleOptions, width: int | None
    ) -> ShownSuggestion:
        """What suggests a mapping for those of the cases of which no heading is known, and shows it that wide."""
        return ShownSuggestion(
            cases, rulebook, rules.name, self.taken_on, width, refused=self.unattended, kept_in=self.mapping_out
        )


def record_options(*more: _Option) -> _Option:
    """How records are read and judged, given to the command as one value: ``records``, which is RecordOptions.

    Args:
        more: options that not every command has: that nobody looks at the run, and where a mapping is kept.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def gathering(
            mapping: str | None,
            as_of: date | None,
            holidays: tuple[date, ...],
            strict: bool,
            taken_on: date | None,
            unattended: bool = False,  # noqa: FBT002 - click gives each option by name
            mapping_out: Path | None = None,
            **others: object,
        ) -> object:
            records = RecordOptions(
                mapping, as_of or today(), holidays, strict, taken_on or today(), unattended, mapping_out
            )
            return function(records=records, **others)

        made: Callable[..., Any] = as_of_option(holidays_option(reading_options(gathering)))
        for option in reversed(more):
            made = option(made)
        return mapping_option(made)

    return decorate


@frozen
class WaiverOptions:
    """What is accepted, as options say.

    Attributes:
        waivers: the file of waivers; None where none is named.
        no_waivers: whether waivers are disregarded, whatever file is named.
    """

    waivers: Path | None
    no_waivers: bool

    def file(self, suppress_under: int | None = None) -> Path | None:
        """The file that counts, if one does; that waivers are disregarded is said on standard error.

        Raises:
            click.UsageError: small counts are not to be shown.
        """
        if self.waivers is None and not self.no_waivers:
            return None
        from casescreen.cli.waived import waivers_in_use  # noqa: PLC0415 - only who names waivers waits for it

        return waivers_in_use(self.waivers, suppress_under, disregarded=self.no_waivers)


def waivers_read(file: Path | None, rulebook: Rulebook, as_of: date, *, told: bool = True) -> NamedWaivers | None:
    """The waivers in the file that counts, read before anything is screened; raises as ``waivers_named`` does."""
    if file is None:
        return None
    from casescreen.cli.waived import typed_rules, waivers_named  # noqa: PLC0415 - only who names waivers waits for it

    return waivers_named(file, rulebook, as_of, typed_rules(click.get_current_context().params), told=told)


waiver_options = option_group(
    "waivers",
    WaiverOptions,
    click.option(
        "--waivers",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="A file of waivers: who accepts which finding, why and until when. It changes no outcome and no figure. "
        "casescreen waivers makes it.",
    ),
    click.option(
        "--no-waivers", is_flag=True, help="Disregard waivers, whatever file is named: everything counts as found."
    ),
)


@frozen
class AnswerOptions:
    """Whose answers are used, as options say.

    Attributes:
        answers: one reader's answers, in a file; None where those of the records are used.
        moderated: what counts where two readers differ; None where nothing is named.
    """

    answers: Path | None
    moderated: Path | None

    def refuse(self, history: Path | None = None, suppress_under: int | None = None) -> None:
        """Refuse what cannot go with answers of a file.

        Raises:
            click.UsageError: it was asked for.
        """
        if self.answers is not None or self.moderated is not None:
            from casescreen.cli.answers_used import refuse_answers  # noqa: PLC0415 - only who names answers waits

            refuse_answers(self.moderated, self.answers, history, suppress_under)

    def read(self, rulebook: Rulebook, days: tuple[date, date], *, told: bool = True) -> NamedAnswers | None:
        """The answers in the file, where one is named; raises as ``answers_named`` does."""
        if self.answers is None:
            return None
        from casescreen.cli.answers_used import answers_named  # noqa: PLC0415 - only who names answers waits for it

        return answers_named(self.answers, self.moderated, rulebook, days, told=told)


answer_options = option_group(
    "answers",
    AnswerOptions,
    click.option(
        "--answers",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="One reader's answers, in place of all that the records have of the cases in the file; reports say so.",
    ),
    click.option(
        "--moderated",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="With --answers: what counts where two readers differ, by the sheet Moderate of casescreen agree.",
    ),
)
