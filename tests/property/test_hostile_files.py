"""Whatever a file of a known name holds, it is read or refused: no error of a library, no crash, no long wait."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = Path(__file__).with_name("hostile_files.py")
FORMATS = ("toml", "json", "jsonl", "csv", "xlsx", "xls", "ods", "parquet", "xlsb")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no limits to set")
@pytest.mark.parametrize("form", FORMATS)
def test_three_hundred_hostile_files_are_read_or_refused(form: str) -> None:
    """In a process of its own, as a crash of a compiled library cannot be caught."""
    ran = subprocess.run(
        [sys.executable, str(COMMAND), "300", form], check=False, capture_output=True, text=True, timeout=600
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert not ran.stderr
