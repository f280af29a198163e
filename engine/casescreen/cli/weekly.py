"""casescreen weekly: screen the newest export by a settings file, and leave a page on how it went."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import click
from attrs import Factory, define, evolve, field

from casescreen.cli.check import exit_code_of, problems_of, read_and_screen
from casescreen.cli.options import (
    ShownSuggestion,
    as_of_option,
    heard_by,
    now,
    problems_in_words,
    rules_in_force,
    say,
    show,
)
from casescreen.cli.outputs import Wanted, give, keep_apart, say_written
from casescreen.cli.sharing import Sharing, key_from
from casescreen.cli.weekly_export import Export, newest_export
from casescreen.cli.weekly_settings import WeeklySettings, read_settings, starter
from casescreen.cli.weekly_state import BesideSettings, KeptRun, last_before, read_now, warnings
from casescreen.files.atomic import check_place, write_whole
from casescreen.model.case import Caseload
from casescreen.model.problem import CasescreenError, Problem, ProblemsError, grouped
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Quoting, Screening, Summary
from casescreen.report.at_a_glance import at_a_glance
from casescreen.report.formats.html.last_run import (
    LastRun,
    RunFigure,
    RunFile,
    RunNotice,
    RunVerdict,
    changes_page,
    last_run_page,
)
from casescreen.report.formats.registry import FORMATS, By, Format, Options
from casescreen.report.sections.changes import balance, notes
from casescreen.report.wording import SHORT_HASH
from casescreen.text import as_argument, counted, in_words, visible

if TYPE_CHECKING:
    from casescreen.report.carried_over import CarriedOver

_UNUSABLE = 2
_MOST_CHANGES = 5
_MOST_TOLD, _MOST_SAID = 10, 60
_FIRST_WIDTH = 100
_CHANGES = "-changes.html"
_LABELS = {"html": "Page to read", "xlsx": "Workbook of actions", "docx": "Draft letter", "json": "Findings"}

_EPILOG = """\b
Examples:
  casescreen weekly north.toml --new                 make a settings file, and fill it in
  casescreen weekly north.toml                       run it: what a scheduled task runs
  casescreen weekly north.toml --as-of 2026-11-20    run it for an earlier day again
  casescreen weekly north.toml --schedule windows --at "Monday 07:00" --output north-task.xml
  casescreen weekly north.toml --schedule systemd --output north.service
  casescreen weekly north.toml --schedule cron

\b
What became of a run stands on a page beside the settings: north-last-run.html. It is written whatever happens.
Success is what that page says.

\b
Exit codes:
  0  nothing to act on, and no warning
  1  findings at or over the level of fail_on, or a warning
  2  wrong use, settings or an export that cannot be used, or records that were left out
  3  a fault in casescreen itself
