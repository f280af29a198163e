"""A file of statements: each line is one that another program can read, and none is changed, moved or cut unseen."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from datetime import date
from hashlib import sha256
from itertools import permutations
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from casescreen.files.atomic import only_writer
from casescreen.model.problem import CasescreenError
from casescreen.model.sign_off import SignedSubject, SignOff, SubjectKind
from casescreen.review import statement_chain
from casescreen.review.statement_chain import (
    LONGEST_TEXT,
    StatementChain,
    append,
    chain_in,
    code_as_compared,
    line_of,
    read_chain,
)

_DAY = date(2024, 6, 3)
_HASH = re.compile("[0-9a-f]{64}")


def _statement(number: int = 1, previous: str = "", says: str = "All is so.", **changed: object) -> SignOff:
    usual: dict[str, object] = {
        "by": "A. Wright",
        "role": "owner of the shop",
        "on": _DAY,
        "as_of": date(2024, 6, 1),
        "cases_hash": "d" * 64,
        "taken_on": _DAY,
        "strict": False,
        "settings": ("repair_due=4 working days",),
        "holidays": (date(2024, 6, 4),),
        "made_with": "casescreen 0.0",
        "subjects": (
            SignedSubject(SubjectKind.RULES, "bikes", "a" * 64, "b" * 64),
            SignedSubject(SubjectKind.CASES, "", "c" * 64, "d" * 64),
            SignedSubject(SubjectKind.CASES, "late.toml", "e" * 64, "f" * 64),
            SignedSubject(SubjectKind.DOCUMENT, "letter.docx", "0" * 64),
        ),
    }
    return SignOff(number=number, previous=previous, says=says, **{**usual, **changed})  # type: ignore[arg-type]


def _lines(number: int) -> list[bytes]:
    lines: list[bytes] = []
    for place in range(1, number + 1):
        before = sha256(lines[-1]).hexdigest() if lines else ""
        lines.append(line_of(_statement(place, before, f"Statement {place}.")))
    return lines


def _file(lines: list[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def _is_seen(data: bytes, code: str = "") -> bool:
    """Whether it is seen that the file is not as it was."""
    try:
        chain = chain_in(data, "s.jsonl")
    except CasescreenError:
        return True
    return bool(chain.faults) or not chain.lines or (code != "" and chain.numbered(code) is None)


def test_a_line_is_an_in_toto_statement() -> None:
    """Of version 1 in shape: its type, subjects with names and digests, the type of its predicate, the predicate."""
    content = json.loads(line_of(_statement()))
    assert list(content) == ["_type", "subject", "predicateType", "predicate"]
    assert content["_type"] == "https://in-toto.io/Statement/v1"
    assert re.fullmatch(r"tag:[a-z.]+\.invalid,[0-9]{4}:[a-z0-9/-]+", content["predicateType"])
    names = [one["name"] for one in content["subject"]]
    assert len(set(names)) == len(names) == 4
    assert all(_HASH.fullmatch(digest) for one in content["subject"] for digest in one["digest"].values())
    assert [list(one["digest"]) for one in content["subject"]] == [
        ["casescreenFilesV1", "casescreenContentV1"],
        ["casescreenFilesV1", "casescreenContentV1"],
        ["sha256", "casescreenContentV1"],
        ["sha256"],
    ]
    said = {key: content["predicate"][key] for key in ("statement", "name", "role", "day")}
    assert said == {
        "statement": "All is so.",
        "name": "A. Wright",
        "role": "owner of the shop",
        "day": "2024-06-03",
    }


def test_a_line_is_read_as_it_was_meant() -> None:
    """Every part of it; and the same statement is the same bytes, of plain ASCII, in one line."""
    statement = _statement(says='"Quoted" \\ é \u202e \u2028 </script> =1+1')
    line = line_of(statement)
    assert line == line_of(statement)
    assert line.isascii()
    assert b"\n" not in line
    chain = chain_in(line + b"\n", "s.jsonl")
    assert not chain.faults
    assert [one.sign_off for one in chain.lines] == [statement]
    assert chain.lines[0].hash == sha256(line).hexdigest()


def test_any_bit_that_is_flipped_is_seen() -> None:
    """At every place of a file of two statements, the end of the last line included; and its line is named."""
    data = _file(_lines(2))
    first = data.index(b"\n")
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1 << (place % 8)
        assert _is_seen(bytes(changed)), place
        if place != first:
            chain = chain_in(bytes(changed), "s.jsonl")
            assert chain.faults[0].place.line == (1 if place < first else 2), place


@given(st.data())
def test_any_bytes_that_are_changed_put_in_or_taken_out_are_seen(data: st.DataObject) -> None:
    """But for whole statements at the end, wherever it is; and with the code those too."""
    lines = _lines(4)
    whole = _file(lines)
    code = sha256(lines[-1]).hexdigest()[:32]
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 40)))
    changed = whole[:start] + data.draw(st.binary(max_size=40)) + whole[end:]
    if changed != whole:
        assert _is_seen(changed, code)
        assert _is_seen(changed) or any(changed == _file(lines[:number]) for number in range(1, 4))


def test_lines_that_change_places_are_seen() -> None:
    """In any order but theirs, and any of them gone but the last ones."""
    lines = _lines(4)
    for number in range(1, 5):
        for chosen in permutations(lines, number):
            if list(chosen) != lines[:number]:
                assert _is_seen(_file(list(chosen)))


def test_a_line_that_was_written_anew_is_seen() -> None:
    """Sound by itself, and of the same number: the line after it was added to another one, and is named."""
    lines = _lines(4)
    for place in range(3):
        before = sha256(lines[place - 1]).hexdigest() if place else ""
        anew = line_of(_statement(place + 1, before, "Nothing is so."))
        chain = chain_in(_file([*lines[:place], anew, *lines[place + 1 :]]), "s.jsonl")
        assert [one.place.line for one in chain.faults] == [place + 2]


def test_a_cut_at_the_end_is_seen_with_the_code_and_not_without() -> None:
    """Also where something else was added in its place; and the code of an earlier statement stays that of it."""
    lines = _lines(3)
    codes = [sha256(line).hexdigest()[:32] for line in lines]
    assert not _is_seen(_file(lines), codes[2])
    assert not _is_seen(_file(lines[:2]))
    assert _is_seen(_file(lines[:2]), codes[2])
    other = line_of(_statement(3, sha256(lines[1]).hexdigest(), "Another."))
    assert not _is_seen(_file([*lines[:2], other]))
    assert _is_seen(_file([*lines[:2], other]), codes[2])
    assert chain_in(_file(lines), "s.jsonl").numbered(codes[1]) == 2


@pytest.mark.parametrize(
    "typed", ["7f3a 00c1 9b2e 4d5f 6071 8293 a4b5 c6d1", "7F3A-OOCL-9B2E-4D5F-6071-8293-A4B5-C6DI"]
)
def test_a_code_is_the_same_however_it_is_typed(typed: str) -> None:
    """In capitals, with other signs between, and with letters that look like figures."""
    assert code_as_compared(typed) == "7f3a00c19b2e4d5f60718293a4b5c6d1"


@pytest.mark.parametrize("typed", ["", "7f3a", "7f3a 00c1 9b2e 4d5f 6071 8293 a4b5 c6d", "g" * 32, "\u0661" * 32])
def test_what_is_no_code_is_none(typed: str) -> None:
    """Too short, too long, or of other signs."""
    assert code_as_compared(typed) == ""


def test_a_code_that_is_nearly_one_is_known() -> None:
    """By the statement, and in how many characters it differs."""
    lines = _lines(2)
    chain = chain_in(_file(lines), "s.jsonl")
    code = sha256(lines[0]).hexdigest()[:32]
    for place, digit in enumerate(code):
        wrong = code[:place] + ("0" if digit != "0" else "1") + code[place + 1 :]
        assert chain.numbered(wrong) is None
        assert chain.nearly(wrong) == (1, 1)
    assert chain.nearly("0123456789abcdef" * 2) is None


def _hostile(**changed: object) -> bytes:
    content = json.loads(line_of(_statement()))
    content["predicate"].update(changed)
    return json.dumps(content, separators=(",", ":")).encode()


_BAD = {
    "nothing of JSON": b"hello",
    "another JSON": b'{"_type": "x"}',
    "a list": b"[]",
    "a number": b"1",
    "very deep": b"[" * 200_000,
    "a name twice": line_of(_statement()).replace(b'"strict":false', b'"strict":false,"strict":false'),
    "NaN": line_of(_statement()).replace(b'"strict":false', b'"strict":NaN'),
    "a huge number": line_of(_statement()).replace(b'"number":1', b'"number":' + b"9" * 100_000),
    "a number that is infinite": line_of(_statement()).replace(b'"number":1', b'"number":1e999'),
    "a number that is too large": _hostile(number=10**100),
    "no number": _hostile(number=True),
    "no day": _hostile(day="2024-13-01"),
    "no holiday": _hostile(holidays=["2024-02-30"]),
    "half a character": line_of(_statement()).replace(b"Wright", b"\\ud800"),
    "no ASCII": line_of(_statement()).replace(b"Wright", "Wríght".encode()),
    "a null": line_of(_statement()).replace(b"Wright", b"\0"),
    "another sort of subject": line_of(_statement()).replace(b"documents/letter", b"things/letter"),
    "another sort of statement": line_of(_statement()).replace(b"sign-off/1", b"sign-off/2"),
    "no hash": line_of(_statement()).replace(b"e" * 64, b"E" * 64),
}


@pytest.mark.parametrize("line", _BAD.values(), ids=list(_BAD))
def test_what_is_no_statement_is_refused_alone_and_named_among_others(line: bytes) -> None:
    """Nothing of it is believed, and what is told of it is short and safe to print."""
    with pytest.raises(CasescreenError, match="no file of statements") as refused:
        chain_in(line + b"\n", "s.jsonl")
    assert len(str(refused.value)) < 1_000
    chain = chain_in(_file([*_lines(1), line]), "s.jsonl")
    assert [fault.place.line for fault in chain.faults] == [2]
    assert str(chain.faults[0]).isprintable() or "\n" in str(chain.faults[0])


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """Of hundreds of megabytes, or of very many lines."""
    path = tmp_path / "s.jsonl"
    with path.open("wb") as file:
        file.truncate(300 * 1024 * 1024)
    with pytest.raises(CasescreenError, match="it is larger than 64 MiB"):
        read_chain(path)
    with pytest.raises(CasescreenError, match="too large to be a file of statements"):
        chain_in(b"\n" * 60_000, "s.jsonl")


def test_of_many_faults_the_first_are_kept() -> None:
    """So that a file that is damaged throughout is told in a page."""
    chain = chain_in(_file([*_lines(1), *[b"x"] * 5_000]), "s.jsonl")
    assert 1 < len(chain.faults) < 50


def test_other_ends_of_lines_are_called_so() -> None:
    """As Notepad or a mail program writes them."""
    chain = chain_in(_file(_lines(2)).replace(b"\n", b"\r\n"), "s.jsonl")
    assert "other ends of lines" in chain.faults[0].what


def _add(path: Path, says: str = "All is so.") -> StatementChain:
    append(path, lambda number, previous: _statement(number, previous, says))
    return read_chain(path)


def test_a_statement_is_put_at_the_end(tmp_path: Path) -> None:
    """The file is made if it is not there; every byte that was there stays; nothing is left beside it."""
    path = tmp_path / "s.jsonl"
    assert len(_add(path).lines) == 1
    before = path.read_bytes()
    chain = _add(path)
    assert not chain.faults
    assert [one.sign_off.number for one in chain.lines if one.sign_off] == [1, 2]
    assert path.read_bytes().startswith(before)
    assert [one.name for one in tmp_path.iterdir()] == ["s.jsonl"]


def test_nothing_is_added_to_a_file_that_is_not_as_it_was(tmp_path: Path) -> None:
    """It would be covered up; and not a byte of the file changes."""
    path = tmp_path / "s.jsonl"
    _add(path)
    changed = path.read_bytes().replace(b"Wright", b"Knight")
    for content in (changed, changed + b"x", path.read_bytes().removesuffix(b"\n"), b"# mine\n"):
        path.write_bytes(content)
        with pytest.raises(CasescreenError):
            _add(path)
        assert path.read_bytes() == content


def test_a_file_that_changes_meanwhile_is_left_as_it_is(tmp_path: Path) -> None:
    """Nobody's statement is lost, also where locks do not hold."""
    path = tmp_path / "s.jsonl"
    _add(path)
    other = tmp_path / "other.jsonl"
    other.write_bytes(path.read_bytes())

    def slow(number: int, previous: str) -> SignOff:
        _add(other, "Meanwhile.")
        path.write_bytes(other.read_bytes())
        return _statement(number, previous)

    with pytest.raises(CasescreenError, match="changed meanwhile"):
        append(path, slow)
    assert path.read_bytes() == other.read_bytes()


