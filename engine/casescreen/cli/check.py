"""casescreen check: screen cases and print what was found."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from casescreen.api import screen
from casescreen.cli.options import (
    WITH_TEXT,
    ShownSuggestion,
    answer_options,
    as_of_option,
    cases_from,
    force_option,
    holidays_option,
    mapping_option,
    profile_options,
    reading_options,
    rules_in_force,
    rules_option,
    say,
    terminal_width,
    today,
    unattended_option,
    waiver_options,
    width_option,
)
from casescreen.cli.outputs import (
    Reports,
    Shown,
    Wanted,
    first_screen_of,
    give,
    keep_apart,
    one_table,
    reports_wanted,
    whole_report,
)
from casescreen.cli.sharing import Sharing, sharing_of
from casescreen.evaluate.inference.inferrer import Engine
from casescreen.files.atomic import write_whole
from casescreen.model.case import Caseload
from casescreen.model.outcome import Outcome
from casescreen.model.problem import CasescreenError, Problem, ProblemsError
from casescreen.model.rulebook import ConclusionKind, ConclusionRule, Rulebook, Severity
from casescreen.model.screening import Conclusion, Quoting, Screening, Summary
from casescreen.privacy.withholding import FEWEST
from casescreen.report.formats.registry import FORMATS, By, Options
from casescreen.text import visible

if TYPE_CHECKING:
    from casescreen.cli.enquiry_links import EnquiryFiles
    from casescreen.cli.history_run import Recording
    from casescreen.cli.sampled import NamedSample
    from casescreen.cli.since import Since
    from casescreen.cli.waived import NamedWaivers
    from casescreen.model.dictionary import Field
    from casescreen.report.carried_over import CarriedOver
    from casescreen.review.answers_in_use import NamedAnswers

_AFTER_SECONDS = 1.0
_EVERY_SECONDS = 0.2

MANY = 4_000
"""Above so many cases, it takes no longer to work out their outcomes all at once."""

_AT_ONCE = "Polars works out the outcomes of all cases at once (--engine bulk). Other engines give the same findings."

_FINDINGS, _PROBLEMS = 1, 2
_NEVER, _UNCLEAR = "never", "unclear"
LEVELS = (*(severity.value for severity in Severity), _UNCLEAR, _NEVER)
"""What the least severe finding that counts can be called."""

_EPILOG = """\b
Examples:
  casescreen check cases/somerset-2016 --as-of 2016-05-09
  casescreen check my-cases --full
  casescreen check my-cases --by manager
  casescreen check my-cases --output report.html --output actions.xlsx --output letter.docx
  casescreen check my-cases --output actions.xlsx --force          what people wrote in it stays
  casescreen check my-cases --output findings.csv --output findings.parquet
  casescreen check export.xlsx --mapping my-mapping.toml --marked problems.xlsx
  casescreen check case-a.toml case-b.toml --fail-on high
  casescreen check export.xlsx --history north.db --scope north-team
  casescreen check my-cases --since findings-2016-05-02.json
  casescreen check export.xlsx --waivers waivers.toml
  casescreen check export.xlsx --sample sample.json
  casescreen check my-cases --signed statements.jsonl
  casescreen check my-cases --output report.html --sheets enquiry
  casescreen check export.xlsx --split child.sex                   each group beside everyone else

\b
Exit codes:
  0  nothing to act on
  1  findings at or over the level of --fail-on, or values that cannot be read or believed and that a question of
     such a level reads; also columns that were matched by a suggestion, whatever the level
  2  wrong use, a rule or case file that cannot be used (the other cases are still screened), or nothing screened
  3  a fault in casescreen itself
