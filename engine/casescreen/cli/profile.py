"""casescreen profile: a profile to start from, and what one changes in given cases."""

from __future__ import annotations

from collections.abc import Mapping
from os.path import relpath
from pathlib import Path

import click

from casescreen.api import screen
from casescreen.cli.option_groups import RecordOptions, RuleOptions, record_options, rule_options
from casescreen.cli.options import (
    cases_from,
    rulebook_named,
    rules_option,
    say,
    say_problems,
    show,
    terminal_width,
)
from casescreen.files.atomic import check_place, write_whole
from casescreen.model.problem import CasescreenError
from casescreen.model.screening import Screening
from casescreen.report.formats.plain_text import to_plain
from casescreen.report.rule_differences import effect_blocks
from casescreen.resources import shipped_rulebooks
from casescreen.text import as_argument, visible

_ENDING = ".toml"
_DIFFERS, _UNUSED = 1, 2

_NEW_EPILOG = """\\b
Example:
  casescreen profile new north.toml
"""
_EFFECT_EPILOG = """\\b
Examples:
  casescreen profile effect my-cases --profile north.toml
  casescreen profile effect my-cases --set plan_due="10 working days"

\\b
Exit codes:
  0  no finding is another
  1  some findings are others
  2  wrong use, or a file or a record that cannot be used
  3  a fault in casescreen itself
"""


@click.group(short_help="Start a profile: limits and questions of your own.")
def command() -> None:
    """Start a profile, which says what is local, or see what one changes in your cases."""


@command.command("new", epilog=_NEW_EPILOG)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@rules_option
@click.option("--force", is_flag=True, help="Replace the file if it is there already.")
def new_command(file: Path, rules: str | None, force: bool) -> None:
    """Make a profile to start from, in FILE: every line that can be changed, with what the rulebook has.

    It changes nothing until the mark # is taken away from a line.
    """
    if file.suffix != _ENDING:
        raise CasescreenError(f"{visible(str(file))} cannot be a profile.", advice=f"let its name end in {_ENDING}.")
    check_place(file, force=force)
    from casescreen.rulebook.profile_files import profile_starter  # noqa: PLC0415 - imported when used

    rulebook = rulebook_named(rules)
    named_so = rulebook.id if rules is None or rules in shipped_rulebooks() else relpath(rules, file.parent)
    write_whole(file, profile_starter(rulebook, Path(named_so).as_posix()), force=force)
    named = as_argument(str(file)) or "FILE"
    say(f"Written to {visible(str(file))}. Check it with: casescreen rules check --profile {named}")


@command.command("effect", epilog=_EFFECT_EPILOG)
@click.argument("cases", nargs=-1, required=True)
@rule_options
@record_options()
def effect_command(cases: tuple[str, ...], rules: RuleOptions, records: RecordOptions) -> int:
    """Show which findings in CASES a profile changes: screened without it, and with it.

    CASES are files, folders or patterns, as for casescreen check.
    """
    if not rules.are_local:
        raise click.UsageError("Name a profile with --profile, or set a number with --set.")
    after, before = rules.in_force(records.holidays), rules.rulebook(records.holidays)
    caseload = cases_from(cases, after, records.mapping, taken_on=records.taken_on, strict=records.strict)
    say_problems(caseload.problems, caseload.left_out)
    without, with_it = (screen(one, caseload, as_of=records.as_of) for one in (before, after))
    named = "--set" if rules.profile is None else rules.profile.name
    show(to_plain(effect_blocks(without, with_it, named), terminal_width()))
    if caseload.problems or not with_it.case_ids:
        return _UNUSED
    return _DIFFERS if _outcomes(without) != _outcomes(with_it) else 0


def _outcomes(screening: Screening) -> Mapping[tuple[str, str, str], object]:
    return {(one.case, one.criterion, one.item): one.outcome for one in screening.findings}
