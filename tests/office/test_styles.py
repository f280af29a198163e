"""Names that Excel takes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from casescreen.office.styles import LONGEST_NAME, sheet_name

_ODD = st.text(st.sampled_from("aA'[]:*?/\\ \N{SEEDLING}\x01") | st.characters(), max_size=60)


@given(st.lists(_ODD, max_size=8))
def test_any_names_become_names_that_excel_takes_and_tells_apart(wanted: list[str]) -> None:
    """Whatever the names are, each comes out allowed, short enough, and unlike the others in any capitals."""
    names: list[str] = []
    for name in wanted:
        names.append(sheet_name(name, names))
    assert len({name.casefold() for name in names}) == len(wanted)
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= LONGEST_NAME
        assert not set(name) & set("[]:*?/\\")
        assert name.strip("'") == name
        assert name.casefold() != "history"
