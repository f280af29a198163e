"""Options that more than one command takes."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from attrs import Factory, define, evolve

from casescreen.files.atomic import write_whole
from casescreen.model.case import EXAMPLE, NOT_CONFIRMED, Caseload
from casescreen.model.problem import Fault, Problem, ProblemsError, grouped
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Quoting
from casescreen.resources import rulebook_folder, shipped_rulebooks
from casescreen.text import counted, visible

if TYPE_CHECKING:
    from casescreen.cases.load import Suggest
    from casescreen.cases.mapping.model import CaseMapping, Suggestion
    from casescreen.cases.tables.sheet import Sheet

_F = TypeVar("_F", bound=Callable[..., Any])

WITH_TEXT = "Show the text of the records too: notes, descriptions, and readers' reasons."

REFUSED_ADVICE = (
    "look at the spelling, and whether you may read and write there. If the file is open in another program, close it."
)

# More problems than this nobody reads in one go: mending the first ones often mends the rest.
_MOST_PROBLEMS = 200
_TODAY = f"{__name__}.today"
_LEAST_WIDTH, _USUAL_WIDTH = 60, 100
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class IsoDate(click.ParamType[date]):
    """A date as year-month-day."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date, or a usage error that says how to write one."""
        day = value if isinstance(value, date) else None
        if day is None and _ISO_DATE.fullmatch(str(value)):
            with suppress(ValueError):
                day = date.fromisoformat(str(value))
        if day is None:
            self.fail(
                f'"{visible(str(value))}" is not a date. Write it as year-month-day, as in 2016-05-09.', param, ctx
            )
        return day


def rules_option(function: _F) -> _F:
    """Which rulebook to use."""
    return click.option(
        "--rules",
        metavar="RULES",
        help="The rulebook: a folder, or the name of one that comes with casescreen. [default: the one that comes]",
    )(function)


def mapping_option(function: _F) -> _F:
    """What the tables of somebody else mean."""
    return click.option(
        "--mapping",
        metavar="MAPPING",
        help="What the columns of workbooks, CSV and Parquet mean: a TOML file, or the name of a mapping that "
        "comes with casescreen.",
    )(function)


def reading_options(function: _F) -> _F:
    """How strictly records are read, and when they were taken."""
    strict = click.option("--strict", is_flag=True, help="Leave a record out as soon as anything in it cannot be read.")
    taken_on = click.option(
        "--taken-on",
        type=IsoDate(),
        metavar="DATE",
        help="The day on which the records were taken: no work can be of a later one. [default: today]",
    )
    return strict(taken_on(function))


def as_of_option(function: _F) -> _F:
    """The as-of date."""
    return click.option(
        "--as-of",
        type=IsoDate(),
        metavar="DATE",
        help="Judge the cases as they stood on this date, as in 2016-05-09. [default: today]",
    )(function)


def holidays_option(function: _F) -> _F:
    """Local holidays."""
    return click.option(
        "--holiday",
        "holidays",
        type=IsoDate(),
        metavar="DATE",
        multiple=True,
        help="A day on which nobody works here, beside public holidays: no working day for limits that no law and no "
        "national standard sets. Can be given several times.",
    )(function)


def profile_options(function: _F) -> _F:
    """What is local, in a file and for this run."""
    profile = click.option(
        "--profile",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="What is local: limits of your own, what is switched off and why, questions of your own. casescreen "
        "profile new makes such a file.",
    )
    settings = click.option(
        "--set",
        "settings",
        type=_NameAndValue(),
        metavar="NAME=VALUE",
        multiple=True,
        help='Try another number for this run only, as in --set plan_due="10 working days". Can be given several '
        "times.",
    )
    return profile(settings(function))


class _NameAndValue(click.ParamType[tuple[str, str]]):
    """A name and a value, with an equals sign between."""

    name = "setting"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Both, or a usage error that says how to write them."""
        name, sign, given = str(value).partition("=")
        if isinstance(value, tuple):
            return value
        if not sign or not name.strip() or not given.strip():
            what = f'"{visible(str(value))}" is not a name and a value.'
            self.fail(f'{what} Write it as in plan_due="10 working days".', param, ctx)
        return name.strip(), given.strip()


def unattended_option(function: _F) -> _F:
    """Whether nobody looks at what the run says."""
    return click.option(
        "--unattended",
        is_flag=True,
        help="Say that nobody looks at this run, as of a scheduled task: no mapping is used that nobody has confirmed.",
    )(function)


def width_option(function: _F) -> _F:
    """How wide what is printed may be."""
    return click.option(
        "--width",
        type=click.IntRange(60, 400),
        metavar="COLUMNS",
        help="The longest line. [default: the terminal's, else 100]",
    )(function)


def force_option(function: _F) -> _F:
    """Whether an output file is replaced."""
    return click.option("--force", is_flag=True, help="Replace the output file if it is there already.")(function)


def terminal_width() -> int:
    """The terminal's width if there is one to see the output on; the same everywhere else."""
    if not sys.stdout.isatty():
        return _USUAL_WIDTH
    from shutil import get_terminal_size  # noqa: PLC0415 - start-up time: it brings every kind of archive

    return max(_LEAST_WIDTH, get_terminal_size().columns)


