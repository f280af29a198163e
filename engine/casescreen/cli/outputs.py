"""Where a report goes, and in which form: the screen, or one or several files at once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from casescreen.cli.options import say, show
from casescreen.files.atomic import check_place, write_whole
from casescreen.files.discovery import find_files
from casescreen.model.problem import CasescreenError, message
from casescreen.model.screening import Screening, Summary
from casescreen.report.formats.registry import FORMATS, Format, Options
from casescreen.text import counted, listed, visible

Reports = Sequence[tuple[Path | None, Format]]
"""The reports that are wanted: the file of each, or None for the screen, and its form."""


def reports_wanted(form: str | None, outputs: Sequence[Path], *, force: bool) -> Reports:
    """The reports that are wanted: each in the form that was asked for, else the one that its file's name ends in.

    Before anything is screened, a form that cannot be told or shown is refused, and a file that cannot be put there.

    Raises:
        CasescreenError: with what to do.
    """
    if not outputs:
        wanted = FORMATS[form or "table"]
        if not wanted.is_text:
            raise CasescreenError(f"A {form} file cannot be shown on the screen.", advice="add --output FILE.")
        return [(None, wanted)]
    by_ending = {one.ending: one for one in FORMATS.values()}
    reports = []
    for path in outputs:
        of_file = by_ending.get(path.suffix.lower()) if form is None else FORMATS[form]
        if of_file is None:
            raise CasescreenError(
                f'The form of "{visible(str(path))}" cannot be told from its name.',
                advice=f"let the name end in {listed(by_ending)}, or add --format.",
            )
        check_place(path, force=force)
        reports.append((path, of_file))
    return reports


def keep_apart(*, read: Iterable[str | Path | None], written: Sequence[Path | None]) -> None:
    """Refuse to replace a file that is to be read, or that is written too, whatever else may be replaced.

    Args:
        read: files, folders and patterns of cases, and whatever other files are read; None is no file.
        written: the files that will be; None is no file.

    Raises:
        CasescreenError: a file is named twice.
    """
    files = [os.path.realpath(path) for path in written if path is not None]
    if len(set(files)) < len(files):
        raise CasescreenError("One file is named twice as an output.", advice="give each a name of its own.")
    names = [str(name) for name in read if name is not None]
    taken = {*find_files(names).seen, *map(os.path.realpath, names)}
    for path in written:
        if path is not None and os.path.realpath(path) in taken:
            raise CasescreenError(
                f"{visible(str(path))} is one of the files to be read, and was left as it is.",
                why="what it holds would be lost.",
                advice="give another name.",
            )


def give(result: Summary, options: Options, reports: Reports, *, force: bool) -> None:
    """Show or write the reports; every one that can fail is made before the first file is written."""
    made = [(path, (form.render if path is None else form.pieces)(result, options)) for path, form in reports]
    for path, report in made:
        if path is None:
            show(str(report))
        else:
            write_whole(path, report, force=force)
            say_written(path)
    if isinstance(result, Screening) and any(form is FORMATS["csv"] for _, form in reports):
        say_changed_ids(result.case_ids)


_FEW = 3


def say_changed_ids(ids: Iterable[str]) -> None:
    """Say on standard error which ids a spreadsheet program takes for something else when it opens them as CSV."""
    from casescreen.cases.mapping.ids import is_changed_by_spreadsheets  # noqa: PLC0415 - needed for CSV only

    changed = [case_id for case_id in ids if is_changed_by_spreadsheets(case_id)]
    if changed:
        shown = [f'"{visible(case_id)}"' for case_id in changed[:_FEW]]
        shown += [f"{len(changed) - _FEW:,} more"] if len(changed) > _FEW else []
        say(
            message(
                f"Excel changes {counted(len(changed), 'case id')} when it opens CSV: {listed(shown, 'and')}.",
                "write .xlsx instead, or import the file and give the column of the ids the type Text.",
            )
        )


def say_written(path: Path) -> None:
    """Say on standard error where a report is."""
    say(f"Written to {visible(str(path))}.")
