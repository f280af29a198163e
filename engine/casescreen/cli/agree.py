"""casescreen agree: hold two readers' answers against each other, and moderate where they differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import click

from casescreen.cli.option_groups import RuleOptions, rule_options
from casescreen.cli.options import (
    force_option,
    say,
    say_problems,
    show,
    terminal_width,
    today,
    width_option,
)
from casescreen.cli.outputs import keep_apart, say_written, typed_options
from casescreen.files.atomic import check_place, write_whole
from casescreen.model.agreement import ReaderAgreement
from casescreen.model.answer_set import AnswerSet
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Rulebook
from casescreen.model.sample import SampleRecord
from casescreen.report.formats.plain_text import to_plain
from casescreen.report.formats.registry import FORMATS
from casescreen.review.agreement_report import agreement_blocks, agreement_page, agreement_screen, is_settled
from casescreen.review.answer_files import read_answer_set
from casescreen.review.moderation import read_moderated, with_moderated
from casescreen.review.pairing import agreement_of
from casescreen.text import as_argument, in_words, listed, visible

_TO_DO = 1
_SHEETS = (".xlsx", ".csv")

_EPILOG = """\b
Examples:
  casescreen agree first.xlsx second.xlsx
  casescreen agree first.xlsx second.xlsx --sample sample.json --output agree.xlsx --output agree.html
  casescreen agree first.xlsx second.xlsx --moderated agree.xlsx --output moderated.html
  casescreen check my-cases --answers first.xlsx --moderated agree.xlsx

\b
FIRST and SECOND are what casescreen enquiry read writes of each reader's sheets, or a table with the columns case.id,
criterion, item, answer, reason, reader and answered_on, or a file or folder of cases with one reader's answers.
Figures are always of the readers' own answers. To moderate, fill in the sheet Moderate of the workbook, or its CSV.

\b
Exit codes:
  0  both read the same cases and answered the same questions, and no disagreement waits to be moderated
  1  some do, or a case or a question has one reader alone, or nothing was answered by both
  2  wrong use, or files that cannot be compared
  3  a fault in casescreen itself
