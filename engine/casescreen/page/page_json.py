"""What the page asks with and is sent as JSON: values checked where they are taken, problems, and what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from attrs import frozen

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


@frozen
class Arguments:
    """The arguments of one call."""

    given: Mapping[str, object]

    def text(self, name: str, default: str | None = None) -> str:
        """The text of that name; ``default`` where there is none, or it is null."""
        value = self.given.get(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise _unfit(name, "text")
        return value

    def flag(self, name: str) -> bool:
        """Whether it is true; no where it is not given."""
        value = self.given.get(name, False)
        if not isinstance(value, bool):
            raise _unfit(name, "true or false")
        return value

    def number(self, name: str) -> int | None:
        """The whole number of that name, or None."""
        value = self.given.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise _unfit(name, "a whole number")
        return value

    def day(self, name: str, default: date) -> date:
        """The day of that name, written as year-month-day; ``default`` where there is none."""
        written = self.text(name, "")
        return day_in(written) if written else default

    def days(self, name: str) -> tuple[date, ...]:
        """The list of days of that name; none where it is not given."""
        return tuple(map(day_in, self._texts(name)))

    def texts(self, name: str) -> Mapping[str, str | None]:
        """The texts by their names, some of which may be null; none where it is not given."""
        value = self.given.get(name) or {}
        if not isinstance(value, dict) or not all(text is None or isinstance(text, str) for text in value.values()):
            raise _unfit(name, "texts by name")
        return value

    def _texts(self, name: str) -> list[str]:
        value = self.given.get(name) or []
        if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
            raise _unfit(name, "a list of texts")
        return value


def day_in(written: str) -> date:
    """The day that is written as year-month-day.

    Raises:
        CasescreenError: it is none.
    """
    try:
        return date.fromisoformat(written)
    except ValueError:
        advice = "choose a day of the calendar, as in 2016-05-09."
        raise CasescreenError(f'"{visible(written)}" is not a day.', advice=advice) from None


def _unfit(name: str, kind: str) -> TypeError:
    """The fault of a page that asks with something else; no mistake of who uses it."""
    return TypeError(f"{name} is not {kind}")
