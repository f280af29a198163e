"""casescreen history: what runs found over time, listed, shown, compared, written out, and taken out for good."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

import click

from casescreen.cli.compare import history_command as compare_command
from casescreen.cli.options import (
    IsoDate,
    force_option,
    say,
    show,
    terminal_width,
    width_option,
)
from casescreen.cli.outputs import keep_apart, say_changed_ids, say_written
from casescreen.cli.sharing import key_from
from casescreen.files.atomic import check_place, write_whole
from casescreen.history.run_rows import Identity, RunRecord
from casescreen.history.store import History
from casescreen.model.change import ScreeningRun
from casescreen.model.outcome import Outcome
from casescreen.model.problem import CasescreenError
from casescreen.report.blocks import Block, Column, Grid, Heading, Item, Outline, Paragraph
from casescreen.report.formats.csv import csv_lines, harmless
from casescreen.report.formats.plain_text import to_plain
from casescreen.report.wording import SHORT_HASH
from casescreen.text import counted, evened, in_words, visible

_NOTHING_DONE = 2
_SHOWN = tuple(outcome for outcome in Outcome if outcome is not Outcome.NOT_APPLICABLE)
_EPILOG = """\b
Examples:
  casescreen check export.xlsx --history north.db --scope north-team
  casescreen history list north.db
  casescreen history show north.db --as-of 2026-11-23
  casescreen history compare north.db
  casescreen history export north.db --output findings.csv
  casescreen history forget north.db --case C-17 --yes

