"""casescreen waivers: accept a finding for a while, list what is accepted, and check it against the cases."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

import click

from casescreen.cli.option_groups import RecordOptions, RuleOptions, record_options, rule_options
from casescreen.cli.options import (
    IsoDate,
    as_of_option,
    called_now,
    cases_from,
    say,
    say_problems,
    show,
    terminal_width,
    today,
    width_option,
)
from casescreen.cli.screening_run import screened
from casescreen.cli.waived import typed_rules, waivers_named
from casescreen.evaluate.acceptance import standings_by_days
from casescreen.files.atomic import check_place, put_whole, write_through, write_whole
from casescreen.model.problem import CasescreenError, ProblemsError
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Quoting, Screening
from casescreen.model.waiver import ACCEPTABLE, TO_MEND, Accepted, Waiver
from casescreen.report.blocks import Block, Heading, Paragraph
from casescreen.report.formats.plain_text import to_plain
from casescreen.report.sections.accepted import CHANGES_NOTHING, accepted_blocks, tally_of_states, waiver_blocks
from casescreen.rulebook.waiver_file import rule_hash, with_waiver
from casescreen.syntax.rule_file import LARGEST_FILE
from casescreen.text import did_you_mean, evened, in_words, visible

_TO_MEND, _UNUSED = 1, 2
_OUTCOMES = {one.value: one for one in ACCEPTABLE}

_EPILOG = """\b
Examples:
  casescreen waivers add waivers.toml --case C-17 --criterion plan-timely --accepts "not met" --until 2027-01-31
    --reason "The family was abroad until 20 November." --by "J. Okafor" --role "head of service"
  casescreen waivers list waivers.toml
  casescreen waivers check waivers.toml export.xlsx
  casescreen check export.xlsx --waivers waivers.toml

