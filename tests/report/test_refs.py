"""Refs that are kept, and how a mistyped one is noticed."""

from __future__ import annotations

import pytest

from casescreen.report.refs import is_ref, ref_of

# Kept for good: whoever wrote one of these down finds it again. A change here breaks that promise.
_KEPT = {
    ("SOM-05", ("2-protecting-the-public", "case.manager")): "SOM-05-G5GA",
    ("SOM-05", ("5-operational-management", "case.supervisor")): "SOM-05-EFZG",
    ("SOM-10", ("1-reducing-reoffending", "case.manager")): "SOM-10-G3C8",
    ("SOM-17", ("1-reducing-reoffending", "case.manager")): "SOM-17-G3C0",
    ("SOM-13", ("check the file", "case.manager")): "SOM-13-7SYM",
    ("SOM-13", ("check the file", "case.supervisor")): "SOM-13-YGD5",
    ("SOM-15", ("due", "case.manager")): "SOM-15-YJEV",
    ("7", ("2-protecting-the-public", "case.manager")): "7-G5G4",
    ("YOT/2016 014", ("4-sentence-served", "case.manager")): "YOT/2016 014-EHDA",
    ("Zoë 1", ("", "")): "Zoë 1-TD0W",
}
_VALUES = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.mark.parametrize(("case", "group"), _KEPT)
def test_a_ref_is_kept(case: str, group: tuple[str, str]) -> None:
    """The same case and group have the same Ref in every version."""
    assert ref_of(case, group) == _KEPT[case, group]


def _fits(ref: str) -> bool:
    """Whether the last character checks the rest, read as ISO/IEC 7064 says of MOD 37,36."""
    every = "".join(one if one in _VALUES else str(ord(one)) if one.isalnum() else "" for one in ref.upper())
    product = 36
    for character in every[:-1]:
        product = ((product + _VALUES.index(character)) % 36 or 36) * 2 % 37
    return (product + _VALUES.index(every[-1])) % 36 == 1


@pytest.mark.parametrize("ref", _KEPT.values())
def test_a_mistyped_ref_is_noticed(ref: str) -> None:
    """With one letter or figure wrong it is none, in any capitals."""
    assert _fits(ref)
    assert is_ref(ref)
    assert is_ref(ref.lower())
    for at, right in enumerate(ref):
        for wrong in _VALUES if right.isascii() and right.isalnum() else "":
            mistyped = ref[:at] + wrong + ref[at + 1 :]
            assert (wrong == right.upper()) == _fits(mistyped)
            assert not is_ref(mistyped) or wrong == right.upper()


def test_letters_that_changed_places_are_noticed() -> None:
    """Two neighbours that are not the same."""
    ref = "SOM-10-G3C8"
    changed = {ref[:at] + ref[at + 1] + ref[at] + ref[at + 2 :] for at in (0, 1, 4, 7, 8, 9)}
    assert not [one for one in changed - {ref} if is_ref(one)]


@pytest.mark.parametrize("text", ["", "-", "G3C8", "-G3C8", "SOM-10", "total", "SOM-10-ILO0", "\ud800", "ß-ßßß1"])
def test_other_texts_are_none(text: str) -> None:
    """Whatever somebody writes into the column."""
    assert not is_ref(text)
