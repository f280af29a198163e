"""The words of the trade beside a rulebook."""

from __future__ import annotations

from pathlib import Path

import pytest

from casescreen.cases.mapping.vocabulary import FILE, Vocabulary, read_vocabulary
from casescreen.model.dictionary import Dictionary
from casescreen.model.problem import ProblemsError


def _read(folder: Path, text: str, dictionary: Dictionary) -> Vocabulary:
    (folder / FILE).write_text(text, encoding="utf-8")
    return read_vocabulary(folder, dictionary)


def test_words_are_read_without_their_capitals(dictionary: Dictionary, tmp_path: Path) -> None:
    """A word may have one meaning or several."""
    text = """
    not_known = ["TBC"]
    to_be_done = ["plan.shared"]
    [words."order.type"]
    RO = "referral order"
    [abbreviations]
    IP = "plan"
    CE = ["one", "another"]
    [same]
    plan = ["Int Plan"]
    [headings]
    "reviews.due_on" = ["due"]
    [tables]
    reviews = ["Review log"]
    [[rows]]
    table = "reviews"
    constants = { of = "plan" }
    headings = { due_on = ["plan review due"] }
    """
    words = _read(tmp_path, text, dictionary)
    assert words.not_known == {"tbc"}
    assert words.words == {"order.type": {"ro": "referral order"}}
    assert words.abbreviations == {"ip": ("plan",), "ce": ("one", "another")}
    assert words.same == {"int plan": "plan"}
    assert words.tables == {"reviews": ("Review log",)}
    [rows] = words.rows
    assert (rows.table, rows.constants, rows.headings) == ("reviews", {"of": "plan"}, {"due_on": ("plan review due",)})


def test_a_rulebook_need_not_have_any(dictionary: Dictionary, tmp_path: Path) -> None:
    """Then headings are compared with its own names."""
    assert not read_vocabulary(tmp_path, dictionary).headings


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('unknown = ["tbc"]', "unknown: it is not a part of a vocabulary"),
        ('not_known = "tbc"', "not_known: it is not a list of texts"),
        ('not_known = ["x"]\nasked_about = ["X"]', 'asked_about: "x" stands under not_known too'),
        ('to_be_done = ["order.starts_on"]', "to_be_done: order.starts_on is not a yes-no"),
        ('[tables]\nreview = ["log"]', 'Did you mean "reviews"?'),
        ('[words."order.typ"]\nRO = "x"', 'words.order.typ: "order.typ" is not in the dictionary'),
        ('[words."order.type"]\nRO = "referal order"', 'Did you mean "referral order"?'),
        ('[headings]\n"plan.shred" = ["x"]', 'Did you mean "plan.shared"?'),
        ('[[rows]]\ntable = "review"', 'Did you mean "reviews"?'),
        ('[[rows]]\ntable = "reviews"\nconstants = { off = "x" }', 'Did you mean "of"?'),
        ('[[rows]]\ntable = "reviews"\nconstants = { due_on = "x" }', "is not a date"),
        ("[[rows]]\nheadings = {}", "table: it is missing"),
        ("[words", f"{FILE}"),
    ],
)
def test_what_is_wrong_with_it_is_told(dictionary: Dictionary, tmp_path: Path, text: str, told: str) -> None:
    """With file, line and what to do."""
    with pytest.raises(ProblemsError) as refused:
        _read(tmp_path, text, dictionary)
    assert told in str(refused.value)
