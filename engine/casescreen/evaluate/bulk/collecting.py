"""Frames read into memory; what Polars cannot read is told to the person whose file it is."""

from __future__ import annotations

import polars as pl

from casescreen.model.problem import CasescreenError
from casescreen.model.text import visible

_LONGEST = 300


def collected(frame: pl.LazyFrame) -> pl.DataFrame:
    """What the frame holds.

    Raises:
        CasescreenError: a file is missing or damaged, or holds values that are not what they should be.
    """
    try:
        return frame.collect(engine="streaming")
    except (pl.exceptions.PolarsError, OSError) as error:
        said = visible(str(error).strip().partition("\n")[0], _LONGEST)
        raise CasescreenError(
            f"The cases cannot be read: {said}\n"
            "  Why it matters: nothing can be said about what cannot be read, so nothing was screened.\n"
            "  What to do: mend the file that is named, or the values in it, or write the files anew."
        ) from error
