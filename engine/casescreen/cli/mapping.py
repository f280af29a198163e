"""casescreen mapping: what the tables of other systems mean."""

from __future__ import annotations

from pathlib import Path

import click

from casescreen.cli.options import (
    force_option,
    mapping_named,
    rulebook_named,
    rules_option,
    say,
    show,
    suggested,
    terminal_width,
    today,
)
from casescreen.cli.outputs import keep_apart
from casescreen.files.atomic import write_whole
from casescreen.model.problem import CasescreenError, ProblemsError
from casescreen.text import counted, listed, visible


@click.group("mapping")
def command() -> None:
    """Draft, show or check what the tables of other systems mean."""


@command.command("list")
def _list() -> None:
    """List the mappings that come with casescreen."""
    from casescreen.cases.mapping.load import shipped_mappings  # noqa: PLC0415 - imported when used: start-up time

    for name in shipped_mappings():
        show(name)


@command.command("show")
@click.argument("name")
def _show(name: str) -> None:
    """Print the mapping NAME, to copy and change."""
    from casescreen.cases.mapping.load import shipped_mappings  # noqa: PLC0415 - imported when used: start-up time

    shipped = shipped_mappings()
    if name not in shipped:
        raise CasescreenError(
            f'No mapping that comes with casescreen is called "{visible(name)}".',
            advice=f"name one of these: {listed(shipped)}.",
        )
    show(shipped[name].read_text(encoding="utf-8"))


@command.command("check", epilog="\b\nExample:\n  casescreen mapping check my-mapping.toml")
@click.argument("mapping")
@rules_option
def _check(mapping: str, rules: str | None) -> None:
    """Check a MAPPING against the dictionary, without any tables."""
    found = mapping_named(mapping, rulebook_named(rules))
    tables = len({rows.table for rows in found.rows})
    fields = len(found.columns) + len(found.constants) + sum(len(lookup.columns) for lookup in found.lookups)
    show(f"{visible(found.title)}: in order. {counted(fields, 'field')} and {counted(tables, 'table')} are mapped.")


@command.command(
    "suggest",
    epilog="\b\nExamples:\n  casescreen mapping suggest tracker.xlsx\n"
    "  casescreen mapping suggest cases.csv reviews.csv --output my-mapping.toml",
)
@click.argument("files", metavar="FILE", nargs=-1, required=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the mapping to a file.")
@force_option
@rules_option
def _suggest(files: tuple[str, ...], output: Path | None, force: bool, rules: str | None) -> None:
    """Suggest a mapping from the headings of FILE: a workbook, or the CSV or Parquet files of one caseload.

    What was matched, what was not and what was taken for granted is shown beside it. Look at it before you rely on it.
    """
    from casescreen.cases.mapping.suggestion_text import mapping_text, suggestion_lines  # noqa: PLC0415 - the same
    from casescreen.cases.sheet_records import sheets_of  # noqa: PLC0415 - imported when used: start-up time

    keep_apart(read=files, written=(output,))
    sheets, problems = sheets_of(files)
    if problems:
        raise ProblemsError(problems)
    rulebook = rulebook_named(rules)
    suggestion = suggested(sheets, rulebook, rules, today())
    text = mapping_text(suggestion, f"Mapping of {visible(Path(files[0]).name)}")
    if output is not None:
        write_whole(output, text, force=force)
    for line in suggestion_lines(suggestion, rulebook.dictionary.tables, terminal_width()):
        say(line)
    if output is None:
        show(text)
    else:
        say(f"Written to {visible(str(output))}. Look at every line before you rely on it.")