"""


def _as_text(agreement: ReaderAgreement, width: int) -> str:
    return to_plain(agreement_blocks(agreement), width)


def _as_markdown(agreement: ReaderAgreement, _width: int) -> str:
    from casescreen.report.formats.markdown import to_markdown  # noqa: PLC0415 - imported when used

    return to_markdown(agreement_blocks(agreement))


def _as_page(agreement: ReaderAgreement, _width: int) -> str:
    return agreement_page(agreement)


def _as_json(agreement: ReaderAgreement, _width: int) -> str:
    from casescreen.review.agreement_files import agreement_json  # noqa: PLC0415 - imported when used

    return agreement_json(agreement)


def _as_csv(agreement: ReaderAgreement, _width: int) -> str:
    from casescreen.review.agreement_files import agreement_csv  # noqa: PLC0415 - imported when used

    return agreement_csv(agreement)


def _as_workbook(agreement: ReaderAgreement, _width: int) -> bytes:
    from casescreen.review.agreement_files import agreement_xlsx  # noqa: PLC0415 - imported when used

    return agreement_xlsx(agreement)


_Made = Callable[[ReaderAgreement, int], str | bytes]
_BY_ENDING: Mapping[str, _Made] = {
    ".txt": _as_text,
    ".md": _as_markdown,
    ".html": _as_page,
    ".json": _as_json,
    ".csv": _as_csv,
    ".xlsx": _as_workbook,
}
_FORMS = {one.name: _BY_ENDING[one.ending] for one in FORMATS.values() if one.ending in _BY_ENDING}


@click.command(epilog=_EPILOG)
@click.argument("first", metavar="FIRST", type=click.Path(path_type=Path))
@click.argument("second", metavar="SECOND", type=click.Path(path_type=Path))
@click.option(
    "--sample",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="RECORD",
    help="The sample that both are of, as casescreen sample draw wrote it: only its cases count.",
)
@rule_options
@click.option(
    "--moderated",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="What counts where the two differ: the sheet Moderate, filled in, as a workbook or CSV. No figure changes.",
)
@click.option("--with-text", is_flag=True, help="Show the readers' reasons too.")
@click.option(
    "--format",
    "form",
    type=click.Choice([name for name in _FORMS if FORMATS[name].is_text]),
    help="The form of what is printed, or of the files. [default: what the name of the output ends in]",
)
@click.option(
    "--output",
    "outputs",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    multiple=True,
    help="Write all of it to a file. Can be given several times.",
)
@force_option
@click.option("--full", is_flag=True, help="Print all of it, and not only its first screen.")
@width_option
def command(  # noqa: PLR0913, PLR0917 - click gives each option by name
    first: Path,
    second: Path,
    sample: Path | None,
    rules: RuleOptions,
    moderated: Path | None,
    with_text: bool,
    form: str | None,
    outputs: tuple[Path, ...],
    force: bool,
    full: bool,
    width: int | None,
) -> int:
    """Hold the answers of two readers against each other: where they agree, and where they differ.

    FIRST and SECOND are the answers of one reader each, of the same cases. Pairs are counted question by question;
    where a question has 20 pairs or more, coefficients stand beside the counts.
    """
    if first.resolve() == second.resolve():
        raise click.UsageError(f"{visible(str(first))} is named twice. Name the answers of two readers.")
    keep_apart(read=(first, second, sample, rules.profile, moderated), written=outputs)
    made = [(path, _form_of(path, form)) for path in outputs]
    for path in outputs:
        check_place(path, force=force)
    rulebook, line = rules.in_force(), width or terminal_width()
    agreement = _agreement(first, second, sample, moderated, rulebook, with_text=with_text)
    reports = [(path, make(agreement, line)) for path, make in made]
    for path, report in reports:
        write_whole(path, report, force=force)
    show(_shown(agreement, line, None if outputs else form, full=full))
    for path, _ in reports:
        say_written(path)
    if moderated is None and agreement.disagreements:
        _say_how_to_settle(first, second, outputs)
    return 0 if is_settled(agreement) else _TO_DO


def _say_how_to_settle(first: Path, second: Path, outputs: tuple[Path, ...]) -> None:
    """Say where what counts is written down where the two differ, and how that is read."""
    sheet = next((one for one in outputs if one.suffix.lower() in _SHEETS), None)
    if sheet is None:
        say("To agree on what counts: add --output agree.xlsx, and fill in its sheet Moderate.")
        return
    one, other, filled = (as_argument(str(path)) or "FILE" for path in (first, second, sheet))
    options = typed_options(click.get_current_context().params, "sample", "rules", "profile", "settings")
    say("To agree on what counts, fill in the sheet Moderate. Then:")
    say(f"  casescreen agree {one} {other}{options} --moderated {filled}")


def _say_other_day(first: AnswerSet, second: AnswerSet) -> None:
    """Say that two sets are of sheets that were made as at different days, where they are."""
    if first.as_of is None or second.as_of is None or first.as_of == second.as_of:
        return
    one, other = (visible(each.source) for each in (first, second))
    say(
        f"The sheets of {one} are as at {in_words(first.as_of)}, and those of {other} as at {in_words(second.as_of)}.\n"
        "  Why it matters: other questions may have been asked, and what one reader alone answered is in no pair.\n"
        "  What to do: write the sheets of both with the same --as-of."
    )


def _form_of(path: Path, form: str | None) -> _Made:
    make = _BY_ENDING.get(path.suffix.lower()) if form is None else _FORMS[form]
    if make is None:
        raise CasescreenError(
            f'The form of "{visible(str(path))}" cannot be told from its name.',
            advice=f"let the name end in {listed(_BY_ENDING)}.",
        )
    return make


def _shown(agreement: ReaderAgreement, width: int, form: str | None, *, full: bool) -> str:
    if form is not None:
        return str(_FORMS[form](agreement, width))
    return _as_text(agreement, width) if full else agreement_screen(agreement, width, "--full")


def _agreement(
    first: Path, second: Path, sample: Path | None, moderated: Path | None, rulebook: Rulebook, *, with_text: bool
) -> ReaderAgreement:
    """The two sets held against each other, with what was moderated.

    Raises:
        CasescreenError: a file cannot be used, or they cannot be compared.
    """
    day = today()
    one, other = (read_answer_set(path, rulebook, taken_on=day) for path in (first, second))
    say_problems((*one.notices, *other.notices), 0)
    _say_other_day(one, other)
    agreement = agreement_of(one, other, rulebook, _sample(sample), shows_text=with_text)
    return agreement if moderated is None else with_moderated(agreement, read_moderated(moderated, rulebook, day))


def _sample(path: Path | None) -> SampleRecord | None:
    """The sample that was named, if one was."""
    if path is None:
        return None
    from casescreen.review.sample_record import read_sample_record  # noqa: PLC0415 - only who names a sample waits

    return read_sample_record(path)