def is_coloured() -> bool:
    """Whether standard output is a terminal that shows colours, and nobody has asked for none."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def now() -> datetime:
    """The day and time where the user is: the one place that reads the clock."""
    return datetime.now(UTC).astimezone()


def today() -> date:
    """Today's date where the user is: throughout a run that of its beginning, though midnight should pass meanwhile."""
    context = click.get_current_context(silent=True)
    if context is None:
        return now().date()
    if _TODAY not in context.meta:
        context.meta[_TODAY] = now().date()
    day = context.meta[_TODAY]
    assert isinstance(day, date)
    return day


def rulebook_named(rules: str | None, holidays: Iterable[date] = ()) -> Rulebook:
    """The rulebook that the option names, with local holidays."""
    # Imported when used: start-up time.
    from casescreen.rulebook.load import load_rulebook  # noqa: PLC0415

    rulebook, days = load_rulebook(rules) if rules else load_rulebook(), tuple(holidays)
    if not days:
        return rulebook
    from casescreen.rulebook.parameters import with_local_holidays  # noqa: PLC0415

    return with_local_holidays(rulebook, days)


def rules_in_force(
    rules: str | None,
    holidays: Iterable[date] = (),
    profile: Path | None = None,
    settings: Sequence[tuple[str, str]] = (),
) -> Rulebook:
    """The rulebook that the options name, with what is local laid over it: profiles, settings, and days off.

    Where the rulebook is not the one that the profile was written for, that is said on standard error.

    Raises:
        CasescreenError: there is no such rulebook, or a day is no local holiday.
        ProblemsError: everything that is wrong with the profile, with file, line and advice.
    """
    if profile is None and not settings:
        return rulebook_named(rules, holidays)
    from casescreen.rulebook.local_numbers import Setting  # noqa: PLC0415 - the same
    from casescreen.rulebook.parameters import with_local_holidays  # noqa: PLC0415 - imported when used: start-up time
    from casescreen.rulebook.profile_files import load_profile  # noqa: PLC0415 - the same

    laid = load_profile(profile, tuple(Setting(*one) for one in settings), rules)
    if laid.moved is not None:
        from casescreen.report.local_rules import moved_in_words  # noqa: PLC0415 - needed seldom

        say(f"{moved_in_words(laid.moved, laid.base.id)}\n")
    known = laid.rulebook.calendar.local_holidays
    return with_local_holidays(laid.rulebook, [day for day in holidays if day not in known])


def cases_from(
    sources: tuple[str, ...],
    rulebook: Rulebook,
    mapping: str | None = None,
    *,
    suggest: Suggest | None = None,
    taken_on: date | None = None,
    quoting: Quoting = Quoting.REFERENCES,
    strict: bool = True,
) -> Caseload:
    """The cases that the arguments name, read against the rulebook, by a mapping if one is named or suggested."""
    from casescreen.cases.load import read_cases  # noqa: PLC0415 - imported when used: start-up time

    caseload = read_cases(
        sources,
        rulebook.dictionary,
        criteria=rulebook.answerable,
        taken_on=taken_on,
        mapping=mapping_named(mapping, rulebook) if mapping else None,
        suggest=suggest,
        quoting=quoting,
        strict=strict,
    )
    say_examples(caseload.examples)
    return caseload


def suggested(sheets: Sequence[Sheet], rulebook: Rulebook, rules: str | None, taken_on: date) -> Suggestion:
    """The mapping that is suggested for sheets by the words that stand beside the rulebook of the option.

    Raises:
        ProblemsError: none can be.
    """
    from casescreen.cases.mapping.suggest import suggest  # noqa: PLC0415 - imported when used: start-up time
    from casescreen.cases.mapping.vocabulary import read_vocabulary  # noqa: PLC0415 - the same

    vocabulary = read_vocabulary(rulebook_folder(rules, shipped_rulebooks()), rulebook.dictionary)
    suggestion = suggest(sheets, rulebook, vocabulary, taken_on)
    if isinstance(suggestion, tuple):
        raise ProblemsError(suggestion)
    return suggestion


_NOT_CONFIRMED = Fault(
    "no heading of the tables is known, and nobody has confirmed what their columns mean",
    "Run casescreen mapping suggest with --output my-mapping.toml, look at every line of what it writes, and name it "
    "with --mapping.",
)
_WHY_CONFIRMED = "A suggestion is used only where somebody can look at it."


