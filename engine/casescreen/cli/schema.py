"""casescreen schema: print the JSON Schema of the JSON output."""

from __future__ import annotations

import click

from casescreen.cli.options import show
from casescreen.report.schemas import NAMES, schema

_EPILOG = """\b
Examples:
  casescreen schema
  casescreen schema shared
"""


@click.command(epilog=_EPILOG)
@click.argument("of", type=click.Choice(NAMES), default=NAMES[0])
def command(of: str) -> None:
    """Print the JSON Schema (draft 2020-12) of the JSON output.

    That of a whole screening, or with "shared" that of a copy made with --suppress-under.
    """
    show(schema(of))
