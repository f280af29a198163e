"""casescreen rules and casescreen schema: show or check the rules, and the JSON Schema of the output."""

from __future__ import annotations

import click

from casescreen.cli.options import called_now, rulebook_named, rules_option, show, terminal_width
from casescreen.evaluate.examples import check_examples
from casescreen.evaluate.inference.inferrer import inferrer
from casescreen.model.problem import CasescreenError, ProblemsError
from casescreen.report.formats.json import SCHEMAS, json_schema
from casescreen.report.rulebook_guide import dictionary_text, parameters_text, rule_text, rules_list
from casescreen.rulebook.load import one_ended
from casescreen.synth.load import load_spec
from casescreen.text import counted, did_you_mean, visible

_SCHEMA_EPILOG = """\b
Examples:
  casescreen schema
  casescreen schema shared
"""


@click.command(epilog=_SCHEMA_EPILOG)
@click.argument("of", type=click.Choice(SCHEMAS), default=SCHEMAS[0])
def schema_command(of: str) -> None:
    """Print the JSON Schema (draft 2020-12) of the JSON output.

    That of a whole screening; with "shared" that of a copy made with --suppress-under, with "comparison" that of what
    compare gives.
    """
    show(json_schema(of))


_LANGUAGE_1 = """\
It is in language 1, in which any time before a clock starts is within its limit. Language 2 reads each of these
otherwise. Decide for each whether work before its clock counts, and how long before: early = "3 months", say. Give an
example of such work. Then write language = 2 in rulebook.toml."""
_SHOW_EPILOG = """\b
Examples:
  casescreen rules show plan-timely
  casescreen rules show --dictionary
  casescreen rules show --parameters
"""


@click.group(short_help="Show or check the rules.")
def command() -> None:
    """Show the rules in plain words, or check a rulebook of your own."""


@command.command("list")
@rules_option
def list_command(rules: str | None) -> None:
    """List every criterion, by theme."""
    show(rules_list(rulebook_named(rules), terminal_width()))


@command.command("show", epilog=_SHOW_EPILOG)
@click.argument("criterion", required=False)
@click.option("--dictionary", is_flag=True, help="Every field and table that a case may have.")
@click.option("--parameters", is_flag=True, help="Every number that the rules use, with its source.")
@rules_option
def show_command(criterion: str | None, dictionary: bool, parameters: bool, rules: str | None) -> None:
    """Show one CRITERION in plain words, or another part of the rulebook."""
    rulebook = rulebook_named(rules)
    if dictionary:
        show(dictionary_text(rulebook, terminal_width()))
    if parameters:
        show(parameters_text(rulebook, terminal_width()))
    if criterion is not None:
        criterion = called_now(criterion, rulebook)
        if criterion not in rulebook.criterion:
            hint = did_you_mean(criterion, rulebook.criterion) or "casescreen rules list shows them all."
            raise CasescreenError(f'There is no criterion "{visible(criterion)}".', advice=hint)
        show(rule_text(rulebook, rulebook.criterion[criterion], terminal_width()))
    elif not (dictionary or parameters):
        raise click.UsageError("Name a criterion, or give --dictionary or --parameters.")


@command.command("check")
@click.argument("rules", required=False, metavar="[RULES]")
def check_command(rules: str | None) -> None:
    """Check a rulebook: every file of it, and that each criterion's examples come out as they say.

    RULES is a folder, or the name of a rulebook that comes with casescreen. Of one in language 1 it names each limit
    that language 2 reads otherwise.
    """
    rulebook = rulebook_named(rules)
    inferrer(rulebook, "plain")  # that its conclusions can be drawn at all
    load_spec(rules, rulebook)  # what made-up cases are drawn from, where it says so
    problems = check_examples(rulebook)
    if problems:
        raise ProblemsError(problems)
    examples = sum(len(criterion.examples) for criterion in rulebook.criteria)
    click.echo(
        f"{rulebook.id} is sound: {counted(len(rulebook.criteria), 'criterion', 'criteria')}, "
        f"{counted(examples, 'example')} that all come out as they say."
    )
    if places := one_ended(rules):
        click.echo(f"\n{_LANGUAGE_1}\n")
        click.echo("\n".join(f"  {place}" for place in places))