@define(eq=False)
class ShownSuggestion:
    """Suggests a mapping for tables of which no heading is known, and shows it.

    Attributes:
        sources: where the cases come from, as it was typed.
        rulebook: the rulebook.
        rules: the option that names it.
        taken_on: the day on which the records were taken.
        width: the longest line; None where it is only said that there is one, as it quotes the tables.
        refused: whether only what somebody has confirmed may be used.
        kept_in: the file that it is kept in; None if it is not.
        made: the suggestions.
    """

    sources: Sequence[str]
    rulebook: Rulebook
    rules: str | None
    taken_on: date
    width: int | None
    refused: bool = False
    kept_in: Path | None = None
    made: list[Suggestion] = Factory(list)

    def __call__(self, sheets: Sequence[Sheet]) -> CaseMapping:
        """The mapping.

        Raises:
            ProblemsError: none can be suggested, or it may not be used.
            CasescreenError: it cannot be kept.
        """
        from casescreen.cases.mapping.suggestion_text import mapping_text, suggestion_lines  # noqa: PLC0415 - start-up

        if self.refused or "-" in self.sources:
            raise ProblemsError([_NOT_CONFIRMED.at(sheets[0].place(0), _WHY_CONFIRMED)])
        suggestion = suggested(sheets, self.rulebook, self.rules, self.taken_on)
        if self.width is None:
            say(f"{NOT_CONFIRMED} How they were quotes the tables, so it is not told under pseudonyms.")
        else:
            for line in suggestion_lines(suggestion, self.rulebook.dictionary.tables, self.width):
                say(line)
        if self.kept_in is not None and self.made:
            say(f"It is not kept in {visible(str(self.kept_in))}, which holds the first.")
        elif self.kept_in is not None:
            text = mapping_text(suggestion, f"Mapping of {visible(Path(self.sources[0]).name)}")
            write_whole(self.kept_in, text, force=False)
            say(f"Written to {visible(str(self.kept_in))}.")
        self.made.append(suggestion)
        return suggestion.mapping


def mapping_named(mapping: str, rulebook: Rulebook) -> CaseMapping:
    """The mapping that the option names, checked against the rulebook's dictionary."""
    from casescreen.cases.mapping.load import read_mapping  # noqa: PLC0415 - imported when used: start-up time

    return evolve(
        read_mapping(mapping, rulebook.dictionary), manager=rulebook.dictionary.fields.get(rulebook.roles.manager)
    )


def show(text: str) -> None:
    """Print on standard output. A reader who has seen enough (head, a pager) is no error: the rest goes nowhere."""
    try:
        click.echo(text, nl=not text.endswith("\n"))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


_HEARER: ContextVar[Callable[[str], str] | None] = ContextVar("_HEARER", default=None)


@contextmanager
def heard_by(hearer: Callable[[str], str]) -> Iterator[None]:
    """Let ``hearer`` hear every note before it is printed, and print what it makes of it."""
    token = _HEARER.set(hearer)
    try:
        yield
    finally:
        _HEARER.reset(token)


def say(text: str, *, nl: bool = True) -> None:
    """Print a note on standard error; where nobody reads it, what is left to do is done all the same."""
    hearer = _HEARER.get()
    with suppress(OSError):
        click.echo(text if hearer is None else hearer(text), nl=nl, err=True)


def called_now(criterion: str, rulebook: Rulebook) -> str:
    """What a criterion is called now; where that is not what was typed, it is said on standard error."""
    now = rulebook.renamed.get(criterion, criterion)
    if now != criterion:
        say(f"{visible(criterion)} is called {now} now.\n")
    return now


def problems_in_words(problems: Sequence[Problem]) -> str:
    """The problems in words, each in a few lines, and those of one column once.

    Of very many, the first ones are told and how many more there are.
    """
    lines = [*map(str, grouped(problems))]
    if len(lines) > _MOST_PROBLEMS:
        lines[_MOST_PROBLEMS:] = [f"... and {len(lines) - _MOST_PROBLEMS:,} more problems like these."]
    return "".join(f"{line}\n" for line in lines)


def say_examples(number: int) -> None:
    """Say how many records were passed over because they only show how one is written, if there are any."""
    if number:
        were = counted(number, "record was", "records were")
        say(f"{were} not read: the id is {EXAMPLE}, which only shows how a record is written.")


def say_problems(problems: Sequence[Problem], left_out: int) -> None:
    """Print what is wrong with records, and how many were left out, on standard error."""
    say(problems_in_words(problems), nl=False)
    if problems:
        records = f" {counted(left_out, 'record was', 'records were')} left out." if left_out else ""
        say(f"\n{counted(len(problems), 'problem')}.{records}")
