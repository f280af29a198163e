"""Making text from a record safe and plain to print."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

# Cc controls, Cf invisible formatting (direction overrides too), Cs half characters, Co private use, Cn unassigned,
# Zl and Zp line and paragraph separators.
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# What is no control or format character, and yet is drawn as nothing: joiners, fillers and variation selectors.
_UNDRAWN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
_INVISIBLE = frozenset({"Cc", "Cf"})
# What no shell reads as anything else, bare and between double quotes.
_BARE = re.compile(r"(?!-)[\w./:\\-]*[\w./:-]")
_BETWEEN_QUOTES = re.compile(r"(?!-)[\w./:\\ (),'&+=@~#\[\]{};-]*[\w./: (),'&+=@~#\[\]{};-]")
_LINE_END = re.compile(r"\r\n|\n|\r")
_NOT_PLAIN = re.compile(r"[^ -~]")
_LONGEST = 300
# Long enough for any statement of a rulebook with the values it quotes, each of which was cut already.
_LONGEST_STATEMENT = 4_000
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class Withheld(str):
    """Words that stand in for text that the record holds and that is not shown."""

    __slots__ = ()


WITHHELD = Withheld("text recorded, not shown")


def visible(text: str, longest: int = _LONGEST) -> str:
    """The text with everything that a terminal or page could act on shown as U+FFFD, cut to ``longest``.

    Line breaks, tabs and spaces of any other kind become single spaces.
    """
    cut = text[: longest + 1]
    safe = _NOT_PLAIN.sub(lambda found: _visible_character(found[0]), cut)
    return safe if len(cut) <= longest else safe[: longest - 1] + "…"


def single_line(text: str) -> str:
    """The text safe to print, with single spaces between its words."""
    return " ".join(visible(text, _LONGEST_STATEMENT).split())


def _visible_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Zs" or character in "\t\n\r":
        return " "
    return "\N{REPLACEMENT CHARACTER}" if category in _UNSAFE else character


def in_words(value: object) -> str:
    """A value from a record as a person would write it: yes, 9 May 2016, a safe text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    return visible(str(value))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like this one, if one is like it at all."""
    from difflib import get_close_matches  # noqa: PLC0415 - imported when used: start-up time

    close = get_close_matches(word[:100], sorted(known), n=1, cutoff=0.6)
    return close[0] if close else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Advice that names the nearest known word, or lists them if they are few, or is empty."""
    words = sorted(known)
    close = nearest(word, words)
    if close is not None:
        return f'Did you mean "{close}"?'
    if 0 < len(words) <= 12:  # noqa: PLR2004 - more than a dozen is a list nobody reads
        return f"It can be: {listed(words)}."
    return ""


def listed(words: Iterable[str], last: str = "or") -> str:
    """Words as a phrase: "a", "a or b", "a, b or c"."""
    items = list(words)
    if len(items) < 2:  # noqa: PLR2004 - one word needs no comma
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def as_argument(text: str) -> str:
    """The text as it can be typed in any shell; "" where it holds what a shell could take for something else."""
    if _BARE.fullmatch(text):
        return text
    return f'"{text}"' if _BETWEEN_QUOTES.fullmatch(text) else ""


def counted(count: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 case", "2 cases", "1,204 cases"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def full_stop(words: str) -> str:
    """The words with a capital letter and a full stop."""
    start = words[:1].upper() + words[1:]
    return start if start.endswith((".", "?", "!", "…")) else f"{start}."


def evened(text: str) -> str:
    """The text as it is seen: without what cannot be seen, in one form of Unicode, with single spaces between words.

    Two ids or names that look the same are the same.
    """
    if not text.isascii() or not text.isprintable():
        composed = _UNDRAWN.sub("", unicodedata.normalize("NFC", " ".join(text.split())))
        text = "".join(c for c in composed if unicodedata.category(c) not in _INVISIBLE)
        # Taking a character out can bring together what composes.
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split()) if " " in text else text


def evened_lines(text: str) -> str:
    """The text as it is seen, each of its lines by itself; lines that are blank at its ends are none."""
    if text.isascii() and text.isprintable() and "  " not in text and text.strip() == text:
        return text  # so nearly all are, and the rest takes longer
    if "\n" not in text and "\r" not in text:
        return evened(text)
    return "\n".join(map(evened, _LINE_END.split(text))).strip("\n")


def folded(text: str) -> str:
    """The text as it is seen, and capitals evened out too, for looking up names and words."""
    return evened(text).casefold()
