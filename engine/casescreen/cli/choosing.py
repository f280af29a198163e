"""What works out the outcomes of cases that are listed, where it is left to be chosen."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from casescreen.model.case import Caseload

if TYPE_CHECKING:
    from casescreen.evaluate.inference.engine import Engine

MANY = 4_000
"""Above so many cases, it takes no longer to work out their outcomes all at once."""

_AT_ONCE = "Polars works out the outcomes of all cases at once (--engine bulk). Other engines give the same findings."


def chosen(engine: Engine, caseload: Caseload) -> tuple[Engine, str]:
    """The engine, and why it was chosen, in words; "" if it was asked for, or if cases are worked out one by one."""
    if engine != "auto" or find_spec("polars") is None:
        return engine, ""
    if len(caseload.cases) > MANY:
        return "bulk", f"{len(caseload.cases):,} cases: {_AT_ONCE}"
    if caseload.cases and all(case.place.file.endswith(".parquet") for case in caseload.cases):
        return "bulk", f"The cases are in Parquet: {_AT_ONCE}"
    return engine, ""
