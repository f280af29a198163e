"""Settling the rows of sheets of actions: what became of each, which are not taken and why, and what has no row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import combinations

from attrs import frozen

from casescreen.evaluate.case_summary import case_summaries
from casescreen.model.problem import CasescreenError, Problem
from casescreen.model.screening import Screening
from casescreen.office.styles import fitting
from casescreen.report.action_claims import (
    NO_ROW,
    STATE_OF,
    STILL_OPEN,
    ActionStanding,
    ActionState,
    InRecord,
    PresentRecord,
    kept_day,
    questions_in,
)
from casescreen.report.actions import Action, actions_of, refs_possible
from casescreen.report.carried_over import (
    CANNOT,
    DONE,
    DONE_ON,
    NO_SUCH_REF,
    NOTES,
    PROGRESS,
    STATES,
    KnownRefs,
    WrittenBeside,
    together,
)
from casescreen.report.refs import is_ref, parts_of_ref
from casescreen.text import did_you_mean, folded, in_words, listed, visible

_MOST_ASKED_BACK = 20
_FEWEST_CASES = 3
_LONGEST_SAID = 80
_LOOK_UP = "Look in the sheet that was handed out which Ref it is, and write that."


@frozen
class Settled:
    """All that became of the rows of sheets, and of what is open.

    Attributes:
        standings: in the order of the states, of each what is due first.
        not_taken: rows that are not taken, and why.
        refs_not_taken: the Refs of those that have one of these cases.
        own_rows: how many rows have no Ref: somebody's own.
        actions: what there is to do now.
        numbered: whether some questions are of rows without a key, which are taken together.
    """

    standings: tuple[ActionStanding, ...]
    not_taken: tuple[Problem, ...]
    refs_not_taken: frozenset[str]
    own_rows: int
    actions: tuple[Action, ...]
    numbered: bool

    def of(self, *states: ActionState) -> tuple[ActionStanding, ...]:
        """Those in one of the states."""
        return tuple(one for one in self.standings if one.state in states)


def settle(rows: Sequence[WrittenBeside], screening: Screening, days: Iterable[Problem] = ()) -> Settled:
    """What became of the rows of sheets, and of all that is open: each Ref that is open now is told once.

    Args:
        rows: all rows of the sheets.
        screening: what the record says now.
        days: what stands in the sheets as a day and could not be read.

    Raises:
        CasescreenError: the rows are of other cases.
    """
    actions = actions_of(screening, case_summaries(screening))
    settling = _Settling(screening, actions)
    for ref, several in settling.by_ref(rows).items():
        settling.take(ref, several)
    settling.take_the_rest()
    order = [*ActionState]
    standings = sorted(
        settling.standings, key=lambda one: (order.index(one.state), one.by_when or date.max, one.case, one.ref)
    )
    asked = {(one.case, question[0]) for one in standings for question in one.questions}
    numbered = any(one.numbered and (one.case, one.criterion) in asked for one in screening.findings)
    problems, refs = tuple(sorted([*settling.problems, *days])), frozenset(settling.not_taken)
    return Settled(tuple(standings), problems, refs, settling.own_rows, actions, numbered)


class _Settling:
    """Takes the rows Ref by Ref."""

    def __init__(self, screening: Screening, actions: Sequence[Action]) -> None:
        self._screening, self._actions = screening, {action.ref: action for action in actions}
        self._record = PresentRecord(screening, actions)
        possible = [*refs_possible(screening.rulebook, screening.case_ids)]
        self._case = {ref: case for _, ref, case in possible} | {one.ref: one.case for one in actions}
        self._known = KnownRefs({called: ref for called, ref, _ in possible} | {ref: ref for ref in self._actions})
        self._groups = {parts_of_ref(called)[1] for called, *_ in refs_possible(screening.rulebook, ("A",))}
        others = (*screening.cases_not_begun, *(one.case for one in screening.rejected if one.case))
        self._others = {folded(fitting(one)): one for one in others}
        self._here = {folded(fitting(one)) for one in screening.case_ids}
        self.standings: list[ActionStanding] = []
        self.problems: list[Problem] = []
        self.not_taken: set[str] = set()
        self.own_rows = 0
        self._names: set[str] = set()

    def by_ref(self, rows: Iterable[WrittenBeside]) -> Mapping[str, list[WrittenBeside]]:
        """The rows by their Refs, as they are called now; what has none, or a broken one, is told."""
        rows_of = defaultdict[str, list[WrittenBeside]](list)
        broken = []
        for row in rows:
            if not row.ref and not (row.questions or row.found):
                self.own_rows += 1
            elif row.ref and (ref := self._known.get(row.ref)) is not None:
                rows_of[ref].append(row)
            elif row.ref and is_ref(row.ref):
                rows_of[row.ref.upper()].append(row)
            else:
                broken.append(row)
        cases = {parts_of_ref(row.ref)[0] for row in rows if is_ref(row.ref)}
        here = self._here | self._others.keys()
        if len(cases) >= _FEWEST_CASES and not any(folded(one) in here for one in cases):
            raise CasescreenError(
                f"None of the {len(cases):,} cases in the sheet of actions is among the cases that were screened.",
                why="it would look as if all of them had left.",
                advice="look whether the sheet and the cases belong together.",
            )
        # A sheet that was sorted by one column alone has the Refs beside other cases.
        self._names = here | {folded(one) for one in cases}
        for number, row in enumerate(broken):
            if not row.ref:
                what = "the row is one of ours, and its Ref is gone"
                self.problems.append(Problem(row.place, what, f"If cells are merged, split them. {_LOOK_UP}"))
                continue
            near = did_you_mean(row.ref, self._actions) if number < _MOST_ASKED_BACK else ""
            self.problems.append(Problem(row.place, f"{_shown_ref(row)}: {NO_SUCH_REF}", near or _LOOK_UP))
        return rows_of

    def take(self, ref: str, rows: Sequence[WrittenBeside]) -> None:
        """Tell what became of the rows of one Ref, or why they are not taken."""
        case = self._case.get(ref)
        if case is None:
            case, group = parts_of_ref(rows[0].ref)
            if group not in self._groups or folded(case) in self._here:
                self._reject(ref, rows[0], "no rule makes such a Ref", _LOOK_UP)
                return
            case = self._others.get(folded(case), case)
        contradiction = next(filter(None, (self._contradiction(case, row) for row in rows)), None) or _disagreement(
            rows
        )
        if contradiction is not None:
            self._reject(ref, *contradiction)
            return
        row, action = together(rows), self._actions.get(ref)
        questions = questions_in(row.questions)
        now = self._record.of(case, questions, has_action=action is not None)
        state = STATE_OF[row.progress, now]
        is_open = state in STILL_OPEN
        same = action if is_open else None
        open_ = self._record.open_among(case, questions) if is_open else ()
        self.standings.append(
            ActionStanding(
                ref,
                case,
                same.owner if same else row.owner,
                state,
                kept_day(same, row) if same else row.by_when,
                same,
                row,
                open_ or (same.questions if same else ()),
                self._record.refs(case, open_) if is_open and same is None else (),
            )
        )
        if action is not None and not is_open:  # something else has come under it since
            self._add(action)

    def take_the_rest(self) -> None:
        """Tell what is open and has no row."""
        settled = {one.ref for one in self.standings} | self.not_taken
        for ref, action in self._actions.items():
            if ref not in settled:
                self._add(action)

    def _add(self, action: Action) -> None:
        state = STATE_OF[NO_ROW, InRecord.OPEN]
        open_ = action.questions
        self.standings.append(
            ActionStanding(action.ref, action.case, action.owner, state, action.by_when, action, None, open_)
        )

    def _reject(self, ref: str, row: WrittenBeside, what: str, advice: str) -> None:
        self.problems.append(Problem(row.place, f"{_shown_ref(row)}: {what}", advice))
        self.not_taken.add(ref)

    def _contradiction(self, case: str, row: WrittenBeside) -> tuple[WrittenBeside, str, str] | None:
        """Why a row cannot be taken, and what to do; None if it can."""
        beside = folded(row.case)
        if beside and beside != folded(fitting(case)) and beside in self._names:
            what = f"its Ref is of case {visible(case)}, and beside it stands case {visible(row.case)}"
            return row, what, "If the sheet was sorted by some of its columns only, undo that, and sort whole rows."
        if row.progress not in STATES:
            return row, f'"{visible(row.progress)}" is no word of {PROGRESS}', f"Choose {listed(STATES)}."
        if row.progress == CANNOT and not (row.notes or row.evidence):
            return row, f'"{CANNOT}" needs a reason', f"Write into {NOTES} why it cannot be done."
        if row.done_on and row.progress != DONE:
            what = f'{DONE_ON} has {in_words(row.done_on)}, and {PROGRESS} is "{row.progress}"'
            return row, what, f'Choose "{DONE}", or take the day away.'
        if isinstance(row.done_on, date) and row.done_on > self._screening.as_of:
            what = f"{DONE_ON} has {in_words(row.done_on)}, which is after {in_words(self._screening.as_of)}"
            return row, what, "Correct the day, or read the sheet as at a later day."
        return None


def _shown_ref(row: WrittenBeside) -> str:
    return visible(row.ref)


def _disagreement(rows: Sequence[WrittenBeside]) -> tuple[WrittenBeside, str, str] | None:
    """Where rows of one Ref say different things, both; None where they do not."""
    written = [row for row in dict.fromkeys(rows) if row.is_written]
    for one, other in combinations(written, 2):
        if one.differs(other):
            what = f"two copies disagree: {_says(one)}; {other.place}: {_says(other)}"
            return one, what, "Find out which of them holds, and make the other one say the same."
    return None


def _says(row: WrittenBeside) -> str:
    """What is written in a row, in short."""
    parts = [f'"{visible(row.progress)}"']
    if row.done_on:
        parts.append(f"on {in_words(row.done_on)}")
    texts = [visible(" ".join(lines), _LONGEST_SAID) for lines in (row.evidence, row.notes) if lines]
    return ", ".join([*parts, *(f'"{text}"' for text in texts)])