"""


@click.command(epilog=_EPILOG)
@click.argument("file", metavar="SETTINGS", type=click.Path(path_type=Path))
@as_of_option
@click.option("--new", is_flag=True, help="Make SETTINGS, a file to fill in, with every line explained.")
@click.option(
    "--schedule",
    type=click.Choice(["windows", "systemd", "cron"]),
    help="Write what lets Windows, systemd or cron run it every week, and say how to install it.",
)
@click.option(
    "--at",
    metavar="WHEN",
    help='With --schedule: the day of the week and the time. [default: "Monday 07:00"]',
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="With --schedule: the file to write.",
)
@click.option("--force", is_flag=True, help="With --schedule: replace the output file if it is there already.")
def command(
    file: Path,
    as_of: date | None,
    new: bool,
    schedule: str | None,
    at: str | None,
    output: Path | None,
    force: bool,
) -> int:
    """Screen the newest export by SETTINGS, as a scheduled task does every week.

    It writes reports named by the day, adds to the history, warns where the export looks wrong, and leaves a page on
    the last run beside SETTINGS.
    """
    if schedule is None and (at or output or force):
        raise click.UsageError("--at, --output and --force go with --schedule.")
    if sum((new, schedule is not None, as_of is not None)) > 1:
        raise click.UsageError("--new, --schedule and --as-of do not go together: each is a run of its own.")
    if new:
        return _make(file)
    if schedule is not None:
        from casescreen.cli.schedule import write_schedule  # noqa: PLC0415 - only who schedules it waits for it

        return write_schedule(read_settings(file).path, schedule, at, output, force=force)
    return _Run(BesideSettings(file.absolute()), file, as_of).status()


def _make(file: Path) -> int:
    """Make a settings file to fill in."""
    if file.suffix.lower() != ".toml":
        raise CasescreenError(
            f'"{visible(str(file))}" is not the name of a settings file.', advice="let the name end in .toml."
        )
    if os.path.lexists(file):
        raise CasescreenError(
            f"{visible(str(file))} is there already, and was left as it is.", advice="give another name."
        )
    write_whole(file, starter(file.stem), force=False)
    name = visible(str(file))
    say(f"Made {name}. Fill it in with any text editor, and run: casescreen weekly {as_argument(str(file)) or name}")
    return 0


_IN_SETTINGS = (
    ("say with --taken-on when the records were taken", "put the day on which they were taken in the name of the file"),
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


def _rules(settings: WeeklySettings) -> Rulebook:
    """The rulebook in force, with what is local."""
    return rules_in_force(settings.rules, settings.holidays, settings.profile)


def _accepted(settings: WeeklySettings, rulebook: Rulebook, as_of: date) -> Callable[[Screening], Screening]:
    """What puts beside the findings what somebody has accepted; read before anything is screened."""
    if settings.waivers is None:
        return lambda screening: screening
    from casescreen.cli.waived import typed_rules, waivers_named  # noqa: PLC0415 - only who names waivers waits for it

    typed = typed_rules({"rules": settings.rules, "profile": settings.profile})
    named = waivers_named(settings.waivers, rulebook, as_of, typed)
    return partial(named.beside, told=settings.pseudonyms is None)


@define(eq=False)
class _Run:
    """One run, and what is told of it so far.

    Attributes:
        beside: the files beside the settings.
        file: the settings file, as it was typed.
        asked: the day that was asked for; None for today.
        page: what the page says so far.
    """

    beside: BesideSettings
    file: Path
    asked: date | None
    began: str = field(init=False)
    page: LastRun = field(init=False)
    warnings: list[RunNotice] = Factory(list)
    said: list[str] = Factory(list)

    def __attrs_post_init__(self) -> None:
        moment = now()
        self.began = f"{in_words(moment.date())}, {moment:%H:%M}"
        self.page = LastRun(
            verdict=RunVerdict.UNFINISHED,
            settings=self.beside.settings.name,
            ran=self.began,
            says="This run has begun and has not ended. If this is still here an hour later, it was stopped half way.",
            next_steps=("Wait a few minutes, and open this page again.", "If nothing changes, run it again."),
        )

    def status(self) -> int:
        """Run, leave the page, and give the exit code."""
        with heard_by(self._hear):
            try:
                with self.beside.only_run(self._say_waiting, self._say_unsure):
                    self._leave_page()
                    return self._ended(self._screened())
            except CasescreenError as error:
                return self._failed(error)
            except BaseException as error:
                self._stopped(error)
                raise

    def _hear(self, text: str) -> str:
        told = in_settings(text)
        self.said += [line.strip() for line in told.splitlines() if line.strip()]
        return told

    def _say_waiting(self) -> None:
        say(f"Another run of {visible(str(self.file))} is under way: waiting until it has ended.")

    def _say_unsure(self) -> None:
        say("Locks do not hold on this drive, so two runs at once are not noticed. Use this computer's own drive.")

    # What is done

    def _screened(self) -> int:
        """Everything but the page.

        Raises:
            CasescreenError: the run failed.
        """
        settings = read_settings(self.file)
        moment = now()
        as_of = self.asked or moment.date()
        self.page = evolve(self.page, as_of=in_words(as_of))
        kept = self._kept()
        rulebook = _rules(settings)
        self.page = evolve(
            self.page,
            made_with=f"Rulebook {rulebook.id}, version {rulebook.version}, hash {rulebook.hash[:SHORT_HASH]}.",
        )
        reports = self._reports(settings, as_of, kept)
        keep_apart(read=settings.read, written=[*reports, self.beside.page, self.beside.memory, settings.history])
        key = None if settings.pseudonyms is None else key_from(settings.pseudonyms)
        sharing = Sharing(Quoting.REFERENCES if key is None else Quoting.NOTHING, key, None)
        from casescreen.cli.history_run import recorded  # noqa: PLC0415 - a broken setting need not wait for it

        with recorded(settings.history, rulebook, as_of, sharing, settings.scope) as recording:
            apart = (self.beside.page, self.beside.memory, self.beside.lock, settings.history, *reports)
            export, told = newest_export(settings, as_of, moment, apart)
            self.page = evolve(self.page, read=f'"{visible(export.path.name)}", {export.dated}')
            for one in told:
                self._warn(one)
            caseload, screening = self._read(settings, export, rulebook, sharing, as_of)
            last = last_before(kept, as_of)
            run = KeptRun(as_of=as_of, reports=tuple(path.name for path in reports))
            run = read_now(run, export.path.name, _hashes(export, caseload), caseload)
            for one in warnings(run, last, settings.warn, rulebook):
                self._warn(one)
            result = sharing.shared(screening, By.THEME)
            assert isinstance(result, Screening)  # nothing is suppressed here
            self._tell(caseload, screening, sharing, rulebook, as_of)
            # Which files are written is kept before they are, so that the next run knows them for its own.
            kept = self.beside.keep(kept, evolve(run, export="", known={}, hashes=()))
            recording.add(screening, result, is_whole=not caseload.problems)
            self._give(evolve(result, changes=recording.changes), settings, reports, last)
            self.beside.keep(kept, run)
        if caseload.problems or not screening.case_ids:
            return _UNUSABLE
        return exit_code_of(screening, settings.fail_on)

    def _kept(self) -> tuple[KeptRun, ...]:
        try:
            return self.beside.kept()
        except CasescreenError as error:
            self._warn(error.what, error.why, error.advice)
            return ()

    def _reports(self, settings: WeeklySettings, as_of: date, kept: tuple[KeptRun, ...]) -> dict[Path, Format]:
        """The files that are to be written, each with its form.

        Raises:
            CasescreenError: one is there that is not of these settings, or there is no folder for them.
        """
        folder = settings.reports
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise settings.wrong(
                f"the folder of reports, {visible(str(folder))}, cannot be made: {error.strerror or error}",
                "Look at the spelling, and whether the folder around it is there.",
                *("reports", "folder"),
            ) from error
        ours = {name for run in kept if run.as_of == as_of for name in run.reports}
        reports = {self.beside.report(folder, as_of, form.ending): form for form in settings.forms}
        reports[self.beside.report(folder, as_of, _CHANGES)] = FORMATS["html"]
        for path in reports:
            if path.name not in ours and os.path.lexists(path):
                raise CasescreenError(
                    f"{visible(str(path))} is there already, was not written by a run of these settings, and was left "
                    "as it is.",
                    why="it can be of other cases, or somebody can have written in it.",
                    advice="move it elsewhere, or give the settings file another name.",
                )
            check_place(path, force=True)
        return reports

    def _read(
        self, settings: WeeklySettings, export: Export, rulebook: Rulebook, sharing: Sharing, as_of: date
    ) -> tuple[Caseload, Screening]:
        """What is in the export, and what was found in it.

        Raises:
            CasescreenError: no record can be used, or somebody is writing to it.
        """
        suggest = ShownSuggestion(
            (str(export.path),), rulebook, settings.rules, export.taken_on, _FIRST_WIDTH, refused=True
        )
        accepted = _accepted(settings, rulebook, as_of)
        caseload, screening = read_and_screen(suggest, settings.mapping, sharing, as_of, strict=settings.strict)
        if not export.is_as_it_was:
            raise CasescreenError(
                f'"{visible(export.path.name)}" was changed while it was read.',
                why="half of it can be of another export.",
                advice="run this again when it has been written.",
            )
        screening = accepted(screening)
        issues = [evolve(one, problem=_in_words_of_settings(one.problem)) for one in screening.issues]
        return caseload, evolve(screening, issues=tuple(issues))

    def _tell(
        self, caseload: Caseload, screening: Screening, sharing: Sharing, rulebook: Rulebook, as_of: date
    ) -> None:
        """Tell what is wrong with records, and what looks like personal data."""
        if seen := sharing.warning(caseload, rulebook, as_of):
            self._say_once(seen)
            self._note(*_parts(seen))
        problems = problems_of(caseload, screening)
        sharing.tell(problems, screening.left_out)
        if problems:
            left = f", and {counted(screening.left_out, 'record was', 'records were')} left out"
            what = f"{counted(len(problems), 'problem')} with the records{left if screening.left_out else ''}."
            self._note(what, advice="Mend them where they are recorded. The reports say which they are.")

    def _give(
        self,
        result: Screening,
        settings: WeeklySettings,
        reports: dict[Path, Format],
        last: KeptRun | None,
    ) -> None:
        """Write the reports, and put on the page where they are and what is in them."""
        comparison = result.changes
        *paths, changes = reports
        wanted = [(path, reports[path]) for path in paths]
        options = Options(per_owner=settings.per_owner, bom=True, typed=False)
        written = give(result, options, Wanted(wanted, None, True, self._carried(settings, wanted, last)))
        if comparison is not None:
            write_whole(changes, changes_page(comparison), force=True)
            say_written(changes)
        for path in paths:
            if path not in written:
                self._warn(
                    f"{visible(path.name)} was not written: what is said below tells why.",
                    advice="Where a report of the same name is there, it is of an earlier run.",
                )
        self.page = evolve(
            self.page,
            figures=tuple(_figures(result)),
            changed_title=f"What changed since {in_words(comparison.old.as_of)}" if comparison else "What changed",
            changed=tuple([*balance(comparison), *notes(comparison)][:_MOST_CHANGES])
            if comparison
            else ("Nothing can be told yet: it takes a run as at an earlier day.",),
            changes=self._linked("Every change", changes) if comparison else None,
            files=tuple(self._linked(_LABELS.get(reports[path].name, reports[path].name), path) for path in written),
            folder=str(settings.reports),
        )

    def _carried(
        self, settings: WeeklySettings, wanted: list[tuple[Path, Format]], last: KeptRun | None
    ) -> Mapping[Path, CarriedOver]:
        """What people wrote in the workbooks of this day and of the last run."""
        workbooks = [path for path, form in wanted if form is FORMATS["xlsx"]]
        if not workbooks:
            return {}
        from casescreen.cli.carry_over import carried_over  # noqa: PLC0415 - imported when used: start-up time

        apart = "names are replaced, and what people wrote can name anybody" if settings.pseudonyms else ""
        old = [settings.reports / name for name in last.reports if name.endswith(".xlsx")] if last and not apart else []
        old = [path for path in old if path.is_file() and path not in workbooks]
        try:
            return carried_over(wanted, old, force=True, apart=apart)
        except CasescreenError as error:
            if not old:
                raise
            self._warn(error.what, error.why, f"What people wrote in it stands there still. {error.advice}")
            return carried_over(wanted, [], force=True, apart=apart)

    # What is told

    def _warn(self, what: str, why: str = "", advice: str = "") -> None:
        """Say a warning, and put it on the page."""
        self._say_once(str(CasescreenError(what, why=why, advice=advice)))
        self._note(what, why, advice)

    def _say_once(self, text: str) -> None:
        """Say what has a place of its own on the page."""
        before = len(self.said)
        say(text.rstrip("\n"))
        del self.said[before:]

    def _note(self, what: str, why: str = "", advice: str = "") -> None:
        self.warnings.append(RunNotice(in_settings(what), in_settings(why), in_settings(advice)))

    def _linked(self, label: str, path: Path) -> RunFile:
        try:
            way = os.path.relpath(path, self.beside.page.parent).replace(os.sep, "/")
            link = quote(way, errors="surrogateescape") if ":" not in way else f"./{quote(way)}"
        except ValueError:  # another drive of Windows
            link = path.as_uri()
        return RunFile(label, path.name, link)

    def _ended(self, code: int) -> int:
        """Leave the page of a run that went to its end."""
        attention = bool(code or self.warnings)
        verdict = RunVerdict.ATTENTION if attention else RunVerdict.OK
        beside = f"{counted(len(self.warnings), 'warning')}, and " if self.warnings else ""
        found = {0: "nothing at or over the level of fail_on", 1: "there are findings to act on"}
        told = f"{beside}{found.get(code, 'records were left out')}."
        says = f"{told[:1].upper()}{told[1:]}"
        self.page = evolve(self.page, verdict=verdict, says=says, next_steps=tuple(self._next(code)))
        show(f"{verdict.value}: {told}\nThe page on this run: {visible(str(self.beside.page))}")
        return max(code, int(attention)) if self._leave_page() else _UNUSABLE

    def _next(self, code: int) -> Iterator[str]:
        if self.warnings:
            yield "Look at what stands under “Look at this first”: findings are only as good as the export."
        if code:
            yield "Open the page to read, and begin with what calls for action now."
            if any(one.name.endswith(".xlsx") for one in self.page.files):
                yield "Work through the workbook of actions. What is written beside a Ref stands in next week's, too."
        if not code and not self.warnings:
            yield "Nothing needs to be done."

    def _failed(self, error: CasescreenError) -> int:
        """Leave the page of a run that could not be made, and say why."""
        if isinstance(error, ProblemsError):
            problems = grouped(error.problems)
            self._say_once(problems_in_words(error.problems))
            notices = [RunNotice(f"{one.place}: {one.what}", one.why, one.advice) for one in problems[:_MOST_TOLD]]
            if more := len(problems) - len(notices):
                notices.append(RunNotice(f"... and {more:,} more."))
        else:
            self._say_once(str(error))
            notices = [RunNotice(error.what, error.why, error.advice)]
        self._leave_failure(*notices)
        return _UNUSABLE

    def _stopped(self, error: BaseException) -> None:
        """Leave the page of a run that was stopped, or that has a fault."""
        match error:
            case KeyboardInterrupt() | SystemExit() | click.Abort():
                notice = RunNotice("The run was stopped before its end.", advice="Run it again.")
            case OSError():
                where = f" {error.filename}" if error.filename else ""
                notice = RunNotice(f"The computer refused to read or write{where}: {error.strerror or error}.")
            case MemoryError():
                notice = RunNotice("There is not enough memory.", advice="Screen fewer cases at a time.")
            case _:
                notice = RunNotice(
                    f"casescreen itself has a fault ({type(error).__name__}: {error}).",
                    "the findings cannot be relied on, so none are given.",
                    "Send this to whoever maintains casescreen. Take out anything from a record first.",
                )
        self._leave_failure(notice)

    def _leave_failure(self, *notices: RunNotice) -> None:
        told = tuple(RunNotice(*map(in_settings, (one.what, one.why, one.advice))) for one in notices)
        self.page = evolve(
            self.page,
            verdict=RunVerdict.FAILED,
            says="The run did not go to its end: what is below is not all."
            if self.page.files
            else "There are no new findings.",
            failure=told,
            next_steps=("Put right what went wrong.", f"Run it again: casescreen weekly {self.beside.settings.name}"),
        )
        self._leave_page()

    def _leave_page(self) -> bool:
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


def _in_words_of_settings(problem: Problem) -> Problem:
    return evolve(problem, advice=in_settings(problem.advice)) if "--" in problem.advice else problem


def _parts(text: str) -> tuple[str, str, str]:
    """What is told, why it matters, and what to do, of a message."""
    what, _, rest = text.partition("\n  Why it matters: ")
    why, _, advice = rest.partition("\n  What to do: ")
    return " ".join(what.split()), why.strip(), advice.strip()


def _hashes(export: Export, caseload: Caseload) -> tuple[str, ...]:
    """Of the file, and of all that the records say."""
    hashed = sha256()
    try:
        with export.path.open("rb") as file:
            while piece := file.read(1 << 20):
                hashed.update(piece)
    except OSError:
        return (caseload.hash,)
    return (hashed.hexdigest(), caseload.hash)


def _figures(result: Summary) -> Iterator[RunFigure]:
    glance = at_a_glance(result)
    yield RunFigure("Act now", f"{glance.acting or 0:,}", counted(glance.things, "thing"))
    yield RunFigure("Need work", f"{glance.need_work or 0:,}", "other cases")
    yield RunFigure("Nothing found", f"{len(glance.nothing_found):,}", "open cases")
    met, of = sum(one.met for one in glance.themes), sum(one.of for one in glance.themes)
    yield RunFigure("Met", f"{met:,} of {of:,}", "of what is decided")
    cells = counted(glance.unreadable, "value", "values")
    yield RunFigure("Not read", f"{glance.left_out:,}", f"records, and {cells}")
