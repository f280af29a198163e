"""Packages that may not be installed, imported when they are needed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from casescreen.model.problem import CasescreenError


def needed(package: str, what: str, extra: str, instead: str) -> Any:  # noqa: ANN401 - a module that may not be there
    """The package, imported now: it is slow to import, and seldom needed.

    Args:
        package: its name.
        what: what cannot be done without it, as in "Workbooks cannot be read".
        extra: the extra of casescreen that brings it.
        instead: what can be done without it, as in "save the sheets as CSV".

    Raises:
        CasescreenError: it is not installed.
    """
    try:
        return import_module(package)
    except ImportError:
        raise CasescreenError(
            f"{what}, because a part of casescreen is not installed.",
            advice=f'pip install "casescreen[{extra}]", or {instead}.',
        ) from None
