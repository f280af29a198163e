"""casescreen check: screen cases and print what was found."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casescreen.cli.caseload import check_caseload, only_for_figures
from casescreen.cli.choosing import chosen
from casescreen.cli.marking import marking, write_marked
from casescreen.cli.options import (
    WITH_TEXT,
    as_of_option,
    cases_from,
    mapping_option,
    rulebook_named,
    rules_option,
    terminal_width,
    today,
)
from casescreen.cli.outputs import check_outputs, give, keep_apart
from casescreen.cli.progress import Progress
from casescreen.cli.sharing import Sharing, sharing_of
from casescreen.evaluate.inference.engine import Engine
from casescreen.evaluate.screening import screen
from casescreen.model.case import Caseload
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import ConclusionKind, ConclusionRule, Rulebook, Severity
from casescreen.model.screening import Conclusion, Screening
from casescreen.report.options import By, Options
from casescreen.report.registry import DOCUMENTS, FORMATS
from casescreen.report.sharing.suppression import FEWEST

if TYPE_CHECKING:
    from casescreen.columnar.screening import BulkScreening

_FINDINGS, _PROBLEMS = 1, 2
_NEVER, _UNCLEAR = "never", "unclear"
_LEVELS = (*(severity.value for severity in Severity), _UNCLEAR, _NEVER)
_OPEN = frozenset({Outcome.NOT_EVIDENCED, Outcome.NEEDS_JUDGEMENT})

_EPILOG = """\b
Examples:
  casescreen check cases/somerset-2016 --as-of 2016-05-09
  casescreen check my-cases --by manager
  casescreen check my-cases --output report.html --output actions.xlsx --output letter.docx
  casescreen check my-cases --output findings.csv --output findings.parquet
  casescreen check export.xlsx --mapping my-mapping.toml --marked problems.xlsx
  casescreen check case-a.toml case-b.toml --fail-on high

\b
Exit codes:
  0  nothing to act on
  1  findings at or over the level of --fail-on
  2  wrong use, or a rule or case file with a problem (the other cases are still screened)
  3  a fault in casescreen itself
