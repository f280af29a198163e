"""The first screen: what a person asks first, in at most 45 lines for any number of cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from casescreen.evaluate.case_summary import CaseSummary, case_summaries
from casescreen.model.calendar import Duration
from casescreen.model.rulebook import Status
from casescreen.model.screening import Screening, Summary
from casescreen.report.at_a_glance import AtAGlance, ThemeLine, at_a_glance
from casescreen.report.formats.plain_text import NARROWEST, clipped, width_of, wrap
from casescreen.report.sections.first_words import Emphasis, FirstWords, LabelledText, Ways, first_words
from casescreen.report.wording import k_of_n, number_of
from casescreen.text import as_argument, counted, in_words, single_line

MOST_LINES = 45
TYPED = Ways("--full", "--full", " with --as-of", "check them with casescreen mapping suggest")
"""How more is seen by whoever types commands."""

_LABEL = 13
_MOST_START = 3
_MOST_HEADLINE, _MOST_CHANGED = 3, 4
_LONGEST_ID, _LONGEST_OWNER = 24, 20
_OWNERS_FROM = 80
_SHORTEST_BAR, _LONGEST_BAR = 8, 30


@frozen
class _Line:
    """A line of the screen, and how its first characters are coloured, and how many."""

    text: str = ""
    tone: Emphasis = Emphasis.PLAIN
    head: int = 0


@frozen
class Commands:
    """What can be typed next.

    Attributes:
        explain: what explains a case, up to its id; "" where no command can.
        parameters: what shows the numbers that the rules use.
        has_page: whether this run has written a page.
    """

    explain: str
    parameters: str
    has_page: bool = False


@frozen
class _Sizes:
    """How many lines there may be of what can be more, and of each thing that is said in words."""

    acting: int
    checked: int
    themes: int
    notes: int
    each: int
    changed: int


# From the widest to the narrowest: the first that fits is taken, and the last one always does.
_SIZES = (
    *(_Sizes(10, 5, 8, 8, 3, 3), _Sizes(10, 3, 6, 6, 2, 3), _Sizes(8, 2, 5, 5, 2, 2), _Sizes(6, 2, 5, 4, 2, 2)),
    *(_Sizes(5, 1, 4, 4, 2, 1), _Sizes(4, 1, 3, 3, 1, 1), _Sizes(3, 1, 2, 2, 1, 0)),
)


def first_screen(result: Summary, width: int, commands: Commands, *, coloured: bool = False) -> str:
    """The screen as text, no line wider than ``width`` (or 60, if that is less)."""
    cases = case_summaries(result) if isinstance(result, Screening) else ()
    glance, accepted, start = at_a_glance(result, cases), "", ""
    words = first_words(result, glance, TYPED)
    if glance.first_step:
        start = f"{glance.act_now[0].case}: {glance.first_step}"
    if isinstance(result, Screening) and result.accepted is not None:
        from casescreen.report.sections import accepted as said  # noqa: PLC0415 - only where waivers were named

        accepted, start = said.accepted_actions(result, cases), said.start_of(glance, result, cases)
        glance = said.with_marks(glance, result, cases)
    screen = _Screen(result, cases, glance, words, commands, max(width, NARROWEST), accepted, start)
    lines: Sequence[_Line] = ()
    for sizes in _SIZES:
        lines = screen.lines(sizes)
        if len(lines) <= MOST_LINES:
            break
    return "".join(f"{_painted(line) if coloured else line.text}\n" for line in lines)


def _painted(line: _Line) -> str:
    if line.tone is Emphasis.PLAIN:
        return line.text
    return f"\x1b[{line.tone.value}m{line.text[: line.head]}\x1b[0m{line.text[line.head :]}"


@frozen
class _Screen:
    result: Summary
    cases: Sequence[CaseSummary]
    glance: AtAGlance
    words: FirstWords
    commands: Commands
    width: int
    accepted: str
    start: str

    def lines(self, sizes: _Sizes) -> list[_Line]:
        """Every part, with an empty line between them."""
        parts = (
            [self._title(), *self._sample()],
            [*self._rows(self.words.stands, sizes.each), *self._notes(sizes)],
            list(self._changed(sizes.changed)),
            list(self._act_now(sizes.acting)),
            list(self._check(sizes.checked)),
            [*self._themes(sizes.themes), *self._rows(self.words.figures, sizes.each, indent="")],
            list(self._next(sizes.each)),
        )
        return [line for part in parts if part for line in (_Line(), *part)][1:]

    def _title(self) -> _Line:
        result = self.result
        beside = f" · {number_of(result.cases, result.suppressed_under, 'case')} · as at {in_words(result.as_of)}"
        beside += " · a copy to share" if result.suppressed_under else ""
        title = clipped(result.rulebook.title, self.width - width_of(beside))
        return _Line(title + beside, Emphasis.HEADING, len(title))

    def _sample(self) -> Iterator[_Line]:
        """That it is a sample, and of how many, where it is one."""
        if (sample := self.result.drawn) is not None:
            from casescreen.report.sections.drawn_sample import sample_in_short  # noqa: PLC0415 - only of a sample

            yield _Line(clipped(sample_in_short(sample), self.width))

    def _row(
        self, label: str, text: str, most: int, tone: Emphasis = Emphasis.HEADING, indent: str = "  "
    ) -> list[_Line]:
        """What is said under a label, in at most so many lines."""
        head = f"{indent}{label:<{_LABEL}}  "
        texts = wrap(text, self.width, head, " " * len(head))
        if len(texts) > most:
            first = head if most == 1 else " " * len(head)
            rest = " ".join(line[len(head) :] for line in texts[most - 1 :])
            texts[most - 1 :] = [first + clipped(rest, self.width - len(head))]
        return [_Line(texts[0], tone, len(indent + label)), *map(_Line, texts[1:])]

    def _rows(self, said: Sequence[LabelledText], most: int, indent: str = "  ") -> Iterator[_Line]:
        for one in said:
            yield from self._row(one.label, one.text, most, one.tone, indent)

    def _notes(self, sizes: _Sizes) -> Iterator[_Line]:
        notes = self.words.notes
        yield from self._rows(notes[: sizes.notes], sizes.each)
        yield from self._more(len(notes) - sizes.notes, "thing to know", TYPED.full, "things to know")

    def _heading(self, text: str, rest: str) -> _Line:
        return _Line(clipped(text + rest, self.width), Emphasis.HEADING, len(text))

    # Lists

    def _changed(self, most: int) -> Iterator[_Line]:
        if (changes := self.result.changes) is None:
            return
        from casescreen.report.sections.change_groups import failing_by_case  # noqa: PLC0415 - start-up time
        from casescreen.report.sections.changes import doubt, headline, since  # noqa: PLC0415 - the same

        label = f"{since(changes).upper()}:"
        said = wrap(headline(changes), self.width, f"{label} ", "  ")
        if len(said) > _MOST_HEADLINE:
            rest = " ".join(line.strip() for line in said[_MOST_HEADLINE - 1 :])
            said[_MOST_HEADLINE - 1 :] = [f"  {clipped(rest, self.width - 2)}"]
        yield _Line(said[0], Emphasis.HEADING, len(label))
        yield from map(_Line, said[1:])
        if doubtful := doubt(changes):
            yield _Line(f"  {clipped(doubtful, self.width - 2)}")
            return
        failing = failing_by_case(changes)
        shown = failing[: min(most, _MOST_CHANGED - len(said))]
        owners = [one.owner for one in shown] if self.width >= _OWNERS_FROM else []
        things = [(len(one.lines), [line.short for line in one.lines]) for one in shown]
        yield from self._table([one.case for one in shown], owners, things)
        if shown:
            yield from self._more(len(failing) - len(shown), "case", TYPED.full)

    def _act_now(self, most: int) -> Iterator[_Line]:
        glance = self.glance
        if glance.act_now:
            yield self._heading("ACT NOW", ", worst first: how many things, and which")
            shown = glance.act_now[:most]
            owners = [line.owner for line in shown] if self.width >= _OWNERS_FROM else []
            yield from self._table([line.case for line in shown], owners, [(one.number, one.says) for one in shown])
            yield from self._more(len(glance.act_now) - most, "case", "--by case")
            if self.accepted:
                yield from self._row("ACCEPTED", self.accepted, _MOST_START)
            if self.start:
                yield from self._row("START WITH", self.start, _MOST_START, Emphasis.URGENT)
        elif glance.actions:
            yield self._heading("ACT NOW", ", by kind: in how many cases")
            yield from self._table([], [], [(one.cases, (one.says,)) for one in glance.actions[:most]])
            yield from self._more(len(glance.actions) - most, "kind", TYPED.full)

    def _check(self, most: int) -> Iterator[_Line]:
        glance = self.glance
        if glance.check_first:
            cases = counted(len(glance.check_first), "case")
            yield self._heading("CHECK THE FILE", f" ({cases}), surest first: serious, and not recorded or not judged")
            shown = glance.check_first[:most]
            yield from self._table([line.case for line in shown], [], [(one.number, one.says) for one in shown])
            yield from self._more(len(glance.check_first) - most, "case", TYPED.full)
        elif glance.to_check:
            yield self._heading("CHECK THE FILES", ": serious if not done, not known in so many")
            yield from self._table([], [], [(one.cases, (one.says,)) for one in glance.to_check[:most]])
            yield from self._more(len(glance.to_check) - most, "question", TYPED.full)

    def _table(
        self, cases: Sequence[str], owners: Sequence[str], things: Sequence[tuple[int, Sequence[str]]]
    ) -> Iterator[_Line]:
        """A line each: the case, who manages it, how many things there are and as many of them as fit."""
        heads = [""] * len(things)
        for texts, longest in ((cases, _LONGEST_ID), (owners, _LONGEST_OWNER)):
            if any(texts):
                column = [clipped(text, longest) for text in texts]
                wide = max(map(width_of, column))
                heads = [f"{head}  {_padded(text, wide)}" for head, text in zip(heads, column, strict=True)]
        figures = [f"{many:,}" for many, _ in things]
        wide = max(map(len, figures), default=0)
        for head, many, (_, says) in zip(heads, figures, things, strict=True):
            start = f"{head}  {many:>{wide}}  "
            yield _Line(start + _fitting(says, self.width - width_of(start)))

    def _more(self, count: int, one: str, where: str, many: str = "") -> Iterator[_Line]:
        if count > 0:
            yield _Line(f"  and {count:,} more {one if count == 1 else many or one + 's'}: {where}")

    # Figures

    def _themes(self, most: int) -> Iterator[_Line]:
        themes = self.glance.themes[:most]
        if not themes:
            return
        figures = [k_of_n(theme.met, theme.of) for theme in themes]
        wide = max(map(len, figures))
        titles = [clipped(theme.title, self.width - wide - _SHORTEST_BAR - 6) for theme in themes]
        longest = max(map(width_of, titles))
        bar = min(_LONGEST_BAR, self.width - longest - wide - 6)
        yield self._heading(
            "BY THEME", ": met, of those decided" + (" and shown" if self.result.suppressed_under else "")
        )
        for theme, title, shown in zip(themes, titles, figures, strict=True):
            yield _Line(f"  {_padded(title, longest)}  {shown:>{wide}}  {_drawn(theme, bar)}")
        yield from self._more(len(self.glance.themes) - most, "theme", TYPED.full)

    # What can be done next

    def _next(self, each: int) -> Iterator[_Line]:
        for label, text in self._steps():
            line = f"{label:<{_LABEL}}  {text}"
            if width_of(line) <= self.width:
                yield _Line(line)
            else:  # what is typed again stands on one line, where it fits one
                lines = wrap(text, self.width - 2)
                cut = [clipped(" ".join(lines[each:]), self.width - 2)] if len(lines) > each + 1 else lines[each:]
                yield from map(_Line, (label, *(f"  {one}" for one in (*lines[:each], *cut))))

    def _steps(self) -> Iterator[tuple[str, str]]:
        """A label, and what can be typed."""
        result, commands = self.result, self.commands
        if not result.cases:
            yield "What to do", "mend what is said of the records, write a first one, or give a later day with --as-of"
            return
        page = "" if commands.has_page else "add --output report.html for a page, "
        yield "See more", f"{page}--full for everything" if page else "add --full for everything"
        if isinstance(result, Screening):
            one = f"{commands.explain} {as_argument(self._first_case()) or 'ID'}"
            if commands.explain and width_of(one) <= self.width - 2:  # in two lines it is no command
                yield "One case", one
        elif not result.suppressed_under:
            yield "Every case", "add --output outcomes.parquet"
        unverified = [one for one in result.rulebook.parameters.values() if one.status is Status.UNVERIFIED]
        if unverified:
            limits = all(isinstance(one.value, Duration) for one in unverified)
            one, many = ("time limit", "time limits") if limits else ("number of the rules", "numbers of the rules")
            yield "Unverified", f"{counted(len(unverified), one, many)}: {commands.parameters}"

    def _first_case(self) -> str:
        """The case that comes first on the screen."""
        listed = (*self.glance.act_now, *self.glance.check_first)
        return listed[0].case if listed else self.cases[0].id


def _padded(text: str, width: int) -> str:
    return text + " " * (width - width_of(text))


def _drawn(theme: ThemeLine, width: int) -> str:
    """A bar as long as the share; empty where nothing is met, and full where all is."""
    full = theme.met * width // theme.of
    return "#" * full + "." * (width - full)


def _fitting(says: Sequence[str], room: int) -> str:
    """As many of them as fit whole, and how many more there are; the first cut where not even that fits."""
    texts = [*map(single_line, says)]
    for shown in range(len(texts), 0, -1):
        more = len(texts) - shown
        line = "; ".join([*texts[:shown], *([f"and {more:,} more"] if more else [])])
        if width_of(line) <= room:
            return line
    return clipped(texts[0], room)
