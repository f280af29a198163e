"""Charts as inline SVG: bars of themes, of criteria and of groups, shares of what is decided, and a matrix.

Each is as wide as its place, but for the matrix. Colour is given by classes and never stands alone: a word, a figure
or a shape stands beside it. A chart is a picture to whoever reads the page by ear, and says in words what it shows;
where its rows lead to the cases that they count, it is a group of links, and each row says what it shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen
from markupsafe import Markup, escape

from casescreen.model.outcome import Outcome
from casescreen.report.wording import k_of_n
from casescreen.text import counted, single_line

_ROW, _BAR_AT, _BAR, _TEXT_AT = 32, 18, 6, 13
_LETTER = 7  # the width of a letter, at most
_CELL, _GAP = 18, 10
# Of a rotated label, how far each letter goes up and to the right.
_UP, _ACROSS = 5.4, 3.2


@frozen
class Bar:
    """A row of a chart of bars.

    Attributes:
        band: what its share is called; "" where it has no name.
        rank: which of four shapes and colours stands for the band, 0 for the best; None is that of no band.
        place: the id of what it leads to; "" where it leads nowhere.
    """

    label: str
    met: int
    of: int
    band: str = ""
    rank: int | None = None
    place: str = ""

    @property
    def says(self) -> str:
        """The same in words."""
        return " ".join(filter(None, (self.label, k_of_n(self.met, self.of), self.band)))


@frozen
class GroupBar:
    """A row of a chart of a group: its share as a bar, and that of everyone else as a mark on it.

    Attributes:
        others: of everyone else, of how many it is so.
        difference: how far apart they are, in words.
        place: the id of what it leads to; "" where it leads nowhere.
    """

    label: str
    count: int
    of: int
    others: int
    others_of: int
    difference: str
    place: str = ""

    @property
    def says(self) -> str:
        """The same in words; what is seen of it comes first, as whoever speaks to a page says that."""
        others = k_of_n(self.others, self.others_of)
        return f"{self.label} {self.difference}: {k_of_n(self.count, self.of)}, everyone else {others}"


@frozen
class Share:
    """A row of the chart of what is decided: how many findings of a group have each outcome, and where it leads."""

    label: str
    counts: Mapping[Outcome, int]
    place: str = ""

    @property
    def says(self) -> str:
        """The same in words."""
        return f"{self.label}: {self.unknown:,} of {self.asked:,} not known"

    @property
    def unknown(self) -> int:
        """How many of them are not decided, for want of a record or of a reader."""
        return self.counts[Outcome.NOT_EVIDENCED] + self.counts[Outcome.NEEDS_JUDGEMENT]

    @property
    def asked(self) -> int:
        """How many are decided, or not known."""
        return self.counts[Outcome.MET] + self.counts[Outcome.NOT_MET] + self.unknown


@frozen
class MatrixRow:
    """A case in the matrix.

    Attributes:
        cells: what each criterion came to, in the order of the columns.
        marked: whether it calls for action now.
        place: the id of what its label leads to; "" where it leads nowhere.
    """

    label: str
    cells: tuple[Outcome, ...]
    marked: bool = False
    place: str = ""


@frozen
class MatrixColumn:
    """A criterion in the matrix, and the id of what its name leads to; "" where it leads nowhere."""

    name: str
    place: str = ""


def themes(bars: Sequence[Bar]) -> Markup:
    """A bar a theme, as long as its share of what is met."""
    return _fluid("Bars, met of those decided", bars, map(_bar, bars))


def criteria(bars: Sequence[Bar]) -> Markup:
    """A bar a criterion, in the order given, with its band as a shape and a word."""
    width = max((len(bar.band) for bar in bars), default=0) * _LETTER + 20
    drawn = (_bar(bar, width if bar.band else 0) for bar in bars)
    return _fluid("Bars, met of those decided", bars, drawn)


def groups(bars: Sequence[GroupBar]) -> Markup:
    """A bar a criterion, as long as the group's share, with a diamond where that of everyone else ends."""
    return _fluid("Bars, met of those decided", bars, map(_group_bar, bars))


def others_mark() -> Markup:
    """The shape of everyone else's share, to stand beside what it means."""
    drawn = Markup('<path class="unknown" transform="translate(1 2)" d="{}"/>').format(_DIAMOND)
    return Markup('<svg class="chart sign" aria-hidden="true" width="12" height="12">{}</svg>').format(drawn)


def decided(shares: Sequence[Share]) -> Markup:
    """Of what is asked, how much is met, not met and not known: a bar a group."""
    return _fluid("Bars, what is decided and what is not", shares, map(_share, shares))


