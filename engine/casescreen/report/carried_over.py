"""What people wrote beside the Refs of a workbook, so that it stands in the next one too."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from attrs import evolve, field, frozen

from casescreen.model.problem import CasescreenError, Place, Problem
from casescreen.office.styles import LONGEST_TEXT, fitting, length_in_excel
from casescreen.report.refs import is_ref
from casescreen.text import in_words, visible

ACTIONS, NO_LONGER_OPEN = "Actions", "No longer open"
CASES, THEMES, CRITERIA, FINDINGS, SHEET_OF_NOTES = "Cases", "Themes", "Criteria", "Findings", "Notes"
CHANGES = "Changes"
WAIVERS = "Waivers"
GROUPS = "Groups"
OTHER_SHEETS = ("Cover", CHANGES, CASES, THEMES, CRITERIA, GROUPS, FINDINGS, WAIVERS, SHEET_OF_NOTES)
"""The sheets of a workbook of actions in which nothing is written by hand."""

REF, CASE, OWNER, FOUND, PROGRESS, NOTES = "Ref", "Case", "Owner", "What was found", "Progress", "Notes"
DONE_ON, EVIDENCE = "Done on", "Evidence"
KIND, BY_WHEN, HOW_BAD, WHAT_TO_DO = "Kind", "By when", "How bad", "What to do"
QUESTIONS = "Questions"
"""What the row is about: the id of each criterion, and the key of its row. By these it is known what became of it."""

WHY = "Why it is here"
NOTHING = "Nothing needs action."
"""What stands in place of rows where there are none."""

STATES = TO_DO, DOING, DONE, CANNOT = "to do", "doing", "done", "cannot"
"""What can stand in Progress; the first until somebody says something else."""

FORMERLY = {"in hand": DOING}
"""What stood in Progress in sheets of older versions, and what it is called now."""

_LEAST_FIRST = (TO_DO, DOING, CANNOT, DONE)
NO_REF = "the row has no Ref, so what it belongs to cannot be known"
NO_SUCH_REF = "a letter or figure of its Ref is wrong, so what it belongs to cannot be known"
GONE = "nothing of it is left to do"


@frozen
class WrittenBeside:
    """What stands in a row, as far as it is read back.

    Attributes:
        ref: what stands as its Ref; "" where nothing does.
        case: the case, as the row has it.
        owner: the same for its owner.
        found: the same for what was found.
        progress: the word of Progress; of several that are not alike, that which claims least.
        notes: the lines of Notes, then of columns that are not ours.
        why: why it stands apart; "" where it does not.
        done_on: the day on which it was done; as it is written where it cannot be read as a day, and "" if nothing is.
        evidence: the lines of Evidence.
        by_when: the day by which it is to be done, as the row has it; None where it has none that can be read.
        how_bad: how bad it was.
        questions: what it was about, a line for each; none in a sheet of an older version.
        place: where it stands.
    """

    ref: str
    case: str = ""
    owner: str = ""
    found: tuple[str, ...] = ()
    progress: str = TO_DO
    notes: tuple[str, ...] = ()
    why: str = ""
    done_on: date | str = ""
    evidence: tuple[str, ...] = ()
    by_when: date | None = None
    how_bad: str = ""
    questions: tuple[str, ...] = ()
    place: Place = field(default=Place(""), eq=False, repr=False)

    @property
    def is_written(self) -> bool:
        """Whether it says anything that was not there when the workbook was made."""
        return bool(self.notes or self.evidence or self.done_on) or self.progress != TO_DO

    def differs(self, other: WrittenBeside) -> bool:
        """Whether two rows say different things, and one does not only say more."""
        progress, days = {self.progress, other.progress} - {TO_DO}, {self.done_on, other.done_on} - {""}
        texts = (self.notes, other.notes), (self.evidence, other.evidence)
        return len(progress) > 1 or len(days) > 1 or not all(_hold(a, b) or _hold(b, a) for a, b in texts)


class KnownRefs:
    """Finds what a Ref stands for, whatever its capitals, unless it is only they that tell it from another."""

    def __init__(self, refs: Mapping[str, str]) -> None:
        """Take the Refs, by what stands in a cell, each with what it is to be found as."""
        known = {fitting(called).strip(): ref for called, ref in refs.items()}
        capitals = Counter(called.upper() for called in known)
        self._known = {called.upper(): ref for called, ref in known.items() if capitals[called.upper()] == 1} | known

    def get(self, ref: str) -> str | None:
        """What it stands for; None if it is none of them."""
        return self._known.get(ref) or self._known.get(ref.upper())


@frozen
class CarriedOver:
    """All that people wrote in workbooks.

    Attributes:
        rows: what they wrote, in the order of the rows.
        problems: what cannot be found again, or stands several times; it is carried over all the same.
        hash: the SHA-256 of the file that is replaced, from which it was read; "" where there is none.
        untouched: the rows in which they wrote nothing: their days stay too.
    """

    rows: tuple[WrittenBeside, ...] = ()
    problems: tuple[Problem, ...] = ()
    hash: str = ""
    untouched: tuple[WrittenBeside, ...] = ()

    def among(self, refs: Mapping[str, str]) -> tuple[Mapping[str, WrittenBeside], tuple[WrittenBeside, ...]]:
        """What is written beside each of the Refs, and what is written beside none of them.

        Args:
            refs: the Refs, each by itself and by what it was called before.

        Raises:
            CasescreenError: what is written beside a Ref is more than a cell can hold.
        """
        known = KnownRefs(refs)
        beside: defaultdict[str, list[WrittenBeside]] = defaultdict(list)
        apart: defaultdict[str, list[WrittenBeside]] = defaultdict(list)
        for row in self.untouched:
            if (ref := known.get(row.ref)) is not None:
                beside[ref].append(row)
        for row in self.rows:
            if (ref := known.get(row.ref)) is not None:
                beside[ref].append(row)
            elif is_ref(row.ref):
                apart[row.ref.upper()].append(evolve(row, why=GONE))
            else:
                other = evolve(row, why=NO_SUCH_REF if row.ref else NO_REF)
                apart[repr(other)] = [other]
        made = {ref: together(rows) for ref, rows in beside.items()}, tuple(map(together, apart.values()))
        for row in (*made[0].values(), *made[1]):
            hold_in_cells(row)
        return made


def joined(several: Sequence[CarriedOver]) -> CarriedOver:
    """What was written in several workbooks, together; the first is that which is replaced."""
    rows = (row for one in several for row in one.rows)
    untouched = (row for one in several for row in one.untouched)
    problems = (problem for one in several for problem in one.problems)
    return CarriedOver(tuple(rows), tuple(problems), several[0].hash if several else "", tuple(untouched))


def together(rows: Sequence[WrittenBeside]) -> WrittenBeside:
    """What several rows of one Ref say, as one; what is said twice is said once."""
    said = dict.fromkeys(row.progress for row in rows if row.progress != TO_DO)
    days = dict.fromkeys(row.done_on for row in rows if row.done_on)
    progress = min(said, key=lambda word: _LEAST_FIRST.index(word) if word in STATES else 0, default=TO_DO)
    day = next(iter(days), "")
    lines = _lines_of_all(row.notes for row in rows)
    others = [f"{PROGRESS}: {word}" for word in said if word != progress]
    others += [f"{DONE_ON}: {in_words(one)}" for one in days if one != day]
    lines += [line for line in others if line not in lines]
    return evolve(
        rows[0],
        progress=progress,
        notes=tuple(lines),
        done_on=day,
        evidence=tuple(_lines_of_all(row.evidence for row in rows)),
        by_when=min((row.by_when for row in rows if row.by_when), default=None),
        how_bad=next((row.how_bad for row in rows if row.how_bad), ""),
        questions=tuple(dict.fromkeys(one for row in rows for one in row.questions)),
    )


def hold_in_cells(row: WrittenBeside) -> None:
    """Hold that what is written in a row can stand in cells.

    Raises:
        CasescreenError: it is more than a cell can hold.
    """
    for lines in (row.notes, row.evidence):
        if length_in_excel("\n".join(visible(line, LONGEST_TEXT) for line in lines)) > LONGEST_TEXT:
            raise CasescreenError(
                f"What is written beside {visible(row.ref) or 'a row without a Ref'} is more than a cell can hold.",
                why="a part of it would be lost, so nothing was written.",
                advice="shorten it in the old workbook, and save that.",
            )


def _lines_of_all(texts: Iterable[tuple[str, ...]]) -> list[str]:
    """The lines of several texts, of which none that stands in another is told twice."""
    kept: list[tuple[str, ...]] = []
    for text in texts:
        if not any(_hold(one, text) for one in kept):
            kept = [*(one for one in kept if not _hold(text, one)), text]
    return [line for one in kept for line in one]


def _hold(lines: Sequence[str], others: Sequence[str]) -> bool:
    """Whether the other lines stand among the lines, one after another."""
    return any(lines[at : at + len(others)] == others for at in range(len(lines) - len(others) + 1))
