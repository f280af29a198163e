"""What tells who somebody is, as the shipped data has it."""

from __future__ import annotations

from datetime import date

import pytest

from casescreen.privacy.personal_data import read_patterns

_AS_OF = date(2016, 5, 9)


@pytest.mark.parametrize(
    ("text", "likeness"),
    [
        ("lives at TA1 1AA now", "a postcode"),
        ("SW1A 1AA", "a postcode"),
        ("health number 943 476 5919", "an NHS number"),
        ("9434765919", "an NHS number"),
        ("943-476-5919", "an NHS number"),
        ("see 2001/1234567A", "a PNC number"),
        ("01/1234567T", "a PNC number"),
        ("said by Mrs Oakley", "a name"),
        ("Jayden Oakley was there", "a name"),
        ("he is 03/04/2001", "a date of birth"),
        ("born 2001-04-03", "a date of birth"),
        ("on 3rd April 2001", "a date of birth"),
        ("on 3 Apr 2001", "a date of birth"),
    ],
)
def test_what_tells_who_somebody_is_is_seen(text: str, likeness: str) -> None:
    """Each sort is seen in a text and in an id, in the ways in which it is usually written."""
    assert set(read_patterns().in_text(text, _AS_OF)) == {likeness}
    assert likeness in set(read_patterns().in_reference(text, _AS_OF))


@pytest.mark.parametrize(
    "text",
    [
        "SOM-01", "Worker A", "Manager 1", "R1", "V1", "2016/0042", "Case 7", "YOT-2016-117", "East Team", "0012345678",
        "943 476 5918", "TA1-1AA", "AB12 34", "no contact with V1", "01-02-2016", "9 May 2016", "31/02/2001", "12/1234",
        "strategy meeting with social care", "Long Sutton", "Mark the file", "The May review", "1234567890123",
    ],
)  # fmt: skip
def test_references_and_plain_words_are_not(text: str) -> None:
    """Case numbers, roles, places, dates of the work and figures that break the rule of their check raise no alarm."""
    likenesses = read_patterns()
    assert list(likenesses.in_text(text, _AS_OF)) == []
    assert list(likenesses.in_reference(text, _AS_OF)) == []


@pytest.mark.parametrize("name", ["jayden-smith", "SMITH_JAYDEN", "Jayden", "oakley.jayden.01"])
def test_a_given_name_in_an_id_is_seen(name: str) -> None:
    """An id made of a name is seen in whatever letters it is written; a text needs the surname too."""
    assert list(read_patterns().in_reference(name, _AS_OF)) == ["a name"]
    assert list(read_patterns().in_text(name, _AS_OF)) == []


def test_a_check_figure_of_ten_is_no_number() -> None:
    """Nine figures that come to ten have no last figure, so nothing after them is an NHS number."""
    nine = "000000006"  # 6 times 2 is 12; 11 less 1 is 10
    assert not any(list(read_patterns().in_text(f"{nine}{last}", _AS_OF)) for last in range(10))
