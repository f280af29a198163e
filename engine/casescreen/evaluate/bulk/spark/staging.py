"""Folders that appear whole: what many processes write is seen once all of it is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

from casescreen.model.problem import CasescreenError
from casescreen.text import in_words


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """A folder to write into, which becomes ``folder`` if all goes well, and is removed if not.

    What stands in it under a name with a dot before it was left by a process that was cut off, and is taken out.

    Raises:
        CasescreenError: ``folder`` is there already, or a run that was cut off has left what it wrote.
    """
    stage = folder.with_name(f"{folder.name}.unfinished")
    for taken in (folder, stage):
        if taken.exists():
            raise CasescreenError(
                f"{in_words(str(taken))} is there already.\n"
                "  Why it matters: findings of two runs would be mixed.\n"
                "  What to do: name a new folder, or take that one away."
            )
    stage.mkdir(parents=True)
    try:
        yield stage
        for left in stage.glob(".*"):
            left.unlink()
        stage.rename(folder)
    finally:
        rmtree(stage, ignore_errors=True)
