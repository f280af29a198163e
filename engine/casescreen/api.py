"""What casescreen is from Python: every public name, and the one place that says which they are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from casescreen.cases.load import read_cases
from casescreen.evaluate import screening
from casescreen.evaluate.findings import explain
from casescreen.evaluate.inference.inferrer import Engine
from casescreen.evaluate.screening import Precomputed, Progress, check_calendar
from casescreen.model.case import Case, Caseload
from casescreen.model.problem import CasescreenError, ProblemsError
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Quoting, Screening
from casescreen.rulebook.load import load_rulebook

__all__ = ["CasescreenError", "ProblemsError", "explain", "load_rulebook", "read_cases", "screen"]


def screen(
    rulebook: Rulebook,
    caseload: Caseload,
    *,
    as_of: date,
    engine: Engine = "auto",
    quoting: Quoting = Quoting.REFERENCES,
    progress: Progress | None = None,
    holidays: Iterable[date] = (),
) -> Screening:
    """Screen the cases as at a date.

    Args:
        rulebook: what to ask, from ``load_rulebook``.
        caseload: what to ask it of, from ``read_cases``.
        as_of: the date as at which to judge; what was due later is not yet due.
        engine: what draws the inferences; "auto" is durable-rules where it is installed, and "bulk" works out the
            outcomes of all cases at once.
        quoting: how much of the text of the records the reasons and values quote.
        progress: called before each case with the number done.
        holidays: local holidays, which count for limits that no law and no national standard sets.

    Returns:
        The findings, rates and conclusions, with the rulebook as it was in force, which ``explain`` takes. A case that
        cannot be screened is left out, with the problem told.

    Raises:
        CasescreenError: the calendar does not cover the as-of date, what was asked for is not installed, or a day is
            no local holiday.
        InternalFaultError: inference and the outcome table disagree; never the user's mistake.

    Example:
        >>> from casescreen import load_rulebook, read_cases
        >>> rulebook = load_rulebook()
        >>> caseload = read_cases(["cases"], rulebook.dictionary)
        >>> screening = screen(rulebook, caseload, as_of=date(2016, 5, 9))
        >>> len(screening.case_ids), screening.findings[0].outcome.value
        (20, 'met')
    """
    check_calendar(rulebook, as_of)
    in_force, days = rulebook, tuple(holidays)
    if days:
        from casescreen.rulebook.parameters import with_local_holidays  # noqa: PLC0415 - start-up time

        in_force = with_local_holidays(rulebook, days)
    return screening.screen(
        in_force,
        caseload,
        as_of=as_of,
        engine=engine,
        quoting=quoting,
        progress=progress,
        precomputed=_all_at_once(in_force, caseload.cases, as_of) if engine == "bulk" else None,
    )


def _all_at_once(rulebook: Rulebook, cases: tuple[Case, ...], as_of: date) -> Precomputed:
    from casescreen.extras import import_extra  # noqa: PLC0415 - start-up time

    import_extra(
        "polars",
        "The bulk engine was asked for, and Polars, which it needs, is not installed here.",
        why="nothing else can stand in for it when it is asked for by name.",
        advice='leave the engine to be chosen, for the same findings; or pip install "casescreen[bulk]".',
    )
    from casescreen.columnar.screening import ColumnarOutcomes  # noqa: PLC0415 - Polars is slow to import

    return ColumnarOutcomes(rulebook, cases, as_of)