def matrix(columns: Sequence[Sequence[MatrixColumn]], rows: Sequence[MatrixRow]) -> Markup:
    """Cases down and criteria across, each group apart: what is not met stands out, and what is met is faint."""
    across = _places(columns)
    left = max((len(single_line(row.label)) for row in rows), default=0) * _LETTER + 26
    every = [column for group in columns for column in group]
    names = [single_line(column.name) for column in every]
    top = int(max(map(len, names), default=0) * _UP) + 16
    ends = (left + x + len(name) * _ACROSS for x, name in zip(across, names, strict=True))
    width, height = int(max(ends, default=left)) + _CELL, top + len(rows) * _CELL + 2
    parts = [
        Markup('<svg class="matrix" role="{}" aria-label="{}" viewBox="0 0 {} {}" width="{}" height="{}">').format(
            _role([*every, *rows]),
            f"Matrix of {counted(len(rows), 'case')} and {counted(len(names), 'criterion', 'criteria')}, "
            "the same as in the lists below",
            *(width, height, width, height),
        )
    ]
    for x, name, column in zip(across, names, every, strict=True):
        turned = Markup('<text class="name" transform="translate({} {})rotate(-60)">{}</text>')
        parts.append(_beside_lists(turned.format(left + x + 4, top - 6, name), column.place))
    end = left + (across[-1] + _CELL // 2 if across else 0)
    for number, row in enumerate(rows):
        y = top + number * _CELL
        parts.append(Markup('<path class="line" d="M0 {}H{}"/>').format(y, end))
        name = Markup('<text class="{}" x="16" y="{}">{}</text>')
        named = name.format("case-name marked" if row.marked else "case-name", y + 13, single_line(row.label))
        parts.append(_beside_lists(named, row.place))
        if row.marked:
            parts.append(Markup('<path class="act-mark" d="M1 {}h10l-5 9z"/>').format(y + 5))
    parts += _cells(rows, [left + x for x in across], top)
    return Markup("").join((*parts, Markup("</svg>")))


def key(outcome: Outcome) -> Markup:
    """The sign that stands for an outcome in the matrix, to stand beside its name."""
    drawn = Markup("").join(_cells([MatrixRow("", (outcome,))], [_CELL // 2], 0))
    return Markup('<svg class="matrix sign" aria-hidden="true" width="{0}" height="{0}">{1}</svg>').format(_CELL, drawn)


def band_mark(rank: int | None) -> Markup:
    """The shape of a band, to stand beside its name."""
    return Markup('<svg class="chart sign" aria-hidden="true" width="12" height="12">{}</svg>').format(_shape(rank, 0))


def _places(columns: Sequence[Sequence[object]]) -> list[int]:
    """The middle of each column, each group a gap after the one before it."""
    places, x = list[int](), _CELL // 2
    for group in columns:
        places += [x + number * _CELL for number in range(len(group))]
        x += len(group) * _CELL + (_GAP if group else 0)
    return places


# What is drawn in a cell, from its middle on. A line of no length is drawn as its ends: a square, or a dot.
_SIGNS = {
    Outcome.NOT_MET: ("not-met", (0, 0), "h0"),
    Outcome.MET: ("met", (0, 0), "h0"),
    Outcome.NOT_EVIDENCED: ("unknown", (-5, -5), "h10v10h-10z"),
    Outcome.NEEDS_JUDGEMENT: ("judge", (0, -6), "l6 6l-6 6l-6 -6z"),
    Outcome.NOT_YET_DUE: ("ahead", (-4, 0), "h8"),
}


def _cells(rows: Sequence[MatrixRow], across: Sequence[int], top: int) -> Iterable[Markup]:
    """One path an outcome: many thousand cells are a few elements. What does not apply is left blank."""
    for outcome, (name, (right, down), shape) in _SIGNS.items():
        drawn = [
            f"M{x + right} {top + number * _CELL + _CELL // 2 + down}{shape}"
            for number, row in enumerate(rows)
            for x, cell in zip(across, row.cells, strict=True)
            if cell is outcome
        ]
        if drawn:
            yield Markup('<path class="{}" d="{}"/>').format(name, "".join(drawn))


def _role(rows: Iterable[Bar | GroupBar | Share | MatrixRow | MatrixColumn]) -> str:
    """What a chart is to whoever reads the page by ear: a picture, or a group of links."""
    return "group" if any(row.place for row in rows) else "img"


def _beside_lists(drawn: Markup, place: str) -> Markup:
    """A label of the matrix as a link for who points; lists lead to the same by keyboard, without a hundred stops."""
    return Markup('<a href="#{}" tabindex="-1">{}</a>').format(place, drawn) if place else drawn


def _fluid(title: str, rows: Sequence[Bar | GroupBar | Share], drawn: Iterable[Markup]) -> Markup:
    """A chart as wide as its place, of rows under one another, each a link where it leads to something."""
    role = _role(rows)
    said = title if role == "group" else f"{title}: {'; '.join(row.says for row in rows)}"
    opening = Markup('<svg class="chart" role="{}" aria-label="{}" width="100%" height="{}">')
    parts = [opening.format(role, single_line(said), len(rows) * _ROW)]
    for number, (row, one) in enumerate(zip(rows, drawn, strict=True)):
        placed = Markup('<g transform="translate(0 {})">{}</g>').format(number * _ROW, _linked(one, row))
        parts.append(placed)
    return Markup("").join((*parts, Markup("</svg>")))


def _linked(drawn: Markup, row: Bar | GroupBar | Share) -> Markup:
    """A row that leads somewhere wherever it is pressed."""
    if not row.place:
        return drawn
    whole = Markup('<a href="#{}" aria-label="{}"><rect class="press" width="100%" height="{}"/>{}</a>')
    return whole.format(row.place, single_line(row.says), _ROW - 2, drawn)


def _bar(bar: Bar, width: int = 0) -> Markup:
    """A label, the figures at the right and the bar under both; ``width`` is kept for the band."""
    figures = k_of_n(bar.met, bar.of)
    said = _right(figures, -width)
    if width:
        word = Markup(' <text x="{}" y="{}">{}</text>').format(18 - width, _TEXT_AT, single_line(bar.band))
        said = _at_the_right(
            Markup('<text class="end" x="{}" y="{}">{}</text>').format(-width - 6, _TEXT_AT, figures)
            + _shape(bar.rank, 3 - width)
            + word
        )
    tone = "" if bar.rank is None else f" rank-{bar.rank}"
    share = _part(f"share{tone}", 0, bar.met, bar.of)
    return _label(bar.label) + said + _track() + share


def _group_bar(one: GroupBar) -> Markup:
    mark = Markup('<path class="unknown" transform="translate(-4 {})scale(.8)" d="{}"/>').format(_BAR_AT - 1, _DIAMOND)
    end = 1000 * one.others // one.others_of / 10
    others = Markup('<svg x="{:g}%" overflow="visible">{}</svg>').format(end, mark)
    return _label(one.label) + _right(one.difference, 0) + _track() + _part("share", 0, one.count, one.of) + others


def _share(one: Share) -> Markup:
    said = _right(f"{one.unknown:,} of {one.asked:,} not known", 0)
    parts, before = [_label(one.label), said, _track()], 0
    tones = (("met", one.counts[Outcome.MET]), ("not-met", one.counts[Outcome.NOT_MET]), ("unknown", one.unknown))
    for tone, number in tones:
        parts.append(_part(tone, before, number, one.asked))
        before += number
    return Markup("").join(parts)


def _label(text: str) -> Markup:
    return Markup('<text y="{}">{}</text>').format(_TEXT_AT, single_line(text))


def _right(text: str, x: int) -> Markup:
    return _at_the_right(Markup('<text class="end" x="{}" y="{}">{}</text>').format(x, _TEXT_AT, text))


def _at_the_right(drawn: Markup) -> Markup:
    """What is drawn from the right end of a chart of any width; a space parts it from the words before it."""
    return Markup(' <svg x="100%" overflow="visible">{}</svg>').format(drawn)


def _track() -> Markup:
    return Markup('<rect class="whole" y="{}" width="100%" height="{}"/>').format(_BAR_AT, _BAR)


def _part(tone: str, before: int, number: int, of: int) -> Markup:
    """A part of a bar, to a tenth of a per cent below; none of nothing."""
    if not number:
        return Markup()
    start, end = (1000 * one // of / 10 for one in (before, before + number))
    part = Markup('<rect class="{}" x="{:g}%" y="{}" width="{:g}%" height="{}"/>')
    return part.format(tone, start, _BAR_AT, round(end - start, 1), _BAR)


_DIAMOND = "M5 -1l6 6l-6 6l-6 -6z"
_SHAPES = (
    "M5 0a5 5 0 1 0 .1 0z",  # a disc
    "M0 0h10v10h-10z",  # a square
    _DIAMOND,
    "M-1 0h12l-6 11z",  # a triangle that points down
)


def _shape(rank: int | None, x: int) -> Markup:
    """The shape of a band: a ring where there is none."""
    name = "no-rank" if rank is None else f"rank-{rank}"
    drawn = _SHAPES[0 if rank is None else rank]
    return Markup('<path class="{}" transform="translate({} 2)" d="{}"/>').format(name, x + 1, escape(drawn))
