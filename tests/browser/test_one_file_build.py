"""casescreen.html as a file: the same bytes each time, not too large, and whole."""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from pathlib import Path


def test_the_same_parts_give_the_same_bytes(one_file: Path, page_parts: Path, tmp_path: Path) -> None:
    """Built anew from the same parts it is the same file, and the hash that is printed is its hash."""
    again = tmp_path / "again.html"
    command = [sys.executable, "-m", "casescreen.page", str(again), "--parts", str(page_parts)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600).stdout
    assert again.read_bytes() == one_file.read_bytes()
    assert printed.split()[-1] == sha256(again.read_bytes()).hexdigest()


def test_it_is_small_enough_to_send(one_file: Path) -> None:
    """The page is at most 11 MB."""
    assert one_file.stat().st_size <= 11_000_000


def test_licences_are_inside(one_file: Path) -> None:
    """Whose work is in the page, and under which licence, can be read in it."""
    text = one_file.read_text(encoding="utf-8")
    for words in (
        "Python Software Foundation",
        "Mozilla Public License Version 2.0",
        "Emscripten",
        "calamine",
        "Pallets",
    ):
        assert words in text
