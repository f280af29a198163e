"""Reading TOML that anybody may have written: bounded work, and a fault in plain English."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence

from attrs import evolve

from casescreen.model.problem import Fault
from casescreen.text import visible

_LONGEST_SHOWN = 60

_QUOTES = 'Put text between straight quotation marks, as in "some words".'
_DATES = "Write a date as year-month-day, with two figures for the month and for the day, as in 2016-02-05."
_ONCE = "Each name can stand once in its section. Keep one of them."

# Tried in turn on what stands where a value should: pattern, what is wrong, advice.
_VALUES = (
    (r"$", "nothing stands after the equals sign", "Write the value, or leave the line out if it is not known."),
    (
        "[\u2018-\u201f]",
        "the quotation marks are curly",
        'Type straight ones, ". Word processors change them to curly.',
    ),
    (r"\d{4}-\d\d-\d\d\b", "{shown} is not a day in the calendar", _DATES),
    (r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}\b", "the date {shown} is not written as year-month-day", _DATES),
    (r"(?i)(true|false|yes|no)\b", "{shown} is not a value", "Write true for yes or false for no, in small letters."),
    (r"0\d", "the number {shown} begins with 0", "Write it without the 0. A reference is text: put it in quotes."),
    (r"[^\W\d]", "the text {shown} has no quotation marks", _QUOTES),
    (r"['\"]", "something stands after the text has ended", 'Inside "...", write a quotation mark as \\".'),
)
_ANY_VALUE = (
    "{shown} is not a value",
    "Write text in quotes, whole numbers, true or false, or a date as in 2016-02-05.",
)

# Tried in turn on the parser's words: pattern, what is wrong, advice. The groups fill the braces.
_COMPLAINTS = (
    (
        r"Expected '=' after|Invalid statement",
        "this line is not of the form name = value",
        "Write it so, or put # before a remark.",
    ),
    (r"Cannot overwrite a value", "this name is used a second time", _ONCE),
    (r"Duplicate inline table key", "a name stands twice between the same braces", _ONCE),
    (
        r"Cannot declare \((.*?),?\) twice",
        "the heading {0} is used a second time",
        "Put all of it under one heading. A further row of a table has a heading in double brackets.",
    ),
    (
        r"Cannot mutate immutable namespace \((.*?),?\)",
        "{0} is already complete, so nothing can be added to it here",
        "Write all of it in one place, either after the equals sign or under headings.",
    ),
    (r"Illegal character '\\n'", "the text does not end on its line", 'Close it with ". Longer text goes between """.'),
    (r"Unterminated string", "a text is opened and never closed", "Look for a quotation mark that is missing."),
    (r"(Illegal|Found invalid) character", "there is an invisible character in it", "Delete it and type it again."),
    (
        r"Unescaped|Invalid hex value|Escaped character",
        "a backslash in the text stands for something that it cannot",
        r"Write \\ for a backslash, or put the text between single quotation marks.",
    ),
    (r"Unclosed array", "a list is opened and never closed", "Look for a ] or a comma that is missing."),
    (r"Unclosed inline table", "a brace is opened and not closed on its line", "Look for a } that is missing."),
    (r"Expected '\]", "the heading is not closed", "Close it with as many brackets as it opens with."),
    (r"Invalid initial character", "a name is missing or has a character that it cannot", "Put the name in quotes."),
)
_SHOWN = re.compile(r"(?:the \w+ )?\{shown\}")
_AT = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_ABOUT_A_VALUE = ("Invalid value", "Invalid date", "Expected newline")


def fault_of(text: str, complaint: str) -> Fault:
    """The parser's complaint about a text in plain English, with what to do."""
    at = _AT.search(complaint)
    lines = text.split("\n")
    number = min(int(at[1]), len(lines)) if at and at[1] else len(lines)
    if complaint.startswith(_ABOUT_A_VALUE):
        return _about_value(number, lines[number - 1])
    for pattern, what, advice in _COMPLAINTS:
        if match := re.match(pattern, complaint):
            return Fault(what.format(*[_dotted(group) for group in match.groups() if group]), advice, number)
    return Fault(f"it is not TOML: {visible(_AT.sub('', complaint))}", line=number)


def _about_value(number: int, line: str) -> Fault:
    value = line.partition("=")[2].strip() if "=" in line else line.strip()
    shown = visible(value.partition("#")[0].strip(), _LONGEST_SHOWN)
    for pattern, what, advice in (*_VALUES, ("", *_ANY_VALUE)):
        if re.match(pattern, value):
            return Fault(what.format(shown=shown), advice, number, unquoted=_SHOWN.sub("it", what))
    raise AssertionError  # the last pattern fits everything


def _dotted(parts: str) -> str:
    """The parser's tuple of names, ``'a', 'b'``, as a person writes it: a.b."""
    return visible(".".join(part.strip().strip("'\"") for part in parts.split(",")), _LONGEST_SHOWN)


DEEPEST = 32

