"""Reading JSON that anybody may have written, as strictly as TOML is read."""

from __future__ import annotations

import json
import re
from itertools import accumulate

from attrs import evolve

from casescreen.model.problem import Fault
from casescreen.syntax.toml_parser import DEEPEST, TOO_LONG
from casescreen.text import visible

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_OPENING, _CLOSING = b"[{", b"]}"
_NO_BRACKET = bytes(set(range(256)) - {*_OPENING, *_CLOSING, *b'"'})

_TOO_DEEP = Fault(f"more than {DEEPEST} levels stand inside one another", "Look for a bracket that is never closed.")
_HALF = Fault("a text in it has half of a character", r"Look for \ud and remove it with the four figures after it.")
_TWICE = Fault("it stands twice in one group, so neither counts", "Keep one of them.")
_NO_NAME = ("a name in double quotes is missing", "Look for a comma too many, or for other quotes.")
_NO_VALUE = ("a value is missing or is not one", 'Text and dates are in double quotes: "2016-02-15".')
# What the parser's words begin with, in any version of Python: what is wrong, advice.
_COMPLAINTS = {
    "Expecting property name": _NO_NAME,
    "Illegal trailing comma before end of object": _NO_NAME,
    "Expecting value": _NO_VALUE,
    "Illegal trailing comma before end of array": _NO_VALUE,
    "Expecting ':'": ("a colon is missing after a name", 'Write "name": value.'),
    "Expecting ','": ("a comma or a closing bracket is missing", "Put a comma between one thing and the next."),
    "Invalid control": ("a text does not end on its line", r"Close it with a quote; write \n for a line break."),
    "Unterminated string": ("a text is opened and never closed", "Look for a quotation mark that is missing."),
    "Invalid \\": ("a backslash in a text stands for something that it cannot", r"Write \\ for a backslash."),
    "Extra data": ("something stands after the end", "Put several cases in one list, [ ... ]."),
}


def read_json(text: str) -> object | Fault:
    """What a JSON text says, or the first thing in it that stops it being used.

    Whatever the text is, this returns. NaN, Infinity, and the value of a name that stands twice in one group are
    faults in their places; deep nesting is one of the whole.
    """
    if _depth(text) > DEEPEST + 1:
        return _TOO_DEEP
    try:
        data: object = json.loads(text, object_pairs_hook=_group, parse_constant=_no_value)
    except json.JSONDecodeError as error:
        return _fault_of(error)
    except ValueError:  # Python converts no more than some thousands of figures to a number
        return TOO_LONG
    has_half = "\\ud" in text.lower() and _HALF_CHARACTER.search(_plain(data))
    return _HALF if has_half else data


def _depth(text: str) -> int:
    """How deep groups and lists stand in one another, of a text that may not be JSON from some place on.

    It is counted before the parser goes so deep: in a browser the stack ends sooner than Python expects, and takes the
    whole engine with it.
    """
    written = text.encode("utf-8", "surrogatepass").replace(b"\\\\", b"").replace(b'\\"', b"")
    outside_texts = b"".join(written.translate(None, _NO_BRACKET).split(b'"')[::2])
    return max(accumulate(1 if mark in _OPENING else -1 for mark in outside_texts), default=0)


def _group(pairs: list[tuple[str, object]]) -> dict[str, object]:
    group = dict(pairs)
    if len(group) < len(pairs):
        several: dict[str, list[object]] = {}
        for name, value in pairs:
            several.setdefault(name, []).append(value)
        group |= {name: evolve(_TWICE, written=_plain(values)) for name, values in several.items() if len(values) > 1}
    return group


def _plain(data: object) -> str:
    """The data as text, with what stands where a fault is."""
    return json.dumps(data, ensure_ascii=False, default=lambda fault: fault.written)


def _no_value(name: str) -> Fault:
    return Fault(f"{name} is not a value that a record can have", "Leave it out if it is not known.", written=name)


def _fault_of(error: json.JSONDecodeError) -> Fault:
    for start, (what, advice) in _COMPLAINTS.items():
        if error.msg.startswith(start):
            return Fault(what, advice, error.lineno)
    return Fault(f"it is not JSON: {visible(error.msg)}", "Look at the line and the one before.", error.lineno)
