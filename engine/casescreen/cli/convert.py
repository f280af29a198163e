"""casescreen convert: case files from one form to another, checked by reading back."""

from __future__ import annotations

from pathlib import Path

import click

from casescreen.cli.options import cases_from, rulebook_named, rules_option, say_problems, write_file
from casescreen.intake import cases_to_json, cases_to_toml
from casescreen.model.problem import CasescreenError
from casescreen.model.text import counted, visible

_FORMS = {".toml": cases_to_toml, ".json": cases_to_json}

_EPILOG = """\b
Examples:
  casescreen convert case.toml case.json
  casescreen convert cases/somerset-2016 all.json
"""


@click.command(epilog=_EPILOG)
@click.argument("source", metavar="IN")
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Replace OUT if it is there already.")
@rules_option
def command(source: str, target: Path, force: bool, rules: str | None) -> None:
    """Convert the case files IN to the form that the name OUT ends in, .toml or .json.

    What is written is read back and compared. Comments in a file are not carried over.
    """
    form = _FORMS.get(target.suffix.lower())
    if form is None:
        raise CasescreenError(
            f'The form of "{visible(str(target))}" is not known.\n  What to do: let its name end in .toml or .json.'
        )
    rulebook = rulebook_named(rules)
    caseload = cases_from((source,), rulebook, None)
    if caseload.problems:
        say_problems(caseload.problems, caseload.left_out)
        raise CasescreenError(
            "Nothing was written, so that no record is lost.\n  What to do: mend them, and convert again."
        )
    write_file(target, form(caseload.cases), force=force)
    note = f"{counted(len(caseload.cases), 'case')} written to {visible(str(target))}, and read back the same."
    click.echo(note, err=True)
