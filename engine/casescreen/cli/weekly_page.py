"""What is told of a weekly run: on the page beside its settings, whatever becomes of it, and on standard error."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import quote

import click
from attrs import Factory, define, evolve, field

from casescreen.cli.options import REFUSED_ADVICE, now, problems_in_words, say, show
from casescreen.cli.weekly_state import BesideSettings
from casescreen.files.atomic import write_whole
from casescreen.model.problem import CasescreenError, ProblemsError, grouped
from casescreen.model.screening import Summary
from casescreen.report.at_a_glance import at_a_glance
from casescreen.report.formats.html.last_run import LastRun, RunFigure, RunFile, RunNotice, RunVerdict, last_run_page
from casescreen.report.sections.accepted import TO_LOOK_AT, waiver_notes
from casescreen.text import counted, in_words, visible

UNUSABLE = 2
"""The exit code where something cannot be used, or there is no page that says how it went."""

_MOST_TOLD, _MOST_SAID = 10, 60
_PAGE = "the page to read"
_IN_SETTINGS = (
    ("say with --taken-on when the records were taken", "put the day on which they were taken in the name of the file"),
    ("the same --scope", 'the same "scope" in the settings'),
    ("run it again without --pseudonyms, and mend them", "run casescreen check on that file, and mend them"),
)
_OPTION = re.compile(r"(?<![\w-])--(mapping|scope|pseudonyms|profile|waivers|rules)\b(?: KEYFILE| FILE)?")
_HOLIDAYS = re.compile(r"(?<![\w-])--holiday\b")


def in_settings(text: str) -> str:
    """The text with settings, or the file's name, in place of the options that nobody types here."""
    for option, setting in _IN_SETTINGS:
        text = text.replace(option, setting)
    text = _OPTION.sub(lambda found: f'the setting "{found[1]}"', text)
    return _HOLIDAYS.sub('the setting "holidays"', text).replace("--taken-on", "the date in the name of the file")


@define(eq=False)
class RunAccount:
    """What is said of one run so far, and the page that it is written to.

    Attributes:
        beside: the files beside the settings.
        page: what the page says so far.
        warnings: what is to be looked at before the findings.
        said: what else was said.
        added_as_at: the day as at which it was added to the history; None as long as it was not.
    """

    beside: BesideSettings
    page: LastRun = field(init=False)
    warnings: list[RunNotice] = Factory(list)
    said: list[str] = Factory(list)
    added_as_at: date | None = None

    def __attrs_post_init__(self) -> None:
        moment = now()
        self.page = LastRun(
            verdict=RunVerdict.UNFINISHED,
            settings=self.beside.settings.name,
            ran=f"{in_words(moment.date())}, {moment:%H:%M}",
            says="This run has begun and has not ended. If this is still here an hour later, it was stopped half way.",
            next_steps=("Wait a few minutes, and open this page again.", "If nothing changes, run it again."),
        )

    def hear(self, text: str) -> str:
        """Keep what is said for the page, and give it in words of settings."""
        said = in_settings(text)
        self.said += [line.strip() for line in said.splitlines() if line.strip()]
        return said

    def warn(self, what: str, why: str = "", advice: str = "") -> None:
        """Say a warning, and put it on the page."""
        self.say_once(str(CasescreenError(what, why=why, advice=advice)))
        self.note(what, why, advice)

    def say_once(self, text: str) -> None:
        """Say what has a place of its own on the page."""
        before = len(self.said)
        say(text.rstrip("\n"))
        del self.said[before:]

    def note(self, what: str, why: str = "", advice: str = "") -> None:
        """Put a warning on the page that was said already."""
        self.warnings.append(RunNotice(in_settings(what), in_settings(why), in_settings(advice)))

    def linked(self, label: str, path: Path) -> RunFile:
        """A file, with the way to it from the page."""
        try:
            way = os.path.relpath(path, self.beside.page.parent).replace(os.sep, "/")
            link = quote(way, errors="surrogateescape") if ":" not in way else f"./{quote(way)}"
        except ValueError:  # another drive of Windows
            link = path.as_uri()
        return RunFile(label, path.name, link)

    def ended(self, code: int) -> int:
        """Leave the page of a run that went to its end."""
        attention = bool(code or self.warnings)
        verdict = RunVerdict.ATTENTION if attention else RunVerdict.OK
        beside = f"{counted(len(self.warnings), 'warning')}, and " if self.warnings else ""
        by_code = {0: "nothing at or over the level of fail_on", 1: "there are findings to act on"}
        in_short = f"{beside}{by_code.get(code, 'records were left out')}."
        says = f"{in_short[:1].upper()}{in_short[1:]}"
        self.page = evolve(self.page, verdict=verdict, says=says, next_steps=tuple(self._next_steps(code)))
        show(f"{verdict.value}: {in_short}\nThe page on this run: {visible(str(self.beside.page))}")
        return max(code, int(attention)) if self.write_page() else UNUSABLE

    def _next_steps(self, code: int) -> Iterator[str]:
        if self.warnings:
            yield "Look at what stands under “Look at this first”: findings are only as good as the export."
        if code:
            yield "Open the page to read, and begin with what calls for action now."
            if any(one.name.endswith(".xlsx") for one in self.page.files):
                yield "Work through the workbook of actions. What is written beside a Ref stands in next week's, too."
        if not code and not self.warnings:
            yield "Nothing needs to be done."

    def failed(self, error: CasescreenError) -> int:
        """Leave the page of a run that could not be made, and say why."""
        if isinstance(error, ProblemsError):
            problems = grouped(error.problems)
            self.say_once(problems_in_words(error.problems))
            notices = [RunNotice(f"{one.place}: {one.what}", one.why, one.advice) for one in problems[:_MOST_TOLD]]
            if more := len(problems) - len(notices):
                notices.append(RunNotice(f"... and {more:,} more."))
        else:
            self.say_once(str(error))
            notices = [RunNotice(error.what, error.why, error.advice)]
        self._write_failure(*notices)
        return UNUSABLE

    def stopped(self, error: BaseException) -> None:
        """Leave the page of a run that was stopped, or that has a fault."""
        match error:
            case KeyboardInterrupt() | SystemExit() | click.Abort():
                notice = RunNotice("The run was stopped before its end.", advice="Run it again.")
            case OSError():
                where = f" {error.filename}" if error.filename else ""
                refused = f"The computer refused to read or write{where}: {error.strerror or error}."
                notice = RunNotice(refused, advice=REFUSED_ADVICE)
            case MemoryError():
                notice = RunNotice("There is not enough memory.", advice="Screen fewer cases at a time.")
            case _:
                notice = RunNotice(
                    f"casescreen itself has a fault ({type(error).__name__}: {error}).",
                    "the findings cannot be relied on, so none are given.",
                    "Send this to whoever maintains casescreen. Take out anything from a record first.",
                )
        self._write_failure(notice)

    def _write_failure(self, *notices: RunNotice) -> None:
        failure = tuple(RunNotice(*map(in_settings, (one.what, one.why, one.advice))) for one in notices)
        self.page = evolve(
            self.page,
            verdict=RunVerdict.FAILED,
            says="The run did not go to its end: what is below is not all."
            if self.page.files
            else "There are no new findings.",
            failure=failure,
            next_steps=("Put right what went wrong.", self._run_again()),
        )
        self.write_page()

    def _run_again(self) -> str:
        """What to type; for the same day where the next run would be compared with this one, which no report tells."""
        command = f"casescreen weekly {self.beside.settings.name}"
        if self.added_as_at is None:
            return f"Run it again: {command}"
        return (
            f"Run it again as at that day: {command} --as-of {self.added_as_at}. It is in the history, so what is new "
            "in it would stand in no later report."
        )

    def write_page(self) -> bool:
        """Write the page, in some way or other, and say so where that cannot be done."""
        path = self.beside.page
        said = [*self.said[:_MOST_SAID], *(["..."] if len(self.said) > _MOST_SAID else [])]
        text = last_run_page(evolve(self.page, warnings=tuple(self.warnings), said=tuple(said)))
        try:
            write_whole(path, text, force=True)
        except CasescreenError as error:
            why = error.what
        else:
            return True
        try:  # on a full disk there is no room for a second file, and there may be for the first
            if path.is_file() and self.page.verdict is not RunVerdict.UNFINISHED:
                path.write_text(text, encoding="utf-8")
                return True
        except OSError:
            pass
        say(f"{why} If a page is there, it is of an earlier run.")
        return False


