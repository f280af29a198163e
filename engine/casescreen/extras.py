"""Packages that may not be installed, imported when they are needed, and kept from failing in words of their own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from tempfile import TemporaryFile
from threading import Lock
from typing import Any, TypeVar

from casescreen.model.problem import Advice, CasescreenError, LibraryError
from casescreen.text import visible

_Result = TypeVar("_Result")
_STANDARD_ERROR = 2
_LAST_WORDS = b"panicked at"


def call_library(function: Callable[..., _Result], *arguments: object) -> _Result:
    """What a function of a compiled library gives.

    Raises:
        LibraryError: it raised anything at all. What is called a panic in such a library is no ``Exception`` in Python.
    """
    try:
        return function(*arguments)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise LibraryError(str(error)) from error


class _KeptBack:
    """Standard error kept back for all threads that ask for it, as it is one: from the first to come to the last."""

    def __init__(self) -> None:
        self._lock, self._inside, self._end = Lock(), 0, ExitStack()

    def begin(self) -> None:
        with self._lock:
            if not self._inside:
                self._end.enter_context(_standard_error_kept_back())
            self._inside += 1

    def finish(self) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                self._end.close()


_kept_back = _KeptBack()


@contextmanager
def without_last_words() -> Iterator[None]:
    """Keep back what a compiled library writes on standard error where it panics; what else is written there, is."""
    _kept_back.begin()
    try:
        yield
    finally:
        _kept_back.finish()


@contextmanager
def _standard_error_kept_back() -> Iterator[None]:
    try:
        sys.stderr.flush()
        kept = os.dup(_STANDARD_ERROR)
    except (OSError, ValueError, AttributeError):  # it is closed
        yield
        return
    with TemporaryFile() as written:
        os.dup2(written.fileno(), _STANDARD_ERROR)
        try:
            yield
        finally:
            with suppress(OSError, ValueError):
                sys.stderr.flush()
            os.dup2(kept, _STANDARD_ERROR)
            os.close(kept)
            written.seek(0)
            if _LAST_WORDS not in (words := written.read()):
                with suppress(OSError):
                    os.write(_STANDARD_ERROR, words)


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


def is_installed(package: str) -> bool:
    """Whether the package can be imported; it is not imported to find out."""
    return find_spec(package) is not None


def part_missing(what: str, extra: str, instead: str = "") -> tuple[str, str]:
    """What is wrong and what to do where a part of casescreen is not installed.

    Args:
        what: what cannot be done without it, as in "Workbooks cannot be read".
        extra: the extra of casescreen that brings it.
        instead: what can be done without it, as in "save the sheets as CSV"; "" is nothing.
    """
    advice = f'pip install "casescreen[{extra}]"' + (f", or {instead}." if instead else ".")
    return f"{what}, because a part of casescreen is not installed.", Advice(advice, f"{instead}." if instead else "")