\b
A history is one file. It holds ids of cases, names of owners and keys of rows, or their pseudonyms, and what each
question came to; no text of a record. Copy it only while nothing is added to it.
"""

_file = click.argument("file", metavar="HISTORY", type=click.Path(path_type=Path, dir_okay=False))


@click.group(short_help="List, show, compare, write out or forget what runs found.", epilog=_EPILOG)
def command() -> None:
    """Show what runs found over time, as check --history kept it, or take it out for good."""


command.add_command(compare_command)


@command.command("list")
@_file
@click.option("--all", "every", is_flag=True, help="List runs too whose place a later one as at the same day took.")
@width_option
def list_command(file: Path, every: bool, width: int | None) -> None:
    """List the runs, in order of the day that they are as at."""
    with History(file) as history:
        runs, identity = history.runs(), history.identity
    shown = [run for run in runs if every or not run.superseded]
    show(to_plain(_list(identity, shown), width or terminal_width()))
    if gone := len(runs) - len(shown):
        say(f"{counted(gone, 'run')} not listed: a later one as at the same day took the place. --all lists them too.")


def _list(identity: Identity, runs: Sequence[RunRecord]) -> Iterator[Block]:
    yield Heading("Runs, by the day that they are as at", 1)
    yield Paragraph(_about(identity))
    if not runs:
        yield Paragraph("There is no run in it.")
        return
    columns = (
        Column("As at", whole=True),
        Column("State", whole=True),
        *(Column(title, figures=True) for title in ("Cases", "Left out", *map(_title, _SHOWN))),
        Column("Rules", whole=True),
    )
    yield Grid(columns, tuple(tuple(_cells(run)) for run in runs))


def _title(outcome: Outcome) -> str:
    return outcome.value.capitalize()


def _cells(run: RunRecord) -> Iterator[str]:
    yield from (in_words(run.as_of), "replaced" if run.superseded else run.state.value)
    yield from (f"{run.cases - run.forgotten:,}", f"{run.rejected:,}")
    yield from (f"{run.counts.get(outcome, 0):,}" if run.counts_in_time else "-" for outcome in _SHOWN)
    yield f"{visible(run.version)} {run.rulebook_hash[:SHORT_HASH]}"


def _about(identity: Identity) -> str:
    scope = f"the cases {visible(identity.scope)}" if identity.scope else "cases without a name (--scope)"
    names = f"pseudonyms of the key {identity.pseudonyms}" if identity.pseudonyms else "ids as they are"
    return f"Rulebook {visible(identity.rulebook)}, {scope}, {names}."


@command.command("show")
@_file
@click.option("--as-of", type=IsoDate(), metavar="DATE", help="Which run. [default: the latest that found something]")
@width_option
def show_command(file: Path, as_of: date | None, width: int | None) -> None:
    """Show one run: how each question came out, and what it was made with."""
    with History(file) as history:
        record = _chosen(history, as_of)
        blocks = tuple(_shown(history, record, history.run(record)))
    show(to_plain(blocks, width or terminal_width()))


def _chosen(history: History, as_of: date | None) -> RunRecord:
    runs = [run for run in history.runs() if run.counts_in_time]
    chosen = [run for run in runs if as_of in (None, run.as_of)]
    if not chosen:
        there = ", ".join(in_words(run.as_of) for run in runs[-5:])
        raise CasescreenError(
            "There is no run that found something" + ("." if as_of is None else f" as at {in_words(as_of)}."),
            advice=f"the latest are as at: {there}."
            if there
            else "add one with casescreen check CASES --history FILE.",
        )
    return chosen[-1]


def _shown(history: History, record: RunRecord, run: ScreeningRun) -> Iterator[Block]:
    yield Heading(f"The run as at {in_words(record.as_of)}", 1)
    yield Paragraph(_about(history.identity))
    cases = f"{counted(len(run.cases), 'case')}, {len(run.closed):,} of them closed"
    facts = [Item(f"State: {record.state.value}"), Item(f"Cases: {cases}; hash {run.cases_hash[:SHORT_HASH]}")]
    if record.rejected:
        ids = ", ".join(map(visible, sorted(run.rejected)))
        facts.append(Item(f"Left out: {counted(record.rejected, 'record')}{f', among them {ids}' if ids else ''}"))
    if record.forgotten:
        facts.append(Item(f"Forgotten since: {counted(record.forgotten, 'case')}"))
    if accepted := sum(one.accepted is not None for one in run.findings.values()):
        facts.append(Item(f"Accepted: {counted(accepted, 'finding')}"))
    if run.numbered:
        facts.append(Item("Rows without a key of their own are counted, and not matched from week to week."))
    facts.append(Item(f"Rulebook: version {visible(run.version)}, hash {run.rulebook_hash[:SHORT_HASH]}"))
    yield Outline(tuple(facts))
    columns = (Column("Question"), *(Column(_title(outcome), figures=True) for outcome in Outcome))
    counts = history.counts_by_criterion(record)
    yield Grid(
        columns,
        tuple(
            (visible(run.rules[criterion].short or criterion), *(f"{tally.get(one, 0):,}" for one in Outcome))
            for criterion, tally in counts.items()
        ),
    )


_COLUMNS = (
    *("as_of", "state", "case", "manager", "closed", "criterion", "item", "outcome", "severity", "owner", "due"),
    *("days_late", "rows", "accepted_until"),
)


@command.command("export")
@_file
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    required=True,
    help="The CSV file to write: a row for each finding of each run.",
)
@click.option("--as-of", type=IsoDate(), metavar="DATE", help="Only the run as at this day.")
@force_option
def export_command(file: Path, output: Path, as_of: date | None, force: bool) -> None:
    """Write out all that the history holds of single findings, as CSV.

    Rows without a key of their own are one row for each outcome, with how many they are.
    """
    if output.suffix.lower() != ".csv":
        raise CasescreenError(
            f"{visible(str(output))} cannot be a table of findings.", advice="let its name end in .csv."
        )
    keep_apart(read=(file,), written=(output,))
    check_place(output, force=force)
    with History(file) as history:
        records = [_chosen(history, as_of)] if as_of else [one for one in history.runs() if one.counts_in_time]
        write_whole(output, _csv(history, records), force=force)
        ids = {case for record in records[-1:] for case in history.run(record).cases}
    say_written(output)
    say_changed_ids(sorted(ids))


def _csv(history: History, records: Sequence[RunRecord]) -> Iterator[str]:
    yield f"\N{ZERO WIDTH NO-BREAK SPACE}{csv_lines([_COLUMNS])}"
    for record in records:
        yield csv_lines([harmless(cell) for cell in row] for row in _rows(record, history.run(record)))


def _rows(record: RunRecord, run: ScreeningRun) -> Iterator[Sequence[str]]:
    head = (record.as_of.isoformat(), record.state.value)
    for (case, criterion, item), one in run.findings.items():
        about = (case, run.cases[case], "yes" if case in run.closed else "no", criterion, item)
        due = "" if one.due is None else one.due.isoformat()
        late, until = str(one.days_late or ""), "" if one.accepted is None else one.accepted.isoformat()
        yield (*head, *about, one.outcome.value, one.severity.value, one.owner, due, late, "1", until)
    for (case, criterion), tally in run.numbered.items():
        about = (case, run.cases[case], "yes" if case in run.closed else "no", criterion, "")
        for outcome, number in tally.items():
            yield (*head, *about, outcome.value, "", "", "", "", str(number), "")


@command.command("forget")
@_file
@click.option("--case", "case_id", metavar="ID", help="Take this case out of every run.")
@click.option(
    "--key",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="KEYFILE",
    help="Where the history has pseudonyms: the key file, so that the case can be named by its own id.",
)
@click.option("--as-of", type=IsoDate(), metavar="DATE", help="Take the run as at this day out.")
@click.option("--before", type=IsoDate(), metavar="DATE", help="Take every run out that is as at an earlier day.")
@click.option("--yes", is_flag=True, help="Do it. Without it, what would go is only said.")
def forget_command(
    file: Path, case_id: str | None, key: Path | None, as_of: date | None, before: date | None, yes: bool
) -> int:
    """Take a case, a run or all runs before a day out, for good: the file is written anew without them.

    Copies and backups of the file, and reports, are not reached.
    """
    if sum(one is not None for one in (case_id, as_of, before)) != 1:
        raise click.UsageError("Name one thing to forget: --case, --as-of or --before.")
    with History(file) as history:
        if case_id is not None:
            name = _name_in(history, evened(case_id), key)
            runs = [one for one in history.runs() if one.counts_in_time and _has(history.run(one), name)]
            if not runs:
                _not_there(case_id)
            what = f"case {visible(case_id)} out of {counted(len(runs), 'run')}"
        else:
            runs = [one for one in history.runs() if (before and one.as_of < before) or one.as_of == as_of]
            if not runs:
                raise CasescreenError("There is no such run.", advice=f"casescreen history list {visible(str(file))}")
            days = f"as at {in_words(runs[0].as_of)}" + (f" to {in_words(runs[-1].as_of)}" if before else "")
            what = f"{counted(len(runs), 'run')} {days}"
        if not yes:
            say(f"This would take {what}, for good. Nothing was taken yet: add --yes to do it.")
            return _NOTHING_DONE
        if case_id is not None:
            history.forget_case(name)
        else:
            history.forget_days({one.as_of for one in runs})
    say(f"Taken: {what}. The file was written anew. Copies, backups and reports may still hold it.")
    return 0


def _name_in(history: History, case: str, key: Path | None) -> str:
    """What the history calls a case that is named by its id, or by its pseudonym."""
    fingerprint = history.identity.pseudonyms
    if key is None:
        return case
    if not fingerprint:
        raise click.UsageError("--key is for a history of pseudonyms, and this one has ids as they are.")
    from casescreen.privacy import pseudonyms  # noqa: PLC0415 - imported when used: start-up time

    known = key_from(key)
    if pseudonyms.fingerprint(known) != fingerprint:
        raise CasescreenError(
            f"{visible(str(key))} is not the key of this history.", advice="name the key file that it was begun with."
        )
    return pseudonyms.pseudonym(known, pseudonyms.CASE, case)


def _has(run: ScreeningRun, case: str) -> bool:
    return case in run.cases or case in run.rejected


def _not_there(case: str) -> NoReturn:
    raise CasescreenError(
        f"There is no case {visible(case)} in the history.",
        advice="look at the spelling. Of a history of pseudonyms, name the pseudonym, or add --key KEYFILE.",
    )
