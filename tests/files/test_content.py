"""The text of one case file, whatever the file turns out to be."""

from __future__ import annotations

import errno
import io
import os
import socket
from pathlib import Path

import pytest

from casescreen.files import content
from casescreen.files.content import MOST_BYTES, read_text
from casescreen.model.problem import Problem


def _refusal(path: str | Path) -> Problem:
    problem = read_text(str(path))
    assert isinstance(problem, Problem)
    assert problem.place.file == str(path)
    assert problem.advice
    return problem


def _never(*_: object) -> int:
    pytest.fail("it was opened")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of text."""
    path = tmp_path / "case.toml"
    path.write_bytes(b"[case]\n")
    return path


def test_a_byte_order_mark_is_read(file: Path) -> None:
    """Notepad writes a byte-order mark, and it is no part of the text."""
    file.write_bytes(b"\xef\xbb\xbf[case]\n")
    assert read_text(str(file)) == "[case]\n"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "it is empty"),
        (b"\xef\xbb\xbf \r\n\t\n", "it is empty"),
        (
            "[case]\nid = 'Zoë'\n".encode("latin-1"),
            "it is not written as UTF-8: the first letter that is not is on line 2",
        ),
        (b"\xef\xbb\xbfa\nb\n\xff", "it is not written as UTF-8: the first letter that is not is on line 3"),
        ("[case]\n".encode("utf-16"), 'it is written as UTF-16, which Notepad calls "Unicode"'),
        ("[case]\n".encode("utf-16-be"), "it is not text: line 1 has a character that no text has"),
        (b"[case]\nid = '\0'", "it is not text: line 2 has a character that no text has"),
        (b"PK\x03\x04\x14\0\0", "it is a workbook or an archive, not text"),
    ],
)
def test_bytes_that_are_no_text_are_told(file: Path, data: bytes, what: str) -> None:
    """The first line that is wrong is named, and how to save the file otherwise."""
    file.write_bytes(data)
    assert _refusal(file).what == what


def test_how_to_save_as_utf_8_is_told(file: Path) -> None:
    """The advice names the programs that people have."""
    file.write_bytes(b"\xe9")
    assert "Notepad" in _refusal(file).advice
    assert "Excel" in _refusal(file).advice


def test_a_file_that_is_too_large_is_refused_before_it_is_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its size is enough; a file of just the limit is still read."""
    os.truncate(file, MOST_BYTES + 1)
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", _never)
        assert _refusal(file).what == "it is larger than 32 MiB"
    os.truncate(file, MOST_BYTES)
    assert _refusal(file).what == "it is not text: line 2 has a character that no text has"


def test_a_file_that_grows_while_it_is_read_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more than the limit is read, whatever size the system gave."""
    monkeypatch.setattr(content, "_check", lambda *_: None)
    os.truncate(file, MOST_BYTES + 1)
    assert _refusal(file).what == "it is larger than 32 MiB"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_named_pipe_is_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening one could wait for ever."""
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    monkeypatch.setattr(os, "open", _never)
    assert _refusal(pipe).what == "it is a named pipe, not a file of text"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_that_takes_a_files_name_is_closed_at_once(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was looked at and what is opened may differ; neither waits."""
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    regular = os.stat(file)  # noqa: PTH116 - the function that is replaced
    monkeypatch.setattr(os, "stat", lambda _: regular)
    assert _refusal(pipe).what == "it is a named pipe, not a file of text"


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="the system has no sockets in folders")
def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket is no file."""
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s.toml")
        assert _refusal("s.toml").what == "it is a socket, not a file of text"


@pytest.mark.skipif(not Path(os.devnull).is_char_device(), reason="the system has no devices in folders")
def test_a_device_is_refused(tmp_path: Path) -> None:
    """A device could give text without end."""
    link = tmp_path / "zero.toml"
    link.symlink_to(os.devnull)
    assert _refusal(link).what == "it is a device, not a file of text"


def test_something_that_is_none_of_these_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a regular file is read, whatever else a system may have."""
    odd = os.stat_result((0o160000, *[0] * 9))
    monkeypatch.setattr(os, "stat", lambda _: odd)
    assert _refusal(file).what.endswith("not a file of text")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    """A folder has no text of its own."""
    assert _refusal(tmp_path).what == "it is a folder, not a file of text"


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="permissions do not stop the administrator, who runs this"
)
def test_a_file_without_permission_is_told(file: Path) -> None:
    """The system refuses, and the problem says so."""
    file.chmod(0)
    assert _refusal(file).what == "there is no permission to read it"


@pytest.mark.parametrize(
    ("number", "what"),
    [
        (errno.EACCES, "there is no permission to read it"),
        (errno.EPERM, "there is no permission to read it"),
        (errno.ENOENT, "there is no such file or folder"),
        (errno.ENOTDIR, "there is no such file or folder"),
        (errno.ENXIO, "it is not a regular file"),
        (errno.EIO, f"it cannot be read: {os.strerror(errno.EIO)}"),
    ],
)
def test_what_the_system_refuses_is_told(file: Path, monkeypatch: pytest.MonkeyPatch, number: int, what: str) -> None:
    """Every refusal of the system is a problem of the file, and no traceback."""

    def refuse(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", refuse)
    assert _refusal(file).what == what


def test_links_that_lead_nowhere_are_told(tmp_path: Path) -> None:
    """A link to nothing and a link to itself are two different mistakes."""
    broken, circle = tmp_path / "broken.toml", tmp_path / "circle.toml"
    broken.symlink_to(tmp_path / "gone.toml")
    circle.symlink_to(circle)
    assert _refusal(broken).what == "it is a link to something that is not there"
    assert _refusal(circle).what == "it is a link that leads back to itself"


def test_names_with_odd_characters_are_read_and_told_safely(tmp_path: Path) -> None:
    """No character of a name reaches the terminal as a command, and none stops the reading."""
    odd = tmp_path / "a\x1b[31m\n\N{RIGHT-TO-LEFT OVERRIDE}'é.toml"
    odd.write_bytes(b"x")
    assert read_text(str(odd)) == "x"
    odd.write_bytes(b"")
    assert "\x1b" not in str(_refusal(odd))
    assert "\n" not in str(_refusal(odd).place)
    assert _refusal(f"{tmp_path}/a\0.toml").what == "its name has a character that no name can have"


class _Input:
    """Standard input of certain bytes."""

    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


def test_standard_input_is_read_like_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is decoded, and bounded, in the same way."""
    monkeypatch.setattr("sys.stdin", _Input(b"\xef\xbb\xbfx"))
    assert read_text("-") == "x"
    monkeypatch.setattr("sys.stdin", _Input(b"x" * (MOST_BYTES + 1)))
    refusal = read_text("-")
    assert isinstance(refusal, Problem)
    assert str(refusal).startswith("standard input: it is larger than 32 MiB")


def test_no_standard_input_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program without a console has none."""
    monkeypatch.setattr("sys.stdin", None)
    refusal = read_text("-")
    assert isinstance(refusal, Problem)
    assert refusal.what == "there is no standard input here"
