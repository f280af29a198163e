"""python -m casescreen.page OUT: make casescreen.html, the one file in which casescreen runs in a browser."""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path

import click

from casescreen.files.atomic import write_whole
from casescreen.model.problem import CasescreenError, ProblemsError
from casescreen.page.build import build_page
from casescreen.page.parts import collect_parts, read_lock

_CACHE = Path("page-parts")


@click.command()
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path))
@click.option(
    "--parts",
    "folder",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    default=_CACHE,
    help="Where parts are kept that were fetched.",
)
@click.option("--force", is_flag=True, help="Replace OUT if it is there already.")
def main(target: Path, folder: Path, force: bool) -> None:
    """Make the page OUT."""
    try:
        lock = read_lock()
        page = build_page(lock, collect_parts(lock, folder))
        write_whole(target, page, force=force)
    except (CasescreenError, ProblemsError) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    click.echo(f"{target}: {len(page):,} bytes, SHA-256 {sha256(page).hexdigest()}")


main()
