"""How a run uses a file of statements: the last of them is held against it, and stands beside its findings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from attrs import evolve

from casescreen.cli.sharing import suppression_refused
from casescreen.model.problem import CasescreenError, message
from casescreen.model.screening import Screening
from casescreen.review.statement_chain import read_chain
from casescreen.review.verification import signed_run
from casescreen.text import as_argument


def read_signed(path: Path, suppress_under: int | None) -> Callable[[Screening], Screening]:
    """What puts the last statement of a file beside a screening, with names as they are.

    Raises:
        click.UsageError: small counts are not to be shown.
        CasescreenError: the file cannot be used, or is not as it was written.
    """
    if suppress_under is not None:
        raise suppression_refused("--suppress-under", "--signed, which tells whether two runs are of the same cases")
    chain = read_chain(path)
    last = chain.lines[-1].sign_off
    if chain.faults or last is None:
        first = chain.faults[0]
        raise CasescreenError(
            message(f"{first.place}: {first.what}."),
            why="what is damaged or was changed cannot be told to match.",
            advice=f"casescreen verify {as_argument(str(path)) or 'FILE'} says more. Put back a copy of the file, or "
            "leave --signed out.",
        )
    return lambda screening: evolve(screening, signed=signed_run(last, screening))
