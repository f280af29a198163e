"""casescreen sample: a plan to start from, the list committed to, the draw, replacements, and the draw repeated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casescreen.cli.check_columnar import too_large
from casescreen.cli.option_groups import RuleOptions, rule_options
from casescreen.cli.options import (
    IsoDate,
    cases_from,
    force_option,
    mapping_option,
    rulebook_named,
    rules_option,
    say,
    show,
    terminal_width,
    today,
    width_option,
)
from casescreen.cli.outputs import keep_apart, say_written, typed_options, typed_source
from casescreen.extras import import_extra, part_missing
from casescreen.files.atomic import check_place, only_writer, put_folder, put_whole, write_whole
from casescreen.model.problem import CasescreenError, ProblemsError
from casescreen.model.rulebook import Rulebook
from casescreen.model.sample import Population, SampleRecord, short_code
from casescreen.privacy.withholding import FEWEST
from casescreen.report.blocks import Block
from casescreen.report.formats.plain_text import to_plain
from casescreen.report.sections.drawn_sample import cannot_tell, counts_blocks, sample_blocks, too_many_replaced
from casescreen.resources import rulebook_folder, shipped_rulebooks
from casescreen.review.sample_draw import (
    OTHER_LIST,
    SHORTEST_SEED,
    changes_since,
    check_seed,
    difference_from_list,
    differences,
    draw,
    population_of_cases,
    replaced,
)
from casescreen.review.sample_record import (
    list_text,
    read_committed_list,
    read_sample_record,
    sample_text,
    with_hash,
    write_sample_record,
)
from casescreen.review.sample_screening import check_drawn
from casescreen.rulebook.sample_plan import ReadPlan, read_sample_plan, sample_starter
from casescreen.text import as_argument, counted, visible

if TYPE_CHECKING:
    from casescreen.columnar.frames import CaseFrames

_ENDING = ".toml"
_DIFFERS = 1
_HEAD = 3
_NOT_REPEATED = (
    "Why, by whom and when cases were replaced, and whether the last replacements were taken out, cannot be seen by "
    "drawing again. casescreen sign, with --sample, keeps it."
)

_EPILOG = """\b
Examples:
  casescreen sample new plan.toml
  casescreen sample commit plan.toml export.xlsx --output list.json
  casescreen sample draw plan.toml export.xlsx --seed 20260501-417 --commitment list.json --output sample.json
  casescreen sample replace sample.json --case C-17 --reason "The file is with the court." --by "J. Okafor"
  casescreen sample check sample.json plan.toml export.xlsx
  casescreen check export.xlsx --sample sample.json

\b
A seed decides who is drawn, so nobody may choose it after looking at the cases. Commit to the list first, and write its
code into the minutes. Take the seed from something public that nobody could know on that day and everybody can look up
later, such as the numbers of a lottery draw of a day that you name in advance: "20260501-417" could be a day and what
was drawn on it. Then anyone who has plan, cases and seed draws the same sample.
"""
_EPILOG_CHECK = """\b
Exit codes:
  0  plan, cases and seed come to the same sample
  1  they do not: what differs is said
  2  wrong use, or a file or a record that cannot be used
  3  a fault in casescreen itself
