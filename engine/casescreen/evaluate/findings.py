"""Findings: a criterion asked of a case, its outcome, the reason in words, and the whole proof of one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date
from functools import cached_property, partial
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from casescreen.conditions.analysis import reads_key
from casescreen.conditions.compiler import NO_ROW, Context, context_of
from casescreen.evaluate.criteria import CriteriaEvaluator, Evaluation, any_row_condition, applies_condition
from casescreen.evaluate.preparation import RecordPreparer
from casescreen.evaluate.reasons import readers_view, reason, shortfall
from casescreen.model.case import Answer, Case, Row
from casescreen.model.condition import All, Condition, Truth
from casescreen.model.outcome import Basis, Deadline, Outcome, ReadersAnswer
from casescreen.model.rulebook import Criterion, Rulebook
from casescreen.model.screening import Finding, Proof, Quoting, RaisedFlag, Reading

if TYPE_CHECKING:
    from casescreen.conditions.proof import Prover
    from casescreen.evaluate.facts_in_words import FactsInWords

_MOST_SAID = 2_000  # of one condition: beyond that, records are so different that little is said again


_Said = tuple[str, tuple[Reading, ...], int, str, tuple[str, ...]]
"""What is said of an outcome: why, and what decided it; where it is not met, how many days late, and what is wrong; and
where the record does not show it, what it waits for."""


@frozen(eq=False)
class _Ground:
    """What an outcome can rest on, and what has been said of it.

    Records that do not differ in what the proof depends on have the same proof, so of many cases few are proved.
    """

    condition: Condition
    key: Callable[[Case, Row], tuple[Hashable, ...]]
    said: dict[tuple[Hashable, ...], _Said] = field(factory=dict)


@frozen(eq=False)
class _Record:
    """A case as it was asked, of which findings are put into words when they are first read.

    Attributes:
        say: what puts them into words.
    """

    case: Case
    criteria: Mapping[str, Criterion]
    say: Callable[[Case, Evaluation, Outcome], _Said]
    answers: Mapping[tuple[str, str], Answer]

    def said(self, finding: Finding, row: Row = NO_ROW) -> _Said:
        """What is to be said of a finding of the case, or of a row of it."""
        criterion, answer = self.criteria[finding.criterion], self.answers.get((finding.criterion, finding.item))
        asked = Evaluation(criterion, finding.item, row, finding.standing, finding.due, answer, ())
        return self.say(self.case, asked, finding.outcome)


_Grounds = tuple[_Ground | None, _Ground | None, _Ground | None]
"""Whether a criterion applies, what meets it, and whether its deadline is known; None where there is none to prove."""


class FindingBuilder:
    """Makes the findings of one screening."""

    def __init__(self, rulebook: Rulebook, context: Context) -> None:
        """Keep what findings are made of."""
        self._rulebook, self._context = rulebook, context
        self._grounds: dict[tuple[str, bool], _Grounds] = {}
        self._tables = rulebook.dictionary.tables

    # A finding is put into words when it is first read, and many a run reads none.

    @cached_property
    def _prover(self) -> Prover:
        from casescreen.conditions.proof import Prover  # noqa: PLC0415 - the same

        return Prover(self._rulebook, self._context)

    @cached_property
    def _facts(self) -> FactsInWords:
        from casescreen.evaluate.facts_in_words import FactsInWords  # noqa: PLC0415 - the same

        return FactsInWords(self._rulebook, with_places=self._context.quoting is not Quoting.NOTHING)

    def findings(self, case: Case, asked: Iterable[tuple[Evaluation, Outcome]]) -> list[Finding]:
        """The findings of a case; each says why, and what would put it right, when that is first read."""
        answers = {(answer.criterion, answer.item): answer for answer in case.answers}
        record = _Record(case, self._rulebook.criterion, self._said, answers)
        said = record.said  # the same for all findings that are of no row
        return [
            self._finding(case, one, outcome).made_by(said if one.row is NO_ROW else partial(said, row=one.row))
            for one, outcome in asked
        ]

    def _finding(self, case: Case, asked: Evaluation, outcome: Outcome) -> Finding:
        criterion, standing = asked.criterion, asked.standing
        challenged = standing.basis is Basis.JUDGEMENT and standing.answer is ReadersAnswer.YES
        remedy = ""
        if outcome is Outcome.NOT_MET:
            remedy = criterion.remedy
        elif outcome is Outcome.NOT_EVIDENCED:
            remedy = "Find out, and record what is missing."
        elif outcome is Outcome.NEEDS_JUDGEMENT:
            remedy = f"Read the case and answer: {criterion.question}"
        return Finding(
            case=case.id,
            criterion=criterion.id,
            item=asked.item,
            outcome=outcome,
            standing=standing,
            reason="",
            values=(),
            flags=tuple([RaisedFlag(flag.id, flag.says, challenged) for flag in asked.flags]),
            reader=readers_view(outcome, standing, asked.answer),
            due=asked.deadline,
            owner=str(case.fields.get(criterion.owner) or ""),
            severity=criterion.severity,
            remedy=remedy,
            answer_source="" if asked.answer is None else asked.answer.source,
            numbered=self._is_numbered(asked),
        )

    def _is_numbered(self, asked: Evaluation) -> bool:
        per = asked.criterion.per
        return bool(asked.item) and per is not None and asked.row.get(self._tables[per.table].key) is None

    def _said(self, case: Case, asked: Evaluation, outcome: Outcome) -> _Said:
        """What is to be said of the outcome, worked out once for all cases of which the same is to be said."""
        standing = asked.standing
        applies, met, due = self._grounds_of(asked)
        ground = met
        if standing.applies is not Truth.TRUE:
            ground = applies
        elif due is not None and standing.deadline is Deadline.UNKNOWN and standing.met is not Truth.TRUE:
            ground = due
        readers_words = asked.answer is not None and standing.basis is Basis.JUDGEMENT
        # A reader's own words, and where something stands that cannot be read, are said of no other case.
        if ground is None or readers_words or case.unreadable:
            return self._say(case, asked, outcome, ground)
        key = (standing, asked.deadline, *ground.key(case, asked.row))
        said = ground.said.get(key)
        if said is None:
            if len(ground.said) >= _MOST_SAID:
                ground.said.clear()
            said = ground.said[key] = self._say(case, asked, outcome, ground)
        return said

    def _say(self, case: Case, asked: Evaluation, outcome: Outcome, ground: _Ground | None) -> _Said:
        from casescreen.conditions.proof import deciding_readings  # noqa: PLC0415 - the same
        from casescreen.evaluate.facts_in_words import days_late  # noqa: PLC0415 - the same

        proof = None if ground is None else self._prover.prove(ground.condition, case, asked.row)
        why = reason(outcome, asked, self._facts, proof, quoted=self._context.quoting is Quoting.EVERYTHING)
        values = () if proof is None else tuple(dict.fromkeys(deciding_readings(proof)))
        if outcome is not Outcome.NOT_MET:
            missing = self._facts.waits_for(proof) if outcome is Outcome.NOT_EVIDENCED else ()
            return why, values, 0, "", missing
        late = 0 if proof is None else days_late(proof, self._rulebook.calendar)
        short = shortfall(asked.criterion, proof, lambda when: self._prover.prove(when, case, asked.row))
        return why, values, late, short, ()

    def explanation(self, case: Case, asked: Evaluation, finding: Finding) -> Explanation:
        """The whole proof of a finding of what was asked of the case."""
        applies, met, _ = self._grounds_of(asked)
        flags = asked.criterion.flags if asked.standing.applies is Truth.TRUE else ()
        return Explanation(
            finding,
            None if applies is None else self._prover.prove(applies.condition, case, asked.row),
            None if met is None else self._prover.prove(met.condition, case, asked.row),
            tuple((flag.says, self._prover.prove(flag.when, case, asked.row)) for flag in flags),
        )

    def _grounds_of(self, asked: Evaluation) -> _Grounds:
        criterion, of_no_row = asked.criterion, asked.criterion.per is not None and not asked.item
        grounds = self._grounds.get((criterion.id, of_no_row))
        if grounds is None:
            conditions: tuple[Condition | None, ...] = (
                applies_condition(criterion),
                criterion.met,
                None if criterion.due is None else criterion.due.known,
            )
            if of_no_row:  # it applies where there is a row, and nothing meets it
                conditions = (any_row_condition(criterion, self._rulebook), None, None)
            applies, met, due = (
                None if one is None else _Ground(one, reads_key(one, self._rulebook)) for one in conditions
            )
            if met is not None and criterion.shortfalls:  # what is said where it is not met rests on these too
                every = All((met.condition, *(one.when for one in criterion.shortfalls)))
                met = evolve(met, key=reads_key(every, self._rulebook))
            grounds = self._grounds[criterion.id, of_no_row] = (applies, met, due)
        return grounds


@frozen
class Explanation:
    """Why a finding is what it is.

    Attributes:
        finding: what is explained.
        applies: whether the criterion applies, and why; None if it always does.
        met: whether the facts meet it, and why; None if a reader decides or there is nothing to ask it of.
        flags: what each flag says, and whether and why it is raised; none where the criterion does not apply.
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
    prepared = RecordPreparer(rulebook, as_of).prepare(case).case
    every = CriteriaEvaluator(rulebook, context, rulebook.criterion[finding.criterion]).ask(prepared)
    asked = next(one for one in every if one.item == finding.item)
    return FindingBuilder(rulebook, context).explanation(prepared, asked, finding)
