"""Where a report goes, and in which form: the screen, or one or several files at once."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import click

from casescreen.cli.options import show
from casescreen.files.atomic import check_place, write_whole
from casescreen.files.discovery import find_files
from casescreen.model.problem import CasescreenError
from casescreen.model.screening import Summary
from casescreen.report.formats.registry import FORMATS, Format, Options
from casescreen.text import listed, visible

_BY_ENDING = {one.ending: one for one in FORMATS.values()}


def check_outputs(form: str | None, outputs: Iterable[Path], *, force: bool) -> None:
    """Refuse, before anything is screened, a form that cannot be told or shown, and a file that cannot be put there.

    Raises:
        CasescreenError: with what to do.
    """
    files = tuple(outputs)
    if form is not None and not FORMATS[form].is_text and not files:
        raise CasescreenError(f"A {form} file cannot be shown on the screen.", advice="add --output FILE.")
    for path in files:
        form_of(form, path)
        check_place(path, force=force)
    if len({os.path.realpath(path) for path in files}) < len(files):
        raise CasescreenError("One file is named twice as an output.", advice="give each report a name of its own.")


def keep_apart(*, read: Iterable[str | Path | None], written: Iterable[Path | None]) -> None:
    """Refuse to replace a file that is to be read, whatever else may be replaced.

    Args:
        read: files, folders and patterns of cases, and whatever other files are read; None is no file.
        written: the files that will be; None is no file.

    Raises:
        CasescreenError: a file is one of both.
    """
    names = [str(name) for name in read if name is not None]
    taken = {*find_files(names).seen, *map(os.path.realpath, names)}
    for path in written:
        if path is not None and os.path.realpath(path) in taken:
            raise CasescreenError(
                f"{visible(str(path))} is one of the files to be read, and was left as it is.",
                why="what it holds would be lost.",
                advice="give another name.",
            )


def form_of(form: str | None, path: Path | None) -> Format:
    """The form that was asked for, else the one that the file's name ends in; on the screen a table.

    Raises:
        CasescreenError: the name does not say.
    """
    if form is not None or path is None:
        return FORMATS[form or "table"]
    if path.suffix.lower() not in _BY_ENDING:
        raise CasescreenError(
            f'The form of "{visible(str(path))}" cannot be told from its name.',
            advice=f"let the name end in {listed(_BY_ENDING)}, or add --format.",
        )
    return _BY_ENDING[path.suffix.lower()]


def give(result: Summary, options: Options, form: str | None, outputs: tuple[Path, ...], *, force: bool) -> None:
    """Show the report, or write it to each file; every report is made before the first file is written."""
    if not outputs:
        show(str(form_of(form, None).render(result, options)))
        return
    made = [(path, form_of(form, path).render(result, options)) for path in outputs]
    for path, report in made:
        write_whole(path, report, force=force)
        say_written(path)


def say_written(path: Path) -> None:
    """Say on standard error where a report is."""
    click.echo(f"Written to {visible(str(path))}.", err=True)