"""

_plan = click.argument("plan", metavar="PLAN", type=click.Path(path_type=Path, dir_okay=False))
_cases = click.argument("cases", nargs=-1, required=True)
_record = click.argument("record", metavar="SAMPLE", type=click.Path(path_type=Path, dir_okay=False))


_output = click.option(
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The file to write, as in sample.json.",
)


@click.group(short_help="Draw the cases to read, so that anyone can draw them again.", epilog=_EPILOG)
def command() -> None:
    """Draw the cases to read by a plan and a seed, so that anyone can draw them again."""


@command.command("new")
@click.argument("file", metavar="PLAN", type=click.Path(path_type=Path, dir_okay=False))
@rules_option
@force_option
def new_command(file: Path, rules: str | None, force: bool) -> None:
    """Make a plan to start from. What only you can say, such as days and names, is to be filled in."""
    if file.suffix != _ENDING:
        raise CasescreenError(f"{visible(str(file))} cannot be a plan.", advice=f"let its name end in {_ENDING}.")
    check_place(file, force=force)
    write_whole(file, sample_starter(rulebook_folder(rules, shipped_rulebooks())), force=force)
    say(f'Written to {visible(str(file))}. Fill in what says "fill in", and commit to the list:')
    say(f"  casescreen sample commit {as_argument(str(file)) or 'PLAN'} CASES --output list.json")


@command.command("commit")
@_plan
@_cases
@_output
@rule_options
@mapping_option
@force_option
def commit_command(
    plan: Path,
    cases: tuple[str, ...],
    output: Path,
    rules: RuleOptions,
    mapping: str | None,
    force: bool,
) -> None:
    """Write down who is eligible before anybody knows the seed, and print a code for the minutes.

    The code is of the plan and the list together. It tells nobody who is on the list.
    """
    _check_output(output, (plan, rules.profile, mapping, *cases), force=force)
    rulebook = rules.in_force()
    read = read_sample_plan(plan, rulebook)
    record = draw(read, _population(read, cases, mapping, rulebook), "")
    write_whole(output, list_text(record), force=force)
    _say_unknown(record)
    sizes = ", ".join(f"{visible(one.name)}: {len(one.tickets):,}" for one in record.strata if one.name)
    show(
        f"{counted(record.eligible, 'eligible case')}{f' ({sizes})' if sizes else ''}. {record.size:,} will be drawn.\n"
        f"For the minutes: {short_code(record.list_hash)}"
    )
    say_written(output)
    typed, options = typed_source(cases), _typed("rules", "profile", "settings", "mapping")
    draw_it = f"casescreen sample draw {as_argument(str(plan)) or 'PLAN'} {typed}{options} --seed SEED"
    say("When the seed is known:")
    say(f"  {draw_it} --commitment {as_argument(str(output)) or 'LIST'} --output sample.json")


@command.command("draw")
@_plan
@_cases
@click.option("--seed", required=True, metavar="SEED", help="What the tickets are made with: see casescreen sample -h.")
@_output
@click.option(
    "--commitment",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="LIST",
    help="The list that was committed to: refuse to draw where plan and list are not the same as then.",
)
@rule_options
@mapping_option
@width_option
@force_option
def draw_command(  # noqa: PLR0913, PLR0917 - click gives each option by name
    plan: Path,
    cases: tuple[str, ...],
    seed: str,
    output: Path,
    commitment: Path | None,
    rules: RuleOptions,
    mapping: str | None,
    width: int | None,
    force: bool,
) -> None:
    """Draw the sample that the seed makes of the eligible cases, with every ticket and every exclusion in its file."""
    check_seed(seed)
    _check_output(output, (plan, rules.profile, mapping, commitment, *cases), force=force)
    rulebook = rules.in_force()
    read = read_sample_plan(plan, rulebook)
    committed = None if commitment is None else read_committed_list(commitment)
    record = draw(read, _population(read, cases, mapping, rulebook), seed, "" if committed is None else committed.hash)
    if committed is not None and (said := difference_from_list(record, committed)):
        raise CasescreenError(
            "This is not what was committed to. " + " ".join(said),
            why="whoever changes the list or the plan once the seed is known can choose who is drawn.",
            advice="draw from the plan and the records that were committed to. If they had to change, commit again, "
            "and take another seed.",
        )
    write_sample_record(output, record, force=force)
    _say_unknown(record)
    _say_size(record)
    if committed is None:
        say("No list was committed to, so nobody can tell whether the seed was chosen for whom it draws.")
    if len(seed) < SHORTEST_SEED:
        say(f"The seed has fewer than {SHORTEST_SEED} characters: others will take it for one that was tried out.")
    show(to_plain(_head(record), width or terminal_width()))
    say_written(output)
    sample, options = (
        f"--sample {as_argument(str(output)) or 'SAMPLE'}",
        _typed("rules", "profile", "settings", "mapping"),
    )
    say("Sheets to read them with, and their findings:")
    say(f"  casescreen enquiry write {typed_source(cases)}{options} {sample} --output sheets")
    say(f"  casescreen check {typed_source(cases)}{options} {sample}")


@command.command("show")
@_record
@click.option(
    "--suppress-under",
    type=click.IntRange(min=FEWEST),
    metavar="N",
    help="Make a copy to share: counts only, none from 1 to N-1, and no case, ticket, seed or code.",
)
@width_option
def show_command(record: Path, suppress_under: int | None, width: int | None) -> None:
    """Show a sample: who was drawn, who is in reserve, who was not eligible and why, and what it takes to repeat it."""
    sample, line = read_sample_record(record), width or terminal_width()
    if suppress_under is None:
        show(to_plain(sample_blocks(sample), line))
        return
    from casescreen.privacy.share import shared_counts  # noqa: PLC0415 - only who shares waits for it

    show(to_plain(counts_blocks(shared_counts(sample, suppress_under)), line))


@command.command("replace")
@_record
@click.option("--case", "case_id", required=True, metavar="ID", help="The case that cannot be read.")
@click.option("--reason", required=True, metavar="TEXT", help="Why not.")
@click.option("--by", required=True, metavar="NAME", help="Who decides it.")
@click.option("--on", type=IsoDate(), metavar="DATE", help="The day of that. [default: today]")
def replace_command(record: Path, case_id: str, reason: str, by: str, on: date | None) -> None:
    """Let the case with the next ticket of the same stratum take the place of one. What was drawn stays in the file."""
    with only_writer(record):
        before = _bytes_of(record)
        drawn = read_sample_record(record)
        check_drawn(drawn, visible(str(record)))
        sample, case = replaced(drawn, case_id, reason, by, on or today())

        def make(beside: Path) -> None:
            beside.write_text(sample_text(sample), encoding="utf-8", newline="")
            if _bytes_of(record) != before:
                raise CasescreenError(
                    f"{visible(str(record))} was changed at the same time, and was left as it is.",
                    advice="do this again.",
                )

        put_whole(record, make, force=True)
    show(f"{visible(case)} is read in the place of {visible(case_id)}.")
    if sample.too_many_replaced:
        say(too_many_replaced(sample))


@command.command("check", epilog=_EPILOG_CHECK)
@_record
@_plan
@_cases
@rule_options
@mapping_option
def check_command(
    record: Path,
    plan: Path,
    cases: tuple[str, ...],
    rules: RuleOptions,
    mapping: str | None,
) -> int:
    """Draw a sample again from its plan, its seed and the cases, with its replacements, and say what differs."""
    sample, rulebook = read_sample_record(record), rules.in_force()
    read = read_sample_plan(plan, rulebook)
    again = draw(read, _population(read, cases, mapping, rulebook), sample.seed, sample.committed)
    for line in changes_since(sample, again):
        say(line)
    said = list(differences(sample, again))
    if sample.committed and sample.committed != sample.list_hash:
        said.append(OTHER_LIST)
    if sample.replacements:
        say(_NOT_REPEATED)
    for line in said:
        show(line)
    if not said:
        replacements = f", with {counted(len(sample.replacements), 'replacement')}" if sample.replacements else ""
        show(
            f"The same: {sample.size:,} of {counted(sample.eligible, 'eligible case')}{replacements}. "
            f"Code of the list: {short_code(sample.list_hash)}"
        )
    return _DIFFERS if said else 0


@command.command("extract")
@_record
@click.argument("cases", nargs=-1, required=True)
@click.argument("folder", metavar="OUT", type=click.Path(path_type=Path))
@rules_option
@mapping_option
def extract_command(record: Path, cases: tuple[str, ...], folder: Path, rules: str | None, mapping: str | None) -> int:
    """Put the records of a sample into a new folder OUT, as Parquet: out of very many, or to hand over no others."""
    import_extra("polars", *part_missing("Parquet cannot be written", "bulk"))
    from casescreen.columnar.eligibility import frames_of_sample  # noqa: PLC0415 - Polars is slow to import
    from casescreen.columnar.frames import frames_of  # noqa: PLC0415 - the same
    from casescreen.columnar.writer import write_parquet  # noqa: PLC0415 - the same

    sample, rulebook, written = read_sample_record(record), rulebook_named(rules), 0
    check_drawn(sample, visible(str(record)))
    ids = sample.ids
    frames = _large(cases, mapping, rulebook)
    if frames is None:
        caseload = cases_from(cases, rulebook, mapping)
        if caseload.problems:
            raise ProblemsError(caseload.problems)
        frames = (frames_of(caseload.cases, rulebook.dictionary),)

    def make(new: Path) -> None:
        nonlocal written
        written = write_parquet(frames_of_sample(frames, ids), rulebook.dictionary, new)

    put_folder(folder, make)
    show(f"{written:,} of the {counted(len(ids), 'case')} of the sample written to {visible(str(folder))}.")
    return 0 if written == len(ids) else _DIFFERS


def _check_output(output: Path, read: tuple[str | Path | None, ...], *, force: bool) -> None:
    keep_apart(read=read, written=(output,))
    check_place(output, force=force)


def _population(read: ReadPlan, cases: tuple[str, ...], mapping: str | None, rulebook: Rulebook) -> Population:
    """Who is eligible: of very many cases in a folder of Parquet or CSV all at once, else case by case."""
    frames = _large(cases, mapping, rulebook)
    if frames is None:
        taken = read.plan.taken_on
        return population_of_cases(read, cases_from(cases, rulebook, mapping, taken_on=taken, strict=False))
    from casescreen.columnar.eligibility import population_of_frames  # noqa: PLC0415 - Polars is slow to import
    from casescreen.columnar.frames import partition  # noqa: PLC0415 - the same

    return population_of_frames(read, (part for one in frames for part in partition(one)))


def _large(cases: tuple[str, ...], mapping: str | None, rulebook: Rulebook) -> Sequence[CaseFrames] | None:
    """The frames of a folder of Parquet or CSV with more cases than are read one by one; of anything else nothing."""
    folder = too_large(cases) if mapping is None else None
    if folder is None:
        return None
    from casescreen.columnar.caseload_folder import scan_folder  # noqa: PLC0415 - Polars is slow to import

    return scan_folder(folder, rulebook.dictionary)


def _say_unknown(record: SampleRecord) -> None:
    if record.admitted or any(one.unknown for one in record.excluded):
        say(cannot_tell(record))


def _say_size(record: SampleRecord) -> None:
    """Say so where fewer are eligible than the plan asks for."""
    wanted = record.plan.size.number or record.plan.size.at_least
    if record.size < wanted:
        are = counted(record.eligible, "case is", "cases are")
        say(f"The plan asks for {wanted:,}, and {are} eligible: all are drawn.")


def _head(record: SampleRecord) -> Iterator[Block]:
    """What was drawn, without what else there is to say of the sample."""
    return islice(sample_blocks(with_hash(record)), _HEAD)


def _typed(*names: str) -> str:
    """Those options of this run as they can be typed again, with a blank before each."""
    return typed_options(click.get_current_context().params, *names)


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CasescreenError(
            f"{visible(str(file))} could not be read: {error.strerror or error}.", advice="look at the spelling."
        ) from error
