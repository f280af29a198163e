"""Cases written as TOML, JSON and JSON lines, each read back and compared before it is given out."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable

from casescreen.cases.documents import MANY
from casescreen.cases.schema import Group, PlainCase, canonical, dates_as_text, plain_case
from casescreen.model.case import Case
from casescreen.model.problem import CasescreenError, InternalFaultError

WriteGroup = Callable[[Group], str]


def half_character() -> CasescreenError:
    """What is said of a text that no file can hold."""
    return CasescreenError(
        "A text in the cases has half of a character, which no file can hold.",
        advice="read the cases from a file that is written as UTF-8.",
    )


def cases_to_toml(cases: Iterable[Case]) -> str:
    """The cases as TOML: one as a record of its own, any other number as a list of cases.

    Raises:
        CasescreenError: a text in them cannot be written in any file.
    """
    records = [plain_case(case) for case in cases]
    groups = _toml_writer()
    if len(records) == 1:
        text = "".join(_toml_parts(records[0], "", groups)).lstrip("\n")
        return read_back(text, tomllib.loads, records[0])
    parts = [part for record in records for part in (f"\n[[{MANY}]]\n", *_toml_parts(record, f"{MANY}.", groups))]
    return read_back("".join(parts).lstrip("\n") or f"{MANY} = []\n", tomllib.loads, {MANY: records})


def cases_to_json(cases: Iterable[Case]) -> str:
    """The cases as JSON: one as an object of its own, any other number as a list of cases.

    Raises:
        CasescreenError: a text in them cannot be written in any file.
    """
    records = [dates_as_text(plain_case(case)) for case in cases]
    content = records[0] if len(records) == 1 else {MANY: records}
    return read_back(json.dumps(content, indent=2, ensure_ascii=False) + "\n", json.loads, content)


def read_back(text: str, read: Callable[[str], object], content: object) -> str:
    """The text, if reading it gives the content again.

    Raises:
        CasescreenError: a text in it cannot be written in any file.
        InternalFaultError: it reads otherwise.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise half_character() from None
    found = read(text)
    # Python holds 1 and true for equal, and JSON holds a date and its text for equal: the two together tell them apart.
    if found != content or canonical(found) != canonical(content):
        raise InternalFaultError("what was written as a case file does not read back the same")
    return text


def _toml_writer() -> WriteGroup:
    """A function that writes the values of one section or row."""
    from toml import TomlEncoder, dumps  # noqa: PLC0415 - slow to import, and seldom needed

    encoder = TomlEncoder()
    # Its own way with text spoils a backslash before an x, and fails on a control character.
    encoder.dump_funcs[str] = _toml_text
    return lambda values: dumps(values, encoder)


def _toml_text(text: str) -> str:
    # Every escape of JSON is one of TOML; the delete character is the one that only TOML escapes.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _toml_parts(record: PlainCase, under: str, write: WriteGroup) -> Iterable[str]:
    """The empty tables, which stand before any heading, and then the sections and rows in their order."""
    for name, part in record.items():
        if not part:
            yield write({name: part})
    for name, part in record.items():
        heading = f"{under}{name}"  # a name of the dictionary needs no quotes
        if isinstance(part, dict):
            yield f"\n[{heading}]\n{write(part)}"
        else:
            for row in part:
                yield f"\n[[{heading}]]\n{write(row)}"


def cases_to_json_lines(cases: Iterable[Case]) -> str:
    """The cases as JSON, one a line.

    Raises:
        CasescreenError: a text in them cannot be written in any file.
    """
    records = [dates_as_text(plain_case(case)) for case in cases]
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    return read_back(text, lambda written: [json.loads(line) for line in written.split("\n")[:-1]], records)
