"""Files are written whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from casescreen.files.atomic import create_whole, write_whole
from casescreen.model.problem import CasescreenError


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the disk fails half way, the old file is there as it was, and nothing else."""
    path = tmp_path / "report.txt"
    path.write_text("old", encoding="utf-8")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CasescreenError, match="No space left on device"):
        write_whole(path, "new", force=True)
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
def test_a_write_that_is_killed_leaves_the_old_file(tmp_path: Path) -> None:
    """If the process is killed between writing and moving into place, the old file is there as it was."""
    path = tmp_path / "report.txt"
    path.write_text("old", encoding="utf-8")
    code = (
        "import os, signal; from pathlib import Path; from casescreen.files import atomic\n"
        "os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"atomic.write_whole(Path({str(path)!r}), 'new' * 100_000, force=True)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=False)
    assert ran.returncode == -signal.SIGKILL
    assert path.read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_is_there_is_never_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    """The first that makes it has made it, also on file systems without links; nobody else may read it."""

    def no_links(*_: object) -> None:
        raise PermissionError

    if not links:
        monkeypatch.setattr(os, "link", no_links)
    path = tmp_path / "key"
    assert create_whole(path, b"first", 0o600)
    assert not create_whole(path, b"second", 0o600)
    assert path.read_bytes() == b"first"
    assert os.name == "nt" or path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]
