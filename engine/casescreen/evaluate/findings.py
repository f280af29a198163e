"""Findings: a criterion asked of a case, its outcome, the reason in words, and the whole proof of one."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date

from attrs import field, frozen

from casescreen.conditions.compiler import Context, context_of
from casescreen.conditions.proof import Prover
from casescreen.conditions.reads import Reads, reads_of
from casescreen.evaluate.criteria import CriteriaEvaluator, Evaluation, any_row_condition, applies_condition
from casescreen.evaluate.reasons import FactsInWords, deciding_readings, readers_view, reason
from casescreen.model.case import Case
from casescreen.model.condition import Condition, Truth
from casescreen.model.outcome import Basis, Deadline, Outcome, ReadersAnswer
from casescreen.model.rulebook import Criterion, Rulebook
from casescreen.model.screening import Finding, Proof, Quoting, RaisedFlag, Reading

_MOST_SAID = 2_000  # of one condition: beyond that, records are so different that little is said again

Said = tuple[str, tuple[Reading, ...]]
"""The reason for an outcome, and the values that decided it."""


@frozen(eq=False)
class _Ground:
    """What an outcome can rest on, and what has been said of it.

    Records that do not differ in what the proof depends on have the same proof, so of many cases few are proved.
    """

    condition: Condition
    reads: Reads
    said: dict[tuple[Hashable, ...], Said] = field(factory=dict)


@frozen(eq=False)
class _Grounds:
    """What the outcomes of a criterion can rest on; None where there is nothing to prove."""

    applies: _Ground | None
    any_row: _Ground | None
    met: _Ground | None
    due: _Ground | None

    def deciding(self, asked: Evaluation) -> _Ground | None:
        """What the outcome rests on: what applies, the deadline if it cannot be told, or what meets it."""
        standing = asked.standing
        if standing.applies is not Truth.TRUE:
            return self.applying(asked)
        if self.due is not None and standing.deadline is Deadline.UNKNOWN and standing.met is not Truth.TRUE:
            return self.due
        return self.meeting(asked)

    def applying(self, asked: Evaluation) -> _Ground | None:
        """Whether it applies: there is a row to ask it of, or it is to be asked of this one."""
        return self.any_row if self.any_row is not None and not asked.item else self.applies

    def meeting(self, asked: Evaluation) -> _Ground | None:
        """What meets it; nothing where it was asked of no row."""
        return None if self.any_row is not None and not asked.item else self.met


class FindingBuilder:
    """Makes the findings of one screening."""

    def __init__(self, rulebook: Rulebook, context: Context) -> None:
        """Keep what proves conditions and puts them into words."""
        self._rulebook = rulebook
        self._prover = Prover(rulebook, context)
        self._facts = FactsInWords(rulebook)
        self._quoted = context.quoting is Quoting.EVERYTHING
        self._grounds: dict[str, _Grounds] = {}

    def finding(self, case: Case, asked: Evaluation, outcome: Outcome) -> Finding:
        """The finding, with why and what would put it right."""
        criterion = asked.criterion
        why, values = self._said(case, asked, outcome)
        return Finding(
            case=case.id,
            criterion=criterion.id,
            item=asked.item,
            outcome=outcome,
            standing=asked.standing,
            reason=why,
            values=values,
            flags=_flags(asked) if asked.flags else (),
            reader=readers_view(outcome, asked.standing),
            due=asked.deadline,
            owner=str(case.fields.get(criterion.owner, "")),
            severity=criterion.severity,
            remedy=_remedy(criterion, outcome),
        )

    def _said(self, case: Case, asked: Evaluation, outcome: Outcome) -> Said:
        """What is to be said of the outcome, worked out once for all cases of which the same is to be said."""
        ground = self._grounds_of(asked.criterion).deciding(asked)
        readers_words = asked.answer is not None and asked.standing.basis is Basis.JUDGEMENT
        if ground is None or readers_words:  # the reader's own words are said of no other case
            return self._say(case, asked, outcome, ground)
        key = (asked.standing, asked.deadline, *ground.reads.key(case, asked.row))
        found = ground.said.get(key)
        if found is None:
            if len(ground.said) >= _MOST_SAID:
                ground.said.clear()
            found = ground.said[key] = self._say(case, asked, outcome, ground)
        return found

    def _say(self, case: Case, asked: Evaluation, outcome: Outcome, ground: _Ground | None) -> Said:
        proof = self._proof(case, asked, ground)
        why = reason(outcome, asked, self._facts, proof, quoted=self._quoted)
        return why, () if proof is None else deciding_readings(proof)

    def _proof(self, case: Case, asked: Evaluation, ground: _Ground | None) -> Proof | None:
        return None if ground is None else self._prover.prove(ground.condition, case, asked.row)

    def applies_proof(self, case: Case, asked: Evaluation) -> Proof | None:
        """Why the criterion applies or not; None if it always does."""
        return self._proof(case, asked, self._grounds_of(asked.criterion).applying(asked))

    def met_proof(self, case: Case, asked: Evaluation) -> Proof | None:
        """Why the facts meet the criterion or not; None if a reader decides, or it was asked of no row."""
        return self._proof(case, asked, self._grounds_of(asked.criterion).meeting(asked))

    def flag_proofs(self, case: Case, asked: Evaluation) -> tuple[tuple[str, Proof], ...]:
        """What each flag says, and why it is raised or not; none where the criterion does not apply."""
        if asked.standing.applies is not Truth.TRUE:
            return ()
        return tuple((flag.says, self._prover.prove(flag.when, case, asked.row)) for flag in asked.criterion.flags)

    def _grounds_of(self, criterion: Criterion) -> _Grounds:
        if (found := self._grounds.get(criterion.id)) is None:
            conditions = (
                applies_condition(criterion),
                None if criterion.per is None else any_row_condition(criterion, self._rulebook),
                criterion.met,
                None if criterion.due is None else criterion.due.known,
            )
            grounds = (None if one is None else _Ground(one, reads_of(one, self._rulebook)) for one in conditions)
            found = self._grounds[criterion.id] = _Grounds(*grounds)
        return found


def _flags(asked: Evaluation) -> tuple[RaisedFlag, ...]:
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


@frozen
class Explanation:
    """Why a finding is what it is.

    Attributes:
        finding: what is explained.
        applies: whether the criterion applies, and why; None if it always does.
        met: whether the facts meet it, and why; None if a reader decides or there is nothing to ask it of.
        flags: what each flag says, and whether and why it is raised.
    """

    finding: Finding
    applies: Proof | None
    met: Proof | None
    flags: tuple[tuple[str, Proof], ...]


def explain(
    rulebook: Rulebook, case: Case, finding: Finding, as_of: date, quoting: Quoting = Quoting.REFERENCES
) -> Explanation:
    """The explanation of a finding of ``screen`` on the same case, rulebook, as-of date and quoting."""
    context = context_of(rulebook, as_of, quoting)
    finder = FindingBuilder(rulebook, context)
    every = CriteriaEvaluator(rulebook, context, rulebook.criterion[finding.criterion]).ask(case)
    asked = next(one for one in every if one.item == finding.item)
    return Explanation(
        finding, finder.applies_proof(case, asked), finder.met_proof(case, asked), finder.flag_proofs(case, asked)
    )
