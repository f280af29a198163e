"""casescreen actions: the sheet that people fill in, read back when it returns, and what is open, by owner and day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
from attrs import evolve, frozen

from casescreen.cli.check_columnar import MOST_LISTED, too_large
from casescreen.cli.due import screening_of
from casescreen.cli.option_groups import RecordOptions, RuleOptions, record_options, rule_options
from casescreen.cli.options import (
    force_option,
    say,
    show,
    terminal_width,
    unattended_option,
    width_option,
)
from casescreen.cli.outputs import keep_apart, say_carried, say_written, typed_options, typed_source
from casescreen.cli.sharing import refuse_suppression, sharing_of
from casescreen.files.atomic import check_place, write_whole
from casescreen.model.outcome import Outcome
from casescreen.model.problem import CasescreenError
from casescreen.model.screening import Screening
from casescreen.report.action_claims import STILL_OPEN, ActionStanding, ActionState, PresentRecord
from casescreen.report.action_settling import Settled, settle
from casescreen.report.blocks import Block
from casescreen.report.formats.registry import By
from casescreen.text import as_argument, counted, visible

_SOMETHING, _UNUSED = 1, 2
_WAIVABLE = (Outcome.NOT_MET, Outcome.NOT_EVIDENCED, Outcome.NEEDS_JUDGEMENT)
_WORKBOOK, _TABLE = ".xlsx", ".csv"
_F = TypeVar("_F", bound=Callable[..., Any])

_EPILOG = """\b
Examples:
  casescreen actions write my-cases --output actions.xlsx
  casescreen actions read my-cases --sheet actions.xlsx
  casescreen actions write my-cases --output week-2.xlsx --from actions.xlsx
  casescreen actions list my-cases --sheet actions.xlsx --overdue

\b
The sheet "Actions" is the one to fill in: Progress, Done on, Evidence and Notes. What is written there stands there and
nowhere else, and casescreen never edits that file. "Done" is what somebody says; the record says what is met.
"""
_EXITS = """\b
Exit codes:
  0  nothing is returned or late
  1  something is
  2  wrong use, rows that are not taken, or a record or sheet that cannot be used (the others are still told)
  3  a fault in casescreen itself
