"""Files are written whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from casescreen.files.atomic import check_place, create_whole, put_folder, put_whole, write_whole
from casescreen.model.problem import CasescreenError


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the disk fails half way, the old file is there as it was, and nothing else."""
    path = tmp_path / "report.txt"
    path.write_text("old", encoding="utf-8")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CasescreenError, match=r"No space left on device[^?]*make room there"):
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


@pytest.mark.parametrize("links", [{"a": "b", "b": "a"}, {"a": "a"}, {"a": "b", "b": "c", "c": "b"}])
def test_links_that_lead_to_themselves_are_told(tmp_path: Path, links: dict[str, str]) -> None:
    """Whatever is to be written through them."""
    for name, to in links.items():
        (tmp_path / name).symlink_to(tmp_path / to)
    path = tmp_path / "a"
    for write in (
        lambda: check_place(path, force=True),
        lambda: write_whole(path, "x", force=True),
        lambda: write_whole(path / "inside.txt", "x", force=True),
        lambda: create_whole(path, b"x", 0o600),
        lambda: put_folder(path, lambda _: None),
    ):
        with pytest.raises(CasescreenError, match="leads back to itself"):
            write()
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(links)


@pytest.mark.parametrize("stopped", ["touch", "mkdir"])
def test_a_run_that_is_stopped_as_it_begins_to_write_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stopped: str
) -> None:
    """The moment in which the temporary file has just been made is no exception."""
    made = getattr(Path, stopped)

    def stop(path: Path, *given: object, **named: object) -> None:
        made(path, *given, **named)
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, stopped, stop)
    writes: dict[str, Callable[[], None]] = {
        "touch": lambda: put_whole(tmp_path / "report.txt", lambda _: None, force=False),
        "mkdir": lambda: put_folder(tmp_path / "report", lambda _: None),
    }
    with pytest.raises(KeyboardInterrupt):
        writes[stopped]()
    assert not [*tmp_path.iterdir()]


def test_pieces_are_a_file_only_when_all_of_them_are_there(tmp_path: Path) -> None:
    """A file of pieces is there whole; where making one of them fails, nothing is left behind."""

    def some() -> Iterator[str]:
        yield "one, "
        raise RuntimeError

    write_whole(tmp_path / "whole.txt", iter(["é, ", "two\r\n"]), force=False)
    with pytest.raises(RuntimeError):
        write_whole(tmp_path / "part.txt", some(), force=False)
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [
        ("whole.txt", "é, two\r\n".encode()),
    ]
