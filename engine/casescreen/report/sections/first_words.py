"""What the first screen says in words: how the cases stand, what else is to be known, and what is weakest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from enum import Enum

from attrs import frozen

from casescreen.model.case import NOT_CONFIRMED
from casescreen.model.screening import CaseState, IssueKind, Screening, Summary, number
from casescreen.report.at_a_glance import AtAGlance, at_an_earlier_day, without_manager
from casescreen.report.wording import figure, k_of_n, number_of
from casescreen.text import counted, in_words

_MOST_NAMED = 5
_HALF = 2


class Emphasis(Enum):
    """How what is said is coloured, by the code of a terminal; what it means stands in its words."""

    PLAIN = ""
    HEADING = "1"
    URGENT = "1;31"
    OPEN = "33"
    FINE = "32"


@frozen
class LabelledText:
    """A thing that is said under a label."""

    label: str
    text: str
    tone: Emphasis = Emphasis.HEADING


@frozen
class Ways:
    """How a reader sees more, as whoever shows the words calls it.

    Attributes:
        full: what shows all of it, as the subject of a sentence.
        see: the same, as what to do.
        day: what a later day is given with, after a space; "" where that needs no saying.
        confirm: what to do about columns that nobody has confirmed.
    """

    full: str
    see: str
    day: str
    confirm: str


@frozen
class FirstWords:
    """All that is said.

    Attributes:
        stands: how the cases stand, and what was not read.
        notes: what stands at the head of the whole report, with what to do, the weightiest first.
        figures: what is weakest, what to look at again and what falls due, as far as there is any.
    """

    stands: tuple[LabelledText, ...]
    notes: tuple[LabelledText, ...]
    figures: tuple[LabelledText, ...]


def first_words(result: Summary, glance: AtAGlance, ways: Ways) -> FirstWords:
    """What is said of a result, by what it is at a glance."""
    words = _Words(result, glance, ways)
    said = (*_local(result), *words.notes())
    notes = (LabelledText(label, text, Emphasis.OPEN) for label, text in said)
    return FirstWords(tuple(words.stands()), tuple(notes), tuple(words.figures()))


def _local(result: Summary) -> Iterator[tuple[str, str]]:
    """What is local in the rules, in a line; nothing where nothing is."""
    if result.rulebook.profile is not None:
        from casescreen.report.local_rules import local_in_short  # noqa: PLC0415 - needed under a profile only

        yield "LOCAL RULES", local_in_short(result.rulebook.profile)


@frozen
class _Words:
    result: Summary
    glance: AtAGlance
    ways: Ways

    def stands(self) -> Iterator[LabelledText]:
        if not isinstance(self.result.cases, int):
            yield LabelledText("WITHHELD", "there are so few cases that no figures are shown")
        elif not self.result.cases:
            yield LabelledText("NOT KNOWN", "no case was screened, so nothing can be told", Emphasis.OPEN)
        elif self.result.suppressed_under:
            yield from self._states()
        else:
            urgent = Emphasis.URGENT if self.glance.things else Emphasis.HEADING
            yield LabelledText("ACT NOW", self._acting(), urgent)
            yield LabelledText("NEED WORK", self._working())
            if isinstance(self.result, Screening):
                yield LabelledText("NOTHING FOUND", self._fine(), Emphasis.FINE)
            yield LabelledText("NOT KNOWN", self._open(), Emphasis.OPEN)
        yield LabelledText("NOT READ", self._not_read(), Emphasis.OPEN)

    def _states(self) -> Iterator[LabelledText]:
        under, states = self.result.suppressed_under, self.result.states
        labels = {
            CaseState.ACT_NOW: ("ACT NOW", "{}"),
            CaseState.ATTENTION: ("NEED WORK", "{}, closed ones among them"),
            CaseState.ACT_OR_ATTENTION: ("ACT OR WORK", "{}: act now, or need work, closed ones among them"),
            CaseState.NOTHING: ("NOTHING FOUND", "{}, which is not to say that nothing is wrong in them"),
        }
        for state, count in states.items():
            label, words = labels[state]
            shown = counted(count, "case") if isinstance(count, int) else f"{figure(count, under)} cases"
            yield LabelledText(label, words.format(shown))
        if not states:
            yield LabelledText("WITHHELD", "how many cases need attention is a small count, or gives one away")
        elif not all(isinstance(count, int) for count in states.values()):
            meaning = f'"<{under:,}" is fewer than {under:,}; "[c]" would give such a count away'
            yield LabelledText("WITHHELD", meaning)

    def _acting(self) -> str:
        glance = self.glance
        if glance.acting:
            return f"{counted(number(glance.acting), 'case')}, {counted(glance.things, 'thing')} (listed below)"
        if glance.things:
            return f"{counted(glance.things, 'thing')} in cases that are too many to list (by kind below)"
        if self.result.closed == self.result.cases:
            return "every case is closed, so nothing is to be done"
        if not glance.questions:
            return "no question applies to these cases by now, so nothing can be told"
        if not glance.open_questions:
            return "no case"
        still = f"{glance.open_questions:,} of {counted(glance.questions, 'question')}"
        if _HALF * glance.open_questions >= glance.questions:
            return f"cannot be told: {still} are open. Fill in what is to be checked"
        return f"no case by what is recorded; {still} are open, and may hide some"

    def _working(self) -> str:
        if self.glance.need_work is None:
            return f"{counted(self.glance.not_met or 0, 'question')} answered no"
        return counted(number(self.glance.need_work), "more case" if self.glance.acting else "case")

    def _fine(self) -> str:
        """The cases in which nothing is found wrong, but for those of which next to nothing is recorded."""
        fine = [case for case in self.glance.nothing_found if not case.is_thin and not case.is_untold]
        said = counted(len(fine), "case")
        if 0 < len(fine) <= _MOST_NAMED:
            said += f": {', '.join(case.id for case in fine)}"
        if still := sum(len(case.undecided) for case in fine):
            said += f" ({counted(still, 'question')} open)"
        return said

    def _open(self) -> str:
        glance = self.glance
        said = f"{k_of_n(glance.open_questions or 0, glance.questions or 0)} questions are open"
        if glance.open_cases:
            said += f", in {counted(glance.open_cases, 'case')}: {self.ways.full} lists them"
        elif glance.open_questions and glance.open_cases is None:
            said += f": {self.ways.full} counts them"
        if glance.thin:
            said += f". {counted(len(glance.thin), 'record says', 'records say')} too little to tell"
            said += f": {', '.join(glance.thin)}" if len(glance.thin) <= _MOST_NAMED else ""
        return said if glance.questions else "no question applies by now"

    def _not_read(self) -> str:
        under, issues = self.result.suppressed_under, self._issues()
        left_out = number_of(self.result.left_out, under, "record")
        if under:
            return f"{left_out} left out"
        said = f"{left_out} left out, {counted(issues[IssueKind.UNREADABLE], 'value')} not read"
        if issues[IssueKind.IMPOSSIBLE]:
            said += f", {issues[IssueKind.IMPOSSIBLE]:,} not believed"
        lost = self.result.left_out or issues[IssueKind.UNREADABLE] or issues[IssueKind.IMPOSSIBLE]
        return f"{said}: {self.ways.full} says which, and why" if lost else said

    def _issues(self) -> Mapping[IssueKind, int]:
        if isinstance(self.result, Screening):
            return Counter(issue.kind for issue in self.result.issues)
        numbers = Counter[IssueKind]()
        for one in self.result.issue_counts:
            numbers[one.kind] += one.number
        return numbers

    def _in_force(self) -> Iterator[tuple[str, str]]:
        if isinstance(self.result, Screening) and self.result.accepted is not None:
            from casescreen.report.sections.accepted import waiver_notes  # noqa: PLC0415 - only where there are some

            yield from waiver_notes(self.result, self.ways.full)
        if self.result.answers_used is not None:
            yield "ANSWERS", str(self.result.answers_used)

    def notes(self) -> Iterator[tuple[str, str]]:
        """What stands at the head of the whole report, with what to do, the weightiest first."""
        result, under, issues = self.result, self.result.suppressed_under, self._issues()
        if NOT_CONFIRMED in result.assumed:
            yield "NOT CONFIRMED", f"columns were matched by suggestion: {self.ways.confirm}"
        yield from self._in_force()
        if result.not_begun != 0:
            begun = number_of(result.not_begun, under, "case")
            yield "NOT BEGUN", f"{begun}, set apart: give a later day{self.ways.day} to screen them"
        if not under and (later := at_an_earlier_day(result)):
            yield "LATER DAYS", f"{later.partition('. ')[0]}: give a later day{self.ways.day} to count them"
        if result.orphans:
            yield "OF NO CASE", f"{counted(result.orphans, 'row')}, which count for nothing: mend their case ids"
        if not under and self.glance.things and set(result.manager_sizes) == {""}:
            yield "NO OWNER", "no case says who holds it: fill it in, so that each has somebody to act"
        elif not under and (nobody := without_manager(result)):
            yield "NO OWNER", f"{nobody.rstrip('.')}: fill it in, so that each has somebody to act"
        if looked_at := issues[IssueKind.UNUSUAL] + issues[IssueKind.LEFT_ASIDE]:
            yield "LOOK AT", f"{counted(looked_at, 'value')} unusual or left aside: {self.ways.full} lists them"
        if assumed := sum(line != NOT_CONFIRMED for line in result.assumed):
            yield "ASSUMED", f"{counted(assumed, 'thing')} where the tables were read: {self.ways.full} lists them"
        if result.closed:
            yield "CLOSED", f"{counted(result.closed, 'case')}: counted in the figures only, nothing to be done"

    def figures(self) -> Iterator[LabelledText]:
        """What is weakest, what to look at again and what falls due, as far as there is any."""
        glance, criteria = self.glance, self.result.rulebook.criterion
        weak = [f"{criteria[rate.criterion].short} {k_of_n(*rate.shown)}" for rate in glance.weakest if rate.shown]
        if weak:
            yield LabelledText("WEAKEST", " · ".join(weak))
        if glance.look_again:
            places = counted(glance.look_again, "place")
            said = f"{places} where the facts speak against an answer: {self.ways.see}"
            yield LabelledText("LOOK AGAIN", said)
        due = [f"{line.case} {line.says}, by {in_words(line.due)}" for line in glance.due_next]
        if due:
            yield LabelledText("DUE NEXT", " · ".join(due))