_PART = r"""(?:[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_LONG_KEY = re.compile(rf"(?m)(?:^|[,{{])[ \t]*+\[{{0,2}}[ \t]*+(?:{_PART}[ \t]*+\.[ \t]*+){{{DEEPEST}}}")
# A name and what stands after it on its line, if that can be no more than one value.
_NAMED_VALUE = re.compile(
    rf"([ \t]*{_PART}(?:[ \t]*\.[ \t]*{_PART})*[ \t]*=[ \t]*)((?:[^\s\"'\[{{#][^\"'\[{{#]*)?)(?:#.*)?"
)
_MARK = re.compile(r"\\u0000|\\U00000000")
_MOST_FAULTS, _MOST_READ = 100, 4_000_000
_FIGURES = re.compile(r"[0-9][0-9a-fA-F_]{1000,}+")
_MOST_FIGURES = 30_000
TOO_LONG = Fault("a number in it is far too long", "Write it with fewer figures, or in quotes as text.")
_TOO_DEEP = Fault(
    f"more than {DEEPEST} levels stand inside one another",
    "Look for brackets that are never closed, or for a name with very many dots in it.",
)


def read_toml(text: str) -> dict[str, object] | Fault:
    """The tables and values of a TOML text, or the first thing in it that stops it being read.

    Whatever the text is, this returns, without deep recursion and in time that grows with its length.
    """
    if (fault := _too_much(text)) is not None:
        return fault
    parsed = _parsed(text)
    return fault_of(text, parsed) if isinstance(parsed, str) else parsed


def read_toml_with_faults(text: str) -> tuple[dict[str, object] | Fault, str]:
    """The same, with a Fault in place of each value that is none, if it stands alone on the line of its name.

    The parser stops at the first such value, as if nothing could be read. It is tried again without it, as often as
    takes no more than a bounded time. The text is given too as it was read in the end, with its lines where they were.
    """
    if (fault := _too_much(text)) is not None:
        return fault, text
    lines, faults = text.split("\n"), list[Fault]()
    most = 0 if _MARK.search(text) else min(_MOST_FAULTS, _MOST_READ // (len(text) + 1))
    while isinstance(parsed := _parsed("\n".join(lines)), str):
        fault = fault_of(text, parsed)
        line = _NAMED_VALUE.fullmatch(lines[fault.line - 1])
        if line is None or len(faults) == most or not parsed.startswith(_ABOUT_A_VALUE):
            return fault, text
        faults.append(evolve(fault, written=line[2]))
        lines[fault.line - 1] = f'{line[1]}"\\u0000{len(faults) - 1}"'
    if faults and isinstance(parsed, dict):
        _put_back(parsed, faults)
    return parsed, "\n".join(lines)


def _put_back(group: dict[str, object], faults: Sequence[Fault]) -> None:
    """Put the faults where their marks stand, in a group and in all that is in it."""
    waiting: list[dict[str, object] | list[object]] = [group]
    while waiting:
        part = waiting.pop()
        for key, value in [*(part.items() if isinstance(part, dict) else enumerate(part))]:
            if isinstance(value, dict | list):
                waiting.append(value)
            elif isinstance(value, str) and value.startswith("\0"):
                part[key] = faults[int(value[1:])]


def _too_much(text: str) -> Fault | None:
    if (line := _line_of_long_key(text)) is not None:
        return evolve(_TOO_DEEP, line=line)
    if (line := _line_of_long_number(text)) is not None:
        return evolve(TOO_LONG, line=line)
    return None


def _parsed(text: str) -> dict[str, object] | Fault | str:
    """What the text holds, why it holds too much, or what the parser complains of."""
    try:
        # The parser names a line only where the text goes on; the line end makes the last line like the others.
        data = tomllib.loads(f"{text}\n")
    except tomllib.TOMLDecodeError as error:
        return str(error)
    except RecursionError:
        return _TOO_DEEP
    except ValueError:  # Python converts no more than some thousands of figures to a number
        return TOO_LONG
    return _TOO_DEEP if too_deep(data) else data


def too_deep(value: object) -> bool:
    """Whether groups and lists stand in one another more than ``DEEPEST`` levels deep."""
    level: list[dict[str, object] | list[object]] = [[value]]  # a level of our own
    for _ in range(DEEPEST + 2):
        inside: list[object] = []
        for group in level:
            inside.extend(group.values() if isinstance(group, dict) else group)
        level = [part for part in inside if isinstance(part, dict | list)]
    return bool(level)


def _line_of_long_number(text: str) -> int | None:
    """The line of a run of very many figures, on which the parser spends a hundred times its length in memory."""
    for match in _FIGURES.finditer(text):
        if match.end() - match.start() > _MOST_FIGURES:
            return text.count("\n", 0, match.start()) + 1
    return None


def _line_of_long_key(text: str) -> int | None:
    """The line of a dotted key of very many parts, on which the parser's work grows with their square."""
    if not any(line.count(".") >= DEEPEST for line in text.split("\n")):
        return None
    match = _LONG_KEY.search(text)
    return None if match is None else text.count("\n", 0, match.start()) + 1
