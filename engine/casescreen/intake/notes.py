"""What is wrong with one record, noted while it is read."""

from __future__ import annotations

from functools import lru_cache

from attrs import Factory, define

from casescreen.intake.documents import Record
from casescreen.model.problem import Problem
from casescreen.text import did_you_mean, visible

MOST_PROBLEMS = 50
_LONGEST_NAME = 60

Key = str | int


@define
class Notes:
    """The problems of one record, and what the record is called in them.

    Attributes:
        record: what is read.
        part: the case by its id, or the record by its number.
        problems: what has been found.
    """

    record: Record
    part: str
    problems: list[Problem] = Factory(list)

    @property
    def full(self) -> bool:
        """Whether so much is wrong already that nothing more is noted."""
        return len(self.problems) > MOST_PROBLEMS

    def add(self, keys: tuple[Key, ...], what: str, advice: str, why: str = "") -> None:
        """Note a problem at a key of the record. After ``MOST_PROBLEMS`` only that there are more."""
        if self.full:
            return
        if len(self.problems) == MOST_PROBLEMS:
            what, advice, why = "there are more problems in this record", "Mend these first, and screen again.", ""
        else:
            what = f"{told(keys)}: {what}" if keys else what
        self.problems.append(Problem(self.record.place(*keys, part=self.part), what, advice, why))

    def unknown(self, keys: tuple[Key, ...], what: str, advice: str) -> None:
        """Note a name or word that is not known."""
        self.add(keys, what, advice, "What is not read cannot count.")


def told(keys: tuple[Key, ...]) -> str:
    """A key path as a person says it: ``order.type``; ``reviews, row 2, done_on``."""
    words = ""
    for key in keys:
        if isinstance(key, int):
            words += f", row {key + 1}"
        elif words:
            words += f", {visible(key, _LONGEST_NAME)}" if "," in words else f".{visible(key, _LONGEST_NAME)}"
        else:
            words = visible(key, _LONGEST_NAME)
    return words


@lru_cache(maxsize=1_024)
def similar(word: str, known: frozenset[str]) -> str:
    """Advice that names the nearest known word, or all of them if they are few."""
    # The same slip often stands in every record, and likeness is slow to work out.
    return did_you_mean(word, known)
