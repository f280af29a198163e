"""One weekly run: what is read, warned of, screened, written and kept, and the page on how it went."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import define, evolve

from casescreen.cli.options import ShownSuggestion, heard_by, now, rules_in_force, say
from casescreen.cli.outputs import Wanted, give, keep_apart, say_written
from casescreen.cli.screening_run import exit_code_of, problems_of, read_and_screen
from casescreen.cli.sharing import Sharing, key_from
from casescreen.cli.weekly_export import Export, newest_export
from casescreen.cli.weekly_page import (
    UNUSABLE,
    RunAccount,
    first_figures,
    in_force,
    in_settings,
    no_longer_in_force,
    parts_of,
)
from casescreen.cli.weekly_settings import WeeklySettings, read_settings
from casescreen.cli.weekly_state import BesideSettings, KeptRun, last_before, read_now, warnings
from casescreen.files.atomic import check_place, write_whole
from casescreen.model.case import Caseload
from casescreen.model.problem import CasescreenError, Problem
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Quoting, Screening
from casescreen.report.formats.html.last_run import changes_page
from casescreen.report.formats.registry import FORMATS, By, Format, Options
from casescreen.report.sections.changes import balance, notes
from casescreen.report.wording import SHORT_HASH
from casescreen.text import counted, in_words, visible

if TYPE_CHECKING:
    from casescreen.report.carried_over import CarriedOver

_MOST_CHANGES = 5
_FIRST_WIDTH = 100
_CHANGES = "-changes.html"
_LABELS = {"html": "Page to read", "xlsx": "Workbook of actions", "docx": "Draft letter", "json": "Findings"}


def _rules(settings: WeeklySettings) -> Rulebook:
    """The rulebook in force, with what is local."""
    return rules_in_force(settings.rules, settings.holidays, settings.profile)


def _accepted(settings: WeeklySettings, rulebook: Rulebook, as_of: date) -> Callable[[Screening], Screening]:
    """What puts beside the findings what somebody has accepted; read before anything is screened."""
    if settings.waivers is None:
        return lambda screening: screening
    from casescreen.cli.waived import typed_rules, waivers_named  # noqa: PLC0415 - only who names waivers waits for it

    typed = typed_rules({"rules": settings.rules, "profile": settings.profile})
    told = settings.pseudonyms is None
    return partial(waivers_named(settings.waivers, rulebook, as_of, typed, told=told).beside, told=told)


@define(eq=False)
class WeeklyRun:
    """One run, and what is said of it so far.

    Attributes:
        beside: the files beside the settings.
        file: the settings file, as it was typed.
        asked: the day that was asked for; None for today.
        account: what is said of it, for its page.
    """

    beside: BesideSettings
    file: Path
    asked: date | None
    account: RunAccount

    def status(self) -> int:
        """Run, leave the page, and give the exit code."""
        with heard_by(self.account.hear):
            try:
                with self.beside.only_run(self._say_waiting, self._say_unsure):
                    self.account.write_page()
                    return self.account.ended(self._screened())
            except CasescreenError as error:
                return self.account.failed(error)
            except BaseException as error:
                self.account.stopped(error)
                raise

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
        self.account.page = evolve(self.account.page, as_of=in_words(as_of))
        kept = self._kept()
        rulebook = _rules(settings)
        self.account.page = evolve(
            self.account.page,
            made_with=f"Rulebook {rulebook.id}, version {rulebook.version}, hash {rulebook.hash[:SHORT_HASH]}.",
        )
        reports = self._reports(settings, as_of, kept)
        keep_apart(read=settings.read, written=[*reports, self.beside.page, self.beside.memory, settings.history])
        key = None if settings.pseudonyms is None else key_from(settings.pseudonyms)
        sharing = Sharing(Quoting.REFERENCES if key is None else Quoting.NOTHING, key, None)
        from casescreen.cli.history_run import recorded  # noqa: PLC0415 - a broken setting need not wait for it

        with recorded(settings.history, rulebook, as_of, sharing, settings.scope) as recording:
            apart = (self.beside.page, self.beside.memory, self.beside.lock, settings.history, *reports)
            export, notices = newest_export(settings, as_of, moment, apart)
            self.account.page = evolve(self.account.page, read=f'"{visible(export.path.name)}", {export.dated}')
            for one in notices:
                self.account.warn(one)
            caseload, screening = self._read(settings, export, rulebook, sharing, as_of)
            last = last_before(kept, as_of)
            run = KeptRun(as_of=as_of, reports=tuple(path.name for path in reports))
            run = read_now(run, export.path.name, _hashes(export, caseload), caseload)
            for one in warnings(run, last, settings.warn, rulebook):
                self.account.warn(one)
            result = sharing.shared(screening, By.THEME)
            assert isinstance(result, Screening)  # nothing is suppressed here
            self.account.page = evolve(self.account.page, beside=tuple(in_force(result)))
            for notice in no_longer_in_force(result):
                self.account.warn(notice.what, notice.why, notice.advice)
            self._tell(caseload, screening, sharing, rulebook, as_of)
            # Which files are written is kept before they are, so that the next run knows them for its own.
            kept = self.beside.keep(kept, evolve(run, export="", known={}, hashes=()))
            recording.add(screening, result, is_whole=not caseload.problems)
            self.account.added_as_at = as_of
            self._give(evolve(result, changes=recording.changes), settings, reports, last)
            self.beside.keep(kept, run)
        if caseload.problems or not screening.case_ids:
            return UNUSABLE
        return exit_code_of(screening, settings.fail_on)

    def _kept(self) -> tuple[KeptRun, ...]:
        try:
            return self.beside.kept()
        except CasescreenError as error:
            self.account.warn(error.what, error.why, error.advice)
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
            self.account.say_once(seen)
            self.account.note(*parts_of(seen))
        problems = problems_of(caseload, screening)
        sharing.tell(problems, screening.left_out)
        if problems:
            left = f", and {counted(screening.left_out, 'record was', 'records were')} left out"
            what = f"{counted(len(problems), 'problem')} with the records{left if screening.left_out else ''}."
            self.account.note(what, advice="Mend them where they are recorded. The reports say which they are.")

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
                self.account.warn(
                    f"{visible(path.name)} was not written: what is said below tells why.",
                    advice="Where a report of the same name is there, it is of an earlier run.",
                )
        self.account.page = evolve(
            self.account.page,
            figures=tuple(first_figures(result)),
            changed_title=f"What changed since {in_words(comparison.old.as_of)}" if comparison else "What changed",
            changed=tuple([*balance(comparison), *notes(comparison)][:_MOST_CHANGES])
            if comparison
            else ("Nothing can be told yet: it takes a run as at an earlier day.",),
            changes=self.account.linked("Every change", changes) if comparison else None,
            files=tuple(
                self.account.linked(_LABELS.get(reports[path].name, reports[path].name), path) for path in written
            ),
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
            self.account.warn(error.what, error.why, f"What people wrote in it stands there still. {error.advice}")
            return carried_over(wanted, [], force=True, apart=apart)


def _in_words_of_settings(problem: Problem) -> Problem:
    return evolve(problem, advice=in_settings(problem.advice)) if "--" in problem.advice else problem


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
