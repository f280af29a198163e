"""What every test may use: golden outputs, and the option that writes them anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

_GOLDEN = Path(__file__).parent / "golden"

Golden = Callable[[str, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer to write the golden outputs anew, to be read in the difference before they are kept."""
    parser.addoption("--update-golden", action="store_true", help="write tests/golden/ anew from what the code gives")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """A function that holds a text against the file of that name in tests/golden/."""
    update: bool = request.config.getoption("--update-golden")

    def check(name: str, text: str) -> None:
        file = _GOLDEN / name
        if update:
            file.write_bytes(text.encode())
        kept = file.read_bytes().decode() if file.exists() else ""
        assert text == kept, f"{file} differs: read the difference, and if it is meant run pytest --update-golden"

    return check
