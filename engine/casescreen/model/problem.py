"""What is wrong with something a user wrote, where, why it matters and what to do; alone, and many together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from attrs import Factory, define, evolve, frozen

from casescreen.text import counted, visible


@frozen
class Place:
    """Where something stands: a file, perhaps a line or cell in it, and what it belongs to there.

    Places are in order of file, then of sheet, line and column.

    Attributes:
        file: the file's path.
        line: the line, or the row of a sheet, from 1; 0 where it is not known or there is none.
        part: what it belongs to: a case, a record, a rule.
        sheet: the sheet of a workbook, or "".
        column: the column by its letters, as in "AB"; "" where it is about a whole line.
    """

    file: str
    line: int = 0
    part: str = ""
    sheet: str = ""
    column: str = ""

    def __lt__(self, other: Place) -> bool:
        """Whether it comes first."""
        return self._order < other._order

    @property
    def _order(self) -> tuple[str, str, int, int, str, str]:
        return (self.file, self.sheet, self.line, len(self.column), self.column, self.part)

    @property
    def in_file(self) -> str:
        """Where in the file it stands, as a person is told it; "" where that is not known."""
        line = f"{'row' if self.sheet or self.column else 'line'} {self.line}" if self.line else ""
        column = f"column {self.column}" if self.column else ""
        sheet = f'sheet "{visible(self.sheet)}"' if self.sheet else ""
        return ", ".join(filter(None, (sheet, line, column)))

    def __str__(self) -> str:
        part = f" ({visible(self.part)})" if self.part else ""
        return ", ".join(filter(None, (visible(self.file), self.in_file))) + part


class Advice(str):
    """What to do, as it is told to who types commands; and beside it, in words for who does not.

    Attributes:
        untyped: the words that name no command and no option.
    """

    __slots__ = ("untyped",)
    untyped: str

    def __new__(cls, typed: str, untyped: str) -> Self:
        """Keep both."""
        advice = super().__new__(cls, typed)
        advice.untyped = untyped
        return advice

    def __reduce__(self) -> tuple[type[Advice], tuple[str, str]]:
        """Made again from both: so it can cross processes."""
        return type(self), (str(self), self.untyped)


def untyped(advice: str) -> str:
    """What to do, for who types no commands."""
    return advice.untyped if isinstance(advice, Advice) else advice


def joined(*parts: str) -> Advice:
    """Several sentences of advice as one."""
    return Advice(" ".join(filter(None, parts)), " ".join(filter(None, map(untyped, parts))))


@frozen(order=True)
class Problem:
    """One mistake, told so that the person who made it can mend it.

    Attributes:
        place: where it is.
        what: what is wrong, in words.
        why: why it matters, in words; empty where that is plain.
        advice: what to do, in a line or two.
    """

    place: Place
    what: str
    advice: str = ""
    why: str = ""

    def __str__(self) -> str:
        return message(f"{self.place}: {self.what}", self.advice, self.why)


def message(what: str, advice: str = "", why: str = "") -> str:
    """What is wrong, why it matters and what to do, as a person is told it: each that is known on its own line."""
    lines = [what]
    if why:
        lines.append(f"  Why it matters: {why}")
    if advice:
        lines.append(f"  What to do: {advice}")
    return "\n".join(lines)


@frozen
class Fault:
    """Why a value, a text or a file cannot be used, before it is said where that stands.

    Attributes:
        what: what is wrong, as a clause without a full stop.
        advice: what to do, in a line or two.
        line: the line of a text, counted from 1; 0 if it is not known, or there is none.
        unquoted: what is wrong without the text of the record; empty where ``what`` quotes none.
        written: all that stands there, where it is a value; never told.
    """

    what: str
    advice: str = ""
    line: int = 0
    unquoted: str = ""
    written: str = ""

    def said(self, *, quoted: bool) -> str:
        """What is wrong, with the text of the record or without it."""
        return self.what if quoted else self.unquoted or self.what

    def at(self, place: Place, why: str = "") -> Problem:
        """The problem that it is at a place."""
        return Problem(place, self.what, self.advice, why)

    def in_file(self, file: str) -> Problem:
        """The problem that it is in a file, at its own line."""
        return self.at(Place(file, self.line))


@frozen
class NoValue(Fault):
    """What a record says in place of a value, which is no mistake: not known, refused, not applicable."""


def no_value(said: str, written: str) -> NoValue:
    """What stands in place of a value: ``said`` is a word of a list, and never text of the record's own."""
    return NoValue(f"the record says: {said}", written=written)


class FaultError(Exception):
    """A fault on its way from deep inside a reading to where the reading began, which returns it."""

    def __init__(self, fault: Fault) -> None:
        """Keep the fault."""
        self.fault = fault
        super().__init__(fault.what)


@define(eq=False)
class ProblemCollector:
    """Problems in the order in which they are found, up to a bound.

    Attributes:
        most: how many are kept; None for all.
        more: what is told in place of all beyond them; None for nothing.
        problems: what has been found.
    """

    most: int | None = None
    more: Fault | None = None
    problems: list[Problem] = Factory(list)

    @property
    def full(self) -> bool:
        """Whether nothing more is kept."""
        return self.most is not None and len(self.problems) >= self.most + (self.more is not None)

    def add(self, place: Place, what: str, advice: str = "", why: str = "") -> None:
        """Keep a problem, unless there are too many already."""
        if self.more is not None and len(self.problems) == self.most:
            self.problems.append(self.more.at(place))
        elif not self.full:
            self.problems.append(Problem(place, what, advice, why))

    def extend(self, problems: Iterable[Problem]) -> None:
        """Keep problems that were gathered elsewhere, within a bound of their own."""
        self.problems.extend(problems)


class CasescreenError(Exception):
    """A mistake in what was given to casescreen: its text is meant for the person who gave it.

    Attributes:
        what: what is wrong, in words, with a full stop.
        advice: what to do; empty where that is plain.
        why: why it matters; empty where that is plain.
    """

    def __init__(self, what: str, *, advice: str = "", why: str = "") -> None:
        """Keep the parts of the text."""
        self.what, self.advice, self.why = what, advice, why
        super().__init__(what)

    def __str__(self) -> str:
        """What is wrong, why it matters and what to do."""
        return message(self.what, self.advice, self.why)


class ReportRefusedError(CasescreenError):
    """A report that is not made of these cases, and why: others can be."""


class ProblemsError(CasescreenError):
    """Everything that is wrong with a rulebook or a set of cases, at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems, sorted by place."""
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[ProblemsError], tuple[tuple[Problem, ...]]]:
        """Made again from its problems, and not from its text as other errors are: so it can cross processes."""
        return type(self), (self.problems,)


class InternalFaultError(Exception):
    """Two parts of casescreen that must agree do not: a fault of ours, never of the user's."""


_FEW = 2


def grouped(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems in their order, those of one column that are mended in one way told once, at the first of them."""
    alike: dict[object, list[Problem]] = {}
    for number, problem in enumerate(problems):
        place = problem.place
        column = (place.file, place.sheet, place.column, problem.advice, problem.why)
        alike.setdefault(column if place.column else number, []).append(problem)
    shown: list[Problem] = []
    for several in alike.values():
        if len(several) <= _FEW:
            shown.extend(several)
        else:
            more, last = counted(len(several) - 1, "more cell"), several[-1].place.line
            what = f"{several[0].what}; and so in {more} of the column, down to row {last}"
            shown.append(evolve(several[0], what=what))
    return tuple(shown)


class LibraryError(Exception):
    """What a library was given was too much for it; the cause is what it raised."""
