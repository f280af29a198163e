"""casescreen rules and casescreen schema: show or check the rules, and the JSON Schema of the output."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from attrs import evolve

from casescreen.cli.options import (
    called_now,
    profile_options,
    rulebook_named,
    rules_in_force,
    rules_option,
    show,
    terminal_width,
)
from casescreen.evaluate.examples import check_examples
from casescreen.evaluate.inference.inferrer import inferrer
from casescreen.model.in_force import SwitchedOff
from casescreen.model.problem import CasescreenError, ProblemsError
from casescreen.model.rulebook import Rulebook
from casescreen.report.formats.json import SCHEMAS, json_schema
from casescreen.report.formats.plain_text import to_plain
from casescreen.report.local_rules import difference_blocks, local_blocks, origin_blocks, switched_off_in_words
from casescreen.report.rulebook_guide import dictionary_text, parameters_text, rule_text, rules_list
from casescreen.rulebook.folder_reader import one_ended
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
    compare gives, with "agreement" that of what agree gives.
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
  casescreen rules show --origin --profile north.toml
"""
_DIFF_EPILOG = """\b
Examples:
  casescreen rules diff --profile north.toml
  casescreen rules diff my-older-rules --rules my-rules
"""


@click.group(short_help="Show or check the rules.")
def command() -> None:
    """Show the rules in plain words, or check a rulebook or a profile of your own."""


Settings = tuple[tuple[str, str], ...]


@command.command("list")
@rules_option
@profile_options
def list_command(rules: str | None, profile: Path | None, settings: Settings) -> None:
    """List every criterion, by theme."""
    rulebook = rules_in_force(rules, (), profile, settings)
    show(rules_list(rulebook, terminal_width()))
    for off in _switched_off(rulebook):
        show(switched_off_in_words(off))


@command.command("show", epilog=_SHOW_EPILOG)
@click.argument("criterion", required=False)
@click.option("--dictionary", is_flag=True, help="Every field and table that a case may have.")
@click.option("--parameters", is_flag=True, help="Every number that the rules use, with its source.")
@click.option("--origin", is_flag=True, help="Who set each number, band and severity, and what that overrode.")
@rules_option
@profile_options
def show_command(
    criterion: str | None,
    dictionary: bool,
    parameters: bool,
    origin: bool,
    rules: str | None,
    profile: Path | None,
    settings: Settings,
) -> None:
    """Show one CRITERION in plain words, or another part of the rulebook."""
    rulebook = rules_in_force(rules, (), profile, settings)
    if dictionary:
        show(dictionary_text(rulebook, terminal_width()))
    if parameters:
        show(parameters_text(rulebook, terminal_width()))
    if origin:
        show(to_plain(origin_blocks(rulebook), terminal_width()))
    if criterion is not None:
        show(_criterion_text(called_now(criterion, rulebook), rulebook))
    elif not (dictionary or parameters or origin):
        raise click.UsageError("Name a criterion, or give --dictionary, --parameters or --origin.")


def _criterion_text(criterion: str, rulebook: Rulebook) -> str:
    """One criterion in plain words.

    Raises:
        CasescreenError: there is no such criterion, or it is switched off.
    """
    if criterion in rulebook.criterion:
        return rule_text(rulebook, rulebook.criterion[criterion], terminal_width())
    for off in _switched_off(rulebook):
        if off.id == criterion:
            raise CasescreenError(switched_off_in_words(off), advice="leave --profile out to see what it asks.")
    hint = did_you_mean(criterion, rulebook.criterion) or "casescreen rules list shows them all."
    raise CasescreenError(f'There is no criterion "{visible(criterion)}".', advice=hint)


def _switched_off(rulebook: Rulebook) -> Iterator[SwitchedOff]:
    """The criteria that a profile switches off."""
    if rulebook.profile is not None:
        yield from (one for one in rulebook.profile.off if one.criterion is not None)


@command.command("diff", epilog=_DIFF_EPILOG)
@click.argument("other", required=False, metavar="[OTHER]")
@rules_option
@profile_options
def diff_command(other: str | None, rules: str | None, profile: Path | None, settings: Settings) -> None:
    """Show what a profile changes in the rulebook, or what is different in another rulebook.

    OTHER is a folder, or the name of a rulebook that comes with casescreen.
    """
    if other is None and profile is None and not settings:
        raise click.UsageError("Name another rulebook, or give --profile or --set.")
    after = rules_in_force(rules, (), profile, settings)
    if other is not None:
        before = rulebook_named(other)
    elif profile is None:
        before = rulebook_named(rules)
    else:
        from casescreen.rulebook.profile_files import load_profile  # noqa: PLC0415 - needed under a profile only

        before = load_profile(profile, (), rules).base
    show(to_plain(difference_blocks(before, after), terminal_width()))


@command.command("check")
@click.argument("rules", required=False, metavar="[RULES]")
@profile_options
def check_command(rules: str | None, profile: Path | None, settings: Settings) -> None:
    """Check a rulebook: every file of it, and that each criterion's examples come out as they say.

    RULES is a folder, or the name of a rulebook that comes with casescreen. Of one in language 1 it names each limit
    that language 2 reads otherwise. With --profile the profile is checked: that all it names is there, and that the
    examples of its own criteria come out as they say.
    """
    rulebook = rules_in_force(rules, (), profile, settings)
    inferrer(rulebook, "plain")  # that its conclusions can be drawn at all
    if profile is not None or settings:
        _check_local(rulebook, profile)
        return
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


def _check_local(rulebook: Rulebook, profile: Path | None) -> None:
    """Say what a profile changes, after checking the examples of its own criteria.

    The rulebook's own examples were written for its own numbers, and are checked without a profile.
    """
    local = rulebook.profile
    own = () if local is None else tuple(rulebook.criterion[one.id] for one in local.criteria)
    if problems := check_examples(evolve(rulebook, criteria=own, checks=())):
        raise ProblemsError(problems)
    name = "What is set" if profile is None else visible(str(profile))
    if local is None:
        show(f"{name} is sound. It changes nothing in {rulebook.id}.")
        return
    examples = sum(len(criterion.examples) for criterion in own)
    come = f" {counted(examples, 'example')} of its own criteria come out as they say." if examples else ""
    show(f"{name} is sound.{come} Of {rulebook.id}, version {rulebook.version}:\n")
    show(to_plain(local_blocks(rulebook), terminal_width()))
