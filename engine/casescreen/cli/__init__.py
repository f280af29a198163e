"""The command line: one file a command, each imported only when it is called."""

from __future__ import annotations

import gc
import sys
from typing import NoReturn

# Hardly anything here is ever garbage in a circle; to look for it at the usual rate costs a tenth of a short run.
OBJECTS_BETWEEN_COLLECTIONS = 100_000
_INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and exit: 0 nothing to act on, 1 findings, 2 wrong use or files, 3 an internal fault."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    try:
        from casescreen.cli.main import main as run  # noqa: PLC0415 - after the line above: importing takes longest

        run(arguments)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
