"""What one reader answered about the cases of a sample."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from casescreen.model.case import Answer
from casescreen.model.problem import Problem


@frozen
class AnswerSet:
    """What one reader answered of cases that they read.

    Attributes:
        reader: who answered; "" where nobody is named.
        cases: the ids of all cases that were read, in their order; also of those to which nothing was answered.
        answers: what was answered, by the id of the case, in the rulebook's order; a case without answers is not here.
        source: the file or folder that it was read from.
        rulebook: the id of the rulebook under which it was read; "" where that is not said.
        rules: the hash of that rulebook; "" where that is not said.
        notices: what stands in the file and was not read.
    """

    reader: str
    cases: tuple[str, ...]
    answers: Mapping[str, tuple[Answer, ...]]
    source: str
    rulebook: str = ""
    rules: str = ""
    notices: tuple[Problem, ...] = field(default=(), eq=False)

    @property
    def number(self) -> int:
        """How many answers there are."""
        return sum(map(len, self.answers.values()))
