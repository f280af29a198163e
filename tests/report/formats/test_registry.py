"""The formats together."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import TypeVar

import pytest
from attrs import evolve

from casescreen.model.screening import Screening
from casescreen.report.formats.registry import FORMATS, By, Options

_Any = TypeVar("_Any")
# The table is kept at several widths, and the page by the tests of its own.
_KEPT_ONCE = [name for name, one in FORMATS.items() if one.is_text and name not in {"table", "html"}]


@pytest.mark.parametrize("width", [80, 100, 140])
@pytest.mark.parametrize("by", By)
def test_the_table_looks_as_it_did(
    screening: Screening, golden: Callable[[str, str], None], by: By, width: int
) -> None:
    """The table is to the letter what was read and kept, at each width and in each grouping."""
    golden(f"table-{by.value}-{width}.txt", str(FORMATS["table"].render(screening, Options(by=by, width=width))))


@pytest.mark.parametrize("name", _KEPT_ONCE)
def test_the_other_formats_look_as_they_did(
    screening: Screening, golden: Callable[[str, str], None], name: str
) -> None:
    """Each other text is to the letter what was read and kept; width means nothing to it."""
    text = str(FORMATS[name].render(screening, Options(width=80)))
    golden(f"report{FORMATS[name].ending}", text)
    assert text == FORMATS[name].render(screening, Options(width=140))


def _turned(mapping: Mapping[str, _Any]) -> dict[str, _Any]:
    return dict(reversed(list(mapping.items())))


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_screening_gives_the_same_bytes(screening: Screening, name: str) -> None:
    """The order in which groups were collected does not show in the output."""
    turned = evolve(
        screening,
        by_manager=_turned(screening.by_manager),
        by_team=_turned(screening.by_team),
        managers=_turned(screening.managers),
    )
    for by in By:
        assert FORMATS[name].render(screening, Options(by=by)) == FORMATS[name].render(turned, Options(by=by))


def test_only_the_format_that_is_asked_for_is_imported() -> None:
    """Naming the formats imports none of them, nor tabulate, so a plain command stays quick."""
    code = (
        "import sys; from casescreen.report.formats.registry import FORMATS; list(FORMATS);"
        "unwanted = {'tabulate', 'casescreen.report.formats.plain_text', 'casescreen.report.formats.csv'};"
        "sys.exit(bool(unwanted & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", [name for name, one in FORMATS.items() if one.in_pieces])
def test_the_pieces_of_a_file_are_the_whole(screening: Screening, name: str) -> None:
    """A file that is written a piece at a time is what is shown at once, also where nothing was found."""
    for one in (screening, evolve(screening, findings=(), issues=())):
        pieces = FORMATS[name].pieces(one, Options(bom=True))
        assert not isinstance(pieces, str | bytes)
        assert "".join(pieces) == FORMATS[name].render(one, Options(bom=True))


def test_json_in_pieces_is_json_at_once(screening: Screening) -> None:
    """What is put together of pieces is, to the letter, what the standard library makes of the whole."""
    for one in (screening, evolve(screening, findings=(), issues=())):
        text = FORMATS["json"].render(one, Options())
        assert text == json.dumps(json.loads(text), indent=2) + "\n"
