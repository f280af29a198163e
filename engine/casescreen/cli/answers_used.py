"""casescreen check and explain with --answers: one reader's answers in place of those that the records have."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from attrs import evolve, frozen

from casescreen.cases.schema import hash_of
from casescreen.cli.options import say, say_problems
from casescreen.model.answer_set import AnswerSet, AnswersUsed, ModeratedAnswer, OriginalAnswer
from casescreen.model.case import ANSWERS, Answer, Case, Caseload
from casescreen.model.problem import CasescreenError, Fault, Problem, ProblemsError
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Quoting, Screening
from casescreen.text import counted, folded, listed, visible

_FEW = 5


def refuse_answers(moderated: Path | None, answers: Path | None, history: Path | None) -> None:
    """Refuse what cannot go together.

    Raises:
        click.UsageError: it was asked for.
    """
    if moderated is not None and answers is None:
        raise click.UsageError(
            "--moderated needs --answers: it says what counts where one reader's answers differ from another's. "
            "Name the answers of one of the two with --answers."
        )
    if history is not None:
        raise click.UsageError(
            "--answers cannot go with --history: a history follows what the records say from run to run. "
            "Keep it by a run of its own."
        )


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
        here = [case for case in before.cases if case.id in self.answers.cases]
        ids = {case.id for case in here}
        absent = [case for case in self.answers.cases if case not in ids]
        told = screening.quoting is Quoting.EVERYTHING
        moderated = {
            one.key: one if told else evolve(one, reason="")
            for one in self.moderated
            if one.case in ids and one.on <= self.as_of
        }
        own = [one for case in ids for one in self.answers.answers.get(case, ())]
        late = sum(one.answered_on is not None and one.answered_on > self.as_of for one in own)
        used = AnswersUsed(
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
        return evolve(screening, answers_used=used)

    def say_absent(self, caseload: Caseload, *, told: bool) -> None:
        """Say on standard error which cases of the file are not among those that were read."""
        here = {case.id for case in caseload.cases}
        absent = [case for case in self.answers.cases if case not in here]
        if absent:
            more = f" and {len(absent) - _FEW:,} more" if len(absent) > _FEW else ""
            names = f": {', '.join(map(visible, absent[:_FEW]))}{more}" if told else ""
            say(f"{counted(len(absent), 'case')} of the answers {'is' if len(absent) == 1 else 'are'} not here{names}.")


def answers_named(
    answers: Path, moderated: Path | None, rulebook: Rulebook, days: tuple[date, date], *, told: bool = True
) -> NamedAnswers:
    """The answers in a file, read before anything is screened.

    Args:
        answers: the file.
        moderated: the sheet on which disagreements were moderated; None where none is named.
        rulebook: the rules that are in force.
        days: the as-of date, and the day after which nothing can have been answered.
        told: whether what is wrong in them may be told, which names cases and people.

    Raises:
        CasescreenError: they cannot be used, and what is wrong may not be told; or they are of other rules.
        ProblemsError: everything that is wrong in them.
    """
    from casescreen.review.answer_files import read_answer_set  # noqa: PLC0415 - only who names answers waits for it
    from casescreen.review.moderation import read_moderated  # noqa: PLC0415 - the same

    as_of, taken_on = days
    try:
        read = read_answer_set(answers, rulebook, taken_on=taken_on)
        _check_rules(read, rulebook)
        say_problems(read.notices if told else (), 0)
        if moderated is None:
            return NamedAnswers(read, as_of)
        named = NamedAnswers(read, as_of, read_moderated(moderated, rulebook, taken_on))
        if problems := [problem for one in named.moderated for problem in _problems(one, read)]:
            raise ProblemsError(problems)
    except CasescreenError as error:
        if told:
            raise
        number = len(error.problems) if isinstance(error, ProblemsError) else 1
        raise CasescreenError(
            f"{counted(number, 'problem')} with the answers. They name cases and people, so they are not told under "
            "pseudonyms.",
            advice="run it without --pseudonyms, and mend them.",
        ) from None
    return named


def _check_rules(answers: AnswerSet, rulebook: Rulebook) -> None:
    if answers.rulebook and answers.rulebook != rulebook.id:
        raise CasescreenError(
            f"{visible(answers.source)} was read by the rulebook {visible(answers.rulebook)}, and this run is by "
            f"{visible(rulebook.id)}.",
            why="other questions were answered.",
            advice="choose that rulebook with --rules, or name answers by this one.",
        )
    if answers.rules and answers.rules != rulebook.hash:
        say(
            f"{visible(answers.source)} was read under another version of the rules, or another profile, than this run "
            "has. Look whether a question means another thing now."
        )


def _problems(one: ModeratedAnswer, answers: AnswerSet) -> list[Problem]:
    """What speaks against it that this was moderated of these answers."""
    mine = _own(one, answers.reader)
    if mine is None:
        pair = listed((visible(original.reader) or "nobody" for original in (one.first, one.second)), "and")
        what = f"it is about the answers of {pair}, and {visible(answers.source)} has {visible(answers.reader)}'s"
        return [Fault(what, "Name with --answers what one of these two answered.").at(one.place)]
    if one.case not in answers.cases:
        return [Fault(f"case {visible(one.case)} is not in {visible(answers.source)}", "Clear the row.").at(one.place)]
    given = {(each.criterion, each.item): each for each in answers.answers.get(one.case, ())}
    answer = given.get((one.criterion, one.item))
    if answer is None or answer.answer is not mine.answer:
        now = "nothing" if answer is None else answer.answer.value
        whose = visible(answers.reader) or "the reader"
        what = f"{whose} had answered {mine.answer.value} when this was moderated, and in the file stands {now}"
        return [Fault(what, "Compare the two readers again, and look at it on a new sheet.").at(one.place)]
    return []


def _own(one: ModeratedAnswer, reader: str) -> OriginalAnswer | None:
    """What stands there as the answer of that reader."""
    return next((each for each in (one.first, one.second) if folded(each.reader) == folded(reader)), None)
