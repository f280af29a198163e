"""What the page is sent as JSON: problems, what changed, and lists that say how many more there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from casescreen.model.change import Comparison
from casescreen.model.problem import CasescreenError, Problem, ProblemsError, grouped, untyped
from casescreen.report.sections.change_groups import change_groups
from casescreen.report.sections.changes import balance, notes
from casescreen.text import counted, visible

JsonObject = dict[str, object]
"""An object of JSON."""

MOST_PROBLEMS = 200
"""More than these nobody reads in one go: mending the first ones often mends the rest."""

_LONGEST = 2_000
_MOST_LINES = 500
_Thing = TypeVar("_Thing")


def first(
    name: str, things: Sequence[_Thing], tell: Callable[[_Thing], object], most: int = MOST_PROBLEMS
) -> JsonObject:
    """The first of them under a name, and how many more there are."""
    return {name: [tell(one) for one in things[:most]], f"more_{name}": max(0, len(things) - most)}


def problem(one: Problem) -> JsonObject:
    """A problem: what, where, why it matters and what to do."""
    return {
        "what": visible(one.what, _LONGEST),
        "where": visible(str(one.place), _LONGEST),
        "why": visible(one.why, _LONGEST),
        "advice": visible(untyped(one.advice), _LONGEST),
    }


def problems(name: str, several: Iterable[Problem]) -> JsonObject:
    """Problems under a name, those of one column that are mended in one way once."""
    return first(name, grouped(several), problem)


def mistake(error: CasescreenError) -> JsonObject:
    """An error that is meant for the person who uses the page."""
    if isinstance(error, ProblemsError):
        what = f"{counted(len(error.problems), 'problem')} with what was given."
        return {"error": {"what": what, "where": "", "why": "", "advice": "", **problems("problems", error.problems)}}
    shown = {name: visible(text, _LONGEST) for name, text in (("why", error.why), ("advice", untyped(error.advice)))}
    what = visible(error.what, _LONGEST)
    return {"error": {"what": what, "where": "", **shown, "problems": [], "more_problems": 0}}


def fault(error: BaseException) -> JsonObject:
    """A fault of ours, without a traceback."""
    if isinstance(error, MemoryError):
        what, advice = "There is not enough memory for that in this browser.", "close other pages, or take fewer cases."
    else:
        what = f"casescreen itself has a fault ({type(error).__name__}: {visible(str(error))})."
        advice = "send this line to whoever maintains casescreen. Take out anything from a record first."
    why = "The findings cannot be relied on, so none are given."
    return {"error": {"what": what, "where": "", "why": why, "advice": advice, "problems": [], "more_problems": 0}}


def what_changed(comparison: Comparison) -> JsonObject:
    """The classes of what changed, what is newly failing first, and what is to be known beside them."""
    classes = [
        {
            "kind": group.kind.value,
            "title": group.title,
            "meaning": group.meaning,
            "count": len(group.lines),
            **first(
                "lines",
                group.lines,
                lambda line: {"case": line.case, "owner": line.owner, "says": line.says},
                _MOST_LINES,
            ),
        }
        for group in change_groups(comparison)
    ]
    words = balance(comparison)
    return {
        "words": " ".join(words),
        "sentences": words,
        "notes": notes(comparison),
        "differs": comparison.differs,
        "classes": classes,
    }
