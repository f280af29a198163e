"""A picture of lines, shapes and words, written as SVG for pages and as EMF for documents and workbooks.

Both say the same. Word, Excel and LibreOffice draw EMF as sharp as their own text; a browser draws SVG, in the colours
of the page. Lengths are points, from the top left corner.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterable, Mapping
from enum import Enum

from attrs import frozen
from markupsafe import Markup


class Ink(Enum):
    """What a part is drawn in: its colour on paper; a page has colours of its own by these names."""

    TEXT = "#1B2227"
    QUIET = "#545F67"
    LINE = "#C3CACF"
    GROUND = "#F1F4F5"
    PAPER = "#FFFFFF"
    MARK = "#1F5F8B"
    DAY = "#A3541B"


@frozen
class Stroke:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    ink: Ink
    width: float = 0.75


class Form(Enum):
    """What a shape looks like."""

    DISC = "disc"
    DIAMOND = "diamond"
    BOX = "box"


@frozen
class Shape:
    """A shape around its middle.

    Attributes:
        fill: what it is filled with; its edge is drawn in ``ink``.
    """

    form: Form
    x: float
    y: float
    width: float
    height: float
    ink: Ink
    fill: Ink


class Anchor(Enum):
    """Which end of words stands at their place."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


@frozen
class Words:
    """A line of text, which stands on ``y``."""

    x: float
    y: float
    text: str
    size: float
    ink: Ink = Ink.TEXT
    anchor: Anchor = Anchor.START


@frozen
class VectorPicture:
    """A picture: what comes later lies on what comes before.

    Attributes:
        about: the same in words, for those who cannot see it.
    """

    width: float
    height: float
    parts: tuple[Stroke | Shape | Words, ...]
    about: str


# Of Arial and of the typefaces that stand in for it, in thousandths of the size, from the space to the tilde.
_WIDTHS = (
    *(278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278),
    *(556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556),
    *(1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778),
    *(667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556),
    *(333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556),
    *(556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584),
)
_FIRST, _WIDEST = 32, 1000


def text_width(text: str, size: float) -> float:
    """How wide a text is at a size, in points; of letters that are not plain, how wide it is at most."""
    return sum(map(_advance, text)) * size / 1000


def _advance(letter: str) -> int:
    number = ord(letter) - _FIRST
    if not 0 <= number < len(_WIDTHS):
        plain = ord(unicodedata.normalize("NFD", letter)[0]) - _FIRST
        return _WIDTHS[plain] if 0 <= plain < len(_WIDTHS) else _WIDEST
    return _WIDTHS[number]


_SVG = Markup('<svg class="picture" role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}pt" height="{}pt">{}</svg>')
_LINE_AS_SVG = Markup('<path class="edge-{}" stroke-width="{}" d="M{}L{}"/>')
_WORDS_AS_SVG = Markup('<text class="{}" x="{}" y="{}" font-size="{}" text-anchor="{}">{}</text>')
_DISC_AS_SVG = Markup('<ellipse class="{} edge-{}" cx="{}" cy="{}" rx="{}" ry="{}"/>')
_PATH_AS_SVG = Markup('<path class="{} edge-{}" d="M{}z"/>')


def to_svg(picture: VectorPicture) -> Markup:
    """The picture as an element of a page, in which each ink is a class."""
    sizes = (_figure(picture.width), _figure(picture.height))
    return _SVG.format(picture.about, *sizes, *sizes, Markup("").join(map(_as_svg, picture.parts)))


