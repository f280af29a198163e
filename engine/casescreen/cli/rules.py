"""casescreen rules: show or check the rules."""

from __future__ import annotations

import shutil
import sys

import click

from casescreen.cli.options import rulebook_named, rules_option
from casescreen.evaluate.examples import check_examples
from casescreen.model.problem import CasescreenError, ProblemsError
from casescreen.model.text import counted, did_you_mean, visible
from casescreen.report import rules as reports

_SHOW_EPILOG = """\b
Examples:
  casescreen rules show plan-timely
  casescreen rules show --dictionary
  casescreen rules show --parameters
"""


@click.group(short_help="Show or check the rules.")
def command() -> None:
    """Show the rules in plain words, or check a rulebook of your own."""


def _width() -> int:
    return max(60, shutil.get_terminal_size().columns) if sys.stdout.isatty() else 100


@command.command("list")
@rules_option
def list_(rules: str | None) -> None:
    """List every criterion, by theme."""
    click.echo(reports.rules_list(rulebook_named(rules), _width()))


@command.command(epilog=_SHOW_EPILOG)
@click.argument("criterion", required=False)
@click.option("--dictionary", is_flag=True, help="Every field and table that a case may have.")
@click.option("--parameters", is_flag=True, help="Every number that the rules use, with its source.")
@rules_option
def show(criterion: str | None, dictionary: bool, parameters: bool, rules: str | None) -> None:
    """Show one CRITERION in plain words, or another part of the rulebook."""
    rulebook = rulebook_named(rules)
    if dictionary:
        click.echo(reports.dictionary(rulebook, _width()))
    if parameters:
        click.echo(reports.parameters(rulebook, _width()))
    if criterion is not None:
        if criterion not in rulebook.criterion:
            hint = did_you_mean(criterion, rulebook.criterion) or "casescreen rules list shows them all."
            raise CasescreenError(f'There is no criterion "{visible(criterion)}".\n  What to do: {hint}')
        click.echo(reports.rule(rulebook, rulebook.criterion[criterion], _width()))
    elif not (dictionary or parameters):
        raise click.UsageError("Name a criterion, or give --dictionary or --parameters.")


@command.command()
@click.argument("rules", required=False, metavar="[RULES]")
def check(rules: str | None) -> None:
    """Check a rulebook: every file of it, and that each criterion's examples come out as they say.

    RULES is a folder, or the name of a rulebook that comes with casescreen.
    """
    rulebook = rulebook_named(rules)
    problems = check_examples(rulebook)
    if problems:
        raise ProblemsError(problems)
    examples = sum(len(criterion.examples) for criterion in rulebook.criteria)
    click.echo(
        f"{rulebook.id} is sound: {counted(len(rulebook.criteria), 'criterion', 'criteria')}, "
        f"{counted(examples, 'example')} that all come out as they say."
    )
