"""Text from records, made safe; advice on words."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casescreen.text import counted, did_you_mean, evened, folded, in_words, listed, visible

UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(st.text(st.characters(exclude_categories=()), max_size=50))
def test_nothing_that_acts_reaches_a_terminal(text: str) -> None:
    """No control, formatting, private or half character is left in visible text."""
    assert not {unicodedata.category(character) for character in visible(text)} & UNSAFE


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("a\x1b[31mb", "a\ufffd[31mb"),
        ("a\u202eb", "a\ufffdb"),
        ("one\r\ntwo\tthree", "one  two three"),
        ("one\u00a0two\u2003three\u3000four", "one two three four"),
        ("caf\u00e9 \u7ae0", "caf\u00e9 \u7ae0"),
    ],
)
def test_hostile_text_is_shown_inert(hostile: str, shown: str) -> None:
    """An escape sequence or a direction override is replaced, ordinary letters of any language are kept."""
    assert visible(hostile) == shown


def test_long_text_is_cut() -> None:
    """Text is cut to the length asked for, and the cut is shown."""
    assert visible("x" * 1000, 10) == "x" * 9 + "…"


@pytest.mark.parametrize(
    ("value", "words"), [(True, "yes"), (False, "no"), (date(2016, 5, 9), "9 May 2016"), (15, "15"), ("a", "a")]
)
def test_values_in_words(value: object, words: str) -> None:
    """Values are written as a person would, in any locale."""
    assert in_words(value) == words


def test_nearest_word_is_offered() -> None:
    """A word with a slip is met with the word that was meant; a strange one with the list, if it is short."""
    assert did_you_mean("complted_on", ["completed_on", "due_on"]) == 'Did you mean "completed_on"?'
    assert did_you_mean("xyz", ["one", "two"]) == "It can be: one or two."
    assert not did_you_mean("xyz", [str(n) for n in range(100)])


def test_lists_and_counts_read_as_sentences() -> None:
    """Words are joined, and nouns counted, as in a sentence."""
    assert [listed("a"), listed("ab"), listed("abc", "and")] == ["a", "a or b", "a, b and c"]
    assert [counted(1, "case"), counted(1204, "case")] == ["1 case", "1,204 cases"]
    assert counted(2, "criterion", "criteria") == "2 criteria"


@pytest.mark.parametrize(
    "written",
    [
        "Zoë  Smith",
        " Zoë Smith ",
        "Zo\u0065\u0308 Smith",
        "Zoë\u00a0Smith",
        "Zoë\u200b Smith",
        "\ufeffZoë Smith\x1a",
        "Zo\u0065\u200d\u0308 Smi\u00adth",
        "Zoë\t\r\nSmith\u2060\ufe0f",
        "Zoë \u200e Smith",
    ],
)
def test_what_looks_the_same_is_the_same(written: str) -> None:
    """Spaces, what is drawn as nothing, and the forms of Unicode make no second name."""
    assert evened(written) == "Zoë Smith"
    assert folded(written) == "zoë smith"


@given(st.text())
def test_evening_out_a_second_time_changes_nothing(text: str) -> None:
    """So an id that was read is the id that is read again from what was written."""
    assert evened(evened(text)) == evened(text)
