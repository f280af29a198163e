"""casescreen verify: whether what was signed is still the same, and what changed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import click

from casescreen.cli.options import (
    force_option,
    mapping_option,
    rules_in_force,
    rules_option,
    show,
    terminal_width,
    width_option,
)
from casescreen.cli.outputs import keep_apart, say_written
from casescreen.cli.sign import confirmed_cases, files_group, files_options, statements_argument
from casescreen.files.atomic import check_place, write_whole
from casescreen.files.content import hash_of_file
from casescreen.history.findings_file import read_run
from casescreen.model.case import Caseload
from casescreen.model.problem import CasescreenError, ProblemsError
from casescreen.model.rulebook import Rulebook
from casescreen.model.sign_off import ChangedFinding, SignOff, SubjectKind, Verification
from casescreen.report.formats.markdown import to_markdown
from casescreen.report.formats.plain_text import to_plain
from casescreen.report.sections.signed_by import verification_blocks, verification_json
from casescreen.review.signed_subjects import ContentReader, SignedFiles, findings_content, present_files
from casescreen.review.statement_chain import StatementChain, code_as_compared, read_chain
from casescreen.review.verification import changed_findings, check_subjects, code_faults
from casescreen.text import visible

_CHANGED, _UNUSABLE = 1, 2
_MOST_IN_FILE = 10_000

_EPILOG = """\b
Examples:
  casescreen verify statements.jsonl my-cases --findings findings.json --also letter.docx --code "7f3a ..."
  casescreen verify statements.jsonl my-cases --findings findings.json --old-findings copy/findings.json
  casescreen verify statements.jsonl my-cases --findings findings.json --number 2 --output verified.json

\b
Days, settings and holidays are those of the statement. Files can stand in another folder, and be called otherwise.

\b
Exit codes:
  0  everything that was signed matches
  1  something changed: a thing that was signed, or the file of statements
  2  wrong use, files that cannot be used, or something that was signed was not given and so not looked at
  3  a fault in casescreen itself
