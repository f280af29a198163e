"""What is said of a finding: the reason for its outcome, the shortfall, and where a reader and the facts differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from casescreen.evaluate.criteria import Evaluation
from casescreen.model.case import FILE, INTERVIEW, Answer
from casescreen.model.condition import All, Condition, Covered, Not, OverRows, Quantifier, Truth
from casescreen.model.outcome import Basis, Deadline, Outcome, ReadersAnswer, Standing
from casescreen.model.rulebook import MISSING, Criterion
from casescreen.model.screening import Proof
from casescreen.text import Withheld, full_stop, in_words, listed

if TYPE_CHECKING:
    from casescreen.evaluate.facts_in_words import FactsInWords

_MOST_NAMES = 5


def reason(outcome: Outcome, asked: Evaluation, facts: FactsInWords, proof: Proof | None, *, quoted: bool) -> str:
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
        return _does_not_apply(asked, facts, proof)
    if standing.applies is Truth.UNKNOWN:
        return f"It cannot be told whether it applies. {facts.said(proof)}".strip()
    if standing.answer is not ReadersAnswer.NONE and asked.answer is not None:
        why = asked.answer.reason
        said = _answered(asked.answer, "" if quoted or not why else ", with a reason")
        return f"{said} {full_stop(in_words(why))}" if quoted and why else said
    if outcome is Outcome.NEEDS_JUDGEMENT:
        return "No reader has answered yet."
    if outcome is Outcome.NOT_YET_DUE and asked.deadline is not None:
        return f"It is due by {in_words(asked.deadline)}."
    if outcome is Outcome.NOT_EVIDENCED and standing.deadline is Deadline.UNKNOWN:
        return f"It cannot be told when it was due. {facts.said(proof)}"
    if outcome is Outcome.NOT_EVIDENCED:
        return f"The record does not show it. {facts.said(proof)}"
    said = facts.said(proof, short=outcome is Outcome.NOT_MET)
    if outcome is not Outcome.NOT_MET or asked.deadline is None:
        return said
    last = in_words(asked.deadline)
    return said if f"(due {last}" in said else f"{said} It was due by {last}."


def _does_not_apply(asked: Evaluation, facts: FactsInWords, proof: Proof | None) -> str:
    """Why a question does not apply: the first reason for which it is not asked at all, if there is one."""
    says: dict[Condition, str] = {Not(one.when): one.says for one in reversed(asked.criterion.not_asked)}
    parts = () if proof is None else proof.parts if isinstance(proof.condition, All) else (proof,)
    for part in parts:
        if part.truth is Truth.FALSE and part.condition in says:
            return full_stop(f"{says[part.condition].removesuffix('.')}: {facts.of(part)}")
    return f"It does not apply. {facts.said(proof)}".strip()


def shortfall(criterion: Criterion, met: Proof | None, prove: Callable[[Condition], Proof]) -> str:
    """What is said of the criterion where it is not met; "" where the rulebook says nothing that can be said.

    Args:
        criterion: what was asked.
        met: why the facts do not meet it; None where a reader decides.
        prove: proves a condition for the same case or row.
    """
    for one in criterion.shortfalls:
        proof = prove(one.when)
        if proof.truth is Truth.TRUE and (said := _with_names(one.says, proof, met)):
            return said
    return _with_names(criterion.shortfall, met)


def _with_names(text: str, *proofs: Proof | None) -> str:
    """The text with what failed by name, from the first proof that names something; "" where it cannot be filled in."""
    if MISSING not in text:
        return text
    for proof in proofs:
        names = () if proof is None else tuple(dict.fromkeys(_failed(proof)))
        if names:
            more = [f"{len(names) - _MOST_NAMES:,} more"] if len(names) > _MOST_NAMES else []
            return text.replace(MISSING, listed([*names[:_MOST_NAMES], *more], "and"))
    return ""


def _failed(proof: Proof) -> Iterator[str]:
    """The names of the values that are not covered, and of the rows for which it is not so that every row satisfies."""
    from casescreen.conditions.proof import deciding  # noqa: PLC0415 - few runs read why

    for test in deciding(proof):
        match test.condition:
            case Covered():
                for row in test.parts:
                    if row.truth is Truth.FALSE:
                        value = row.readings[0].value
                        yield row.row if isinstance(value, Withheld) else in_words(value)
            case OverRows(quantifier):
                failing = Truth.FALSE if quantifier is Quantifier.EVERY else Truth.TRUE
                if test.truth is failing:
                    yield from (row.row for row in test.parts if row.truth is failing)


_ANSWERED = {
    ReadersAnswer.YES: "The reader answered yes.",
    ReadersAnswer.NO: "The reader answered no.",
    ReadersAnswer.NOT_APPLICABLE: "The reader says that it does not apply.",
}


_KNOWN_FROM = {
    FILE: ", from the file",
    INTERVIEW: ", from an interview: the file does not show it",
}


def _answered(answer: Answer, reason: str = "") -> str:
    """What a reader answered, that there is a reason, and where that is known from, if it is said."""
    return f"{_ANSWERED[answer.answer].removesuffix('.')}{reason}{_KNOWN_FROM.get(answer.source, '')}."


def readers_view(outcome: Outcome, standing: Standing, answer: Answer | None) -> str:
    """What is to be said where a reader's answer and the facts do not go together; "" where they do."""
    if answer is None or answer.answer is ReadersAnswer.NONE:
        return ""
    said = _answered(answer)
    if standing.applies is Truth.FALSE:
        agrees = standing.answer is ReadersAnswer.NOT_APPLICABLE
        return "" if agrees else f"{said} The facts show that it does not apply."
    if standing.applies is Truth.UNKNOWN:
        return f"{said} The record does not show whether it applies."
    if standing.basis is Basis.JUDGEMENT:
        return ""
    return "" if _AGREES[standing.answer] is outcome else f"{said} {_FACTS[outcome]}"


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
