"""Refs: what the things to do in a case are called, the same in every run, with a character to check them by.

A Ref is the id of the case, a hyphen, three characters for the group that the things belong to, and one to check the
rest by. Whoever wrote one down finds the same things again in a later run.
"""

from __future__ import annotations

from hashlib import sha256

# Those of Crockford: none that is taken for another one.
_CODE = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH = 3
_CHECKED = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def ref_of(case: str, group: tuple[str, str]) -> str:
    """The Ref of a group of things to do in a case: made of these two alone, and so the same in every run."""
    number = int.from_bytes(sha256("\n".join(group).encode()).digest()[:2], "big")
    code = "".join(_CODE[number >> shift & 31] for shift in range(0, 5 * _CODE_LENGTH, 5))
    begun = f"{case}-{code}"
    return f"{begun}{_check_character(begun)}"


def parts_of_ref(ref: str) -> tuple[str, str]:
    """The case of a Ref, and the three characters of its group."""
    return ref[: -_CODE_LENGTH - 2], ref[-_CODE_LENGTH - 1 : -1].upper()


def is_ref(text: str) -> bool:
    """Whether a text is a Ref, of any case and group: a mistyped letter or figure is noticed, capitals are not."""
    begun, check = text[:-1], text[-1:].upper()
    code = begun.upper()[-_CODE_LENGTH - 1 :]
    formed = len(begun) > _CODE_LENGTH + 1 and code[0] == "-" and all(one in _CODE for one in code[1:])
    return formed and _check_character(begun) == check


def _check_character(text: str) -> str:
    """The check character by ISO/IEC 7064, MOD 37,36; capitals make no difference, and signs between do not count."""
    check = 36
    for character in text.upper():
        for figure in character if character in _CHECKED else str(ord(character)) if character.isalnum() else "":
            check = (check + _CHECKED.index(figure)) % 36 or 36
            check = check * 2 % 37
    return _CHECKED[(37 - check) % 36]
