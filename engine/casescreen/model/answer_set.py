"""What one reader answered about the cases of a sample, what was moderated, and which answers a screening used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attrs import evolve, field, frozen

from casescreen.model.case import Answer
from casescreen.model.change import FindingKey
from casescreen.model.outcome import ReadersAnswer
from casescreen.model.problem import Place, Problem
from casescreen.text import counted, in_words, listed, visible


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
        as_of: the day as at which the questions were chosen that were asked; None where that is not said.
        notices: what stands in the file and was not read.
    """

    reader: str
    cases: tuple[str, ...]
    answers: Mapping[str, tuple[Answer, ...]]
    source: str
    rulebook: str = ""
    rules: str = ""
    as_of: date | None = None
    notices: tuple[Problem, ...] = field(default=(), eq=False)

    @property
    def number(self) -> int:
        """How many answers there are."""
        return sum(map(len, self.answers.values()))


@frozen
class OriginalAnswer:
    """What one of two readers had answered where somebody moderated."""

    reader: str
    answer: ReadersAnswer


@frozen
class ModeratedAnswer:
    """What counts where two readers differ, by whom, since when and why. Both their answers stay beside it.

    Attributes:
        answer: yes, no or n/a.
        by: who says so.
        on: the day.
        reason: why.
        first: what the first reader had answered.
        second: what the second reader had.
        place: where it was read from.
    """

    case: str
    criterion: str
    item: str
    answer: ReadersAnswer
    by: str
    on: date
    reason: str
    first: OriginalAnswer
    second: OriginalAnswer
    place: Place = field(default=Place(""), eq=False)

    @property
    def key(self) -> FindingKey:
        """The question that it is about."""
        return self.case, self.criterion, self.item


@frozen
class AnswersUsed:
    """Whose answers a screening used in place of those in the records.

    Attributes:
        reader: whose they are; "" where that is not said, or may not be shown.
        source: the name of the file; "" where it may not be shown.
        cases: in how many of the cases they took the place of what the record says.
        answers: how many of them were used there, moderated ones among them.
        set_aside: how many answers in those records they took the place of.
        others: how many other cases keep the answers that their records have.
        absent: how many cases of the file are not among those that were screened.
        later: how many of the answers are of days after the as-of date, and so do not count.
        moderated: the answers among them that somebody moderated, by what they are about; with a reason only where the
            text of the records is quoted.
        shows_counts: whether counts may be shown.
    """

    reader: str
    source: str
    cases: int
    answers: int
    set_aside: int
    others: int
    absent: int
    later: int
    moderated: Mapping[FindingKey, ModeratedAnswer]
    shows_counts: bool = True

    def __str__(self) -> str:
        if not self.shows_counts:
            return "from a file of answers, in place of what the records say"
        whose = f"{visible(self.reader)}: " if self.reader else ""
        where = f" ({visible(self.source)})" if self.source else ""
        said = f"{whose}{counted(self.answers, 'answer')} of {counted(self.cases, 'case')}{where}"
        said += f", in place of {self.set_aside:,} in the records"
        if self.moderated:
            names = sorted({visible(one.by) for one in self.moderated.values() if one.by})
            said += f"; {len(self.moderated):,} moderated" + (f" by {listed(names, 'and')}" if names else "")
        if self.later:
            said += f"; {self.later:,} of later days, which do not count"
        if self.others:
            said += f"; {counted(self.others, 'other case keeps its', 'other cases keep their')} own"
        if self.absent:
            said += f"; {counted(self.absent, 'case')} of the file {'is' if self.absent == 1 else 'are'} not here"
        return said

    @property
    def without_counts(self) -> AnswersUsed:
        """That answers of a file were used, and nothing else of them."""
        return AnswersUsed("", "", 0, 0, 0, 0, 0, 0, {}, shows_counts=False)

    def renamed(self, keys: Mapping[FindingKey, FindingKey]) -> AnswersUsed:
        """The same under other ids, without a word that anybody wrote: no name, no reason and no file."""
        nobody = {
            keys[key]: evolve(one, case=keys[key][0], item=keys[key][2], by="", reason="", place=Place(""))
            for key, one in self.moderated.items()
            if key in keys
        }
        bare = {
            key: evolve(one, first=evolve(one.first, reader=""), second=evolve(one.second, reader=""))
            for key, one in sorted(nobody.items())
        }
        return evolve(self, reader="", source="", moderated=bare)

    def said_of(self, key: FindingKey) -> str:
        """What was moderated of a finding, with both readers' own answers; "" where nothing was."""
        one = self.moderated.get(key)
        if one is None:
            return ""
        by = f" by {visible(one.by)}" if one.by else ""
        each = [
            f"{visible(original.reader) or 'a reader'} {original.answer.value}" for original in (one.first, one.second)
        ]
        return f"Moderated{by} on {in_words(one.on)}: {one.answer.value}. Answered: {listed(each, 'and')}."
