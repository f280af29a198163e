"""A made-up caseload of any size takes the memory of a few blocks of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BLOCKS = """
import resource, sys
from datetime import date
from pathlib import Path
from casescreen.synth.made_up import made_up
from casescreen.synth.made_up import write_cases
from casescreen.rulebook.load import load_rulebook
from casescreen.synth.load import load_spec

rulebook = load_rulebook()
recipe = load_spec(None, rulebook)
parts = made_up(rulebook, recipe, cases=int(sys.argv[1]), seed=1, as_of=recipe.as_of)
write_cases(parts, rulebook.dictionary, Path(sys.argv[2]), "parquet", note="", force=False)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak(cases: int, folder: Path) -> int:
    command = [sys.executable, "-c", BLOCKS, str(cases), str(folder)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


@pytest.mark.soak
@pytest.mark.skipif(sys.platform == "win32", reason="there is no count of memory to read")
def test_memory_does_not_grow(tmp_path: Path) -> None:
    """Six times as many cases take hardly more memory."""
    assert peak(600_000, tmp_path / "many") < 1.3 * peak(100_000, tmp_path / "few")