"""


class Progress:
    """Prints "done of all" on standard error, over itself."""

    def __init__(self, whole: int) -> None:
        """Note when the run began and how many there are in all."""
        self._whole = whole
        self._next = time.monotonic() + _AFTER_SECONDS
        self._shown = False
        self._wanted = sys.stderr.isatty()

    def __call__(self, done: int) -> None:
        """Say how many are done, if it is time to."""
        if self._wanted and time.monotonic() >= self._next:
            self._next = time.monotonic() + _EVERY_SECONDS
            self._shown = True
            sys.stderr.write(f"\r{done:,} of {self._whole:,} cases")
            sys.stderr.flush()

    def finish(self) -> None:
        """Take the line away again."""
        if self._shown:
            sys.stderr.write("\r" + " " * 40 + "\r")
            sys.stderr.flush()


def write_marked(path: Path | None, cases: tuple[str, ...], problems: Sequence[Problem], *, force: bool) -> None:
    """Write a copy of the workbooks, CSV and Parquet files among the cases, with the cells that have problems marked.

    Raises:
        CasescreenError: there are no such files, or the copy cannot be written.
    """
    if path is None:
        return
    if path.suffix.lower() != ".xlsx":
        raise CasescreenError(f"{visible(str(path))} cannot be a copy with marks.", advice="let its name end in .xlsx.")
    if not problems:
        say("There is nothing to mark, so no copy was written.")
        return
    from casescreen.cases.write.annotate import marked_files  # noqa: PLC0415 - imported when used: start-up time

    write_whole(path, marked_files(cases, problems), force=force)
    say(f"A copy with the problems marked was written to {visible(str(path))}.")


def _is_gone(_: click.Context, parameter: click.Parameter, given: str | None) -> None:
    """Say what to use in place of an option that is gone."""
    if given is not None:
        raise click.UsageError(
            f"{parameter.opts[0]} is gone: lists are whole. --full prints the whole report, --by case a line a case."
        )


@click.command(epilog=_EPILOG)
@click.argument("cases", nargs=-1, required=True)
@rules_option
@profile_options
@mapping_option
@click.option(
    "--mapping-out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Keep the mapping that is suggested where no heading is known: look at it, and name it with --mapping.",
)
@unattended_option
@as_of_option
@holidays_option
@waiver_options
@reading_options
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    help="The form of the report. [default: what the name of the output ends in] Without --output it is shown alone.",
)
@click.option(
    "--output",
    "outputs",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    multiple=True,
    help="Write the whole report to a file. Can be given several times.",
)
@click.option(
    "--carry-over",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="OLD.xlsx",
    multiple=True,
    help="Carry what people wrote in the actions of an old workbook into the new one. With --force that of the "
    "workbook which is replaced is carried over anyhow. Can be given several times.",
)
@click.option(
    "--template",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="A Word document whose styles and letterhead a docx report takes; needs python-docx.",
)
@click.option("--per-owner", is_flag=True, help="Give each owner of actions a sheet of their own in an xlsx report.")
@click.option(
    "--marked",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a copy of the tables that were read, as xlsx, with the cells that have problems marked.",
)
@click.option("--with-text", is_flag=True, help=WITH_TEXT)
@click.option(
    "--pseudonyms",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="KEYFILE",
    help="Replace ids and names by pseudonyms made with the key in this file; it is made if it is not there.",
)
@click.option(
    "--suppress-under",
    type=click.IntRange(min=FEWEST),
    metavar="N",
    help="Make a copy to share: no single case, and no count from 1 to N-1, is in it.",
)
@click.option(
    "--history",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Add what was found to the history in this file, without any text of the records; it is made if it is not "
    "there. casescreen history shows it.",
)
@click.option(
    "--scope",
    default="",
    metavar="NAME",
    help="What these cases are called, as in north-team: a history is of the cases of one name, and refuses others.",
)
@click.option(
    "--since",
    metavar="OLD.json",
    help="Say what changed since an earlier run, of which a file has the findings: what is new, worse, fixed and still "
    "open. With --history that is said without it, since the run before.",
)
@click.option(
    "--sample",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Screen only the cases of a sample, as casescreen sample draw writes it.",
)
@answer_options
@click.option(
    "--signed",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A file of statements: reports say who signed last, and whether the rules, cases and findings of this run are "
    "those that were signed. casescreen sign makes it.",
)
@click.option(
    "--sheets",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="FOLDER",
    help="Lead from each case in a page, workbook or letter to its enquiry sheet, which casescreen enquiry write put "
    "into this folder.",
)
@click.option(
    "--split",
    "splits",
    metavar="FIELD",
    multiple=True,
    help="Set each group of cases beside everyone else, by a field that the dictionary marks as a characteristic: "
    "k of n, difference and ratio of each criterion. One field at a time.",
)
@force_option
@click.option("--full", is_flag=True, help="Print the whole report, and not only its first screen.")
@click.option(
    "--by",
    type=click.Choice([by.value for by in By]),
    help="Print the figures grouped like this, and nothing else; with --full or a file, how its figures are grouped.",
)
@click.option(
    "--fail-on",
    type=click.Choice(LEVELS),
    default=Severity.LOW.value,
    show_default=True,
    help="The least severe finding that makes the exit code 1. 'unclear' also counts what cannot be told yet.",
)
@click.option("--most", hidden=True, expose_value=False, callback=_is_gone)
@width_option
@click.option(
    "--engine",
    type=click.Choice(["auto", "durable-rules", "plain", "bulk"]),
    default="auto",
    show_default=True,
    help="What draws the inferences; bulk works out all cases at once. All give the same findings.",
)
def command(  # noqa: PLR0913, PLR0917 - click gives each option by name
    cases: tuple[str, ...],
    rules: str | None,
    profile: Path | None,
    settings: tuple[tuple[str, str], ...],
    mapping: str | None,
    mapping_out: Path | None,
    unattended: bool,
    as_of: date | None,
    holidays: tuple[date, ...],
    waivers: Path | None,
    no_waivers: bool,
    strict: bool,
    taken_on: date | None,
    form: str | None,
    outputs: tuple[Path, ...],
    carry_over: tuple[Path, ...],
    template: Path | None,
    per_owner: bool,
    marked: Path | None,
    with_text: bool,
    pseudonyms: Path | None,
    suppress_under: int | None,
    history: Path | None,
    scope: str,
    since: str | None,
    sample: Path | None,
    answers: Path | None,
    moderated: Path | None,
    signed: Path | None,
    sheets: Path | None,
    splits: tuple[str, ...],
    force: bool,
    full: bool,
    by: str | None,
    fail_on: str,
    width: int | None,
    engine: Engine,
) -> int:
    """Screen CASES and print what was found, the most urgent first, on one screen.

    CASES are files, folders or patterns: TOML, JSON, workbooks, CSV or Parquet, or - for standard input.
    """
    _refuse_together(cases, history, scope, since, suppress_under, for_this_run=bool(settings))
    sampled = _sample_named(sample, history, since, suppress_under)
    _refuse_answers(answers, moderated, history, suppress_under)
    waivers = _waivers_in_use(waivers, suppress_under, disregarded=no_waivers)
    old = [path for path in carry_over if path.resolve() not in {output.resolve() for output in outputs}]
    keep_apart(
        read=(
            *(*cases, template, pseudonyms, mapping, history, profile, since, sample, waivers, answers, moderated),
            *(signed, *old),
        ),
        written=(*outputs, marked, mapping_out),
    )
    reports = reports_wanted(form, outputs, force=force)
    enquiry = _enquiry_files(sheets, reports, pseudonyms, suppress_under)
    shared = "a copy to be shared has nothing that anybody wrote" if pseudonyms or suppress_under else ""
    carried = _carried_over(reports, old, force=force, apart=shared)
    rulebook, judged_at = rules_in_force(rules, holidays, profile, settings), as_of or today()
    options = Options(
        by=By(by) if by else By.THEME,
        width=width or terminal_width(),
        bom=bool(outputs),
        per_owner=per_owner,
        template=template,
    )
    split = _characteristic(splits, rulebook, reports, suppress_under, pseudonyms)
    asked = {**click.get_current_context().params, "waivers": waivers}
    first = first_screen_of(cases, asked, reports, named=pseudonyms is None)
    alone = one_table if by else first
    shown = whole_report if full else alone if split is None else _with_split_after(alone)
    wanted = Wanted(reports, shown if outputs or not form else None, force, carried, enquiry)
    if len(cases) == 1 and Path(cases[0]).is_dir():  # only a folder can hold more cases than can be listed
        from casescreen.cli.check_columnar import check_caseload, only_for_figures  # noqa: PLC0415 - used seldom

        if (large := only_for_figures(cases, asked)) is not None:
            if carried:
                from casescreen.cli.carry_over import refuse_written  # noqa: PLC0415 - used seldom

                refuse_written(carried, "figures of so many cases have no actions")
            figures = check_caseload(large, rulebook, judged_at, taken_on or today(), engine, options, wanted, split)
            unused = figures.left_out or figures.orphans or not figures.cases
            return _PROBLEMS if unused else exit_code_of(figures, fail_on)
    accepted = _waivers_named(waivers, rulebook, judged_at, asked)
    sharing = sharing_of(
        cases, with_text=with_text, pseudonyms=pseudonyms, suppress_under=suppress_under, by=options.by
    )
    earlier = _earlier(since, rulebook, judged_at, sharing)
    answered = _answers_named(answers, moderated, rulebook, (judged_at, taken_on or today()), told=sharing.key is None)
    with_signed = _signed(signed, suppress_under)
    mark = partial(write_marked, marked, cases, force=force)
    with _recording(history, rulebook, judged_at, sharing, scope) as recording:
        line = options.width if sharing.key is None else None
        suggest = ShownSuggestion(
            cases, rulebook, rules, taken_on or today(), line, refused=unattended, kept_in=mapping_out
        )
        caseload, screening = read_and_screen(
            suggest,
            mapping,
            sharing,
            judged_at,
            strict=strict,
            engine=engine,
            answered=answered,
            mark=mark,
            sampled=sampled,
        )
        if mapping_out is not None and not suggest.made:
            say(f"No mapping was suggested, so {visible(str(mapping_out))} was not written: none is needed.")
        screening = with_signed(_with_waivers(screening, accepted, sharing))
        result = sharing.shared(screening, options.by, split)
        sharing.warn(caseload, rulebook, judged_at)
        sharing.tell(problems_of(caseload, screening), screening.left_out)
        if recording is not None:
            recording.add(screening, result, is_whole=not caseload.problems)
        result = _with_changes(result, earlier, recording)
        if enquiry is not None:
            enquiry.tell(screening.case_ids)
        give(_with_suggestions(result, suggest, named=sharing.key is None), options, wanted)
        if caseload.problems or not screening.case_ids:
            return _PROBLEMS
        every = screening if sampled is None else sampled.with_all_counted(screening)
        return max(exit_code_of(every, fail_on), _FINDINGS if suggest.made else 0)


def _refuse_together(
    cases: tuple[str, ...],
    history: Path | None,
    scope: str,
    since: str | None,
    suppress_under: int | None,
    *,
    for_this_run: bool,
) -> None:
    """Refuse options of what is kept and compared from week to week that contradict one another.

    Raises:
        click.UsageError: they do.
    """
    if history is not None or scope:
        from casescreen.cli.history_run import refuse_history  # noqa: PLC0415 - only who keeps a history waits for it

        refuse_history(history, scope, suppress_under, for_this_run=for_this_run)
    if since is not None:
        from casescreen.cli.since import refuse_since  # noqa: PLC0415 - only who compares waits for it

        refuse_since(cases, since, history, suppress_under)


def _sample_named(
    sample: Path | None, history: Path | None, since: str | None, suppress_under: int | None
) -> NamedSample | None:
    """The sample whose cases alone are screened, where one is named."""
    if sample is None:
        return None
    from casescreen.cli.sampled import sample_named  # noqa: PLC0415 - only who names a sample waits for it

    return sample_named(sample, history=history, since=since, suppress_under=suppress_under)


def _enquiry_files(
    sheets: Path | None, reports: Reports, pseudonyms: Path | None, suppress_under: int | None
) -> EnquiryFiles | None:
    """The enquiry sheets that reports lead to, where a folder of them was named."""
    if sheets is None:
        return None
    from casescreen.cli.enquiry_links import enquiry_files, refuse_sheets  # noqa: PLC0415 - only who names one waits

    refuse_sheets(reports, pseudonyms=pseudonyms is not None, suppressed=suppress_under is not None)
    return enquiry_files(sheets)


def _refuse_answers(
    answers: Path | None, moderated: Path | None, history: Path | None, suppress_under: int | None
) -> None:
    """Refuse what cannot go with answers of a file.

    Raises:
        click.UsageError: it was asked for.
    """
    if answers is not None or moderated is not None:
        from casescreen.cli.answers_used import refuse_answers  # noqa: PLC0415 - only who names answers waits for it

        refuse_answers(moderated, answers, history, suppress_under)


def _answers_named(
    answers: Path | None, moderated: Path | None, rulebook: Rulebook, days: tuple[date, date], *, told: bool
) -> NamedAnswers | None:
    """The answers in a file, read before anything is screened."""
    if answers is None:
        return None
    from casescreen.cli.answers_used import answers_named  # noqa: PLC0415 - the same

    return answers_named(answers, moderated, rulebook, days, told=told)


def _waivers_in_use(waivers: Path | None, suppress_under: int | None, *, disregarded: bool) -> Path | None:
    """The file of waivers that counts, if one does; that they are disregarded is said."""
    if waivers is None and not disregarded:
        return None
    from casescreen.cli.waived import waivers_in_use  # noqa: PLC0415 - only who names waivers waits for it

    return waivers_in_use(waivers, suppress_under, disregarded=disregarded)


def _waivers_named(
    waivers: Path | None, rulebook: Rulebook, as_of: date, asked: Mapping[str, Any]
) -> NamedWaivers | None:
    """The waivers, read before anything is screened."""
    if waivers is None:
        return None
    from casescreen.cli.waived import typed_rules, waivers_named  # noqa: PLC0415 - the same

    return waivers_named(waivers, rulebook, as_of, typed_rules(asked), told=asked["pseudonyms"] is None)


def _with_waivers(screening: Screening, named: NamedWaivers | None, sharing: Sharing) -> Screening:
    return screening if named is None else named.beside(screening, told=sharing.key is None)


def _signed(signed: Path | None, suppress_under: int | None) -> Callable[[Screening], Screening]:
    """What puts beside a screening who signed, where a file of statements was named; it is read before."""
    if signed is None:
        return lambda screening: screening
    from casescreen.cli.signed import read_signed  # noqa: PLC0415 - only who names statements waits for it

    return read_signed(signed, suppress_under)


def _characteristic(
    splits: tuple[str, ...], rulebook: Rulebook, reports: Reports, suppress_under: int | None, pseudonyms: Path | None
) -> Field | None:
    """The characteristic whose groups are set beside one another, where one was named."""
    if not splits:
        return None
    from casescreen.cli.split_option import characteristic_asked  # noqa: PLC0415 - only who splits waits for it

    return characteristic_asked(splits, rulebook, reports, suppressed=suppress_under is not None, named=not pseudonyms)


def _with_split_after(shown: Shown) -> Shown:
    from casescreen.cli.split_option import with_split_after  # noqa: PLC0415 - the same

    return with_split_after(shown)


def _recording(
    history: Path | None, rulebook: Rulebook, as_of: date, sharing: Sharing, scope: str
) -> AbstractContextManager[Recording | None]:
    """What adds the run to a history, where one was named."""
    if history is None:
        return nullcontext()
    from casescreen.cli.history_run import recorded  # noqa: PLC0415 - only who keeps a history waits for it

    return recorded(history, rulebook, as_of, sharing, scope)


def _earlier(since: str | None, rulebook: Rulebook, as_of: date, sharing: Sharing) -> Since | None:
    """The earlier run to compare with, where its findings were named."""
    if since is None:
        return None
    from casescreen.cli.since import read_since  # noqa: PLC0415 - only who compares waits for it

    return read_since(since, rulebook, as_of, sharing)


def _with_changes(result: Summary, since: Since | None, recording: Recording | None) -> Summary:
    """The same, with what changed since an earlier run, where there is one."""
    if since is None and recording is None:
        return result
    from casescreen.cli.since import with_changes  # noqa: PLC0415 - only who compares waits for it

    return with_changes(result, since, recording)


def _carried_over(reports: Reports, old: Sequence[Path], *, force: bool, apart: str) -> Mapping[Path, CarriedOver]:
    """What people wrote that goes into each workbook; see ``cli.carry_over.carried_over``."""
    if not old and not any(path is not None and form is FORMATS["xlsx"] for path, form in reports):
        return {}
    from casescreen.cli.carry_over import carried_over  # noqa: PLC0415 - imported when used: start-up time

    return carried_over(reports, old, force=force, apart=apart)


def _with_suggestions(result: Summary, suggest: ShownSuggestion, *, named: bool) -> Summary:
    """The same, saying how columns were matched, if they were."""
    if not suggest.made:
        return result
    from casescreen.cases.mapping.suggestion_text import with_suggestions  # noqa: PLC0415 - start-up time

    return with_suggestions(result, suggest.made, named=named)


def read_and_screen(  # noqa: PLR0913 - each says what the run is of, or how it is made
    suggest: ShownSuggestion,
    mapping: str | None,
    sharing: Sharing,
    as_of: date,
    *,
    strict: bool,
    engine: Engine = "auto",
    answered: NamedAnswers | None = None,
    mark: Callable[[Sequence[Problem]], None] = lambda _: None,
    sampled: NamedSample | None = None,
) -> tuple[Caseload, Screening]:
    """The cases of ``suggest``, and what was found in them, with names as they are.

    Args:
        suggest: where the cases are, by which rulebook and as of which day they are read, and what suggests a mapping.
        mapping: the mapping that is named.
        sharing: how much of the records may be told.
        as_of: the day that the cases are judged on.
        strict: whether a record is left out as soon as anything in it cannot be read.
        engine: what draws the inferences.
        answered: a reader's answers that take the place of those in the records.
        mark: what is done with all problems, before any is told.
        sampled: the sample whose cases alone are screened; None where all are.

    Raises:
        CasescreenError: no record can be used.
    """
    rulebook = suggest.rulebook
    try:
        caseload = cases_from(
            tuple(suggest.sources),
            rulebook,
            mapping,
            suggest=suggest,
            taken_on=suggest.taken_on,
            quoting=sharing.quoting,
            strict=strict,
        )
    except ProblemsError as error:
        mark(error.problems)
        raise sharing.refusal(error.problems) from None
    before = caseload = caseload if sampled is None else sampled.cases_of(caseload)
    if answered is not None:
        caseload = answered.put_into(before)
        from casescreen.cli.answers_used import say_absent  # noqa: PLC0415 - only who names answers waits for it

        say_absent(answered, before, told=sharing.key is None)
    screen_all = partial(screened, rulebook, as_of=as_of, engine=engine, quoting=sharing.quoting)
    screening = screen_all(caseload) if sampled is None else sampled.screened(caseload, screen_all)
    screening = screening if answered is None else answered.beside(screening, before)
    mark(problems_of(caseload, screening))
    if caseload.problems and not screening.case_ids:
        raise sharing.refusal(caseload.problems)
    return caseload, screening


def problems_of(caseload: Caseload, screening: Screening) -> tuple[Problem, ...]:
    """All that is wrong with the records, and what in them is to be looked at."""
    return (*caseload.problems, *caseload.notices, *screening.lost)


def screened(rulebook: Rulebook, caseload: Caseload, as_of: date, engine: Engine, quoting: Quoting) -> Screening:
    """The screening, by the engine that is quickest unless one is asked for, with how far it has got shown."""
    cases = caseload.cases
    if engine == "auto" and cases and find_spec("polars") is not None:
        if len(cases) > MANY:
            engine = "bulk"
            say(f"{len(cases):,} cases: {_AT_ONCE}")
        elif all(case.place.file.endswith(".parquet") for case in cases):
            engine = "bulk"
            say(f"The cases are in Parquet: {_AT_ONCE}")
    progress = Progress(len(cases))
    screening = screen(rulebook, caseload, as_of=as_of, engine=engine, quoting=quoting, progress=progress)
    progress.finish()
    return screening


def exit_code_of(summary: Summary, fail_on: str) -> int:
    """The exit code: whether there are findings, or actions concluded, that are as severe as ``fail_on`` says.

    What is accepted leaves it; an action, where all is accepted that it rests on.
    """
    severities = () if fail_on == _NEVER else LEVELS[: LEVELS.index(fail_on) + 1]
    issues = summary.issues if isinstance(summary, Screening) else summary.issue_counts
    if any(one.severity is not None and one.severity.value in severities for one in issues):
        return _FINDINGS
    accepted: Mapping[tuple[str, Outcome], int] = {}
    if isinstance(summary, Screening) and summary.accepted is not None:
        accepted = summary.accepted.counts
    for rate in summary.rates:
        severity = summary.rulebook.criterion[rate.criterion].severity
        if severity.value in severities and rate.count(Outcome.NOT_MET) > accepted.get(
            (rate.criterion, Outcome.NOT_MET), 0
        ):
            return _FINDINGS
        unclear = (Outcome.NOT_EVIDENCED, Outcome.NEEDS_JUDGEMENT) if fail_on == _UNCLEAR else ()
        if any(rate.count(outcome) > accepted.get((rate.criterion, outcome), 0) for outcome in unclear):
            return _FINDINGS
    on_cases = [count.rule for count in summary.on_cases if count.cases]
    held: list[Conclusion | ConclusionRule] = [*_not_accepted(summary), *on_cases]
    for conclusion in held:
        if conclusion.kind is ConclusionKind.ACTION and conclusion.severity.value in severities:
            return _FINDINGS
    return 0


def _not_accepted(summary: Summary) -> Iterable[Conclusion]:
    """The conclusions but for those that rest on accepted findings only."""
    if not isinstance(summary, Screening) or summary.accepted is None:
        return summary.conclusions
    return [one for one in summary.conclusions if summary.accepted_until(one) is None]
