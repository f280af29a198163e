"""casescreen history compare: what changed from one run of a history to a later one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import click
from attrs import evolve

from casescreen.cli.compare import (
    force_option,
    form_option,
    full_option,
    output_option,
    show_comparison,
    width_option,
)
from casescreen.cli.options import IsoDate, terminal_width
from casescreen.cli.outputs import keep_apart
from casescreen.files.atomic import check_place
from casescreen.history.comparison import compare
from casescreen.history.run_rows import RunRecord
from casescreen.history.store import History
from casescreen.model.change import OPEN, ScreeningRun
from casescreen.model.problem import CasescreenError
from casescreen.text import in_words, visible

_MOST_NAMED = 5


@click.command("compare")
@click.argument("file", metavar="HISTORY", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--from", "first", type=IsoDate(), metavar="DATE", help="The earlier run. [default: the one before]")
@click.option("--to", "last", type=IsoDate(), metavar="DATE", help="The later run. [default: the latest]")
@full_option
@form_option
@output_option
@force_option
@width_option
def command(
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
        comparison = compare(history.run(old), history.run(new), tuple(_open_in(history, before)))
    return show_comparison(comparison, width or terminal_width(), full=full, form=form, output=output, force=force)


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


def _open_in(history: History, records: Sequence[RunRecord]) -> Iterator[ScreeningRun]:
    """Runs with what was open in them, and nothing else: of many runs, the rest would fill the memory."""
    for record in records:
        run = history.run(record)
        yield evolve(run, findings={key: one for key, one in run.findings.items() if one.outcome in OPEN}, numbered={})
