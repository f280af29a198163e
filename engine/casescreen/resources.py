"""Where the data that comes with casescreen is: inside the installed package, or beside its source in a checkout."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from types import MappingProxyType

from casescreen.model.problem import CasescreenError
from casescreen.text import did_you_mean, listed, visible

PACKAGE = Path(__file__).resolve().parent
"""The folder of the import package."""


def rules_folder(package: Path = PACKAGE) -> Path:
    """The folder of the shipped rules. A built wheel carries it inside the package; a checkout has it two folders up.

    Args:
        package: the folder of the import package; another one only where an installation is examined.
    """
    packaged = package / "rules"
    return packaged if packaged.is_dir() else package.parents[1] / "rules"


ROOT_FILE = "rulebook.toml"
CALENDARS = "calendars"


def shipped_rulebooks(package: Path = PACKAGE) -> Mapping[str, Path]:
    """The folder of each shipped rulebook by its name, in order of name.

    Args:
        package: the folder of the import package; another one only where an installation is examined.
    """
    roots = sorted(rules_folder(package).glob(f"*/{ROOT_FILE}"))
    return MappingProxyType({root.parent.name: root.parent for root in roots})


def rulebook_folder(where: str | Path | None, shipped: Mapping[str, Path]) -> Path:
    """The folder that a caller means: a path, the name of a shipped rulebook, or the only one shipped.

    A name goes before a folder of the same name below the working directory; write ``./name`` for the folder.

    Raises:
        CasescreenError: there is no such rulebook, or nothing was named and there is not exactly one.
    """
    if where is None:
        if len(shipped) == 1:
            return next(iter(shipped.values()))
        what = "no rulebook was named."
    else:
        if isinstance(where, str) and where in shipped:
            return shipped[where]
        with suppress(OSError):  # it may not be looked at, or no path can have that name
            if Path(where).is_dir():
                return Path(where)
        close = did_you_mean(str(where), shipped) if len(shipped) > 1 else ""
        what = f'there is no rulebook or folder "{visible(str(where))}". {close}'.rstrip()
    if not shipped:
        raise CasescreenError(f"{what} No rulebook is shipped with this installation: name a folder.")
    known = listed(shipped, "and")
    raise CasescreenError(f"{what} The shipped rulebooks are: {known}. Name one, or the folder of another.")


SAMPLE = "somerset-2016"
"""The folder of the made-up cases to try things on, among those of a checkout."""

SAMPLE_DAY = date(2016, 5, 9)
"""The day as at which they are to be screened."""


def sample_folder(package: Path = PACKAGE) -> Path:
    """The folder of the made-up cases: inside the package in the one file for browsers, in a checkout two folders up.

    An installed wheel has none.

    Args:
        package: the folder of the import package; another one only where an installation is examined.
    """
    packaged = package / "sample"
    return packaged if packaged.is_dir() else package.parents[1] / "cases" / SAMPLE


def shipped_data(name: str, package: Path = PACKAGE) -> Path:
    """A shipped file that belongs to no rulebook, by its path below the folder of rules."""
    return rules_folder(package) / name