def test_a_second_run_is_refused_while_one_writes(tmp_path: Path) -> None:
    """And can write when it has ended."""
    path = tmp_path / "s.jsonl"
    with only_writer(path), pytest.raises(CasescreenError, match="Another run is writing"):
        _add(path)
    assert not _add(path).faults


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    """Each statement of which it is said that it was added is there, and the chain is whole."""
    path = tmp_path / "s.jsonl"
    added: list[str] = []

    def sign(name: str) -> None:
        for number in range(8):
            says = f"{name} {number}"
            try:
                append(path, lambda place, previous, says=says: _statement(place, previous, says))  # type: ignore[misc]
            except CasescreenError:
                continue
            added.append(says)

    threads = [threading.Thread(target=sign, args=(name,)) for name in "abcd"]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    chain = read_chain(path)
    assert not chain.faults
    assert sorted(one.sign_off.says for one in chain.lines if one.sign_off) == sorted(added)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
@pytest.mark.parametrize("where", ["os.fsync", "pathlib.Path.replace", "pathlib.Path.unlink"])
def test_a_run_that_is_killed_leaves_no_half_line(tmp_path: Path, where: str) -> None:
    """The statements before are there as they were, and the next run can sign."""
    path = tmp_path / "s.jsonl"
    _add(path)
    before = path.read_bytes()
    code = (
        "import os, pathlib, signal, sys\n"
        f"{where} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "sys.path.insert(0, sys.argv[2])\n"
        "import test_statement_chain as tests\n"
        "tests._add(pathlib.Path(sys.argv[1]))\n"
    )
    command = [sys.executable, "-c", code, str(path), str(Path(__file__).parent)]
    subprocess.run(command, check=False, capture_output=True, env={**os.environ})
    assert path.read_bytes() == before or where == "pathlib.Path.unlink"  # by then it is added
    assert path.read_bytes().startswith(before)
    lines = len(read_chain(path).lines)
    assert len(_add(path).lines) == lines + 1


def test_a_file_that_would_become_too_large_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what to do is said: else nobody could verify it."""
    path = tmp_path / "s.jsonl"
    _add(path)
    before = path.read_bytes()
    monkeypatch.setattr(statement_chain, "MOST_STATEMENTS", 1)
    with pytest.raises(CasescreenError, match="begin a new file"):
        _add(path)
    assert path.read_bytes() == before


def test_the_text_of_a_statement_can_be_as_long_as_is_said() -> None:
    """And is read back."""
    statement = evolve(_statement(), says="é" * LONGEST_TEXT)
    assert chain_in(line_of(statement) + b"\n", "s.jsonl").lines[0].sign_off == statement


def test_a_file_called_like_standard_input_is_not_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read under that name is standard input, and a statement would take the place of those in the file."""
    monkeypatch.chdir(tmp_path)
    Path("-").write_bytes(line_of(_statement()) + b"\n")
    before = Path("-").read_bytes()
    with pytest.raises(CasescreenError, match="not from standard input"):
        append(Path("-"), _statement)
    with pytest.raises(CasescreenError, match="not from standard input"):
        read_chain(Path("-"))
    assert Path("-").read_bytes() == before
