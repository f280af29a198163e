"""What people wrote beside the Refs of a workbook, so that it stands in the next one too."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from attrs import evolve, frozen

from casescreen.model.problem import CasescreenError, Problem
from casescreen.office.styles import LONGEST_TEXT, fitting, length_in_excel
from casescreen.report.refs import is_ref
from casescreen.text import visible

ACTIONS, NO_LONGER_OPEN = "Actions", "No longer open"
CASES, THEMES, CRITERIA, FINDINGS, SHEET_OF_NOTES = "Cases", "Themes", "Criteria", "Findings", "Notes"
WAIVERS = "Waivers"
OTHER_SHEETS = ("Cover", CASES, THEMES, CRITERIA, FINDINGS, WAIVERS, SHEET_OF_NOTES)
"""The sheets of a workbook of actions in which nothing is written by hand."""

REF, CASE, OWNER, FOUND, PROGRESS, NOTES = "Ref", "Case", "Owner", "What was found", "Progress", "Notes"
KIND, BY_WHEN, HOW_BAD, WHAT_TO_DO = "Kind", "By when", "How bad", "What to do"
WHY = "Why it is here"
NOTHING = "Nothing needs action."
"""What stands in place of rows where there are none."""

STATES = ("to do", "in hand", "done")
"""What can stand in Progress; the first until somebody says something else."""

NO_REF = "the row has no Ref, so what it belongs to cannot be known"
NO_SUCH_REF = "a letter or figure of its Ref is wrong, so what it belongs to cannot be known"
_GONE = "nothing of it is left to do"


@frozen
class WrittenBeside:
    """What somebody wrote in a row.

    Attributes:
        ref: what stands as its Ref; "" where nothing does.
        case: the case, as the row has it.
        owner: the same for its owner.
        found: the same for what was found.
        progress: the word of Progress; of several that are not alike, that which claims least.
        notes: the lines of Notes, then of columns that are not ours.
        why: why it stands apart; "" where it does not.
    """

    ref: str
    case: str = ""
    owner: str = ""
    found: tuple[str, ...] = ()
    progress: str = STATES[0]
    notes: tuple[str, ...] = ()
    why: str = ""

    @property
    def is_written(self) -> bool:
        """Whether Progress and Notes say anything that was not there when the workbook was made."""
        return bool(self.notes) or self.progress != STATES[0]

    def differs(self, other: WrittenBeside) -> bool:
        """Whether two rows say different things, and one does not only say more."""
        progress = {self.progress, other.progress} - {STATES[0]}
        return len(progress) > 1 or not (_hold(self.notes, other.notes) or _hold(other.notes, self.notes))


@frozen
class CarriedOver:
    """All that people wrote in workbooks.

    Attributes:
        rows: what they wrote, in the order of the rows.
        problems: what cannot be found again, or stands several times; it is carried over all the same.
        hash: the SHA-256 of the file that is replaced, from which it was read; "" where there is none.
    """

    rows: tuple[WrittenBeside, ...] = ()
    problems: tuple[Problem, ...] = ()
    hash: str = ""

    def among(self, refs: Mapping[str, str]) -> tuple[Mapping[str, WrittenBeside], tuple[WrittenBeside, ...]]:
        """What is written beside each of the Refs, and what is written beside none of them.

        Args:
            refs: the Refs, each by itself and by what it was called before.

        Raises:
            CasescreenError: what is written beside a Ref is more than a cell can hold.
        """
        known = {fitting(called).strip(): ref for called, ref in refs.items()}
        capitals = Counter(called.upper() for called in known)
        known = {called.upper(): ref for called, ref in known.items() if capitals[called.upper()] == 1} | known
        beside: defaultdict[str, list[WrittenBeside]] = defaultdict(list)
        apart: defaultdict[str, list[WrittenBeside]] = defaultdict(list)
        for row in self.rows:
            if (ref := known.get(row.ref) or known.get(row.ref.upper())) is not None:
                beside[ref].append(row)
            elif is_ref(row.ref):
                apart[row.ref.upper()].append(evolve(row, why=_GONE))
            else:
                other = evolve(row, why=NO_SUCH_REF if row.ref else NO_REF)
                apart[repr(other)] = [other]
        return {ref: _together(rows) for ref, rows in beside.items()}, tuple(map(_together, apart.values()))


def joined(several: Sequence[CarriedOver]) -> CarriedOver:
    """What was written in several workbooks, together; the first is that which is replaced."""
    rows = (row for one in several for row in one.rows)
    return CarriedOver(tuple(rows), tuple(problem for one in several for problem in one.problems), several[0].hash)


def _together(rows: Sequence[WrittenBeside]) -> WrittenBeside:
    """What several rows of one Ref say, as one; what is said twice is said once."""
    notes: list[tuple[str, ...]] = []
    for row in rows:
        if not any(_hold(note, row.notes) for note in notes):
            notes = [*(note for note in notes if not _hold(row.notes, note)), row.notes]
    said = dict.fromkeys(row.progress for row in rows if row.progress != STATES[0])
    progress = min(said, key=lambda word: STATES.index(word) if word in STATES else 0, default=STATES[0])
    lines = [line for note in notes for line in note]
    lines += [f"Progress: {word}" for word in said if word != progress and f"Progress: {word}" not in lines]
    if length_in_excel("\n".join(visible(line, LONGEST_TEXT) for line in lines)) > LONGEST_TEXT:
        raise CasescreenError(
            f"What is written beside {visible(rows[0].ref) or 'a row without a Ref'} is more than a cell can hold.",
            why="a part of it would be lost, so nothing was written.",
            advice="shorten it in the old workbook, and save that.",
        )
    return evolve(rows[0], progress=progress, notes=tuple(lines))


def _hold(lines: Sequence[str], others: Sequence[str]) -> bool:
    """Whether the other lines stand among the lines, one after another."""
    return any(lines[at : at + len(others)] == others for at in range(len(lines) - len(others) + 1))
