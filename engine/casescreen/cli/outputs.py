"""Where a report goes, and in which form: the screen, or one or several files at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from casescreen.cli.options import show
from casescreen.cli.writing import check_place, write_whole
from casescreen.intake.searching import SUFFIXES
from casescreen.model.problem import CasescreenError
from casescreen.model.screening import Screening
from casescreen.model.text import listed, visible
from casescreen.report import DOCUMENTS, FORMATS, Options

Make = Callable[[str], str | bytes]

_BY_ENDING = {
    ".txt": "table",
    ".md": "markdown",
    ".csv": "csv",
    ".json": "json",
    ".html": "html",
    ".xlsx": "xlsx",
    ".docx": "docx",
    ".parquet": "parquet",
}


def check_outputs(form: str | None, outputs: Iterable[Path], *, force: bool) -> None:
    """Refuse, before anything is screened, a form that cannot be told or shown, and a file that cannot be put there.

    Raises:
        CasescreenError: with what to do.
    """
    files = tuple(outputs)
    if form in DOCUMENTS and not files:
        raise CasescreenError(f"A {form} file cannot be shown on the screen.\n  What to do: add --output FILE.")
    for path in files:
        form_of(form, path)
        check_place(path, force=force)


def keep_inputs(sources: Iterable[str], outputs: Iterable[Path]) -> None:
    """Refuse to replace a file of records that is to be screened, whatever else may be replaced.

    Raises:
        CasescreenError: an output is one of the files, or a file of records in one of the folders, that were named.
    """
    read = {_real(source) for source in sources}
    for path in map(_real, outputs):
        if path in read or (path.is_file() and path.suffix.lower() in SUFFIXES and not read.isdisjoint(path.parents)):
            raise CasescreenError(
                f"{visible(str(path))} is among the files to be screened, and was left as it is.\n"
                "  Why it matters: the records in it would be lost.\n"
                "  What to do: give another name, outside the folder of the cases."
            )


def _real(path: str | Path) -> Path:
    return Path(os.path.realpath(path))  # pathlib has an error of its own for links in a circle, which are told later


def form_of(form: str | None, path: Path) -> str:
    """The form that was asked for, else the one that the file's name ends in."""
    if form is not None:
        return form
    if (found := _BY_ENDING.get(path.suffix.lower())) is None:
        raise CasescreenError(
            f'The form of "{visible(str(path))}" cannot be told from its name.\n'
            f"  What to do: let the name end in {listed(_BY_ENDING)}, or add --format."
        )
    return found


def give(make: Make, form: str | None, outputs: tuple[Path, ...], *, force: bool) -> None:
    """Show the report, or write it to each file; every report is made before the first file is written."""
    if not outputs:
        show(str(make(form or "table")))
        return
    made = [(path, make(form_of(form, path))) for path in outputs]
    for path, report in made:
        write_whole(path, report, force=force)
        click.echo(f"Written to {visible(str(path))}.", err=True)


def in_full(screening: Screening, options: Options) -> Make:
    """What makes the whole report in a form."""
    return lambda form: (FORMATS[form] if form in FORMATS else DOCUMENTS[form])(screening, options)
