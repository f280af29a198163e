"""python -m casescreen.page OUT: make casescreen.html, the one file in which casescreen runs in a browser."""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path

import click

from casescreen.files.atomic import check_place, write_whole
from casescreen.model.problem import CasescreenError
from casescreen.page.one_file import check_needed, one_file
from casescreen.page.parts import collect_parts, read_lock
from casescreen.text import visible

_PARTS = Path("page-parts")
_MISTAKE = 2


@click.command(epilog="\b\nExample:\n  python -m casescreen.page casescreen.html")
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path))
@click.option(
    "--parts",
    "folder",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    default=_PARTS,
    show_default=True,
    help="Keep fetched parts here. What is here already, to the byte, is not fetched again.",
)
@click.option(
    "--uncompiled", is_flag=True, help="Do without Node.js: quick to make, and slow to start. For trying out."
)
@click.option("--force", is_flag=True, help="Replace OUT if it is there already.")
def main(target: Path, folder: Path, uncompiled: bool, force: bool) -> None:
    """Make OUT, one page with Python, casescreen and its rules inside, and say its SHA-256."""
    try:
        check_place(target, force=force)
        check_needed(compiled=not uncompiled)
        lock = read_lock()
        page = one_file(lock, collect_parts(lock, folder), compiled=not uncompiled)
        write_whole(target, page, force=force)
    except CasescreenError as error:
        click.echo(str(error), err=True)
        sys.exit(_MISTAKE)
    click.echo(f"Made {visible(str(target))}: {len(page):,} bytes, SHA-256 {sha256(page).hexdigest()}")


if __name__ == "__main__":
    main(prog_name="python -m casescreen.page")
