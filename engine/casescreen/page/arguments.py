"""What the page asks with: values out of JSON, each checked where it is taken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attrs import frozen

from casescreen.model.problem import CasescreenError
from casescreen.text import visible


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
