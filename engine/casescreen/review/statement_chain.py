"""A file of statements: a line each, in the shape of an in-toto Statement v1, and each line bound to the one before.

A line ends with a check over all that stands before it in the line, so that damage is seen without any other copy. It
also holds the hash of the line before it, so that lines cannot be changed, moved, put in or taken out unseen; but for
the last ones. What the last line was is told by a short code, which is to be kept somewhere else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path

from attrs import frozen

from casescreen.files.atomic import only_writer, put_whole, write_through
from casescreen.files.content import STANDARD_INPUT, read_bytes
from casescreen.model.problem import Advice, CasescreenError, Fault, Place, Problem
from casescreen.model.sample import short_code
from casescreen.model.sign_off import SignedSubject, SignOff, SubjectKind
from casescreen.syntax.json_group import JsonGroup, JsonShapeError
from casescreen.syntax.json_parser import read_json
from casescreen.text import visible

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "tag:casescreen.invalid,2026:sign-off/1"
"""Which sort of statement it is: a name, and no address, since no host can be called so."""

CONTENT = "casescreenContentV1"
"""The name of the digest of what a subject says; of which content, ``signed_subjects`` has."""

FILES = "casescreenFilesV1"
"""The name of the digest over several files, which is no digest of the bytes of one."""

MOST_BYTES = 64 * 1024 * 1024
"""Of a file of statements: a year of weekly ones on five thousand case files each."""

MOST_STATEMENTS = 50_000
LONGEST_TEXT = 1_000
"""Of what is stated, of a name and of a role."""

_LONGEST_LINE = 16 * 1024 * 1024
_BYTES = "sha256"
_CODE_DIGITS = 32
_HASH = re.compile("[0-9a-f]{64}", re.ASCII)
_CHECK = b',"check":"'
_END = b'"}}'
_AFTER = 64 + len(_END)
_KINDS = {one.value: one for one in SubjectKind}
_MISREAD = str.maketrans("oOlLiI", "001111")
_PUT_BACK = "Put back a copy of the file as it was. What other lines say can still be verified: name one with --number."
_WHAT_WRITES = "casescreen sign writes one."


def line_of(sign_off: SignOff) -> bytes:
    """The line of a statement, without its end: the same for the same statement, in ASCII."""
    content = {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": one.full_name, "digest": _digests(one)} for one in sign_off.subjects],
        "predicateType": PREDICATE_TYPE,
        "predicate": _predicate(sign_off),
    }
    text = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    begun = text.removesuffix("}}").encode("ascii")
    return b"".join((begun, _CHECK, sha256(begun).hexdigest().encode("ascii"), _END))


def _digests(subject: SignedSubject) -> dict[str, str]:
    over = {_digest_name(subject.kind, subject.name): subject.digest}
    return {**over, CONTENT: subject.content} if subject.content else over


def _digest_name(kind: SubjectKind, name: str) -> str:
    return FILES if kind is SubjectKind.RULES or not name else _BYTES


def _predicate(sign_off: SignOff) -> dict[str, object]:
    return {
        "number": sign_off.number,
        "previous": sign_off.previous,
        "statement": sign_off.says,
        "name": sign_off.by,
        "role": sign_off.role,
        "day": sign_off.on.isoformat(),
        "findingsAsOf": sign_off.as_of.isoformat(),
        "casesScreened": sign_off.cases_hash,
        "recordsTakenOn": sign_off.taken_on.isoformat(),
        "strict": sign_off.strict,
        "settings": list(sign_off.settings),
        "holidays": [one.isoformat() for one in sign_off.holidays],
        "madeWith": sign_off.made_with,
    }


def hash_of_line(line: bytes) -> str:
    """What the next line holds of a line, and what its code is made of."""
    return sha256(line).hexdigest()


def code_as_compared(typed: str) -> str:
    """A code as it is compared, however it was typed; "" where it is none.

    Example:
        >>> code_as_compared("7F3A 00c1-9b2e4d5f 60718293 a4b5c6dl")
        '7f3a00c19b2e4d5f60718293a4b5c6d1'
    """
    digits = "".join(one for one in typed.translate(_MISREAD).lower() if one.isalnum())
    return digits if re.fullmatch(f"[0-9a-f]{{{_CODE_DIGITS}}}", digits, re.ASCII) else ""


@frozen
class ChainedLine:
    """A line of the file.

    Attributes:
        hash: of its bytes.
        sign_off: what it says; None where it cannot be read.
    """

    hash: str
    sign_off: SignOff | None

    @property
    def code(self) -> str:
        """The code of the statement, as it stands in minutes."""
        return short_code(self.hash)


@frozen
class StatementChain:
    """All statements of a file.

    Attributes:
        file: the file, as it was named.
        lines: in their order.
        faults: what is wrong with them, the first ones.
    """

    file: str
    lines: tuple[ChainedLine, ...]
    faults: tuple[Problem, ...] = ()

    def numbered(self, code: str) -> int | None:
        """The number of the last line with a code, as ``code_as_compared`` has it; None if there is none."""
        numbers = (n for n, one in enumerate(self.lines, 1) if one.hash.startswith(code))
        return max(numbers, default=None)

    def nearly(self, code: str) -> tuple[int, int] | None:
        """The line whose code is nearly this one, and in how many characters they differ; None if none is."""
        distances = [
            (sum(a != b for a, b in zip(one.hash, code, strict=False)), n) for n, one in enumerate(self.lines, 1)
        ]
        differ, number = min(distances, default=(_CODE_DIGITS, 0))
        return (number, differ) if differ <= _MOST_MISTYPED else None


_MOST_MISTYPED = 4
_MOST_FAULTS = 20


def read_chain(path: Path) -> StatementChain:
    """The statements of a file, and what is wrong with its lines.

    Raises:
        CasescreenError: it cannot be read, or is no file of statements.
    """
    _check_name(path)
    data = read_bytes(str(path), MOST_BYTES)
    if isinstance(data, Problem):
        raise CasescreenError(f"{data.place}: {data.what}.", advice=f"Name a file of statements: {_WHAT_WRITES}")
    chain = chain_in(data, str(path))
    if not chain.lines:
        raise CasescreenError(f"{visible(str(path))} is empty.", advice=f"Name a file of statements: {_WHAT_WRITES}")
    return chain


def chain_in(data: bytes, name: str) -> StatementChain:
    """The statements that the bytes of a file hold.

    Raises:
        CasescreenError: no line of them is a statement.
    """
    if len(data) > MOST_BYTES or data.count(b"\n") > MOST_STATEMENTS:
        raise CasescreenError(
            f"{visible(name)} is too large to be a file of statements.",
            advice=f"name another file: {_WHAT_WRITES}",
        )
    *whole, rest = data.split(b"\n")
    faults: list[Problem] = []
    lines = _lines([*whole, *([rest] if rest else [])], name, faults)
    if lines and not any(one.sign_off for one in lines):
        raise CasescreenError(
            f"{visible(name)} is no file of statements, or is damaged throughout. {_said(faults[0])}",
            advice=Advice(f"name another file, or put back a copy. {_WHAT_WRITES}", "Put back a copy of the file."),
        )
    if rest and not faults:
        what = "the end of the last line is missing, so it was cut off or changed"
        faults.append(Problem(Place(name, len(lines)), what, _PUT_BACK))
    return StatementChain(name, lines, tuple(faults[:_MOST_FAULTS]))


def _said(problem: Problem) -> str:
    return f"Line {problem.place.line}: {problem.what}."


def _lines(lines: list[bytes], name: str, faults: list[Problem]) -> tuple[ChainedLine, ...]:
    """Each line, with what is wrong with it; that one does not follow a line that is itself changed goes unsaid."""
    read, before = [], ""
    follows_a_sound_line = True
    for number, line in enumerate(lines, 1):
        sign_off = _read(line)
        wrong = sign_off if isinstance(sign_off, str) else _changed(line)
        if not wrong and isinstance(sign_off, SignOff) and follows_a_sound_line:
            wrong = _out_of_order(sign_off, number, before)
        if wrong:
            faults.append(Problem(Place(name, number), wrong, _PUT_BACK))
        before = hash_of_line(line)
        follows_a_sound_line = not wrong
        read.append(ChainedLine(before, sign_off if isinstance(sign_off, SignOff) else None))
    return tuple(read)


def _changed(line: bytes) -> str:
    """What is wrong with the bytes of a line; "" where nothing is."""
    begun = line[: -(_AFTER + len(_CHECK))]
    if line == b"".join((begun, _CHECK, sha256(begun).hexdigest().encode("ascii"), _END)):
        return ""
    if line.endswith(b"\r"):
        return "it was changed since it was written: a program has saved the file with other ends of lines"
    return "it was changed since it was written"


def _out_of_order(sign_off: SignOff, number: int, before: str) -> str:
    if sign_off.previous != before:
        return (
            "it does not follow the line before it: one was changed, taken out, put in or moved"
            if number > 1
            else f"the file begins with statement {sign_off.number:,}: those before it were taken out or moved"
        )
    if sign_off.number != number:
        return f"it says that it is statement {sign_off.number:,}, and stands in line {number:,}"
    return ""


def _read(line: bytes) -> SignOff | str:
    """What a line says, or why it cannot be read."""
    if len(line) > _LONGEST_LINE:
        return "it is too long to be a statement"
    try:
        text = line.decode("ascii")
    except UnicodeDecodeError:
        return "it has a character that no statement has"
    content = read_json(text)
    if isinstance(content, Fault):
        return f"it cannot be read: {content.what}"
    try:
        return _sign_off(JsonGroup("", content))
    except JsonShapeError as error:
        return f"it cannot be read: {error}"


def _sign_off(line: JsonGroup) -> SignOff:
    if (line.get("_type", str), line.get("predicateType", str)) != (STATEMENT_TYPE, PREDICATE_TYPE):
        raise JsonShapeError("it is a statement of another sort")
    predicate = JsonGroup("predicate", line.get("predicate", dict))
    number = predicate.get("number", int)
    if not 0 < number <= MOST_STATEMENTS:
        raise JsonShapeError("its number is none that a statement can have")
    return SignOff(
        number=number,
        previous=_hash(predicate, "previous", none_is_fine=True),
        says=predicate.get("statement", str),
        by=predicate.get("name", str),
        role=predicate.get("role", str),
        on=predicate.day("day"),
        as_of=predicate.day("findingsAsOf"),
        cases_hash=_hash(predicate, "casesScreened"),
        taken_on=predicate.day("recordsTakenOn"),
        strict=predicate.get("strict", bool),
        settings=tuple(predicate.texts("settings")),
        holidays=tuple(map(date.fromisoformat, _days(predicate.texts("holidays")))),
        made_with=predicate.get("madeWith", str),
        subjects=tuple(map(_subject, line.parts("subject"))),
    )


def _days(texts: list[str]) -> Iterator[str]:
    for text in texts:
        yield JsonGroup("holidays", {"": text}).day("").isoformat()


def _subject(part: JsonGroup) -> SignedSubject:
    first, _, name = part.get("name", str).partition("/")
    if (kind := _KINDS.get(first)) is None:
        raise JsonShapeError(f"there is a subject {visible(first, 40)}, which this version does not know")
    digest: dict[str, object] = part.get("digest", dict)
    digests = JsonGroup("digest", digest)
    content = _hash(digests, CONTENT) if CONTENT in digest else ""
    return SignedSubject(kind, name, _hash(digests, _digest_name(kind, name)), content)


def _hash(group: JsonGroup, name: str, *, none_is_fine: bool = False) -> str:
    text = group.get(name, str)
    if not _HASH.fullmatch(text) and not (none_is_fine and not text):
        raise JsonShapeError(f"{name} is not a hash")
    return text


def append(path: Path, make: Callable[[int, str], SignOff]) -> ChainedLine:
    """Put a statement at the end of a file, which is made if it is not there: whole, or not at all.

    Args:
        path: the file. No other run adds to it meanwhile.
        make: makes the statement of its number and of the hash of the line before it.

    Raises:
        CasescreenError: something is wrong with the file, or it cannot be written.
    """
    _check_name(path)
    with only_writer(path):
        old = _bytes_of(path) if path.exists() else b""
        chain = chain_in(old, str(path))
        if chain.faults:
            raise CasescreenError(
                f"{visible(str(path))} was left as it is. {_said(chain.faults[0])}",
                why="a statement that is added after it would cover that up.",
                advice="look into it with casescreen verify; put back a copy of the file, or begin a new one.",
            )
        before = chain.lines[-1].hash if chain.lines else ""
        sign_off = make(len(chain.lines) + 1, before)
        line = line_of(sign_off)
        if len(line) > _LONGEST_LINE or len(old) + len(line) > MOST_BYTES or len(chain.lines) >= MOST_STATEMENTS:
            raise CasescreenError(
                f"{visible(str(path))} would become too large.", advice="begin a new file of statements."
            )

        def write(beside: Path) -> None:
            write_through(beside, b"".join((old, line, b"\n")))
            if (_bytes_of(path) if path.exists() else b"") != old:
                raise CasescreenError(
                    f"{visible(str(path))} was changed meanwhile, and was left as it is.", advice="sign again."
                )

        put_whole(path, write, force=bool(old) or path.exists())
    return ChainedLine(hash_of_line(line), sign_off)


def _check_name(path: Path) -> None:
    """Refuse what is read as standard input: what is added to a file has to come after what stands in that file.

    Raises:
        CasescreenError: it is.
    """
    if str(path) == STANDARD_INPUT:
        raise CasescreenError(
            "Statements are read from a file, and not from standard input.", advice="give the name of a file."
        )


def _bytes_of(path: Path) -> bytes:
    data = read_bytes(str(path), MOST_BYTES)
    if isinstance(data, Problem):
        raise CasescreenError(f"{data.place}: {data.what}.", advice=data.advice)
    return data
