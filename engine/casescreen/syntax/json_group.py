"""JSON that casescreen wrote and anybody may have changed: each value is there, and of the kind it should be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any, TypeVar

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_Kind = TypeVar("_Kind")
_Word = TypeVar("_Word", bound=Enum)


class JsonShapeError(Exception):
    """What is wrong in a file of JSON, in words."""


class JsonMissingError(JsonShapeError):
    """What a file of an earlier version does not have."""


class JsonGroup:
    """A group of a file of JSON, what is read from it strictly, and where it stands in it."""

    def __init__(self, where: str, content: object) -> None:
        """Keep the group; ``where`` is "" for the whole file."""
        if not isinstance(content, dict):
            raise JsonShapeError(f"{where or 'the file'} is not a group")
        self._where, self._content = where, content

    def _at(self, name: str) -> str:
        return f"{self._where}.{name}" if self._where else name

    def get(self, name: str, kind: type[_Kind]) -> _Kind:
        """The value of a name, which is of a kind."""
        if name not in self._content:
            raise JsonShapeError(f"{self._at(name)} is missing")
        value = self._content[name]
        if type(value) is not kind:
            raise JsonShapeError(f"{self._at(name)} is not what it should be")
        return value

    def new(self, name: str, kind: type[_Kind]) -> _Kind:
        """The value of a name that files of earlier versions do not have."""
        if name not in self._content:
            raise JsonMissingError(self._at(name))
        return self.get(name, kind)

    def parts(self, name: str) -> list[JsonGroup]:
        """The groups of a list."""
        every: list[object] = self.get(name, list)
        return [JsonGroup(f"{self._at(name)}[{place}]", one) for place, one in enumerate(every)]

    def group_if_any(self, name: str) -> JsonGroup | None:
        """The group of a name that is there only where there is something to say."""
        return JsonGroup(self._at(name), self._content[name]) if name in self._content else None

    def texts(self, name: str) -> list[str]:
        """The texts of a list."""
        every: list[object] = self.get(name, list)
        if not all(type(one) is str for one in every):
            raise JsonShapeError(f"{self._at(name)} is not a list of texts")
        return [str(one) for one in every]

    def rows(self, name: str, *kinds: type) -> list[list[Any]]:
        """The rows of a list, each of which is a list of values of these kinds."""
        every: list[object] = self.get(name, list)
        for row in every:
            if not isinstance(row, list) or [type(one) for one in row] != list(kinds):
                raise JsonShapeError(f"{self._at(name)} holds a row that is not what it should be")
        return [row for row in every if isinstance(row, list)]

    def only(self, *names: str) -> None:
        """Hold that nothing else stands in it."""
        if unknown := sorted(self._content.keys() - set(names)):
            raise JsonShapeError(f"{self._at(unknown[0])} means nothing")

    def word(self, name: str, of: Mapping[str, _Word]) -> _Word:
        """The value that a word stands for."""
        word = of.get(self.get(name, str))
        if word is None:
            raise JsonShapeError(f"{self._at(name)} is none of the words that it can be")
        return word

    def day(self, name: str) -> date:
        """A date."""
        text = self.get(name, str)
        try:
            if _DAY.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        raise JsonShapeError(f"{self._at(name)} is not a date")

    def day_if_any(self, name: str) -> date | None:
        """A date, or none."""
        return None if self._content.get(name) is None else self.day(name)

    def one_of(self, name: str, known: Mapping[str, object]) -> str:
        """A text that stands elsewhere in the file."""
        text = self.get(name, str)
        if text not in known:
            raise JsonShapeError(f"{self._at(name)} is not known to the file")
        return text
