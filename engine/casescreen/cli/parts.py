"""Caseloads of any size as Parquet in parts, for screening in bulk and on a cluster."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import click

from casescreen.cli.caseload import too_large
from casescreen.cli.options import cases_from, say_problems
from casescreen.files.atomic import put_folder
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Rulebook
from casescreen.text import counted, visible

_OF_PARQUET = ("cases.parquet", "*/cases.parquet")


def convert_to_parts(source: str, target: Path, rulebook: Rulebook, mapping: str | None) -> None:
    """Write the cases of a source as Parquet in parts of the same ranges of cases.

    A folder of Parquet, or of CSV with more cases than are read one by one, is read a part at a time, and its values
    are taken as they stand: a screening tells what is wrong with them. Anything else is read as ``check`` reads it.

    Raises:
        CasescreenError: a case cannot be read, what writes Parquet is not installed, or the folder is in use.
    """
    if find_spec("polars") is None:
        raise CasescreenError(
            "Parts cannot be written, because a part of casescreen is not installed.\n"
            '  What to do: pip install "casescreen[bulk]".'
        )
    from casescreen.columnar.frames import frames_of  # noqa: PLC0415 - the same
    from casescreen.columnar.scan import scan_folder  # noqa: PLC0415 - Polars is slow to import
    from casescreen.columnar.writer import write_parquet  # noqa: PLC0415 - the same

    dictionary, folder = rulebook.dictionary, Path(source)
    written = 0
    if mapping is None and (too_large((source,)) or any(file for name in _OF_PARQUET for file in folder.glob(name))):
        frames = scan_folder(folder, dictionary)
    else:
        caseload = cases_from((source,), rulebook, None, mapping)
        if caseload.problems:
            say_problems(caseload.problems, caseload.left_out)
            raise CasescreenError(
                "Nothing was written, so that no record is lost.\n  What to do: mend them, and convert again."
            )
        frames = (frames_of(caseload.cases, dictionary),)

    def make(new: Path) -> None:
        nonlocal written
        written = write_parquet(frames, dictionary, new)

    put_folder(target, make)
    click.echo(f"{counted(written, 'case')} written to {visible(str(target))}, in parts.", err=True)
