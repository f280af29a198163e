"""casescreen trend: how things stood run by run, and how much of what fell due was met month by month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import click

from casescreen.cli.options import (
    IsoDate,
    show,
    terminal_width,
    width_option,
)
from casescreen.cli.sharing import refuse_suppression
from casescreen.history.run_chart import FEWEST_DUTIES, FEWEST_POINTS, RUN_LENGTH, Point, RunChart, run_chart
from casescreen.history.run_rows import RunRecord, RunState
from casescreen.history.store import Duty, History
from casescreen.model.outcome import Outcome
from casescreen.model.problem import CasescreenError
from casescreen.report.blocks import Block, Column, Grid, Heading, Item, Outline, Paragraph
from casescreen.report.formats.plain_text import to_plain
from casescreen.text import counted, did_you_mean, in_words, visible

_STOCK = (Outcome.NOT_MET, Outcome.NOT_EVIDENCED, Outcome.NEEDS_JUDGEMENT, Outcome.NOT_YET_DUE, Outcome.MET)
_WEEK = timedelta(days=7)
_EPILOG = """\b
Examples:
  casescreen check export.xlsx --history north.db
  casescreen trend north.db
  casescreen trend north.db --criterion plan-in-time --from 2026-01-01
"""


@click.command(epilog=_EPILOG)
@click.argument("file", metavar="HISTORY", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--criterion", metavar="ID", help="Only what falls due of this criterion, in the table by month.")
@click.option(
    "--from",
    "first",
    type=IsoDate(),
    metavar="DATE",
    help="The first month of the table by month. [default: that of the first run]",
)
@click.option("--sample", is_flag=True, help="Say that the cases are a sample of others: each month gets an interval.")
@click.option("--suppress-under", hidden=True, expose_value=False, callback=refuse_suppression)
@width_option
def command(file: Path, criterion: str | None, first: date | None, sample: bool, width: int | None) -> None:
    """Show how things stood in each run of a HISTORY, and how much of what fell due each month was met.

    The first table counts the same cases again and again, so no rule says what in it is chance. The second counts each
    duty once, in the month in which it fell due.
    """
    with History(file) as history:
        runs = [run for run in history.runs() if not run.superseded]
        there = [run for run in runs if run.counts_in_time]
        if not there:
            raise CasescreenError(
                "There is no run that found something.", advice="add one with casescreen check CASES --history FILE."
            )
        latest = history.run(there[-1])
        duties = history.duties()
    if criterion is not None:
        if criterion not in latest.rules:
            hint = did_you_mean(criterion, latest.rules) or "casescreen rules list shows them all."
            raise CasescreenError(f'There is no criterion "{visible(criterion)}" in the latest run.', advice=hint)
        duties = tuple(one for one in duties if one.criterion == criterion)
    as_of = there[-1].as_of
    begins = there[0].as_of if first is None else max(first, min((one.due for one in duties), default=as_of))
    chart = run_chart(duties, begins, as_of)
    about = "" if criterion is None else f": {visible(latest.rules[criterion].short or criterion)}"
    notes = tuple(_notes(chart, duties, there, begins, sample=sample))
    blocks = [*_stock(runs), Heading(f"Each duty once, by the month in which it fell due{about}")]
    show(to_plain([*blocks, *_flow(chart, notes, sample=sample)], width or terminal_width()))


def _stock(runs: Sequence[RunRecord]) -> Iterator[Block]:
    yield Heading("Run by run", 1)
    yield Paragraph(
        "Findings as at each day. They are of the same cases again and again, so no rule says what is chance here."
    )
    columns = (
        Column("As at", whole=True),
        *(Column(title, figures=True) for title in ("Cases", *(one.value.capitalize() for one in _STOCK))),
        Column("Beside"),
    )
    yield Grid(columns, tuple(_rows(runs)))


def _rows(runs: Sequence[RunRecord]) -> Iterator[tuple[str, ...]]:
    """A row for each run, and one for each gap of more than a week: it stays a gap."""
    blank = ("-",) * (len(_STOCK) + 1)
    before: date | None = None
    for run in runs:
        if before is not None and (weeks := (run.as_of - before - timedelta(days=1)) // _WEEK):
            yield ("", *blank, f"no run for {counted(weeks, 'week')}")
        before = run.as_of
        if run.state is RunState.FAILED:
            yield (in_words(run.as_of), *blank, "failed")
            continue
        beside = []
        if run.rejected:
            beside.append(f"{counted(run.rejected, 'record')} left out")
        if run.forgotten:
            beside.append(f"{counted(run.forgotten, 'case')} forgotten")
        counts = (f"{run.counts.get(one, 0):,}" for one in _STOCK)
        yield (in_words(run.as_of), f"{run.cases - run.forgotten:,}", *counts, "; ".join(beside))


def _flow(chart: RunChart, notes: Sequence[str], *, sample: bool) -> Iterator[Block]:
    if any(point.of or point.unknown for point in chart.points):
        titles = ("Met", "Of", "Per cent", *(("From", "To") if sample else ()), "Not known")
        columns = (Column("Month", whole=True), *(Column(one, figures=True) for one in titles), Column("Signal"))
        yield Grid(columns, tuple(_cells(point, sample=sample) for point in chart.points))
    else:
        yield Paragraph("In no month that is over did anything fall due.")
    yield Outline(tuple(Item(line) for line in notes))


def _cells(point: Point, *, sample: bool) -> tuple[str, ...]:
    month = in_words(point.month).split(" ", 1)[1]
    blank = ("-",) * (4 if sample else 2)
    signals = "; ".join(filter(None, ("outside the limits" if point.outside else "", "shift" if point.shifted else "")))
    if point.share is None:
        return (month, *blank, "-", f"{point.unknown:,}", signals)
    interval = tuple(map(str, point.interval)) if sample else ()
    return (month, f"{point.met:,}", f"{point.of:,}", _per_cent(point.share), *interval, f"{point.unknown:,}", signals)


def _per_cent(share: Fraction) -> str:
    return str(round(share))


def _notes(
    chart: RunChart, duties: Sequence[Duty], runs: Sequence[RunRecord], begins: date, *, sample: bool
) -> Iterator[str]:
    """What the table says, by which rule, and what it cannot say."""
    if chart.median is not None:
        yield f"Median: {_per_cent(chart.median)} per cent."
    yield (
        f"Rule: {RUN_LENGTH} months in a row on one side of the median are a shift. A month on the median does not "
        "count, and one in which nothing was decided ends the row."
    )
    if chart.limits is not None:
        low, high = map(_per_cent, chart.limits)
        yield f"Limits (XmR): {low} to {high} per cent, from months of at least {FEWEST_DUTIES} duties."
    else:
        yield f"Limits (XmR) need {FEWEST_POINTS} months of at least {FEWEST_DUTIES} duties: there are too few."
    if sample:
        yield (
            "From and To: where the share of all duties lies, 95 in 100 times, if those of the sample were drawn by "
            "chance, one by one (Wilson). Several of one case tell less than that."
        )
    yield f"The month of {in_words(runs[-1].as_of)} is not over, and is not in the table."
    if begins.replace(day=1) < runs[0].as_of.replace(day=1):
        yield "Months before the first run count only the cases that were still there: who left is missing."
    earlier = sum(one.due < begins.replace(day=1) for one in duties)
    if earlier:
        yield f"{counted(earlier, 'duty', 'duties')} fell due before the first month of the table."
    if len({run.rulebook_hash for run in runs}) > 1:
        yield "The rules changed between runs: a change of what is met can be one of them."
