"""Ids of elements: counted, never made of what a record says."""

from __future__ import annotations

from collections import Counter


class Ids:
    """Gives each element of a page an id of its own."""

    def __init__(self) -> None:
        """Begin with none given."""
        self._given: Counter[str] = Counter()

    def new(self, kind: str) -> str:
        """The next id of a kind: table-1, table-2. ``kind`` is a word of ours."""
        self._given[kind] += 1
        return f"{kind}-{self._given[kind]}"
