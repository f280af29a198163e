"""casescreen compare: what changed from one findings file to a later one."""

from __future__ import annotations

from pathlib import Path

import click

from casescreen.cli.options import show, terminal_width
from casescreen.cli.outputs import keep_apart, say_written
from casescreen.files.atomic import check_place, write_whole
from casescreen.history.comparison import compare
from casescreen.history.findings_file import read_run
from casescreen.model.change import Comparison
from casescreen.report.formats.changes_json import changes_json
from casescreen.report.formats.plain_text import to_plain
from casescreen.report.sections.changes import changes_in_full
from casescreen.report.sections.changes_screen import changes_screen

_DIFFERS = 1

_EPILOG = """\b
Examples:
  casescreen check my-cases --output findings-2016-05-02.json
  casescreen check my-cases --output findings-2016-05-09.json
  casescreen compare findings-2016-05-02.json findings-2016-05-09.json
  casescreen compare findings-2016-05-02.json findings-2016-05-09.json --full
  casescreen compare findings-2016-05-02.json findings-2016-05-09.json --output changes.json

\b
Exit codes:
  0  nothing changed: no finding, no case and no rule
  1  something did
  2  wrong use, or files that cannot be compared
  3  a fault in casescreen itself
"""


full_option = click.option("--full", is_flag=True, help="Print every change, and not only what comes first.")
form_option = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    help="The form. [default: json for a file whose name ends in .json, else table]",
)
output_option = click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write every change to a file, and print what comes first.",
)
force_option = click.option("--force", is_flag=True, help="Replace the output file if it is there already.")
width_option = click.option(
    "--width",
    type=click.IntRange(60, 400),
    metavar="COLUMNS",
    help="The longest line. [default: the terminal's, else 100]",
)


@click.command(epilog=_EPILOG)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@full_option
@form_option
@output_option
@force_option
@width_option
def command(
    old: str, new: str, full: bool, form: str | None, output: Path | None, force: bool, width: int | None
) -> int:
    """Show what changed from the findings in OLD to those in NEW: what is new, still open, fixed, and gone.

    OLD and NEW are files that check wrote with --output FINDINGS.json, of the same caseload.
    """
    keep_apart(read=(old, new), written=(output,))
    if output is not None:
        check_place(output, force=force)
    comparison = compare(read_run(old), read_run(new))
    return show_comparison(comparison, width or terminal_width(), full=full, form=form, output=output, force=force)


def show_comparison(
    comparison: Comparison, room: int, *, full: bool, form: str | None, output: Path | None, force: bool
) -> int:
    """Write the comparison where it is asked for, and print it.

    Returns:
        The exit code: 1 where something changed.

    Raises:
        CasescreenError: the file cannot be written.
    """
    if output is not None:
        as_json = form == "json" or (form is None and output.suffix.lower() == ".json")
        write_whole(output, changes_json(comparison) if as_json else _in_full(comparison, room), force=force)
    if form == "json" and output is None:
        show(changes_json(comparison))
    else:
        show(_in_full(comparison, room) if full else changes_screen(comparison, room))
    if output is not None:
        say_written(output)
    return _DIFFERS if comparison.differs else 0


def _in_full(comparison: Comparison, width: int) -> str:
    return to_plain(changes_in_full(comparison), width)