def _as_svg(part: Stroke | Shape | Words) -> Markup:
    match part:
        case Stroke():
            ends = " ".join(map(_figure, (part.x1, part.y1))), " ".join(map(_figure, (part.x2, part.y2)))
            return _LINE_AS_SVG.format(_name(part.ink), _figure(part.width), *ends)
        case Words():
            at = map(_figure, (part.x, part.y, part.size))
            return _WORDS_AS_SVG.format(_name(part.ink), *at, part.anchor.value, part.text)
        case Shape(form=Form.DISC):
            at = map(_figure, (part.x, part.y, part.width / 2, part.height / 2))
            return _DISC_AS_SVG.format(_name(part.fill), _name(part.ink), *at)
        case Shape():
            corners = "L".join(f"{_figure(x)} {_figure(y)}" for x, y in _corners(part))
            return _PATH_AS_SVG.format(_name(part.fill), _name(part.ink), corners)


def _name(ink: Ink) -> str:
    return ink.name.lower()


def _figure(length: float) -> str:
    return f"{length:.1f}".removesuffix(".0")


def _corners(shape: Shape) -> tuple[tuple[float, float], ...]:
    x, y, across, down = shape.x, shape.y, shape.width / 2, shape.height / 2
    if shape.form is Form.DIAMOND:
        return (x, y - down), (x + across, y), (x, y + down), (x - across, y)
    return (x - across, y - down), (x + across, y - down), (x + across, y + down), (x - across, y + down)


_UNITS = 20  # of a point
_MM = 25.4 / 72
_SCALE = 100 * _MM / _UNITS  # hundredths of a millimetre in a unit
_DOTS = 10  # in a millimetre, of the screen for which it says that it was drawn
_SCREEN = (3200, 2400)
_FACE = "Arial"
(_HEADER, _POLYGON, _WINDOW_EXTENT, _WINDOW_ORIGIN, _VIEW_EXTENT, _VIEW_ORIGIN) = (1, 3, 9, 10, 11, 12)
(_END, _MAP_MODE, _BACKGROUND, _TEXT_ALIGN, _TEXT_COLOUR, _MOVE) = (14, 17, 18, 22, 24, 27)
(_SELECT, _PEN, _BRUSH, _ELLIPSE, _LINE, _FONT, _TEXT) = (37, 38, 39, 42, 54, 82, 84)
_ANISOTROPIC, _TRANSPARENT, _ON_BASELINE = 8, 1, 24
_ALIGNED: Mapping[Anchor, int] = {Anchor.START: 0, Anchor.END: 2, Anchor.MIDDLE: 6}


