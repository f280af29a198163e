"""The reason for an outcome, in words."""

from __future__ import annotations

from datetime import date

from casescreen.conditions.description import full_stop
from casescreen.evaluate.asking import Asked
from casescreen.evaluate.facts import Facts
from casescreen.model.case import Answer
from casescreen.model.condition import Truth
from casescreen.model.outcome import Basis, Deadline, Outcome, ReadersAnswer, Standing
from casescreen.model.screening import Proof
from casescreen.text import in_words


def reason(outcome: Outcome, asked: Asked, facts: Facts, proof: Proof | None, *, quoted: bool) -> str:
    """Why the criterion has the outcome, in a line or two.

    Args:
        outcome: what it came to.
        asked: what was asked, and what the outcome was decided on.
        facts: what puts facts into words.
        proof: what decided it: that it does not apply, or may not; that its deadline cannot be told; else what would
            meet it. None if there is none of these.
        quoted: whether what a reader wrote is quoted.
    """
    standing = asked.standing
    if standing.applies is Truth.FALSE:
        return f"It does not apply. {_of(facts, proof)}".strip()
    if standing.applies is Truth.UNKNOWN:
        return f"It cannot be told whether it applies. {_missing(facts, proof)}".strip()
    if standing.basis is Basis.JUDGEMENT and asked.answer is not None:
        return _answered(asked.answer, quoted=quoted)
    if outcome is Outcome.NEEDS_JUDGEMENT:
        return "No reader has answered yet."
    if outcome is Outcome.NOT_YET_DUE and asked.deadline is not None:
        return f"It is due by {in_words(asked.deadline)}."
    if outcome is Outcome.NOT_EVIDENCED and standing.deadline is Deadline.UNKNOWN:
        return f"It cannot be told when it was due. {_missing(facts, proof)}"
    if outcome is Outcome.NOT_EVIDENCED:
        return f"The record does not show it. {_missing(facts, proof)}"
    return f"{_of(facts, proof)}{_late(outcome, asked.deadline)}"


def _late(outcome: Outcome, deadline: date | None) -> str:
    return f" It was due by {in_words(deadline)}." if outcome is Outcome.NOT_MET and deadline is not None else ""


def _of(facts: Facts, proof: Proof | None) -> str:
    said = "" if proof is None else facts.of(proof)
    return full_stop(said) if said else ""


def _missing(facts: Facts, proof: Proof | None) -> str:
    return "" if proof is None else f"Not recorded: {facts.missing(proof)}."


_ANSWERED = {
    ReadersAnswer.YES: "The reader answered yes.",
    ReadersAnswer.NO: "The reader answered no.",
    ReadersAnswer.NOT_APPLICABLE: "The reader says that it does not apply.",
    ReadersAnswer.NONE: "",
}


def _answered(answer: Answer, *, quoted: bool) -> str:
    said = _ANSWERED[answer.answer]
    if not answer.reason:
        return said
    return f"{said} {full_stop(in_words(answer.reason))}" if quoted else f"{said} Reason recorded, not shown."


def readers_view(outcome: Outcome, standing: Standing) -> str:
    """What is to be said where a reader's answer and the facts do not go together; "" where they do."""
    answered = _ANSWERED[standing.answer]
    if not answered:
        return ""
    if standing.applies is Truth.FALSE:
        agrees = standing.answer is ReadersAnswer.NOT_APPLICABLE
        return "" if agrees else f"{answered} The facts show that it does not apply."
    if standing.applies is Truth.UNKNOWN:
        return f"{answered} The record does not show whether it applies."
    if standing.basis is Basis.JUDGEMENT:
        return ""
    return "" if _AGREES[standing.answer] is outcome else f"{answered} {_FACTS[outcome]}"


_AGREES = {
    ReadersAnswer.YES: Outcome.MET,
    ReadersAnswer.NO: Outcome.NOT_MET,
    ReadersAnswer.NOT_APPLICABLE: Outcome.NOT_APPLICABLE,
}
_FACTS = {
    Outcome.MET: "The facts show that it is met.",
    Outcome.NOT_MET: "The facts show that it is not met.",
    Outcome.NOT_APPLICABLE: "The facts show that it does not apply.",
    Outcome.NOT_YET_DUE: "It is not due yet.",
    Outcome.NOT_EVIDENCED: "The record does not show it.",
    Outcome.NEEDS_JUDGEMENT: "It needs judgement.",
}
