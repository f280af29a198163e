"""casescreen schema: print the JSON Schema of the JSON output."""

from __future__ import annotations

import click

from casescreen.cli.options import show
from casescreen.report.json_report import SCHEMAS, json_schema

_SCHEMA_EPILOG = """\b
Examples:
  casescreen schema
  casescreen schema shared
"""


@click.command(epilog=_SCHEMA_EPILOG)
@click.argument("of", type=click.Choice(SCHEMAS), default=SCHEMAS[0])
def schema_command(of: str) -> None:
    """Print the JSON Schema (draft 2020-12) of the JSON output.

    That of a whole screening, or with "shared" that of a copy made with --suppress-under.
    """
    show(json_schema(of))
