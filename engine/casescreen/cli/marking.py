"""A copy of the tables that were read, with what is wrong marked in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from casescreen.files.atomic import write_whole
from casescreen.model.problem import CasescreenError, Problem, ProblemsError
from casescreen.text import visible


@contextmanager
def marking(path: Path | None, cases: tuple[str, ...], *, force: bool) -> Iterator[None]:
    """Write the copy also where the problems leave nothing to screen; do nothing if no copy is asked for."""
    try:
        yield
    except ProblemsError as error:
        write_marked(path, cases, error.problems, force=force)
        raise


def write_marked(path: Path | None, cases: tuple[str, ...], problems: Sequence[Problem], *, force: bool) -> None:
    """Write a copy of the workbooks, CSV and Parquet files among the cases, with the cells that have problems marked.

    Raises:
        CasescreenError: there are no such files, or the copy cannot be written.
    """
    if path is None:
        return
    if path.suffix.lower() != ".xlsx":
        raise CasescreenError(
            f"{visible(str(path))} cannot be a copy with marks.\n  What to do: let its name end in .xlsx."
        )
    if not problems:
        click.echo("There is nothing to mark, so no copy was written.", err=True)
        return
    from casescreen.cases.load import sheets_of  # noqa: PLC0415 - imported when used: start-up time
    from casescreen.cases.write.annotate import marked_copy  # noqa: PLC0415 - the same
    from casescreen.files.discovery import TEXTS, find_files  # noqa: PLC0415 - the same

    files = [file for file in find_files(cases).files if not file.lower().endswith((*TEXTS, "-"))]
    sheets, _ = sheets_of(files)
    if not sheets:
        raise CasescreenError(
            "There is no table that could be marked: only workbooks, CSV and Parquet files can.\n"
            "  What to do: leave --marked out. For other files the problems are told with their lines."
        )
    write_whole(path, marked_copy(sheets, problems), force=force)
    click.echo(f"A copy with the problems marked was written to {visible(str(path))}.", err=True)
