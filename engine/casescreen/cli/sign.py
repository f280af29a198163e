"""casescreen sign: a statement about findings, and the cases, rules and documents that belong to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

from casescreen import __version__
from casescreen.cli.check_columnar import too_large
from casescreen.cli.option_groups import option_group
from casescreen.cli.options import (
    IsoDate,
    ShownSuggestion,
    cases_from,
    holidays_option,
    mapping_option,
    profile_options,
    reading_options,
    rules_in_force,
    rules_option,
    say,
    say_problems,
    show,
    terminal_width,
    today,
    width_option,
)
from casescreen.cli.outputs import keep_apart
from casescreen.cli.own_findings import check_found, own_findings
from casescreen.cli.waived import command_to_add
from casescreen.files.atomic import check_place
from casescreen.model.case import Caseload
from casescreen.model.change import ScreeningRun
from casescreen.model.problem import CasescreenError, ProblemsError
from casescreen.model.rulebook import Rulebook
from casescreen.model.sign_off import SignedSubject, SignOff
from casescreen.report.blocks import Block, Heading, Paragraph
from casescreen.report.formats.plain_text import to_plain
from casescreen.report.sections.signed_by import (
    NOT_WHO,
    statement_in_words,
    subjects_in_words,
)
from casescreen.review.signed_subjects import (
    ContentReader,
    PresentFiles,
    SignedFiles,
    present_files,
    with_contents,
)
from casescreen.review.statement_chain import (
    LONGEST_TEXT,
    ChainedLine,
    append,
)
from casescreen.rulebook.waiver_file import read_waivers
from casescreen.text import in_words, visible

_MADE_WITH = f"casescreen {__version__}"
_F = TypeVar("_F", bound=Callable[..., Any])

_EPILOG = """\b
Examples:
  casescreen check my-cases --as-of 2016-05-09 --output findings.json --output letter.docx
  casescreen sign statements.jsonl my-cases --findings findings.json --also letter.docx
    --statement "This is how we found our cases." --by "J. Okafor" --role "head of service"
  casescreen verify statements.jsonl my-cases --findings findings.json --also letter.docx --code "7f3a ..."

\b
It writes down what was signed, so that any change can be seen later. It does not show who signed: nothing proves who
typed a name. Write the code that it prints into the minutes: without it, nobody can see that the last statements were
cut off. The file names cases and people: keep it as you keep case records, beside the folder of the cases, not in it.

\b
Exit codes:
  0  signed
  2  wrong use, or the findings are not those of these cases and rules; nothing was written
  3  a fault in casescreen itself
