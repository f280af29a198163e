"""Packages that may not be installed, imported when they are needed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from casescreen.model.problem import CasescreenError
from casescreen.text import visible


def import_extra(module: str, what: str, advice: str, why: str = "") -> Any:  # noqa: ANN401 - a module that may not be there
    """The module, imported now: it is, or needs, a package that is slow to import and may not be installed.

    Args:
        module: a package that an extra of casescreen brings, or a module of casescreen that imports one.
        what: what cannot be done where the package is missing; ``{package}`` in it becomes the package's name.
        advice: what to do then.
        why: why it matters, where that is not plain.

    Raises:
        CasescreenError: the package is not installed.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        missing = error.name or "a package"
        if missing.partition(".")[0] == "casescreen":
            raise  # a slip of ours, which no installation would mend
        raise CasescreenError(what.replace("{package}", visible(missing)), advice=advice, why=why) from error


def part_missing(what: str, extra: str, instead: str = "") -> tuple[str, str]:
    """What is wrong and what to do where a part of casescreen is not installed.

    Args:
        what: what cannot be done without it, as in "Workbooks cannot be read".
        extra: the extra of casescreen that brings it.
        instead: what can be done without it, as in "save the sheets as CSV"; "" is nothing.
    """
    advice = f'pip install "casescreen[{extra}]"' + (f", or {instead}." if instead else ".")
    return f"{what}, because a part of casescreen is not installed.", advice
