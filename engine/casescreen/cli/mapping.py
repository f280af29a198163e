"""casescreen mapping: what the tables of other systems mean."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casescreen.cli.options import mapping_named, rulebook_named, rules_option, say, show, terminal_width, today
from casescreen.cli.outputs import keep_apart
from casescreen.files.atomic import write_whole
from casescreen.model.problem import CasescreenError, ProblemsError
from casescreen.model.rulebook import Rulebook
from casescreen.resources import rulebook_folder, shipped_rulebooks
from casescreen.text import counted, listed, visible

if TYPE_CHECKING:
    from casescreen.cases.mapping.model import Suggestion
    from casescreen.cases.tables.sheet import Sheet


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
@click.option("--force", is_flag=True, help="Replace the output file if it is there already.")
@rules_option
def _suggest(files: tuple[str, ...], output: Path | None, force: bool, rules: str | None) -> None:
    """Suggest a mapping from the headings of FILE: a workbook, or the CSV or Parquet files of one caseload.

    What was matched, what was not and what was taken for granted is shown beside it. Look at it before you rely on it.
    """
    from casescreen.cases.load import sheets_of  # noqa: PLC0415 - imported when used: start-up time
    from casescreen.cases.mapping.suggestion_text import mapping_text, suggestion_lines  # noqa: PLC0415 - the same

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


def suggested(sheets: Sequence[Sheet], rulebook: Rulebook, rules: str | None, taken_on: date) -> Suggestion:
    """The mapping that is suggested for sheets by the words that stand beside the rulebook of the option.

    Raises:
        ProblemsError: none can be.
    """
    from casescreen.cases.mapping.suggest import suggest  # noqa: PLC0415 - imported when used: start-up time
    from casescreen.cases.mapping.vocabulary import read_vocabulary  # noqa: PLC0415 - the same

    vocabulary = read_vocabulary(rulebook_folder(rules, shipped_rulebooks()), rulebook.dictionary)
    suggestion = suggest(sheets, rulebook, vocabulary, taken_on)
    if isinstance(suggestion, tuple):
        raise ProblemsError(suggestion)
    return suggestion


def suggestion_for(files: Sequence[str], rulebook: Rulebook, rules: str | None, taken_on: date) -> Suggestion | None:
    """The mapping that is suggested for workbooks and tables; None where none of them needs one.

    Tables need one if the headings of none of them are the dictionary's. It is made from the first workbook, or the
    first tables that are read together, and is used for all.

    Raises:
        ProblemsError: the tables need one, and none can be suggested.
    """
    from casescreen.cases.load import batches, sheets_of  # noqa: PLC0415 - imported when used: start-up time
    from casescreen.cases.mapping.headings import has_own_headings  # noqa: PLC0415 - the same
    from casescreen.cases.schema import record_schema  # noqa: PLC0415 - the same

    first: Sequence[Sheet] = ()
    for batch in batches(files, record_schema(rulebook.dictionary), mapped=True):
        sheets, problems = sheets_of(batch)
        if problems or has_own_headings(sheets, rulebook.dictionary):
            return None
        first = first or sheets
    return suggested(first, rulebook, rules, taken_on) if first else None
