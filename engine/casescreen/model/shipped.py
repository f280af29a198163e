"""Where the data that comes with casescreen is: inside the installed package, or beside its source in a checkout."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
"""The folder of the import package."""


def rules_folder(package: Path = PACKAGE) -> Path:
    """The folder of the shipped rules. A built wheel carries it inside the package; a checkout has it two folders up.

    Args:
        package: the folder of the import package; another one only where an installation is examined.
    """
    packaged = package / "rules"
    return packaged if packaged.is_dir() else package.parents[1] / "rules"
