"""A line that says how far a long run is: only on a terminal, only after a second."""

from __future__ import annotations

import sys
import time

_AFTER_SECONDS = 1.0
_EVERY_SECONDS = 0.2


class Progress:
    """Prints "done of all" on standard error, over itself."""

    def __init__(self, whole: int) -> None:
        """Note when the run began and how many there are in all."""
        self._whole = whole
        self._next = time.monotonic() + _AFTER_SECONDS
        self._shown = False
        self._wanted = sys.stderr.isatty()

    def __call__(self, done: int) -> None:
        """Say how many are done, if it is time to."""
        if self._wanted and time.monotonic() >= self._next:
            self._next = time.monotonic() + _EVERY_SECONDS
            self._shown = True
            sys.stderr.write(f"\r{done:,} of {self._whole:,} cases")
            sys.stderr.flush()

    def finish(self) -> None:
        """Take the line away again."""
        if self._shown:
            sys.stderr.write("\r" + " " * 40 + "\r")
            sys.stderr.flush()