def to_emf(picture: VectorPicture) -> bytes:
    """The picture as an enhanced metafile; the same picture gives the same bytes."""
    made = _Metafile(picture)
    body = b"".join(made.records)
    dots = [round(length * _MM * _DOTS) for length in (picture.width, picture.height)]
    hundredths = [round(length * _MM * 100) for length in (picture.width, picture.height)]
    millimetres = [side // _DOTS for side in _SCREEN]
    head = struct.pack(
        "<4i4i4sIIIHHIIIii2i",
        *(0, 0, *dots, 0, 0, *hundredths, b" EMF", 0x10000, 88 + len(body), len(made.records) + 1),
        *(made.objects + 1, 0, 0, 0, 0, *_SCREEN, *millimetres),
    )
    return _record(_HEADER, head) + body


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<II", kind, 8 + len(content)) + content


def _colour(ink: Ink) -> int:
    """As the format has it: blue, green, red."""
    return int.from_bytes(bytes.fromhex(ink.value[1:]), "little")


class _Metafile:
    """Makes the records of a metafile: pens, brushes and fonts are made once, and chosen where they are needed."""

    def __init__(self, picture: VectorPicture) -> None:
        self._tools: dict[tuple[object, ...], int] = {}
        self._chosen: dict[int, int] = {}
        dots = [round(length * _MM * _DOTS) for length in (picture.width, picture.height)]
        units = [round(length * _UNITS) for length in (picture.width, picture.height)]
        self.records = [
            _record(_MAP_MODE, struct.pack("<I", _ANISOTROPIC)),
            _record(_WINDOW_ORIGIN, struct.pack("<2i", 0, 0)),
            _record(_WINDOW_EXTENT, struct.pack("<2i", *units)),
            _record(_VIEW_ORIGIN, struct.pack("<2i", 0, 0)),
            _record(_VIEW_EXTENT, struct.pack("<2i", *dots)),
            _record(_BACKGROUND, struct.pack("<I", _TRANSPARENT)),
        ]
        for part in picture.parts:
            self._draw(part)
        self.records.append(_record(_END, struct.pack("<3I", 0, 0, 20)))

    @property
    def objects(self) -> int:
        """How many pens, brushes and fonts there are."""
        return len(self._tools)

    def _draw(self, part: Stroke | Shape | Words) -> None:
        match part:
            case Stroke():
                self._use_pen(part.ink, part.width)
                self._add(_MOVE, "<2i", *_units(part.x1, part.y1))
                self._add(_LINE, "<2i", *_units(part.x2, part.y2))
            case Words():
                self._write(part)
            case Shape():
                self._use_pen(part.ink, 1)
                brush = struct.pack("<3I", 0, _colour(part.fill), 0)
                self._use(_BRUSH, (part.fill,), brush)
                left, top = _units(part.x - part.width / 2, part.y - part.height / 2)
                right, bottom = _units(part.x + part.width / 2, part.y + part.height / 2)
                if part.form is Form.DISC:
                    self._add(_ELLIPSE, "<4i", left, top, right, bottom)
                else:
                    corners = [one for corner in _corners(part) for one in _units(*corner)]
                    self._add(_POLYGON, f"<4iI{len(corners)}i", left, top, right, bottom, len(corners) // 2, *corners)

    def _write(self, words: Words) -> None:
        name = _FACE.encode("utf-16-le").ljust(64, b"\0")
        height = -round(words.size * _UNITS)
        font = struct.pack("<5i8B", height, 0, 0, 0, 400, 0, 0, 0, 0, 0, 0, 0, 0) + name
        self._use(_FONT, (words.size,), font.ljust(320, b"\0"))
        self._add(_TEXT_COLOUR, "<I", _colour(words.ink))
        self._add(_TEXT_ALIGN, "<I", _ON_BASELINE + _ALIGNED[words.anchor])
        x, y = _units(words.x, words.y)
        letters = words.text.encode("utf-16-le")
        many = len(letters) // 2
        padded = letters.ljust(-(-len(letters) // 4) * 4, b"\0")
        advances = [round(one * words.size * _UNITS / 1000) for one in _advances(words.text)]
        head = struct.pack(
            "<4iIffiiIII4iI", *(0, 0, -1, -1, 1, _SCALE, _SCALE, x, y, many, 76, 0, 0, 0, -1, -1, 76 + len(padded))
        )
        self.records.append(_record(_TEXT, head + padded + struct.pack(f"<{many}i", *advances)))

    def _use_pen(self, ink: Ink, width: float) -> None:
        pen = struct.pack("<IiiI", 0, round(width * _UNITS), 0, _colour(ink))
        self._use(_PEN, (ink, width), pen)

    def _use(self, kind: int, key: tuple[object, ...], content: bytes) -> None:
        """Choose a tool, and make it where there is none like it."""
        number = self._tools.get((kind, *key))
        if number is None:
            number = self._tools[kind, *key] = len(self._tools) + 1
            self._add(kind, f"<I{len(content)}s", number, content)
        if self._chosen.get(kind) != number:
            self._chosen[kind] = number
            self._add(_SELECT, "<I", number)

    def _add(self, kind: int, form: str, *values: object) -> None:
        self.records.append(_record(kind, struct.pack(form, *values)))


def _units(*lengths: float) -> list[int]:
    return [round(length * _UNITS) for length in lengths]


def _advances(text: str) -> Iterable[int]:
    """How wide each unit of a text in UTF-16 is; the second half of a letter that takes two has no width."""
    for letter in text:
        yield _advance(letter)
        if ord(letter) > 0xFFFF:  # noqa: PLR2004 - the last letter that takes one unit
            yield 0
