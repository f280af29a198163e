"""One reader's answers in place of those that the records have: of a file that was named, or of filled sheets."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from attrs import evolve, frozen

from casescreen.cases.schema import hash_of
from casescreen.model.answer_set import AnswerSet, AnswersUsed, ModeratedAnswer
from casescreen.model.case import ANSWERS, Answer, Case, Caseload
from casescreen.model.screening import Quoting, Screening


@frozen
class NamedAnswers:
    """The answers of one reader that a run is to use, and what was moderated of them.

    Attributes:
        answers: what the reader answered.
        as_of: the day on which the cases are judged: what was moderated later had not been yet.
        moderated: what counts in place of it, where somebody moderated.
    """

    answers: AnswerSet
    as_of: date
    moderated: tuple[ModeratedAnswer, ...] = ()

    def of_case(self, case: str) -> NamedAnswers:
        """Those of one case alone."""
        some = {name: each for name, each in self.answers.answers.items() if name == case}
        ids = tuple(one for one in self.answers.cases if one == case)
        moderated = tuple(one for one in self.moderated if one.case == case)
        return evolve(self, answers=evolve(self.answers, cases=ids, answers=some), moderated=moderated)

    def put_into(self, caseload: Caseload) -> Caseload:
        """The same cases, each that was read with the reader's answers in place of all that its record has."""
        cases = tuple(self._with_answers(case) for case in caseload.cases)
        return evolve(caseload, cases=cases, hash=hash_of(cases) if caseload.hash else "")

    def _with_answers(self, case: Case) -> Case:
        if case.id not in self.answers.cases:
            return case
        given = {(one.criterion, one.item): one for one in self.answers.answers.get(case.id, ())}
        for one in self.moderated:
            if one.case == case.id and one.on <= self.as_of:
                given[one.criterion, one.item] = Answer(one.criterion, one.answer, one.item, one.reason, one.by, one.on)
        readable = tuple(one for one in case.unreadable if one.path[0] != ANSWERS)
        return evolve(case, answers=tuple(given.values()), unreadable=readable)

    def beside(self, screening: Screening, before: Caseload) -> Screening:
        """The screening with whose answers it used.

        Args:
            screening: of the cases with these answers.
            before: the cases as they were read.
        """
        return evolve(screening, answers_used=self.used_in(before, shows_text=screening.quoting is Quoting.EVERYTHING))

    def used_in(self, before: Caseload, *, shows_text: bool = False) -> AnswersUsed:
        """Whose answers are used in cases that were read, and of how many; with reasons where text may be shown."""
        here = [case for case in before.cases if case.id in self.answers.cases]
        ids = {case.id for case in here}
        absent = [case for case in self.answers.cases if case not in ids]
        moderated = {
            one.key: one if shows_text else evolve(one, reason="")
            for one in self.moderated
            if one.case in ids and one.on <= self.as_of
        }
        own = [one for case in ids for one in self.answers.answers.get(case, ())]
        late = sum(one.answered_on is not None and one.answered_on > self.as_of for one in own)
        return AnswersUsed(
            reader=self.answers.reader,
            source=Path(self.answers.source).name,
            cases=len(here),
            answers=len(own),
            set_aside=sum(len(case.answers) for case in here),
            others=sum(bool(case.answers) for case in before.cases if case.id not in ids),
            absent=len(absent),
            later=late + sum(one.case in ids and one.on > self.as_of for one in self.moderated),
            moderated=moderated,
        )

    def absent(self, caseload: Caseload) -> tuple[str, ...]:
        """The cases that the reader read and that are not among those."""
        here = {case.id for case in caseload.cases}
        return tuple(case for case in self.answers.cases if case not in here)
