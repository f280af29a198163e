"""Where the data that comes with casescreen is: inside the installed package, or beside its source in a checkout."""

from __future__ import annotations

from collections.abc import Mapping
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


def shipped_rulebooks(package: Path = PACKAGE) -> Mapping[str, Path]:
    """The folder of each shipped rulebook by its name, in order of name.

    Args:
        package: the folder of the import package; another one only where an installation is examined.
    """
    rules = rules_folder(package)
    found = sorted(root.parent for root in rules.glob(f"*/{ROOT_FILE}")) if rules.is_dir() else []
    return MappingProxyType({folder.name: folder for folder in found})


def rulebook_folder(where: str | Path | None, shipped: Mapping[str, Path]) -> Path:
    """The folder that a caller means: a path, the name of a shipped rulebook, or the only one shipped.

    A name goes before a folder of the same name below the working directory; write ``./name`` for the folder.

    Raises:
        CasescreenError: there is no such rulebook, or nothing was named and there is not exactly one.
    """
    if where is None:
        return _only(shipped)
    if isinstance(where, str) and where in shipped:
        return shipped[where]
    if _is_folder(Path(where)):
        return Path(where)
    raise CasescreenError(_unknown(str(where), shipped))


def shipped_data(name: str, package: Path = PACKAGE) -> Path:
    """A shipped file that belongs to no rulebook, by its path below the folder of rules."""
    return rules_folder(package) / name


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # it may not be looked at, or no path can have that name
        return False


def _only(shipped: Mapping[str, Path]) -> Path:
    if len(shipped) == 1:
        return next(iter(shipped.values()))
    raise CasescreenError(f"no rulebook was named. {_known(shipped)}")


def _unknown(where: str, shipped: Mapping[str, Path]) -> str:
    advice = did_you_mean(where, shipped) if len(shipped) > 1 else ""
    return " ".join(filter(None, (f'there is no rulebook or folder "{visible(where)}".', advice, _known(shipped))))


def _known(shipped: Mapping[str, Path]) -> str:
    if not shipped:
        return "No rulebook is shipped with this installation: name a folder."
    return f"The shipped rulebooks are: {listed(shipped, 'and')}. Name one, or the folder of another."
