"""A picture as SVG and as EMF."""

from __future__ import annotations

import struct
from xml.etree import ElementTree as ET

import pytest

from casescreen.office.vector_picture import (
    Anchor,
    Form,
    Ink,
    Shape,
    Stroke,
    VectorPicture,
    Words,
    text_width,
    to_emf,
    to_svg,
)

_PICTURE = VectorPicture(
    200,
    100,
    (
        Shape(Form.BOX, 100, 50, 200, 100, Ink.GROUND, Ink.GROUND),
        Stroke(0, 10, 200, 10, Ink.DAY),
        Shape(Form.DISC, 20, 20, 6, 6, Ink.MARK, Ink.MARK),
        Shape(Form.DIAMOND, 40, 20, 6, 6, Ink.MARK, Ink.PAPER),
        Words(50, 22, 'A <b>"bold"</b> & é 𝄞 name', 8, Ink.TEXT, Anchor.START),
    ),
    'About <it> & "more"',
)


def _records(data: bytes) -> list[tuple[int, bytes]]:
    records, at = [], 0
    while at < len(data):
        kind, size = struct.unpack_from("<II", data, at)
        assert size % 4 == 0
        assert size >= 8
        records.append((kind, data[at : at + size]))
        at += size
    assert at == len(data)
    return records


def test_a_metafile_is_whole() -> None:
    """Its header tells how long it is, how many records it has and how many tools, and it ends with its end."""
    data = to_emf(_PICTURE)
    records = _records(data)
    assert records[0][0] == 1
    assert data[40:44] == b" EMF"
    length, number, handles = struct.unpack_from("<IIH", data, 48)
    assert (length, number) == (len(data), len(records))
    made = [kind for kind, _ in records if kind in (38, 39, 82)]
    assert handles == len(made) + 1
    assert records[-1] == (14, records[-1][1])


def test_a_metafile_is_as_large_as_the_picture() -> None:
    """In hundredths of a millimetre, so that programs show it at the size it was drawn for."""
    *_, width, height = struct.unpack_from("<8i", to_emf(_PICTURE), 8)
    assert (width, height) == (round(200 / 72 * 2540), round(100 / 72 * 2540))


def test_its_words_are_in_it_with_their_widths() -> None:
    """Each letter as wide as in Arial, and a letter of two halves once."""
    text = next(record for kind, record in _records(to_emf(_PICTURE)) if kind == 84)
    number, at = struct.unpack_from("<II", text, 44)
    assert text[at : at + 2 * number].decode("utf-16-le") == 'A <b>"bold"</b> & é 𝄞 name'
    (widths,) = struct.unpack_from("<I", text, 72)
    each = struct.unpack_from(f"<{number}i", text, widths)
    assert each[0] == round(667 * 8 * 20 / 1000)
    assert 0 in each


def test_svg_is_escaped_and_says_what_it_is() -> None:
    """Words of a record are words there."""
    svg = ET.fromstring(str(to_svg(_PICTURE)))  # noqa: S314 - our own
    assert svg.get("aria-label") == 'About <it> & "more"'
    assert svg.get("role") == "img"
    assert [one.text for one in svg.iter() if one.tag.endswith("text")] == ['A <b>"bold"</b> & é 𝄞 name']


def test_the_same_picture_is_the_same_bytes() -> None:
    """In both forms."""
    assert to_emf(_PICTURE) == to_emf(_PICTURE)
    assert to_svg(_PICTURE) == to_svg(_PICTURE)


@pytest.mark.parametrize(("text", "width"), [("A", 6.67), ("é", 5.56), ("漢", 10.0), ("", 0.0)])
def test_a_text_is_as_wide_as_its_letters(text: str, width: float) -> None:
    """A letter that is not known is taken for a wide one, so that nothing overlaps."""
    assert text_width(text, 10) == pytest.approx(width)
