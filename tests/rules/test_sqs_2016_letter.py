"""The table of the Somerset letter's sentences: each is covered by what there is, or says why nothing can."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from casescreen.model.rulebook import ConclusionKind, Rulebook
from casescreen.rulebook.load import load_rulebook

ROOT = Path(__file__).resolve().parents[2]
LETTER = "letter-somerset-2016"

Sentence = Mapping[str, object]


@pytest.fixture(scope="module")
def sqs() -> Rulebook:
    return load_rulebook(ROOT / "rules" / "sqs-2016")


@pytest.fixture(scope="module")
def sentences() -> list[Sentence]:
    table = ROOT / "docs" / "rules" / f"{LETTER}.toml"
    found = tomllib.loads(table.read_text(encoding="utf-8"))["sentence"]
    assert isinstance(found, list)
    return found


def _named(sentences: list[Sentence], what: str) -> set[str]:
    lists = [one.get(what, []) for one in sentences]
    return {str(name) for names in lists if isinstance(names, list) for name in names}


def test_it_names_only_what_there_is(sqs: Rulebook, sentences: list[Sentence]) -> None:
    """Each criterion and each conclusion that covers a sentence is one of the rulebook."""
    assert _named(sentences, "criteria") - sqs.criterion.keys() == set()
    assert _named(sentences, "conclusions") - sqs.conclusion.keys() == set()


def test_no_criterion_of_the_letter_is_left_out(sqs: Rulebook, sentences: list[Sentence]) -> None:
    """Each criterion is in it, but the two whose source is another document, since the letter does not ask."""
    others = {one.id: one.source.document.id for one in sqs.criteria if one.source.document.id != LETTER}
    assert others == {"assessment-in-time": "rotherham-2012", "plan-after-assessment": "case-management-guidance"}
    assert sqs.criterion.keys() - _named(sentences, "criteria") == others.keys()


def test_each_criterion_stands_beside_its_paragraph(sqs: Rulebook, sentences: list[Sentence]) -> None:
    """A sentence that a criterion covers is of the paragraph that the criterion cites, at least once."""
    of_criterion: dict[str, set[str]] = {}
    for sentence in sentences:
        for id_ in _named([sentence], "criteria"):
            of_criterion.setdefault(id_, set()).add(str(sentence["paragraph"]))
    cited = {one.id: one.source.paragraph for one in sqs.criteria if one.id in of_criterion}
    elsewhere = {id_: paragraph for id_, paragraph in cited.items() if paragraph not in of_criterion[id_]}
    assert elsewhere == {"barriers-assessed": "strengths, areas"}


def test_every_sentence_is_covered_or_says_why_not(sentences: list[Sentence]) -> None:
    """Each has criteria, or conclusions, or the reason why nothing can cover it, and never both."""
    covered = [bool(_named([one], "criteria") | _named([one], "conclusions")) for one in sentences]
    assert [one for one, is_ in zip(sentences, covered, strict=True) if is_ is bool(one.get("nothing"))] == []
    assert [one for one in sentences if not one.get("gist")] == []


def test_sentences_are_counted_on(sentences: list[Sentence]) -> None:
    """Within each paragraph they are numbered from one, so none was dropped on the way."""
    numbers: dict[str, list[object]] = {}
    for one in sentences:
        numbers.setdefault(str(one["paragraph"]), []).append(one["number"])
    assert {name: list(range(1, len(each) + 1)) for name, each in numbers.items()} == numbers
    assert len(sentences) == 76


def test_its_strengths_and_areas_are_those_of_the_rulebook(sqs: Rulebook, sentences: list[Sentence]) -> None:
    """The lists at the letter's end name the five strengths and the three areas, each by one conclusion of its kind."""
    for paragraph, kind, number in (
        ("key strengths", ConclusionKind.STRENGTH, 5),
        ("areas requiring improvement", ConclusionKind.AREA, 3),
    ):
        listed = [one for one in sentences if one["paragraph"] == paragraph]
        named = [_named([one], "conclusions") for one in listed]
        assert len(listed) == number
        assert [{sqs.conclusion[id_].kind for id_ in each} for each in named] == [{kind}] * number
        assert len(set().union(*named)) == number
