"""casescreen template: a workbook to fill in, made from the dictionary."""

from __future__ import annotations

from pathlib import Path

import click

from casescreen.cli.options import rulebook_named, rules_option
from casescreen.files.atomic import write_whole
from casescreen.model.problem import CasescreenError
from casescreen.text import visible


@click.command(epilog="\b\nExample:\n  casescreen template cases.xlsx")
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE if it is there already.")
@rules_option
def template_command(target: Path, force: bool, rules: str | None) -> None:
    """Make a workbook FILE.xlsx to fill in: a sheet for the cases and one for each table.

    It has lists to choose from, a note on every cell, and a sheet that explains every field.
    Filled in, casescreen check reads it as it is.
    """
    from casescreen.cases.write.template import template  # noqa: PLC0415 - imported when used: start-up time

    if target.suffix.lower() != ".xlsx":
        raise CasescreenError(
            f'"{visible(str(target))}" is not the name of a workbook.\n  What to do: let the name end in .xlsx.'
        )
    rulebook = rulebook_named(rules)
    write_whole(target, template(rulebook.dictionary, rulebook.title), force=force)
    name = visible(str(target))
    click.echo(f"Made {name}. Fill it in, and run: casescreen check {name}", err=True)
