"""The outcome of a standing, read directly from the outcome table."""

from __future__ import annotations

from functools import cache

from casescreen.model.outcome import OUTCOME_TABLE, Outcome, Standing


@cache
def decide(standing: Standing) -> Outcome:
    """The outcome of the one line of the table that covers the standing."""
    return next(row.outcome for row in OUTCOME_TABLE if row.covers(standing))