"""


def _refuse_pseudonyms(_: click.Context, parameter: click.Parameter, given: str | None) -> None:
    """Refuse the option: a Ref is made of the id of a case."""
    if given is not None:
        raise click.UsageError(
            f"{parameter.opts[0]} cannot go with actions: each has a Ref, and the id of the case is in it. Make the "
            "copy to share by a run of casescreen check of its own: it has no Refs."
        )


def _screening_options(function: Callable[..., int]) -> Callable[..., int]:
    """The cases, how they are read, and what cannot go with actions."""
    suppress = click.option("--suppress-under", hidden=True, expose_value=False, callback=refuse_suppression)
    pseudonyms = click.option("--pseudonyms", hidden=True, expose_value=False, callback=_refuse_pseudonyms)
    reading = rule_options(record_options(unattended_option)(pseudonyms(suppress(function))))
    return click.argument("cases", nargs=-1, required=True)(reading)


_output = click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write every row to a workbook (.xlsx) or a table (.csv), too. It is no sheet to fill in.",
)
_full = click.option("--full", is_flag=True, help="Print every row, and not only what comes first.")


def _sheet_option(*, required: bool) -> Callable[[_F], _F]:
    return click.option(
        "--sheet",
        "sheets",
        type=click.Path(path_type=Path, dir_okay=False, exists=True),
        metavar="FILE",
        multiple=True,
        required=required,
        help="A sheet of actions that came back: a workbook or a CSV of it. Can be given several times.",
    )


@click.group(short_help="Write the sheet of what is to be done, and read it back.", epilog=_EPILOG)
def command() -> None:
    """Write the sheet of what is to be done, read it back when it returns, and list what is open."""


@frozen
class _Run:
    """A screening, and whether every record could be used."""

    screening: Screening
    is_whole: bool


@command.command("write")
@_screening_options
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="NEW.xlsx",
    required=True,
    help="The new workbook. A file that is there is never replaced.",
)
@click.option(
    "--from",
    "old",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="OLD.xlsx",
    multiple=True,
    help="Carry what people wrote in this sheet into the new one, and its days. Can be given several times.",
)
def write_command(
    cases: tuple[str, ...], output: Path, old: tuple[Path, ...], rules: RuleOptions, records: RecordOptions
) -> int:
    """Write a workbook with the sheet that people fill in: a row for each thing to do in CASES, with its Ref.

    CASES are files, folders or patterns, as for casescreen check. The old sheet is read, and left as it is.
    """
    from casescreen.cli.carry_over import read_old  # noqa: PLC0415 - imported when used: start-up time
    from casescreen.report.carried_over import CarriedOver, joined  # noqa: PLC0415 - the same
    from casescreen.report.formats.excel.workbook import render_actions  # noqa: PLC0415 - the same

    if output.suffix.lower() != _WORKBOOK:
        raise CasescreenError(f"{visible(str(output))} cannot be a workbook.", advice="let its name end in .xlsx.")
    keep_apart(read=(*cases, records.mapping, *old), written=(output,))
    check_place(output, force=False)
    carried = joined([CarriedOver(), *(read_old(path, "--from") for path in old)])
    run = _run(cases, rules, records)
    write_whole(output, render_actions(run.screening, carried), force=False)
    say_written(output)
    say_carried(carried)
    asked = click.get_current_context().params
    options = typed_options(asked, "rules", "profile", "settings", "mapping", "holidays", "strict")
    sheet = as_argument(str(output)) or "SHEET"
    say(f"When it comes back, type: casescreen actions read {typed_source(cases)}{options} --sheet {sheet}")
    return 0 if run.is_whole else _UNUSED


@command.command("read", epilog=_EXITS)
@_screening_options
@_sheet_option(required=True)
@_full
@_output
@force_option
@width_option
def read_command(
    cases: tuple[str, ...],
    sheets: tuple[Path, ...],
    full: bool,
    output: Path | None,
    force: bool,
    width: int | None,
    rules: RuleOptions,
    records: RecordOptions,
) -> int:
    """Read a sheet of actions back, and say what became of each: what is said to be done, against what CASES say now.

    It may be sorted, filtered, have rows and columns of its own, and be saved by another program, as CSV too.
    """
    _check_output(cases, sheets, output, records.mapping, force=force)
    run, settled = _settled(cases, sheets, rules, records)
    rulebook, as_of = run.screening.rulebook, run.screening.as_of
    from casescreen.report.action_lists import in_lines, returned_blocks  # noqa: PLC0415 - imported when used: start-up time

    waivers = _waivers(settled, run.screening, click.get_current_context().params)
    if output is not None:
        _write(output, settled.standings, run.screening, force=force)
    columns = width or terminal_width()
    show(in_lines(lambda most: returned_blocks(settled, as_of, rulebook, waivers, most), columns, full=full))
    if settled.not_taken or not run.is_whole:
        return _UNUSED
    is_late = any(one.is_late(as_of) for one in settled.standings)
    return _SOMETHING if is_late or settled.of(ActionState.RETURNED) else 0


@command.command("list", epilog=_EXITS)
@_screening_options
@_sheet_option(required=False)
@click.option("--overdue", is_flag=True, help="List only what is late: what is due today is not. Needs --sheet.")
@click.option("--by", type=click.Choice(["owner"]), help="Print how much each owner has; with --full, each their own.")
@_full
@_output
@force_option
@width_option
def list_command(  # noqa: PLR0913, PLR0917 - click gives each option by name
    cases: tuple[str, ...],
    sheets: tuple[Path, ...],
    overdue: bool,
    by: str | None,
    full: bool,
    output: Path | None,
    force: bool,
    width: int | None,
    rules: RuleOptions,
    records: RecordOptions,
) -> int:
    """List what is open in CASES, the most urgent first, and how much each owner has.

    The days are those of the sheet. Without one they are counted from the as-of date, so that nothing is late.
    """
    if overdue and not sheets:
        raise click.UsageError(
            "--overdue needs --sheet with the sheet of actions: the days by which things are to be done stand there. "
            "Without it they are counted anew in each run, and nothing would be late."
        )
    _check_output(cases, sheets, output, records.mapping, force=force)
    run, settled = _settled(cases, sheets, rules, records)
    as_of = run.screening.as_of
    from casescreen.report.action_lists import in_lines, open_blocks, urgent_first  # noqa: PLC0415 - imported when used

    # What stands under another Ref now is listed there.
    open_ = urgent_first(one for one in settled.of(*STILL_OPEN) if not one.moved_to)
    if not sheets:
        open_ = [evolve(one, state=ActionState.OPEN) for one in open_]
    late = [one for one in open_ if one.is_late(as_of)]
    shown = late if overdue else open_
    if output is not None:
        _write(output, shown, run.screening, force=force)
    rulebook, owned, kept = run.screening.rulebook, by is not None, bool(sheets)

    def blocks(most: int) -> Iterable[Block]:
        return open_blocks(shown, as_of, rulebook, overdue=overdue, by_owner=owned, most=most, days_kept=kept)

    show(in_lines(blocks, width or terminal_width(), full=full))
    if settled.not_taken:
        rows = counted(len(settled.not_taken), "row or day", "rows or days")
        say(f"{rows} of the sheet could not be taken: casescreen actions read says which.")
    if settled.not_taken or not run.is_whole:
        return _UNUSED
    return _SOMETHING if late or any(one.state is ActionState.RETURNED for one in open_) else 0


def _check_output(
    cases: tuple[str, ...], sheets: tuple[Path, ...], output: Path | None, mapping: str | None, *, force: bool
) -> None:
    """Refuse, before anything is read, what cannot be written."""
    keep_apart(read=(*cases, mapping, *sheets), written=(output,))
    if output is not None:
        if output.suffix.lower() not in (_WORKBOOK, _TABLE):
            raise CasescreenError(
                f'The form of "{visible(str(output))}" cannot be told from its name.',
                advice=f"let the name end in {_WORKBOOK} or {_TABLE}.",
            )
        check_place(output, force=force)


def _run(cases: tuple[str, ...], rules: RuleOptions, records: RecordOptions) -> _Run:
    """Screen the cases.

    Raises:
        CasescreenError: no record can be used, or there are too many cases to be listed.
    """
    if too_large(cases) is not None:
        raise CasescreenError(
            f"More than {MOST_LISTED:,} cases cannot be listed one by one.", advice="list fewer cases at a time."
        )
    suggest = records.suggest(cases, rules.in_force(records.holidays), rules, terminal_width())
    sharing = sharing_of(cases, with_text=False, pseudonyms=None, suppress_under=None, by=By.THEME)
    return _Run(*screening_of(suggest, records, sharing))


def _settled(
    cases: tuple[str, ...], sheets: Sequence[Path], rules: RuleOptions, records: RecordOptions
) -> tuple[_Run, Settled]:
    """The screening, and what became of the rows of the sheets."""
    from casescreen.report.actions_reader import read_returned  # noqa: PLC0415 - imported when used: start-up time

    different = {path.resolve(): path for path in reversed(sheets)}
    read = [read_returned(path) for path in reversed(different.values())]
    run = _run(cases, rules, records)
    days = [problem for sheet in read for problem in sheet.problems]
    return run, settle([row for sheet in read for row in sheet.rows], run.screening, days)


def _waivers(settled: Settled, screening: Screening, asked: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    """What is typed to have accepted what cannot be done: one line for each, and for which others it goes too."""
    record, lines = PresentRecord(screening, settled.actions), {}
    waivable = {one.id for one in screening.rulebook.criteria if one.waivable}
    rules = typed_options(asked, "rules", "profile", "settings")
    for one in settled.of(ActionState.CANNOT):
        found = (finding for question in one.questions for finding in record.findings(one.case, question))
        about = {
            (it.criterion, "" if it.numbered else it.item): it.outcome
            for it in found
            if it.outcome in _WAIVABLE and it.criterion in waivable
        }
        if not about:
            continue
        (criterion, item), accepted = next(iter(about.items()))
        row = f" --item {as_argument(item) or 'KEY'}" if item else ""
        line = f"casescreen waivers add waivers.toml{rules} --case {as_argument(one.case) or 'CASE'}"
        line += f' --criterion {criterion}{row} --accepts "{accepted.value}"'
        said = [f"To have it accepted: {line} --until DATE --reason WHY --by NAME --role ROLE"]
        alike: dict[str, list[str]] = {}
        for (criterion, item), outcome in [*about.items()][1:]:
            alike.setdefault(outcome.value, []).append(f"{criterion} {visible(item)}".strip())
        if alike:
            others = (f"{', '.join(dict.fromkeys(names))} ({outcome})" for outcome, names in alike.items())
            said.append(f"The same for: {'; '.join(others)}")
        lines[one.ref] = said
    return lines


def _write(path: Path, standings: Iterable[ActionStanding], screening: Screening, *, force: bool) -> None:
    """Write a row for each to a workbook or a table."""
    from casescreen.report.action_lists import COLUMNS, table_rows  # noqa: PLC0415 - imported when used: start-up time

    rows = table_rows(standings, screening.as_of, screening.rulebook)
    if path.suffix.lower() == _TABLE:
        from casescreen.report.formats.csv import table_as_csv  # noqa: PLC0415 - the same

        write_whole(path, table_as_csv([column.title for column in COLUMNS], rows), force=force)
    else:
        from casescreen.office.excel import Book  # noqa: PLC0415 - the same
        from casescreen.office.styles import SheetContent  # noqa: PLC0415 - the same

        book = Book(f"Actions: {screening.rulebook.title}", screening.as_of)
        book.write_table(SheetContent("Open actions", COLUMNS, rows))
        write_whole(path, book.to_bytes(), force=force)
    say_written(path)
