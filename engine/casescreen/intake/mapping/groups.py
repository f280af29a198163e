"""The groups of a mapping file, read piece by piece; what does not fit is noted with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import Factory, define, frozen

from casescreen.model.problem import Place, Problem
from casescreen.syntax.toml_lines import KeyPath, lines_of
from casescreen.text import did_you_mean, listed, visible


@define(eq=False)
class Notebook:
    """The problems of one mapping file.

    Attributes:
        file: its path.
        lines: the line of each key.
        problems: what has been found.
    """

    file: str
    lines: Mapping[KeyPath, int]
    problems: list[Problem] = Factory(list)

    @classmethod
    def of(cls, file: str, text: str) -> Notebook:
        """An empty one for a text."""
        return cls(file, lines_of(text))

    def place(self, path: KeyPath) -> Place:
        """Where a key stands, or the nearest group around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return Place(self.file, self.lines.get(path, 0))

    def note(self, path: KeyPath, what: str, advice: str) -> None:
        """Note a problem at a key."""
        name = ".".join(visible(str(key), 60) for key in path if isinstance(key, str))
        self.problems.append(Problem(self.place(path), f"{name}: {what}" if name else what, advice))


@frozen(eq=False)
class Group:
    """A group of the file: its keys are taken one by one, and what is left over is not known.

    Attributes:
        book: where problems are noted.
        path: the key path of it.
        content: what stands in it.
    """

    book: Notebook
    path: KeyPath
    content: Mapping[str, object]

    def expect(self, *known: str) -> None:
        """Note every key that is none of these."""
        for key in self.content:
            if key not in known:
                advice = did_you_mean(key, known) or f"It can be: {listed(known)}."
                self.book.note((*self.path, key), "it is not a part of a mapping", advice)

    def has(self, key: str) -> bool:
        """Whether the key stands in it."""
        return key in self.content

    def place(self, *keys: str) -> Place:
        """Where it stands, or a key of it."""
        return self.book.place((*self.path, *keys))

    def note(self, key: str, what: str, advice: str) -> None:
        """Note a problem at one of its keys."""
        self.book.note((*self.path, key) if key else self.path, what, advice)

    def text(self, key: str, default: str | None = None) -> str:
        """The text at a key; without a default it must be there."""
        found = self.content.get(key, default)
        if isinstance(found, str) and (found.strip() or found == default):
            return found
        what = "it is missing" if found is None else "it is not text"
        self.note(key, what, f'Write {key} = "..." with the name as it stands in the file.')
        return ""

    def number(self, key: str) -> int:
        """The whole number from 1 at a key, or 0 if there is none."""
        found = self.content.get(key, 0)
        if isinstance(found, int) and not isinstance(found, bool) and (found > 0 or key not in self.content):
            return found
        self.note(key, "it is not a whole number from 1", f"Write it as in {key} = 3.")
        return 0

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of texts at a key; empty if there is none."""
        found = self.content.get(key, [])
        if isinstance(found, list) and all(isinstance(one, str) for one in found):
            return tuple(found)
        self.note(key, "it is not a list of texts", f'Write it as in {key} = ["...", "..."].')
        return ()

    def choice(self, key: str, words: Mapping[str, object]) -> str:
        """The word at a key that must be one of these, or "" if there is none."""
        found = self.content.get(key, "")
        if found == "" or (isinstance(found, str) and found in words):
            return found
        self.note(key, f'"{visible(str(found))}" is not known', f"It can be: {listed(words)}.")
        return ""

    def group(self, key: str) -> Group:
        """The group at a key; an empty one if there is none."""
        return self._group((*self.path, key), self.content.get(key, {}), f"Begin it with [{key}].")

    def groups(self, key: str) -> Iterator[Group]:
        """The list of groups at a key; none if there is none."""
        found = self.content.get(key, [])
        if not isinstance(found, list):
            self.note(
                key, "it is not a list of groups", f"Begin each with [[{'.'.join(map(str, (*self.path, key)))}]]."
            )
            return
        for index, one in enumerate(found):
            yield self._group((*self.path, key, index), one, "Write each as { ... }.")

    def _group(self, path: KeyPath, content: object, advice: str) -> Group:
        if isinstance(content, dict):
            return Group(self.book, path, content)
        self.book.note(path, "it is not a group", advice)
        return Group(self.book, path, {})
