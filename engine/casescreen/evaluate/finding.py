"""Findings: a criterion asked of a case, its outcome, and the reason in words."""

from __future__ import annotations

from casescreen.evaluate.asking import Asked, any_row_condition, applies_condition
from casescreen.evaluate.context import Context
from casescreen.evaluate.facts import Facts, deciding_readings
from casescreen.evaluate.proof import Prover
from casescreen.evaluate.reasons import readers_view, reason
from casescreen.model.case import Case
from casescreen.model.outcome import Basis, Deadline, Outcome, ReadersAnswer
from casescreen.model.proof import Proof, Reading
from casescreen.model.rulebook import Criterion, Rulebook
from casescreen.model.screening import Finding, Grounds, Quoting, RaisedFlag, Why
from casescreen.model.truth import Truth


class Finder:
    """Makes the findings of one screening."""

    def __init__(self, rulebook: Rulebook, context: Context) -> None:
        """Keep what proves conditions and puts them into words."""
        self._rulebook = rulebook
        self._prover = Prover(rulebook, context)
        self._facts = Facts(rulebook)
        self._quoted = context.quoting is Quoting.EVERYTHING
        self._work = self._grounds  # bound once, not for every finding

    def finding(self, case: Case, asked: Asked, outcome: Outcome) -> Finding:
        """The finding, with why and what would put it right."""
        criterion = asked.criterion
        return Finding(
            case=case.id,
            criterion=criterion.id,
            item=asked.item,
            outcome=outcome,
            standing=asked.standing,
            why=Why(self._work, case, asked, outcome),
            flags=_flags(asked),
            reader=readers_view(outcome, asked.standing),
            due=asked.deadline,
            owner=str(case.fields.get(criterion.owner, "")),
            severity=criterion.severity,
            remedy=_remedy(criterion, outcome),
        )

    def _grounds(self, case: Case, asked: Asked, outcome: Outcome) -> Grounds:
        decided_by = self._decided_by(case, asked)
        return reason(outcome, asked, self._facts, decided_by, quoted=self._quoted), _values(decided_by)

    def _decided_by(self, case: Case, asked: Asked) -> Proof | None:
        """The proof of what the outcome rests on: what applies, the deadline if it cannot be told, or what meets it."""
        standing, due = asked.standing, asked.criterion.due
        if standing.applies is not Truth.TRUE:
            return self.applies_proof(case, asked)
        if due is not None and standing.deadline is Deadline.UNKNOWN and standing.met is not Truth.TRUE:
            return self._prover.due(due, case, asked.row)
        return self.met_proof(case, asked)

    def applies_proof(self, case: Case, asked: Asked) -> Proof | None:
        """Why the criterion applies or not; None if it always does."""
        criterion = asked.criterion
        if criterion.per is not None and not asked.item:
            return self._prover.prove(any_row_condition(criterion, self._rulebook), case)
        condition = applies_condition(criterion)
        return None if condition is None else self._prover.prove(condition, case, asked.row)

    def met_proof(self, case: Case, asked: Asked) -> Proof | None:
        """Why the facts meet the criterion or not; None if a reader decides, or it was asked of no row."""
        criterion = asked.criterion
        if criterion.met is None or (criterion.per is not None and not asked.item):
            return None
        return self._prover.prove(criterion.met, case, asked.row)

    def flag_proofs(self, case: Case, asked: Asked) -> tuple[tuple[str, Proof], ...]:
        """What each flag says, and why it is raised or not; none where the criterion does not apply."""
        if asked.standing.applies is not Truth.TRUE:
            return ()
        return tuple((flag.says, self._prover.prove(flag.when, case, asked.row)) for flag in asked.criterion.flags)


def _values(proof: Proof | None) -> tuple[Reading, ...]:
    return () if proof is None else tuple(deciding_readings(proof))


def _flags(asked: Asked) -> tuple[RaisedFlag, ...]:
    judged = asked.standing.basis is Basis.JUDGEMENT
    challenged = judged and asked.standing.answer is ReadersAnswer.YES
    return tuple(RaisedFlag(flag.id, flag.says, challenged) for flag in asked.flags)


def _remedy(criterion: Criterion, outcome: Outcome) -> str:
    if outcome is Outcome.NOT_MET:
        return criterion.remedy
    if outcome is Outcome.NOT_EVIDENCED:
        return "Find out, and record what is missing."
    if outcome is Outcome.NEEDS_JUDGEMENT:
        return f"Read the case and answer: {criterion.question}"
    return ""