"""


@click.command(epilog=_EPILOG)
@statements_argument
@click.argument("cases", nargs=-1)
@click.option(
    "--findings",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.json",
    help="The findings as they are now.",
)
@files_options
@rules_option
@click.option("--profile", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="What is local.")
@mapping_option
@click.option("--code", metavar="CODE", help="The code in the minutes. Without --number it says which statement.")
@click.option(
    "--number", type=click.IntRange(min=1), metavar="N", help="Which statement is verified. [default: the last]"
)
@click.option(
    "--old-findings",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OLD.json",
    help="A copy of the findings as they were signed: then it is said which of them changed.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write it to a file too: .txt, .md or .json.",
)
@force_option
@width_option
@files_group
def command(
    file: Path,
    files: SignedFiles,
    code: str | None,
    number: int | None,
    old_findings: Path | None,
    output: Path | None,
    force: bool,
    width: int | None,
) -> int:
    """Hold what was signed against the CASES and files as they are, and name what changed.

    Name the cases and files as for sign, wherever they are now.
    """
    render = _renderer(output, file, files, old_findings, force=force)
    chain = read_chain(file)
    code_of, wrong = (None, ()) if code is None else code_faults(chain, _code(code))
    sign_off = _chosen(chain, number or code_of or len(chain.lines))
    read, rulebook = _readers(files, sign_off)
    result = Verification(
        file=str(file),
        statements=len(chain.lines),
        sign_off=sign_off,
        faults=(*chain.faults, *wrong),
        code_of=code_of,
        has_code=code is not None,
        checks=check_subjects(sign_off, files, present_files(files), read),
        findings=None if old_findings is None else _changed_since(old_findings, files.findings, sign_off),
    )
    named = _rulebook_if_any(rulebook) if result.findings else None
    if output is not None:
        write_whole(output, render(result, named), force=force)
    show(to_plain(verification_blocks(result, named), width or terminal_width()))
    if output is not None:
        say_written(output)
    if result.faults or result.changed:
        return _CHANGED
    return _UNUSABLE if result.not_given else 0


_Render = Callable[[Verification, Rulebook | None], str]
_RENDERERS: dict[str, _Render] = {
    ".txt": lambda result, rulebook: to_plain(verification_blocks(result, rulebook, _MOST_IN_FILE), 100),
    ".md": lambda result, rulebook: to_markdown(verification_blocks(result, rulebook, _MOST_IN_FILE)),
    ".json": lambda result, _: verification_json(result),
}


def _renderer(
    output: Path | None, file: Path, files: SignedFiles, old_findings: Path | None, *, force: bool
) -> _Render:
    """What makes the file that is written.

    Raises:
        CasescreenError: its form cannot be told, or it cannot be put there.
    """
    if output is None:
        return _RENDERERS[".txt"]
    render = _RENDERERS.get(output.suffix.lower())
    if render is None:
        raise CasescreenError(
            f'The form of "{visible(str(output))}" cannot be told from its name.',
            advice=f"let the name end in {', '.join(_RENDERERS)}.",
        )
    named = (files.findings, *files.answers, files.moderated, files.waivers, files.sample, *files.documents)
    keep_apart(read=(*files.cases, *named, files.profile, files.mapping, file, old_findings), written=(output,))
    check_place(output, force=force)
    return render


def _code(typed: str) -> str:
    code = code_as_compared(typed)
    if not code:
        raise click.UsageError(
            f'--code "{visible(typed, 80)}" is no such code: it has 32 figures and letters a to f, four at a time.'
        )
    return code


def _chosen(chain: StatementChain, number: int) -> SignOff:
    """The statement of that number.

    Raises:
        CasescreenError: there is none, or it cannot be read.
    """
    if number > len(chain.lines):
        raise CasescreenError(
            f"There is no statement {number:,} in {visible(chain.file)}: it has {len(chain.lines):,}.",
            advice="give another number, or put back a copy of the file if it had more.",
        )
    sign_off = chain.lines[number - 1].sign_off
    if sign_off is None:
        raise ProblemsError(chain.faults)
    return sign_off


def _readers(files: SignedFiles, sign_off: SignOff) -> tuple[ContentReader, Callable[[], Rulebook]]:
    """What reads the rules and the cases as for the statement, once, where it is asked."""
    settings: list[tuple[str, str]] = []
    for one in sign_off.settings:
        name, _, value = one.partition("=")
        settings.append((name, value))

    @cache
    def rulebook() -> Rulebook:
        return rules_in_force(files.rules, sign_off.holidays, files.profile, settings)

    @cache
    def caseload() -> Caseload:
        return confirmed_cases(files, rulebook(), sign_off.taken_on, strict=sign_off.strict)

    return ContentReader(rulebook, caseload, sign_off.taken_on), rulebook


def _rulebook_if_any(rulebook: Callable[[], Rulebook]) -> Rulebook | None:
    try:
        return rulebook()
    except CasescreenError:
        return None


def _changed_since(old: Path, now: Path | None, sign_off: SignOff) -> tuple[ChangedFinding, ...] | None:
    """Which findings changed since they were signed; None where those of now cannot be read.

    Raises:
        click.UsageError: no findings are named that they could be held against.
        CasescreenError: the old file is not what was signed.
    """
    if now is None:
        raise click.UsageError("--old-findings is held against the findings as they are: name those with --findings.")
    before = read_run(str(old))
    signed = sign_off.of(SubjectKind.FINDINGS)
    digests = [one.digest for one in signed], [one.content for one in signed]
    if hash_of_file(str(old)) not in digests[0] and findings_content(before) not in digests[1]:
        raise CasescreenError(
            f"{visible(str(old))} is not the findings file that was signed with statement {sign_off.number:,}.",
            advice="name a copy of that one, or leave --old-findings out.",
        )
    try:
        return changed_findings(before, read_run(str(now)))
    except CasescreenError:
        return None
