"""What people wrote in workbooks of actions: which are read before a new one is written, and when none is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from casescreen.cli.outputs import Reports
from casescreen.model.problem import CasescreenError
from casescreen.report.carried_over import CarriedOver, joined
from casescreen.report.formats.registry import FORMATS
from casescreen.text import visible


def carried_over(reports: Reports, old: Sequence[Path], *, force: bool, apart: str) -> Mapping[Path, CarriedOver]:
    """What goes into each workbook that is to be written: what people wrote in it, and in the old ones.

    Args:
        reports: the reports that are wanted.
        old: other workbooks to be carried over.
        force: whether files that are there already are replaced.
        apart: why nothing that anybody wrote may be in what is written; "" where it may.

    Raises:
        click.UsageError: there are old ones, and no workbook is written that they could be carried into.
        CasescreenError: one cannot be read, or what is written in it would be lost.
    """
    workbooks = [path for path, form in reports if path is not None and form is FORMATS["xlsx"]]
    if old and (apart or not workbooks):
        raise click.UsageError(
            f"--carry-over needs --output with a workbook (.xlsx) of actions{apart and f': {apart}'}."
        )
    others = [read_old(path) for path in old]
    carried = {}
    for path in workbooks:
        own = _replaced(path) if force and path.is_file() else CarriedOver()
        carried[path] = joined([own, *others])
    if apart:
        refuse_written(carried, apart)
    return carried


def refuse_written(carried: Mapping[Path, CarriedOver], why: str) -> None:
    """Hold that nobody wrote anything in the workbooks that are to be replaced.

    Raises:
        CasescreenError: somebody did, and it cannot be carried over.
    """
    for path, one in carried.items():
        if one.rows:
            raise CasescreenError(
                f"People wrote in {visible(str(path))}, and it was left as it is: {why}.",
                why="what they wrote would be lost.",
                advice="write to a file of another name.",
            )


def _replaced(path: Path) -> CarriedOver:
    from casescreen.report.actions_reader import read_carried_over  # noqa: PLC0415 - imported when used: start-up time

    return read_carried_over(path, replaced=True) or CarriedOver()


def read_old(path: Path, option: str = "--carry-over") -> CarriedOver:
    """What people wrote in a sheet of actions that stays as it is.

    Args:
        path: the workbook, or a CSV of its sheet.
        option: what it was named with.

    Raises:
        CasescreenError: it cannot be read, or is no such sheet.
    """
    from casescreen.report.actions_reader import read_carried_over  # noqa: PLC0415 - imported when used: start-up time

    carried = read_carried_over(path, replaced=False, option=option)
    if carried is None:
        raise CasescreenError(
            f"{visible(str(path))} holds no actions that could be carried over.",
            advice="name a workbook that casescreen actions write or check --output wrote.",
        )
    return carried
