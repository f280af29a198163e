"""Reading JSON that anybody may have written, as strictly as TOML is read."""

from __future__ import annotations

import json
import re
from collections import Counter

from casescreen.model.problem import Fault, FaultError
from casescreen.syntax.toml_parser import DEEPEST, TOO_LONG, too_deep
from casescreen.text import visible

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")

_TOO_DEEP = Fault(f"more than {DEEPEST} levels stand inside one another", "Look for a bracket that is never closed.")
_HALF = Fault("a text in it has half of a character", r"Look for \ud and remove it with the four figures after it.")
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

    Whatever the text is, this returns. NaN, Infinity, a name twice in one group, and deep nesting are faults.
    """
    try:
        data: object = json.loads(text, object_pairs_hook=_group, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        return _fault_of(error)
    except FaultError as error:
        return error.fault
    except RecursionError:
        return _TOO_DEEP
    except ValueError:  # Python converts no more than some thousands of figures to a number
        return TOO_LONG
    if too_deep(data):
        return _TOO_DEEP
    has_half = "\\ud" in text.lower() and _HALF_CHARACTER.search(json.dumps(data, ensure_ascii=False))
    return _HALF if has_half else data


def _group(pairs: list[tuple[str, object]]) -> dict[str, object]:
    group = dict(pairs)
    if len(group) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise FaultError(Fault(f'"{visible(twice)}" stands twice in one group', "Keep one of them."))
    return group


def _refuse_constant(name: str) -> object:
    what = f"{name} is not a value that a record can have"
    raise FaultError(Fault(what, "Leave the line out if it is not known."))


def _fault_of(error: json.JSONDecodeError) -> Fault:
    for start, (what, advice) in _COMPLAINTS.items():
        if error.msg.startswith(start):
            return Fault(what, advice, error.lineno)
    return Fault(f"it is not JSON: {visible(error.msg)}", "Look at the line and the one before.", error.lineno)
