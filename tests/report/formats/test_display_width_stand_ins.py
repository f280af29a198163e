"""Stand-ins for what a table would measure wrongly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casescreen.report.formats import display_width
from casescreen.report.formats.display_width import StandIns, width_of
from casescreen.text import single_line

_LINES = st.lists(st.text("a é漢🙂e\u0301\u0308\ufe0f", max_size=20).map(single_line), max_size=5)


@given(_LINES)
def test_a_line_has_as_many_characters_as_columns_and_comes_back(lines: list[str]) -> None:
    """With stand-ins the length is the width, and taking them back gives the line as it was."""
    stand_ins = StandIns()
    for line in lines:
        put = stand_ins.put(line)
        assert len(put) >= width_of(line)
        assert stand_ins.take_back(put) == line
        if width_of(line[:1]):
            assert len(put) == width_of(line)


def test_a_space_at_the_start_is_not_stripped() -> None:
    """A line that is set in keeps its indent where spaces are stripped."""
    stand_ins = StandIns()
    assert stand_ins.take_back(stand_ins.put("  set in").strip()) == "  set in"


def test_running_out_of_stand_ins_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """When there is no stand-in left, a replacement character of the right width is shown and nothing fails."""
    monkeypatch.setattr(display_width, "_LAST", 0xF0001)
    stand_ins = StandIns()
    put = stand_ins.put("漢字")
    assert len(put) == 4
    assert stand_ins.take_back(put) == "漢\N{REPLACEMENT CHARACTER}"