\b
A waiver says who accepts a finding, why, and until when. It changes no outcome, no rate and no conclusion: reports say
"of 5 not met, 2 accepted". What is accepted leaves the exit code of casescreen check. Name the same rules here as for
the run: a waiver keeps what the rule was, and it is told when that has changed.
"""

_file = click.argument("file", metavar="WAIVERS", type=click.Path(path_type=Path, dir_okay=False))


@click.group(short_help="Accept findings for a while, with a reason and a name.", epilog=_EPILOG)
def command() -> None:
    """Accept a finding for a while, with a reason and a name; list what is accepted; check it against the cases."""


@command.command("add")
@_file
@click.option("--case", "case_id", required=True, metavar="ID", help="The case.")
@click.option("--criterion", required=True, metavar="ID", help="The criterion, as casescreen rules list names it.")
@click.option("--item", default="", metavar="KEY", help="The key of the row, where the criterion is asked of rows.")
@click.option(
    "--accepts", type=click.Choice(list(_OUTCOMES)), required=True, help="The outcome that is accepted, and no other."
)
@click.option("--until", type=IsoDate(), required=True, metavar="DATE", help="The last day on which it counts.")
@click.option("--reason", required=True, metavar="TEXT", help="Why it is accepted.")
@click.option("--by", required=True, metavar="NAME", help="Who accepts it.")
@click.option("--role", required=True, metavar="ROLE", help="As what.")
@click.option("--on", type=IsoDate(), metavar="DATE", help="The day on which it is given. [default: today]")
@click.option("--from", "begins", type=IsoDate(), metavar="DATE", help="The first day. [default: the day of --on]")
@click.option("--evidence", default="", metavar="TEXT", help="Where what it rests on can be seen.")
@rule_options
def add_command(  # noqa: PLR0913, PLR0917 - click gives each option by name
    file: Path,
    case_id: str,
    criterion: str,
    item: str,
    accepts: str,
    until: date,
    reason: str,
    by: str,
    role: str,
    on: date | None,
    begins: date | None,
    evidence: str,
    rules: RuleOptions,
) -> None:
    """Add a waiver at the end of a file, and leave the rest of it as it is. The file is made if it is not there."""
    rulebook, given = rules.in_force(), on or today()
    id_ = _criterion(criterion, rulebook)
    waiver = Waiver(
        case=evened(case_id),
        criterion=id_,
        item=evened(item),
        accepts=_OUTCOMES[accepts],
        reason=reason,
        by=by,
        role=role,
        on=given,
        begins=begins or given,
        until=until,
        evidence=evidence,
        rule=rule_hash(rulebook.criterion[id_], rulebook),
    )
    _append(file, waiver, rulebook)
    first = "" if waiver.begins == given else f" from {in_words(waiver.begins)}"
    say(
        f"Added to {visible(str(file))}: {visible(waiver.case)}, {id_}, {accepts}, accepted{first} until "
        f"{in_words(until)}. {CHANGES_NOTHING}"
    )


def _criterion(named: str, rulebook: Rulebook) -> str:
    id_ = called_now(named, rulebook)
    if id_ not in rulebook.criterion:
        hint = did_you_mean(named, rulebook.answerable) or "casescreen rules list shows them all."
        raise CasescreenError(f'There is no criterion "{visible(named)}".', advice=hint)
    return id_


def _append(file: Path, waiver: Waiver, rulebook: Rulebook) -> None:
    """Put the waiver at the end of the file, which is made if it is not there.

    Raises:
        CasescreenError: the file cannot be used or written, or something is wrong with the waiver.
    """
    name = visible(str(file))
    if not file.exists():
        new = with_waiver(b"", waiver, name, rulebook)
        try:
            write_whole(file, new, force=False)
        except CasescreenError:
            if not file.exists():
                raise
        else:
            return
    if not file.is_file():
        raise CasescreenError(f"{name} is not an ordinary file.", advice="give the name of a file.")
    with _no_other_run_adds_to(file):
        _add_to(file, waiver, name, rulebook)


def _add_to(file: Path, waiver: Waiver, name: str, rulebook: Rulebook) -> None:
    old = _bytes_of(file)
    new = with_waiver(old, waiver, name, rulebook)
    check_place(file, force=True)

    def make(beside: Path) -> None:
        write_through(beside, new)
        if _bytes_of(file) != old:
            raise CasescreenError(
                f"{name} was changed while the waiver was added, and was left as it is.", advice="add it again."
            )

    put_whole(file, make, force=True)


@contextmanager
def _no_other_run_adds_to(file: Path) -> Iterator[None]:
    """Wait until no other run is adding to the file: each puts a new one in its place, and a waiver would be lost.

    On Windows a file cannot be replaced while it is held. There, who comes second is told that it was changed.
    """
    if os.name == "nt":
        yield
        return
    import fcntl  # noqa: PLC0415 - there is none on Windows

    while True:
        with file.open("rb") as held:
            with suppress(OSError):  # a drive without locks
                fcntl.flock(held.fileno(), fcntl.LOCK_EX)
            if os.path.samestat(os.fstat(held.fileno()), file.stat()):  # else another run has replaced it meanwhile
                yield
                return


def _bytes_of(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST_FILE + 1)
    except OSError as error:
        raise CasescreenError(
            f"{visible(str(file))} could not be read: {error.strerror or error}.", advice="check that you may read it."
        ) from error


@command.command("list")
@_file
@rule_options
@as_of_option
@width_option
def list_command(
    file: Path,
    rules: RuleOptions,
    as_of: date | None,
    width: int | None,
) -> None:
    """List waivers by how they stand by their days alone; casescreen waivers check holds them against the cases."""
    day, rulebook = as_of or today(), rules.in_force()
    named = waivers_named(file, rulebook, day, typed_rules(click.get_current_context().params))
    accepted = Accepted(standings_by_days(named.waivers, day), {})
    show(to_plain(_listed(file, accepted, rulebook, day), width or terminal_width()))


def _listed(file: Path, accepted: Accepted, rulebook: Rulebook, day: date) -> Iterator[Block]:
    yield Heading(f"Waivers in {visible(file.name)}, as at {in_words(day)}", 1)
    yield Paragraph(f"By their days alone: {tally_of_states(accepted.waivers)}.")
    yield from waiver_blocks(accepted, rulebook)


@command.command("check")
@_file
@click.argument("cases", nargs=-1, required=True)
@rule_options
@record_options()
@width_option
def check_command(
    file: Path,
    cases: tuple[str, ...],
    rules: RuleOptions,
    records: RecordOptions,
    width: int | None,
) -> int:
    """Hold the waivers against the findings on CASES, and list how each stands.

    The exit code is 1 if any has expired, is void or is no longer needed; 2 if a record cannot be used.
    """
    rulebook, line = rules.in_force(records.holidays), width or terminal_width()
    named = waivers_named(file, rulebook, records.as_of, typed_rules(click.get_current_context().params))
    suggest = records.suggest(cases, rulebook, rules, line)
    caseload = cases_from(
        cases, rulebook, records.mapping, suggest=suggest, taken_on=records.taken_on, strict=records.strict
    )
    screening = screened(rulebook, caseload, records.as_of, "auto", Quoting.REFERENCES)
    say_problems((*caseload.problems, *screening.lost), screening.left_out)
    if caseload.problems and not screening.case_ids:
        raise ProblemsError(caseload.problems)
    result = named.beside(screening)
    show(to_plain(_checked(file, result), line))
    if caseload.problems or not result.case_ids:
        return _UNUSED
    return _TO_MEND if result.accepted is not None and result.accepted.of(*TO_MEND) else 0


def _checked(file: Path, result: Screening) -> Iterator[Block]:
    assert result.accepted is not None
    yield Heading(f"Waivers in {visible(file.name)}, as at {in_words(result.as_of)}", 1)
    yield Paragraph(f"Held against the findings: {tally_of_states(result.accepted.waivers)}.")
    yield from accepted_blocks(result)
