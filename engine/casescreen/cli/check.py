"""casescreen check: screen cases and print what was found."""

from __future__ import annotations

from pathlib import Path

import click

from casescreen.cli.check_options import (
    HistoryOptions,
    ReportOptions,
    ViewOptions,
    history_options,
    report_options,
    view_options,
)
from casescreen.cli.check_run import CheckRun
from casescreen.cli.option_groups import (
    AnswerOptions,
    RecordOptions,
    RuleOptions,
    WaiverOptions,
    answer_options,
    record_options,
    rule_options,
    waiver_options,
)
from casescreen.cli.options import unattended_option
from casescreen.cli.screening_run import LEVELS
from casescreen.cli.sharing import CopyOptions, copy_options
from casescreen.evaluate.inference.inferrer import Engine
from casescreen.model.rulebook import Severity

_EPILOG = """\b
Examples:
  casescreen check cases/somerset-2016 --as-of 2016-05-09
  casescreen check my-cases --full
  casescreen check my-cases --by manager
  casescreen check my-cases --output report.html --output actions.xlsx --output letter.docx
  casescreen check my-cases --output actions.xlsx --force          what people wrote in it stays
  casescreen check my-cases --output findings.csv --output findings.parquet
  casescreen check export.xlsx --mapping my-mapping.toml --marked problems.xlsx
  casescreen check case-a.toml case-b.toml --fail-on high
  casescreen check export.xlsx --history north.db --scope north-team
  casescreen check my-cases --since findings-2016-05-02.json
  casescreen check export.xlsx --waivers waivers.toml
  casescreen check export.xlsx --sample sample.json
  casescreen check my-cases --signed statements.jsonl
  casescreen check my-cases --output report.html --sheets enquiry
  casescreen check export.xlsx --split SECTION.FIELD               each group beside everyone else

\b
Exit codes:
  0  nothing to act on
  1  findings at or over the level of --fail-on, or values that cannot be read or believed and that a question of
     such a level reads; also columns that were matched by a suggestion, whatever the level
  2  wrong use, a rule or case file that cannot be used (the other cases are still screened), or nothing screened
  3  a fault in casescreen itself
"""


def _is_gone(_: click.Context, parameter: click.Parameter, given: str | None) -> None:
    """Say what to use in place of an option that is gone."""
    if given is not None:
        raise click.UsageError(
            f"{parameter.opts[0]} is gone: lists are whole. --full prints the whole report, --by case a line a case."
        )


_mapping_out = click.option(
    "--mapping-out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Keep the mapping that is suggested where no heading is known: look at it, and name it with --mapping.",
)


@click.command(epilog=_EPILOG)
@click.argument("cases", nargs=-1, required=True)
@rule_options
@record_options(_mapping_out, unattended_option)
@click.option(
    "--sample",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Screen only the cases of a sample, as casescreen sample draw writes it.",
)
@waiver_options
@answer_options
@click.option(
    "--signed",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A file of statements: reports say who signed last, and whether the rules, cases and findings of this run are "
    "those that were signed. casescreen sign makes it.",
)
@report_options
@copy_options
@history_options
@view_options
@click.option("--most", hidden=True, expose_value=False, callback=_is_gone)
@click.option(
    "--fail-on",
    type=click.Choice(LEVELS),
    default=Severity.LOW.value,
    show_default=True,
    help="The least severe finding that makes the exit code 1. 'unclear' also counts what cannot be told yet.",
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
    rules: RuleOptions,
    records: RecordOptions,
    sample: Path | None,
    waivers: WaiverOptions,
    answers: AnswerOptions,
    signed: Path | None,
    reports: ReportOptions,
    copy: CopyOptions,
    history: HistoryOptions,
    view: ViewOptions,
    fail_on: str,
    engine: Engine,
) -> int:
    """Screen CASES and print what was found, the most urgent first, on one screen.

    CASES are files, folders or patterns: TOML, JSON, workbooks, CSV or Parquet, or - for standard input.
    """
    return CheckRun(
        cases=cases,
        rules=rules,
        records=records,
        sample=sample,
        waivers=waivers,
        answers=answers,
        signed=signed,
        reports=reports,
        copy=copy,
        history=history,
        view=view,
        fail_on=fail_on,
        engine=engine,
    ).status()
