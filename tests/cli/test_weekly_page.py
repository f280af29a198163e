"""What is told of a weekly run."""

from __future__ import annotations

import pytest

from casescreen.cli.weekly_page import in_settings


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "Correct the date, or say with --taken-on when the records were taken.",
            "Correct the date, or put the day on which they were taken in the name of the file.",
        ),
        ("name the same cases with --scope", 'name the same cases with the setting "scope"'),
        ("add --pseudonyms KEYFILE.", 'add the setting "pseudonyms".'),
        ("name it with --mapping.", 'name it with the setting "mapping".'),
        ("casescreen mapping suggest with --output my-mapping.toml", None),
        ("a--mapping --mappings", None),
    ],
)
def test_options_are_told_as_settings(said: str, told: str | None) -> None:
    """And commands are left as they are typed."""
    assert in_settings(said) == (told or said)