def parts_of(text: str) -> tuple[str, str, str]:
    """What is told, why it matters, and what to do, of a message."""
    what, _, rest = text.partition("\n  Why it matters: ")
    why, _, advice = rest.partition("\n  What to do: ")
    return " ".join(what.split()), why.strip(), advice.strip()


def first_figures(result: Summary) -> Iterator[RunFigure]:
    """What one looks at before one opens a report."""
    glance = at_a_glance(result)
    yield RunFigure("Act now", f"{glance.acting or 0:,}", counted(glance.things, "thing"))
    yield RunFigure("Need work", f"{glance.need_work or 0:,}", "other cases")
    yield RunFigure("Nothing found", f"{len(glance.nothing_found):,}", "open cases")
    met, of = sum(one.met for one in glance.themes), sum(one.of for one in glance.themes)
    yield RunFigure("Met", f"{met:,} of {of:,}", "of what is decided")
    cells = counted(glance.unreadable, "value", "values")
    yield RunFigure("Not read", f"{glance.left_out:,}", f"records, and {cells}")


def in_force(result: Summary) -> Iterator[tuple[str, str]]:
    """What else the figures go by, each under its label: what is local, and what is accepted."""
    if (profile := result.rulebook.profile) is not None:
        from casescreen.report.local_rules import local_in_short  # noqa: PLC0415 - needed under a profile only

        yield "Local rules", f"{local_in_short(profile)}. The page to read lists them, under Method."
    for label, said in waiver_notes(result, _PAGE):
        if label not in TO_LOOK_AT:
            yield label.capitalize(), f"{said}."


def no_longer_in_force(result: Summary) -> Iterator[RunNotice]:
    """What is to be looked at before the figures: of the profile, and of what was accepted."""
    profile = result.rulebook.profile
    if profile is not None and profile.moved is not None:
        from casescreen.report.local_rules import moved_in_words  # noqa: PLC0415 - as above

        yield RunNotice(moved_in_words(profile.moved, result.rulebook.id))
    for label, said in waiver_notes(result, _PAGE):
        if label in TO_LOOK_AT:
            yield RunNotice(f"{label.capitalize()}: {said}.", advice="The page to read lists them, under Accepted.")
