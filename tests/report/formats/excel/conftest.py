"""What the tests of the workbook share: reading it back."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from openpyxl import Workbook, load_workbook

Reading = Callable[[bytes], Workbook]


@pytest.fixture(scope="session")
def read() -> Reading:
    """A function that reads a workbook with a library that did not write it."""

    def reading(content: bytes) -> Workbook:
        return load_workbook(io.BytesIO(content))

    return reading
