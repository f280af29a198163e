"""The drawing of the house, held against the imports that it is of."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("house", ROOT / "docs" / "house.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "house", module)
    spec.loader.exec_module(module)
    return module


def test_every_arrow_is_an_import_and_every_import_follows_from_arrows(house: ModuleType) -> None:
    """Nothing is drawn that is not so, and what is not drawn can be seen by following arrows."""
    known = house.imports()
    drawn = house.arrows(known)
    assert all(other in known[room] for room, other in drawn)
    ways: dict[str, frozenset[str]] = {
        room: frozenset(last for first, last in drawn if first == room) for room in known
    }
    for room, others in known.items():
        assert others <= house.reached(ways, room), room


def test_no_arrow_points_up(house: ModuleType) -> None:
    """The layers that import-linter holds are the rows of the drawing."""
    row = {room: number for number, rooms in enumerate(house.layers()) for room in rooms}
    assert all(row[room] <= row[other] for room, other in house.arrows(house.imports()))


def test_every_room_has_its_place(house: ModuleType) -> None:
    """A new package has to be drawn, with what it is for."""
    rooms = {path.stem for path in house.PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert {room for room in rooms if not room.startswith("__")} == house.PLACES.keys() == house.SAYS.keys()
    assert set(re.findall(r'font-weight="bold"[^>]*>([^<]+)<', house.drawing())) == house.PLACES.keys()
