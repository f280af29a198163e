"""One run of casescreen check: what is held against the cases, what is found in them, and what is said and written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from attrs import frozen

from casescreen.cli.check_options import HistoryOptions, ReportOptions, ViewOptions
from casescreen.cli.option_groups import AnswerOptions, RecordOptions, RuleOptions, WaiverOptions, waivers_read
from casescreen.cli.options import ShownSuggestion, say
from casescreen.cli.outputs import Reports, Shown, Wanted, first_screen_of, give, keep_apart, one_table, whole_report
from casescreen.cli.screening_run import FOUND, UNUSABLE, exit_code_of, problems_of, read_and_screen
from casescreen.cli.sharing import CopyOptions, Sharing
from casescreen.evaluate.inference.inferrer import Engine
from casescreen.files.atomic import write_whole
from casescreen.model.case import Caseload
from casescreen.model.dictionary import Field
from casescreen.model.problem import CasescreenError, Problem
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Screening, Summary
from casescreen.report.formats.registry import Options
from casescreen.text import visible

if TYPE_CHECKING:
    from casescreen.cli.sampled import NamedSample
    from casescreen.cli.since import Since
    from casescreen.cli.waived import NamedWaivers
    from casescreen.review.answers_in_use import NamedAnswers


@frozen
class _Plan:
    """What the run is by, and what it is to give.

    Attributes:
        rulebook: the rules that are in force.
        options: how reports are made.
        split: the characteristic whose groups are set beside one another; None where none is.
        wanted: what is shown and written.
    """

    rulebook: Rulebook
    options: Options
    split: Field | None
    wanted: Wanted


@frozen
class _HeldAgainst:
    """What is held against the cases, read before any of them is.

    Attributes:
        sharing: how much of the records may be told.
        sample: the sample whose cases alone are screened; None where all are.
        waivers: what is accepted; None where no file counts.
        earlier: the run that this one is compared with; None where none is named.
        answers: a reader's answers; None where those of the records are used.
        with_signed: what puts beside a screening who signed.
    """

    sharing: Sharing
    sample: NamedSample | None
    waivers: NamedWaivers | None
    earlier: Since | None
    answers: NamedAnswers | None
    with_signed: Callable[[Screening], Screening]

    @property
    def told(self) -> bool:
        """Whether cases and people may be named."""
        return self.sharing.key is None

    def beside(self, screening: Screening) -> Screening:
        """The screening with what is accepted, and who signed."""
        accepted = screening if self.waivers is None else self.waivers.beside(screening, told=self.told)
        return self.with_signed(accepted)


@frozen
class CheckRun:
    """One run, as the options of the command say it."""

    cases: tuple[str, ...]
    rules: RuleOptions
    records: RecordOptions
    sample: Path | None
    waivers: WaiverOptions
    answers: AnswerOptions
    signed: Path | None
    reports: ReportOptions
    copy: CopyOptions
    history: HistoryOptions
    view: ViewOptions
    fail_on: str
    engine: Engine

    def status(self) -> int:
        """Screen the cases, show and write what is wanted, and give the exit code.

        Raises:
            click.UsageError: options contradict one another.
            CasescreenError: something that is named cannot be used, or no record can be.
        """
        self.history.refuse(self.cases, self.copy.suppress_under, for_this_run=bool(self.rules.settings))
        sample = self._sample()
        self.answers.refuse(self.history.history, self.copy.suppress_under)
        waivers = self.waivers.file(self.copy.suppress_under)
        self._keep_apart(waivers)
        # What an option says of this run, by its name in Python: waivers that are disregarded are none.
        asked = {**click.get_current_context().params, "waivers": waivers}
        plan = self._plan(asked)
        if (large := self._too_large(asked)) is not None:
            return self._status_of_figures(large, plan)
        return self._screened(plan, self._held_against(plan.rulebook, sample, waivers))

    # What is made ready before a case is read

    def _sample(self) -> NamedSample | None:
        """The sample whose cases alone are screened, where one is named."""
        if self.sample is None:
            return None
        from casescreen.cli.sampled import sample_named  # noqa: PLC0415 - only who names a sample waits for it

        return sample_named(
            self.sample,
            history=self.history.history,
            since=self.history.since,
            suppress_under=self.copy.suppress_under,
        )

    def _keep_apart(self, waivers: Path | None) -> None:
        """Refuse to replace a file that is to be read, or that is written too.

        Raises:
            CasescreenError: a file is named twice.
        """
        keep_apart(
            read=(
                *self.cases,
                *(self.rules.profile, self.records.mapping, self.sample, waivers),
                *(self.answers.answers, self.answers.moderated, self.signed),
                *(self.history.history, self.history.since, self.copy.pseudonyms),
                *(self.reports.template, *self.reports.old),
            ),
            written=(*self.reports.outputs, self.reports.marked, self.records.mapping_out),
        )

    def _plan(self, asked: Mapping[str, Any]) -> _Plan:
        reports = self.reports.wanted()
        sheets = self.reports.enquiry_files(reports, self.copy)
        carried = self.reports.carried_over(reports, self.copy)
        rulebook = self.rules.in_force(self.records.holidays)
        options = Options(
            by=self.view.grouping,
            width=self.view.line,
            bom=bool(self.reports.outputs),
            per_owner=self.reports.per_owner,
            template=self.reports.template,
        )
        split = self.view.characteristic(rulebook, reports, self.copy)
        is_shown = bool(self.reports.outputs) or not self.reports.form
        shown = self._shown(asked, reports, split) if is_shown else None
        return _Plan(rulebook, options, split, Wanted(reports, shown, self.reports.force, carried, sheets))

    def _shown(self, asked: Mapping[str, Any], reports: Reports, split: Field | None) -> Shown:
        """What makes what is shown on the screen."""
        if self.view.full:
            return whole_report
        first = first_screen_of(self.cases, asked, reports, named=self.copy.names_stand)
        alone = one_table if self.view.by else first
        if split is None:
            return alone
        from casescreen.cli.split_option import with_split_after  # noqa: PLC0415 - only who splits waits for it

        return with_split_after(alone)

    def _held_against(self, rulebook: Rulebook, sample: NamedSample | None, waivers: Path | None) -> _HeldAgainst:
        as_of = self.records.as_of
        accepted = waivers_read(waivers, rulebook, as_of, told=self.copy.names_stand)
        sharing = self.copy.sharing(self.cases, self.view.grouping)
        earlier = self.history.earlier(rulebook, as_of, sharing)
        answered = self.answers.read(rulebook, self.records.days, told=sharing.key is None)
        return _HeldAgainst(sharing, sample, accepted, earlier, answered, self._with_signed())

    def _with_signed(self) -> Callable[[Screening], Screening]:
        """What puts beside a screening who signed, where a file of statements was named; it is read before."""
        if self.signed is None:
            return lambda screening: screening
        from casescreen.cli.signed import read_signed  # noqa: PLC0415 - only who names statements waits for it

        return read_signed(self.signed, self.copy.suppress_under)

    # A folder of more cases than can be listed

    def _too_large(self, asked: Mapping[str, Any]) -> Path | None:
        """The folder, where it holds more cases than can be listed: nothing but a folder can."""
        if len(self.cases) > 1 or not Path(self.cases[0]).is_dir():
            return None
        from casescreen.cli.check_columnar import only_for_figures  # noqa: PLC0415 - only who names a folder waits

        return only_for_figures(self.cases, asked)

    def _status_of_figures(self, folder: Path, plan: _Plan) -> int:
        """Show and write figures alone, and give the exit code."""
        from casescreen.cli.check_columnar import check_caseload  # noqa: PLC0415 - used seldom

        if plan.wanted.carried:
            from casescreen.cli.carry_over import refuse_written  # noqa: PLC0415 - used seldom

            refuse_written(plan.wanted.carried, "figures of so many cases have no actions")
        figures = check_caseload(
            folder, plan.rulebook, *self.records.days, self.engine, plan.options, plan.wanted, plan.split
        )
        unused = figures.left_out or figures.orphans or not figures.cases
        return UNUSABLE if unused else exit_code_of(figures, self.fail_on)

    # Cases that are listed

    def _screened(self, plan: _Plan, held: _HeldAgainst) -> int:
        rulebook, sharing = plan.rulebook, held.sharing
        with self.history.recording(rulebook, self.records.as_of, sharing) as recording:
            width = plan.options.width if held.told else None
            suggest = self.records.suggest(self.cases, rulebook, self.rules, width)
            caseload, found = self._found(suggest, held)
            screening = held.beside(found)
            result = sharing.shared(screening, plan.options.by, plan.split)
            sharing.warn(caseload, rulebook, self.records.as_of)
            sharing.tell(problems_of(caseload, screening), screening.left_out)
            if recording is not None:
                recording.add(screening, result, is_whole=not caseload.problems)
            result = self.history.with_changes(result, held.earlier, recording)
            if plan.wanted.sheets is not None:
                plan.wanted.sheets.tell(screening.case_ids)
            give(_with_suggestions(result, suggest, named=held.told), plan.options, plan.wanted)
            return self._status_of(caseload, screening, held.sample, is_suggested=bool(suggest.made))

    def _found(self, suggest: ShownSuggestion, held: _HeldAgainst) -> tuple[Caseload, Screening]:
        """The cases, and what was found in them; that no mapping was kept is said on standard error."""
        read = read_and_screen(
            suggest,
            self.records.mapping,
            held.sharing,
            self.records.as_of,
            strict=self.records.strict,
            engine=self.engine,
            answered=held.answers,
            mark=self._write_marked,
            sampled=held.sample,
        )
        if self.records.mapping_out is not None and not suggest.made:
            file = visible(str(self.records.mapping_out))
            say(f"No mapping was suggested, so {file} was not written: none is needed.")
        return read

    def _write_marked(self, problems: Sequence[Problem]) -> None:
        """Write a copy of the workbooks, CSV and Parquet files among the cases, with the cells with problems marked.

        Raises:
            CasescreenError: there are no such files, or the copy cannot be written.
        """
        path = self.reports.marked
        if path is None:
            return
        name = visible(str(path))
        if path.suffix.lower() != ".xlsx":
            raise CasescreenError(f"{name} cannot be a copy with marks.", advice="let its name end in .xlsx.")
        if not problems:
            say("There is nothing to mark, so no copy was written.")
            return
        from casescreen.cases.write.annotate import marked_files  # noqa: PLC0415 - imported when used: start-up time

        write_whole(path, marked_files(self.cases, problems), force=self.reports.force)
        say(f"A copy with the problems marked was written to {name}.")

    def _status_of(
        self, caseload: Caseload, screening: Screening, sample: NamedSample | None, *, is_suggested: bool
    ) -> int:
        if caseload.problems or not screening.case_ids:
            return UNUSABLE
        every = screening if sample is None else sample.with_all_counted(screening)
        return max(exit_code_of(every, self.fail_on), FOUND if is_suggested else 0)


def _with_suggestions(result: Summary, suggest: ShownSuggestion, *, named: bool) -> Summary:
    """The same, saying how columns were matched, if they were."""
    if not suggest.made:
        return result
    from casescreen.cases.mapping.suggestion_text import with_suggestions  # noqa: PLC0415 - start-up time

    return with_suggestions(result, suggest.made, named=named)