"""


def files_options(function: _F) -> _F:
    """What is signed, and is verified, beside the cases."""
    file = partial(click.Path, path_type=Path)
    options = (
        click.option(
            "--answers",
            type=file(),
            multiple=True,
            metavar="FILE",
            help="What a reader answered: a file or folder. Can be given several times.",
        ),
        click.option(
            "--moderated",
            type=file(dir_okay=False),
            metavar="FILE",
            help="What counts where two readers differ: the sheet Moderate, filled in.",
        ),
        click.option("--waivers", type=file(dir_okay=False), metavar="FILE", help="A file of waivers."),
        click.option(
            "--sample",
            type=file(dir_okay=False),
            metavar="RECORD",
            help="The record of a sample. The findings can be of its cases alone.",
        ),
        click.option(
            "--also",
            "documents",
            type=file(dir_okay=False),
            multiple=True,
            metavar="FILE",
            help="Any other file, such as the letter or the page that is sent. Can be given several times.",
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


files_group = option_group("files", SignedFiles)
"""The cases, and all that is named beside them, given to a command as one value."""

statements_argument = click.argument("file", metavar="STATEMENTS", type=click.Path(path_type=Path, dir_okay=False))


@click.command(epilog=_EPILOG)
@statements_argument
@click.argument("cases", nargs=-1, required=True)
@click.option(
    "--findings",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE.json",
    help="The findings: what check wrote of these cases, with --output FILE.json.",
)
@files_options
@click.option("--statement", "says", required=True, metavar="TEXT", help="What is stated, in a sentence or two.")
@click.option("--by", required=True, metavar="NAME", help="Who signs.")
@click.option("--role", required=True, metavar="ROLE", help="As what.")
@click.option("--on", type=IsoDate(), metavar="DATE", help="The day on which it is signed. [default: today]")
@rules_option
@profile_options
@holidays_option
@mapping_option
@reading_options
@width_option
@files_group
def command(  # noqa: PLR0913, PLR0917 - click gives each option by name
    file: Path,
    files: SignedFiles,
    says: str,
    by: str,
    role: str,
    on: date | None,
    settings: tuple[tuple[str, str], ...],
    holidays: tuple[date, ...],
    strict: bool,
    taken_on: date | None,
    width: int | None,
) -> None:
    """Sign findings, with the CASES, rules and documents that belong to them: add a statement to a file.

    Name the same cases, rules, profile, mapping and days as for check: findings of other cases are not signed.
    """
    _check_file(file, files)
    says, by, role = (_text(option, typed) for option, typed in (("--statement", says), ("--by", by), ("--role", role)))
    taken = taken_on or today()
    # The bytes first: rules that change once they are read are then seen to be others when all is looked at again.
    present, rulebook = _all_present(files), rules_in_force(files.rules, holidays, files.profile, settings)
    assert files.findings is not None, "the option is required"
    run, caseload = own_findings(files.findings), confirmed_cases(files, rulebook, taken, strict=strict)
    statement = partial(
        SignOff,
        says=says,
        by=by,
        role=role,
        on=on or today(),
        as_of=run.as_of,
        cases_hash=run.cases_hash,
        taken_on=taken,
        strict=strict,
        settings=tuple("=".join(one) for one in settings),
        holidays=tuple(sorted(set(holidays))),
        made_with=_MADE_WITH,
        subjects=_subjects(files, present, run, rulebook, caseload, taken),
    )
    line = append(file, lambda number, previous: statement(number=number, previous=previous))
    show(to_plain(_signed(line, file), width or terminal_width()))


def _all_present(files: SignedFiles) -> PresentFiles:
    """Everything that is named.

    Raises:
        ProblemsError: all that is not there, or cannot be read.
    """
    present = present_files(files)
    if present.problems:
        raise ProblemsError([problem for _, problem in present.problems])
    return present


def _subjects(
    files: SignedFiles,
    present: PresentFiles,
    run: ScreeningRun,
    rulebook: Rulebook,
    caseload: Caseload,
    taken_on: date,
) -> tuple[SignedSubject, ...]:
    """What is signed, once it is held that it belongs together and did not change meanwhile.

    Raises:
        CasescreenError: it does not, it did, or something in it cannot be read.
    """
    say_problems(caseload.problems, caseload.left_out)
    check_found(run, rulebook, caseload, files, taken_on)
    if files.waivers is not None:
        read_waivers(files.waivers, rulebook, to_make_it=command_to_add(files.waivers, ""))
    elif any(one.accepted for one in run.findings.values()):
        say("What is accepted stands in the findings. To sign the waivers too, name their file with --waivers.")
    subjects = with_contents(present.subjects, ContentReader(lambda: rulebook, lambda: caseload, taken_on))
    if present_files(files) != present:
        raise CasescreenError(
            "A file changed while it was being signed, so nothing was signed.",
            advice="close the programs that have it open, and sign again.",
        )
    return subjects


def _check_file(file: Path, files: SignedFiles) -> None:
    """Refuse a file of statements that is among what is signed, or cannot be put there.

    Raises:
        CasescreenError: it is.
    """
    named = (files.findings, *files.answers, files.moderated, files.waivers, files.sample, *files.documents)
    keep_apart(read=(*files.cases, *named, files.profile, files.mapping), written=(file,))
    check_place(file, force=True)
    if files.cases and too_large(files.cases):
        raise CasescreenError(
            "So many cases give figures only, and no findings that could be signed.",
            advice="sign the findings of fewer cases, such as a sample.",
        )


def _text(option: str, typed: str) -> str:
    """What was typed for an option, without blanks at its ends.

    Raises:
        click.UsageError: it is empty, too long, or has what nobody can see.
    """
    text = typed.strip()
    if not text:
        raise click.UsageError(f"{option} is empty.")
    if len(text) > LONGEST_TEXT:
        raise click.UsageError(f"{option} has more than {LONGEST_TEXT:,} characters: say it in a few sentences.")
    if not text.isprintable():
        raise click.UsageError(f"{option} has a line break, or a character that cannot be seen: type it anew.")
    return text


def confirmed_cases(files: SignedFiles, rulebook: Rulebook, taken: date, *, strict: bool) -> Caseload:
    """The cases; columns that nobody has confirmed are not read."""
    suggest = ShownSuggestion(files.cases, rulebook, files.rules, taken, None, refused=True)
    return cases_from(files.cases, rulebook, files.mapping, suggest=suggest, taken_on=taken, strict=strict)


def _signed(line: ChainedLine, file: Path) -> Iterator[Block]:
    sign_off = line.sign_off
    assert sign_off is not None, "it has just been made"
    yield Heading(f"Signed: statement {sign_off.number:,} in {visible(file.name)}", 1)
    yield Paragraph(statement_in_words(sign_off))
    yield Paragraph(f"{subjects_in_words(sign_off)}. Findings as at {in_words(sign_off.as_of)}.")
    yield Paragraph(f"For the minutes, with the number of the statement, {sign_off.number:,}, this code:")
    yield Paragraph(line.code)
    yield Paragraph(
        "Without it, nobody can see later that statements were cut off, or that the file was written anew. "
        f"{NOT_WHO} Keep a copy of all that you signed: with it, casescreen verify says which findings changed."
    )
