"""The six outcomes, and the one table that decides between them."""

from __future__ import annotations

from enum import Enum
from functools import cache
from itertools import product, starmap

from attrs import frozen

from casescreen.model.condition import Truth


class Outcome(Enum):
    """What a criterion comes to for a case."""

    MET = "met"
    NOT_MET = "not met"
    NOT_APPLICABLE = "not applicable"
    NOT_YET_DUE = "not yet due"
    NOT_EVIDENCED = "not evidenced"
    NEEDS_JUDGEMENT = "needs judgement"

    __hash__ = object.__hash__  # each is one of a kind; by name, in Python, it takes ten times as long


KNOWN = (Outcome.MET, Outcome.NOT_MET)
"""The outcomes that answer a question."""

ASKED = (*KNOWN, Outcome.NOT_EVIDENCED, Outcome.NEEDS_JUDGEMENT)
"""Those, and the outcomes by which a question that is asked by now has no answer yet."""


class Basis(Enum):
    """What decides a criterion: recorded facts, or a reader."""

    EVIDENCE = "evidence"
    JUDGEMENT = "judgement"

    __hash__ = object.__hash__  # each is one of a kind; by name, in Python, it takes ten times as long


class ReadersAnswer(Enum):
    """What a reader answered."""

    NONE = "none"
    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "n/a"

    __hash__ = object.__hash__  # each is one of a kind; by name, in Python, it takes ten times as long


class Deadline(Enum):
    """Where the deadline lies at the as-of date. It is ahead up to and including its own day."""

    NONE = "none"
    AHEAD = "ahead"
    PASSED = "passed"
    UNKNOWN = "unknown"

    __hash__ = object.__hash__  # each is one of a kind; by name, in Python, it takes ten times as long


@frozen(cache_hash=True)
class Standing:
    """All that the outcome of one criterion for one case depends on."""

    basis: Basis
    applies: Truth
    answer: ReadersAnswer
    met: Truth
    deadline: Deadline


EVERY_STANDING = tuple(starmap(Standing, product(Basis, Truth, ReadersAnswer, Truth, Deadline)))


@frozen
class OutcomeRow:
    """One line of the outcome table: a standing that takes one of each tuple has this outcome.

    Unless it says otherwise, a line is about what applies, whatever else holds.
    """

    outcome: Outcome
    because: str
    basis: tuple[Basis, ...] = tuple(Basis)
    applies: tuple[Truth, ...] = (Truth.TRUE,)
    answer: tuple[ReadersAnswer, ...] = tuple(ReadersAnswer)
    met: tuple[Truth, ...] = tuple(Truth)
    deadline: tuple[Deadline, ...] = tuple(Deadline)

    def standings(self) -> tuple[Standing, ...]:
        """Every standing that the line covers, in a fixed order."""
        return tuple(standing for standing in EVERY_STANDING if self.covers(standing))

    def covers(self, standing: Standing) -> bool:
        """Whether the line is about this standing."""
        return (
            standing.basis in self.basis
            and standing.applies in self.applies
            and standing.answer in self.answer
            and standing.met in self.met
            and standing.deadline in self.deadline
        )


_FACTS, _READER = (Basis.EVIDENCE,), (Basis.JUDGEMENT,)
_NONE, _DOES_NOT_APPLY = (ReadersAnswer.NONE,), (ReadersAnswer.NOT_APPLICABLE,)
_NOT_TRUE = (Truth.FALSE, Truth.UNKNOWN)
_GONE = (Deadline.NONE, Deadline.PASSED)
_AHEAD, _UNKNOWN = (Deadline.AHEAD,), (Deadline.UNKNOWN,)

# Each standing is covered by exactly one line, so the lines can be read, and applied, in any order.
OUTCOME_TABLE: tuple[OutcomeRow, ...] = (
    OutcomeRow(Outcome.NOT_APPLICABLE, "it does not apply", applies=(Truth.FALSE,)),
    OutcomeRow(Outcome.NOT_EVIDENCED, "the record does not show whether it applies", applies=(Truth.UNKNOWN,)),
    OutcomeRow(Outcome.MET, "the reader answered yes", _READER, answer=(ReadersAnswer.YES,)),
    OutcomeRow(Outcome.NOT_MET, "the reader answered no", _READER, answer=(ReadersAnswer.NO,)),
    OutcomeRow(Outcome.NOT_APPLICABLE, "the reader says that it does not apply", _READER, answer=_DOES_NOT_APPLY),
    OutcomeRow(
        Outcome.NOT_YET_DUE, "it is not due yet, and no reader has answered", _READER, answer=_NONE, deadline=_AHEAD
    ),
    OutcomeRow(Outcome.NEEDS_JUDGEMENT, "no reader has answered", _READER, answer=_NONE, deadline=(*_GONE, *_UNKNOWN)),
    OutcomeRow(Outcome.MET, "the facts show it", _FACTS, met=(Truth.TRUE,)),
    OutcomeRow(Outcome.NOT_YET_DUE, "it is not due yet", _FACTS, met=_NOT_TRUE, deadline=_AHEAD),
    OutcomeRow(Outcome.NOT_MET, "the facts show the contrary", _FACTS, met=(Truth.FALSE,), deadline=_GONE),
    OutcomeRow(Outcome.NOT_EVIDENCED, "the record does not show it", _FACTS, met=(Truth.UNKNOWN,), deadline=_GONE),
    # A deadline that cannot be worked out may not have passed: what is not done may not be due.
    OutcomeRow(
        Outcome.NOT_EVIDENCED, "the record does not show when it is due", _FACTS, met=_NOT_TRUE, deadline=_UNKNOWN
    ),
)


@cache
def decide(standing: Standing) -> Outcome:
    """The outcome of the one line of the table that covers the standing."""
    return next(row.outcome for row in OUTCOME_TABLE if row.covers(standing))
