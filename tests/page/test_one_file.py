"""The one file: the same bytes from the same parts, nothing in it that was not locked, and errors in words."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from base64 import b85decode
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from casescreen.model.problem import CasescreenError
from casescreen.page import one_file, parts
from casescreen.page.__main__ import main
from casescreen.page.one_file import POLICY
from casescreen.page.parts import Lock, LockedPart, collect_parts, read_lock

_CONTENT = b"what was locked"
_WHEEL = LockedPart("one", "1.0", "one-1.0-py3-none-any.whl", sha256(_CONTENT).hexdigest())
_PACKAGE = LockedPart("two", "2.0", "two-2.0.tgz", sha256(_CONTENT).hexdigest())


def _lock(*which: LockedPart) -> Lock:
    return Lock(which, "3.14", "cp314", ("any",))


def test_every_part_is_pinned() -> None:
    """Each part has a version that its file is called by, and a whole SHA-256; they are in order of name."""
    locked = read_lock().parts
    assert [part.name for part in locked] == sorted(part.name for part in locked)
    for part in locked:
        assert f"-{part.version}" in part.file
        assert re.fullmatch(r"[0-9a-f]{64}", part.sha256)


def test_the_lock_names_no_host() -> None:
    """Where parts come from is what the clients are set up with, and nothing of it is written down."""
    assert "://" not in parts.LOCK.read_text(encoding="utf-8")


def test_what_is_kept_is_not_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With every part in its folder, no client is started."""
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("a client was started"))
    for part in (_WHEEL, _PACKAGE):
        (tmp_path / part.file).write_bytes(_CONTENT)
    assert collect_parts(_lock(_WHEEL, _PACKAGE), tmp_path) == {"one": _CONTENT, "two": _CONTENT}


@pytest.mark.parametrize("part", [_WHEEL, _PACKAGE])
def test_what_is_not_the_locked_part_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: LockedPart
) -> None:
    """Other content under the right name is told of, with both hashes, and not used."""

    def other(*_: object, **__: object) -> subprocess.CompletedProcess[str]:
        (tmp_path / part.file).write_bytes(b"something else")
        return subprocess.CompletedProcess([], 0, "", "")

    monkeypatch.setattr(subprocess, "run", other)
    monkeypatch.setattr(shutil, "which", lambda _: "npm")
    with pytest.raises(CasescreenError) as told:
        collect_parts(_lock(part), tmp_path)
    assert part.sha256 in str(told.value)
    assert sha256(b"something else").hexdigest() in str(told.value)
    assert "delete it" in str(told.value)


def test_without_npm_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where npm is missing, so is the interpreter: the error names both ways out."""
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(CasescreenError, match=r"npm is not installed") as told:
        collect_parts(_lock(_PACKAGE), tmp_path)
    assert _PACKAGE.file in str(told.value)


def test_a_client_that_fails_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What pip said last is in the error, and no traceback."""
    failed = subprocess.CompletedProcess([], 1, "", "Looking\nERROR: No matching distribution found\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(CasescreenError, match=r"one 1\.0 could not be fetched\. pip says: ERROR: No matching") as told:
        collect_parts(_lock(_WHEEL), tmp_path)
    assert "try again" in str(told.value)


def test_parts_that_cannot_be_kept_are_told(tmp_path: Path) -> None:
    """A folder that cannot be made is a mistake in words."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(CasescreenError, match="could not be made"):
        collect_parts(_lock(_WHEEL), tmp_path / "file" / "parts")


def test_the_command_refuses_a_file_that_is_there_before_it_fetches(tmp_path: Path) -> None:
    """Exit code 2, the reason and no traceback, at once."""
    (tmp_path / "page.html").write_text("mine", encoding="utf-8")
    command = [sys.executable, "-m", "casescreen.page", "page.html"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env=dict(os.environ))
    assert ran.returncode == 2
    assert "is there already" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (tmp_path / "page-parts").exists()


def test_without_a_checkout_it_says_what_to_do_before_it_fetches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plain installation has no made-up cases: nothing is fetched to find that out."""
    monkeypatch.setattr(one_file, "sample_folder", lambda: tmp_path / "none")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("a client was started"))
    ran = CliRunner().invoke(main, [str(tmp_path / "page.html"), "--parts", str(tmp_path / "parts")])
    assert ran.exit_code == 2
    assert "pip install --editable ." in ran.output
    assert not (tmp_path / "parts").exists()


def test_without_node_it_says_so_before_it_fetches(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is not compiled needs no Node.js."""
    monkeypatch.setattr(shutil, "which", lambda _: None)
    one_file.check_needed(compiled=False)
    with pytest.raises(CasescreenError, match=r"Node\.js is not installed"):
        one_file.check_needed(compiled=True)


def test_a_compilation_that_does_not_end_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says how to do without, and is no traceback."""

    def never(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("node", 600)

    monkeypatch.setattr(shutil, "which", lambda _: "node")
    monkeypatch.setattr(subprocess, "run", never)
    with pytest.raises(CasescreenError, match="did not end in ten minutes") as told:
        one_file.precompiled({}, b"", b"")
    assert "--uncompiled" in str(told.value)


def test_only_what_belongs_to_casescreen_is_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an editor, an operating system or an earlier run left in the folders stays out of the page."""
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / "north").mkdir()
    stray = ("a.toml~", ".b.toml.swp", ".#c.toml", "#d.toml#", "e.toml.orig", "Thumbs.db", "Copy of f.toml", "g.pyc")
    for name in (*stray, ".ipynb_checkpoints/h.toml", "north/rulebook.toml"):
        (tmp_path / name).write_bytes(b"")
    monkeypatch.setattr(one_file, "rules_folder", lambda: tmp_path)
    packed = [name for name in one_file._own_files() if name.startswith("casescreen/rules/")]  # noqa: SLF001
    assert packed == ["casescreen/rules/north/rulebook.toml"]


def test_no_release_of_python_leaves_its_mark_on_what_is_packed() -> None:
    """Of two parts of the header of gzip that vary: no time, and no system."""
    header = b85decode(str(one_file._packed(b"x")).replace(",", "<"))[:10]  # noqa: SLF001 - the file takes minutes
    assert (header[4:8], header[9]) == (bytes(4), 255)


def test_the_policy_allows_nothing_out() -> None:
    """Nothing is allowed by default, no connection, no form, no other base; and nothing is evaluated from text."""
    rules = {name: allowed for name, *allowed in (rule.split() for rule in POLICY.split(";"))}
    for name in ("default-src", "connect-src", "form-action", "base-uri"):
        assert rules[name] == ["'none'"]
    assert "'unsafe-eval'" not in POLICY
    assert not re.search(r"https?:|\*", POLICY)
