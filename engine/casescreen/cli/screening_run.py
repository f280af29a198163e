"""Reading cases and screening them, as commands do it, and the exit code that findings give."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

from casescreen.api import screen
from casescreen.cli.options import ShownSuggestion, cases_from, say
from casescreen.cli.sharing import Sharing
from casescreen.evaluate.inference.inferrer import Engine
from casescreen.model.case import Caseload
from casescreen.model.outcome import Outcome
from casescreen.model.problem import Problem, ProblemsError
from casescreen.model.rulebook import ConclusionKind, ConclusionRule, Rulebook, Severity
from casescreen.model.screening import Conclusion, Quoting, Screening, Summary

if TYPE_CHECKING:
    from datetime import date

    from casescreen.cli.sampled import NamedSample
    from casescreen.review.answers_in_use import NamedAnswers

_AFTER_SECONDS = 1.0
_EVERY_SECONDS = 0.2

MANY = 4_000
"""Above so many cases, it takes no longer to work out their outcomes all at once."""

_AT_ONCE = "Polars works out the outcomes of all cases at once (--engine bulk). Other engines give the same findings."

FOUND, UNUSABLE = 1, 2
"""The exit codes where there is something to act on, and where something could not be used."""

_NEVER, _UNCLEAR = "never", "unclear"
LEVELS = (*(severity.value for severity in Severity), _UNCLEAR, _NEVER)
"""What the least severe finding that counts can be called."""


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


def read_and_screen(  # noqa: PLR0913 - each says what the run is of, or how it is made
    suggest: ShownSuggestion,
    mapping: str | None,
    sharing: Sharing,
    as_of: date,
    *,
    strict: bool,
    engine: Engine = "auto",
    answered: NamedAnswers | None = None,
    mark: Callable[[Sequence[Problem]], None] = lambda _: None,
    sampled: NamedSample | None = None,
) -> tuple[Caseload, Screening]:
    """The cases of ``suggest``, and what was found in them, with names as they are.

    Args:
        suggest: where the cases are, by which rulebook and as of which day they are read, and what suggests a mapping.
        mapping: the mapping that is named.
        sharing: how much of the records may be told.
        as_of: the day that the cases are judged on.
        strict: whether a record is left out as soon as anything in it cannot be read.
        engine: what draws the inferences.
        answered: a reader's answers that take the place of those in the records.
        mark: what is done with all problems, before any is told.
        sampled: the sample whose cases alone are screened; None where all are.

    Raises:
        CasescreenError: no record can be used.
    """
    try:
        caseload = _read(suggest, mapping, sharing.quoting, strict=strict)
    except ProblemsError as error:
        mark(error.problems)
        raise sharing.refusal(error.problems) from None
    before = caseload = caseload if sampled is None else sampled.cases_of(caseload)
    if answered is not None:
        caseload = _with_answers(before, answered, told=sharing.key is None)
    screen_all = partial(screened, suggest.rulebook, as_of=as_of, engine=engine, quoting=sharing.quoting)
    screening = screen_all(caseload) if sampled is None else sampled.screened(caseload, screen_all)
    screening = screening if answered is None else answered.beside(screening, before)
    mark(problems_of(caseload, screening))
    if caseload.problems and not screening.case_ids:
        raise sharing.refusal(caseload.problems)
    return caseload, screening


def _read(suggest: ShownSuggestion, mapping: str | None, quoting: Quoting, *, strict: bool) -> Caseload:
    return cases_from(
        tuple(suggest.sources),
        suggest.rulebook,
        mapping,
        suggest=suggest,
        taken_on=suggest.taken_on,
        quoting=quoting,
        strict=strict,
    )


def _with_answers(caseload: Caseload, answered: NamedAnswers, *, told: bool) -> Caseload:
    """The cases with a reader's answers; which cases of those are not here is said on standard error."""
    from casescreen.cli.answers_used import say_absent  # noqa: PLC0415 - only who names answers waits for it

    result = answered.put_into(caseload)
    say_absent(answered, caseload, told=told)
    return result


def problems_of(caseload: Caseload, screening: Screening) -> tuple[Problem, ...]:
    """All that is wrong with the records, and what in them is to be looked at."""
    return (*caseload.problems, *caseload.notices, *screening.lost)


def screened(rulebook: Rulebook, caseload: Caseload, as_of: date, engine: Engine, quoting: Quoting) -> Screening:
    """The screening, by the engine that is quickest unless one is asked for, with how far it has got shown."""
    cases = caseload.cases
    if engine == "auto" and cases and find_spec("polars") is not None:
        if len(cases) > MANY:
            engine = "bulk"
            say(f"{len(cases):,} cases: {_AT_ONCE}")
        elif all(case.place.file.endswith(".parquet") for case in cases):
            engine = "bulk"
            say(f"The cases are in Parquet: {_AT_ONCE}")
    progress = Progress(len(cases))
    screening = screen(rulebook, caseload, as_of=as_of, engine=engine, quoting=quoting, progress=progress)
    progress.finish()
    return screening


def exit_code_of(summary: Summary, fail_on: str) -> int:
    """The exit code: whether there are findings, or actions concluded, that are as severe as ``fail_on`` says.

    What is accepted leaves it; an action, where all is accepted that it rests on.
    """
    severities = () if fail_on == _NEVER else LEVELS[: LEVELS.index(fail_on) + 1]
    issues = summary.issues if isinstance(summary, Screening) else summary.issue_counts
    if any(one.severity is not None and one.severity.value in severities for one in issues):
        return FOUND
    accepted: Mapping[tuple[str, Outcome], int] = {}
    if isinstance(summary, Screening) and summary.accepted is not None:
        accepted = summary.accepted.counts
    for rate in summary.rates:
        severity = summary.rulebook.criterion[rate.criterion].severity
        if severity.value in severities and rate.count(Outcome.NOT_MET) > accepted.get(
            (rate.criterion, Outcome.NOT_MET), 0
        ):
            return FOUND
        unclear = (Outcome.NOT_EVIDENCED, Outcome.NEEDS_JUDGEMENT) if fail_on == _UNCLEAR else ()
        if any(rate.count(outcome) > accepted.get((rate.criterion, outcome), 0) for outcome in unclear):
            return FOUND
    on_cases = [count.rule for count in summary.on_cases if count.cases]
    held: list[Conclusion | ConclusionRule] = [*_not_accepted(summary), *on_cases]
    for conclusion in held:
        if conclusion.kind is ConclusionKind.ACTION and conclusion.severity.value in severities:
            return FOUND
    return 0


def _not_accepted(summary: Summary) -> Iterable[Conclusion]:
    """The conclusions but for those that rest on accepted findings only."""
    if not isinstance(summary, Screening) or summary.accepted is None:
        return summary.conclusions
    return [one for one in summary.conclusions if summary.accepted_until(one) is None]