"""


@click.command(epilog=_EPILOG)
@click.argument("cases", nargs=-1, required=True)
@rules_option
@mapping_option
@as_of_option
@click.option(
    "--format",
    "form",
    type=click.Choice([*FORMATS, *DOCUMENTS]),
    help="The form of the report. [default: what the name of the output ends in; table on the screen]",
)
@click.option(
    "--output",
    "outputs",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    multiple=True,
    help="Write the report to a file instead of the screen. Can be given several times.",
)
@click.option(
    "--template",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="A Word document whose styles and letterhead a docx report takes.",
)
@click.option("--per-owner", is_flag=True, help="Give each owner of actions a sheet of their own in an xlsx report.")
@click.option(
    "--marked",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a copy of the tables that were read, as xlsx, with the cells that have problems marked.",
)
@click.option("--with-text", is_flag=True, help=WITH_TEXT)
@click.option(
    "--pseudonyms",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="KEYFILE",
    help="Replace ids and names by pseudonyms made with the key in this file; it is made if it is not there.",
)
@click.option(
    "--suppress-under",
    type=click.IntRange(min=FEWEST),
    metavar="N",
    help="Make a copy to share: no single case, and no count from 1 to N-1, is in it.",
)
@click.option("--force", is_flag=True, help="Replace the output file if it is there already.")
@click.option(
    "--by",
    type=click.Choice([by.value for by in By]),
    default=By.THEME.value,
    show_default=True,
    help="How to group the figures.",
)
@click.option(
    "--fail-on",
    type=click.Choice(_LEVELS),
    default=Severity.LOW.value,
    show_default=True,
    help="The least severe finding that makes the exit code 1. 'unclear' also counts what cannot be told yet.",
)
@click.option(
    "--most",
    type=click.IntRange(min=0),
    default=50,
    show_default=True,
    help="How many cases to list in full; 0 is all.",
)
@click.option(
    "--width",
    type=click.IntRange(60, 400),
    metavar="COLUMNS",
    help="The longest line. [default: the terminal's, else 100]",
)
@click.option(
    "--engine",
    type=click.Choice(["auto", "durable-rules", "plain", "bulk"]),
    default="auto",
    show_default=True,
    help="What draws the inferences; bulk works out all cases at once. All give the same findings.",
)
def command(  # noqa: PLR0913, PLR0917 - click gives each option by name
    cases: tuple[str, ...],
    rules: str | None,
    mapping: str | None,
    as_of: date | None,
    form: str | None,
    outputs: tuple[Path, ...],
    template: Path | None,
    per_owner: bool,
    marked: Path | None,
    with_text: bool,
    pseudonyms: Path | None,
    suppress_under: int | None,
    force: bool,
    by: str,
    fail_on: str,
    most: int,
    width: int | None,
    engine: Engine,
) -> None:
    """Screen CASES and print what was found.

    CASES are files, folders or patterns: TOML, JSON, workbooks, CSV or Parquet, or - for standard input.
    """
    keep_apart(read=(*cases, template, pseudonyms, mapping), written=(*outputs, marked))
    check_outputs(form, outputs, force=force)
    rulebook, judged_at = rulebook_named(rules), as_of or today()
    options = Options(
        by=By(by), width=width or terminal_width(), most=most, bom=bool(outputs), per_owner=per_owner, template=template
    )
    if (large := only_for_figures(cases, click.get_current_context().params)) is not None:
        figures = check_caseload(large, rulebook, judged_at, engine, options, form, outputs, force=force)
        sys.exit(_status_of_figures(figures, fail_on))
    sharing = sharing_of(with_text=with_text, pseudonyms=pseudonyms, suppress_under=suppress_under, by=By(by))
    with sharing.refusing(), marking(marked, cases, force=force):
        caseload = cases_from(cases, rulebook, judged_at, mapping)
    screening = _screened(rulebook, caseload, judged_at, engine, sharing)
    problems = (*caseload.problems, *screening.problems)
    write_marked(marked, cases, problems, force=force)
    sharing.refuse_nothing_but(problems, screening)
    give(sharing.reports(screening, options), form, outputs, force=force)
    sharing.warn(caseload, rulebook, judged_at)
    sharing.tell(problems, screening.left_out)
    sys.exit(_PROBLEMS if problems else _status(screening, fail_on))


def _screened(rulebook: Rulebook, caseload: Caseload, as_of: date, engine: Engine, sharing: Sharing) -> Screening:
    """The screening, with how far it has got shown meanwhile."""
    by, why = chosen(engine, caseload)
    if why:
        click.echo(why, err=True)
    progress = Progress(len(caseload.cases))
    screening = screen(rulebook, caseload, as_of=as_of, engine=by, quoting=sharing.quoting, progress=progress)
    progress.finish()
    return screening


def _status(screening: Screening, fail_on: str) -> int:
    found = any(_counts(finding.outcome, finding.severity, fail_on) for finding in screening.findings)
    return _FINDINGS if found or _urgent(screening.conclusions, fail_on) else 0


def _status_of_figures(found: BulkScreening, fail_on: str) -> int:
    if found.left_out or found.astray:
        return _PROBLEMS
    each = ((rate, found.rulebook.criterion[rate.criterion].severity) for rate in found.rates)
    counts = (
        number and _counts(outcome, severity, fail_on)
        for rate, severity in each
        for outcome, number in rate.counts.items()
    )
    held = (one.rule for one in found.on_cases if one.cases)
    return _FINDINGS if any(counts) or _urgent((*found.conclusions, *held), fail_on) else 0


def _urgent(conclusions: Iterable[Conclusion | ConclusionRule], fail_on: str) -> bool:
    return any(one.kind is ConclusionKind.ACTION and _reaches(one.severity, fail_on) for one in conclusions)


def _reaches(severity: Severity, fail_on: str) -> bool:
    return fail_on != _NEVER and _LEVELS.index(severity.value) <= _LEVELS.index(fail_on)


def _counts(outcome: Outcome, severity: Severity, fail_on: str) -> bool:
    if outcome in _OPEN:
        return fail_on == _UNCLEAR
    return outcome is Outcome.NOT_MET and _reaches(severity, fail_on)
