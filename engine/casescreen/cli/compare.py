"""casescreen compare, and history compare: what changed from one findings file, or one run, to a later one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from casescreen.cli.options import (
    IsoDate,
    force_option,
    show,
    terminal_width,
    width_option,
)
from casescreen.cli.outputs import keep_apart, say_written
from casescreen.files.atomic import check_place, write_whole
from casescreen.history.comparison import compare
from casescreen.history.findings_file import read_run
from casescreen.history.run_rows import RunRecord
from casescreen.history.store import History
from casescreen.model.change import Comparison
from casescreen.model.problem import CasescreenError
from casescreen.report.formats.changes_by_form import changes_json
from casescreen.report.formats.plain_text import to_plain
from casescreen.report.sections.changes import changes_in_full, changes_screen
from casescreen.text import in_words, visible

_DIFFERS = 1
_MOST_NAMED = 5

_EPILOG = """\b
Examples:
  casescreen check my-cases --output findings-2016-05-02.json
  casescreen check my-cases --output findings-2016-05-09.json
  casescreen compare findings-2016-05-02.json findings-2016-05-09.json
  casescreen compare findings-2016-05-02.json findings-2016-05-09.json --full
  casescreen compare findings-2016-05-02.json findings-2016-05-09.json --output changes.json

\b
Exit codes:
  0  nothing changed: no finding, no case and no rule
  1  something did
  2  wrong use, or files that cannot be compared
  3  a fault in casescreen itself
"""


_full = click.option("--full", is_flag=True, help="Print every change, and not only what comes first.")
_form = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    help="The form. [default: json for a file whose name ends in .json, else table]",
)
_output = click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write every change to a file, and print what comes first.",
)


@click.command(epilog=_EPILOG)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@_full
@_form
@_output
@force_option
@width_option
def command(
    old: str, new: str, full: bool, form: str | None, output: Path | None, force: bool, width: int | None
) -> int:
    """Show what changed from the findings in OLD to those in NEW: what is new, still open, fixed, and gone.

    OLD and NEW are files that check wrote with --output FINDINGS.json, of the same caseload.
    """
    keep_apart(read=(old, new), written=(output,))
    if output is not None:
        check_place(output, force=force)
    comparison = compare(read_run(old), read_run(new))
    return _show(comparison, width or terminal_width(), full=full, form=form, output=output, force=force)


@click.command("compare")
@click.argument("file", metavar="HISTORY", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--from", "first", type=IsoDate(), metavar="DATE", help="The earlier run. [default: the one before]")
@click.option("--to", "last", type=IsoDate(), metavar="DATE", help="The later run. [default: the latest]")
@_full
@_form
@_output
@force_option
@width_option
def history_command(
    file: Path,
    first: date | None,
    last: date | None,
    full: bool,
    form: str | None,
    output: Path | None,
    force: bool,
    width: int | None,
) -> int:
    """Show what changed from one run to a later one: what is new, reopened, still open, fixed, and gone.

    Without --from and --to it is the latest run that found something, and the one before. The runs before those say
    since when something is open, and what is open again. Exit codes are those of casescreen compare.
    """
    keep_apart(read=(file,), written=(output,))
    if output is not None:
        check_place(output, force=force)
    with History(file) as history:
        before, old, new = _chosen(history, first, last, visible(str(file)))
        now = history.run(new)
        comparison = compare(history.run(old), now, history.past(before, now))
    return _show(comparison, width or terminal_width(), full=full, form=form, output=output, force=force)


def _chosen(
    history: History, first: date | None, last: date | None, file: str
) -> tuple[Sequence[RunRecord], RunRecord, RunRecord]:
    """The runs before the two that are compared, and these.

    Raises:
        click.UsageError: the days stand the wrong way round.
        CasescreenError: there are no such two.
    """
    if first is not None and last is not None and first >= last:
        raise click.UsageError("--from must be a day before that of --to.")
    runs = [run for run in history.runs() if run.counts_in_time]
    days = [run.as_of for run in runs]
    for day in (first, last):
        if day is not None and day not in days:
            raise _no_run(f"There is no run that found something as at {in_words(day)}.", days, file)
    to = days.index(last) if last else len(days) - 1
    since = days.index(first) if first else to - 1
    if not 0 <= since < to:
        raise _no_run("There is no earlier run to compare with.", days, file)
    return runs[:since], runs[since], runs[to]


def _no_run(what: str, days: Sequence[date], file: str) -> CasescreenError:
    there = ", ".join(map(in_words, days[-_MOST_NAMED:]))
    return CasescreenError(
        what,
        why="it takes two runs, as at different days, to tell what changed.",
        advice=f"the latest are as at: {there}. casescreen history list {file} lists all."
        if there
        else "add runs with casescreen check CASES --history FILE.",
    )


def _show(comparison: Comparison, room: int, *, full: bool, form: str | None, output: Path | None, force: bool) -> int:
    """Write the comparison where it is asked for, print it, and give the exit code."""
    if output is not None:
        as_json = form == "json" or (form is None and output.suffix.lower() == ".json")
        write_whole(output, changes_json(comparison) if as_json else _in_full(comparison, room), force=force)
    if form == "json" and output is None:
        show(changes_json(comparison))
    else:
        show(_in_full(comparison, room) if full else changes_screen(comparison, room))
    if output is not None:
        say_written(output)
    return _DIFFERS if comparison.differs else 0


def _in_full(comparison: Comparison, width: int) -> str:
    return to_plain(changes_in_full(comparison), width)
