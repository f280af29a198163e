"""casescreen check and explain with --answers: one reader's answers in place of those that the records have."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from casescreen.cli.options import say, say_problems
from casescreen.cli.sharing import suppression_refused
from casescreen.model.answer_set import AnswerSet, ModeratedAnswer, OriginalAnswer
from casescreen.model.case import Caseload
from casescreen.model.problem import CasescreenError, Fault, Problem, ProblemsError
from casescreen.model.rulebook import Rulebook
from casescreen.review.answers_in_use import NamedAnswers
from casescreen.text import counted, folded, listed, visible

_FEW = 5


def refuse_answers(
    moderated: Path | None, answers: Path | None, history: Path | None, suppress_under: int | None = None
) -> None:
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
    if suppress_under is not None:
        beside = "--answers: set beside a copy by other answers, it tells in how few cases they differ, and how"
        raise suppression_refused("--suppress-under", beside)


def say_absent(named: NamedAnswers, caseload: Caseload, *, told: bool) -> None:
    """Say on standard error which cases of the file are not among those that were read."""
    if absent := named.absent(caseload):
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
