"""What CONTRIBUTING says is touched for one more of a kind, held against where one that is there is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENGINE = ROOT / "engine" / "casescreen"
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")

# The heading; what names one of the kind; and where it is looked for.
KINDS = {
    "To add a criterion": (r"information-sharing-stated", ("engine", "docs", "rules", "tests/rules")),
    "To add an operator": (r"\bon_or_after\b", ("engine", "docs", "tests")),
    "To add a form of condition": (r"\bCovered\b|\bcovered_by\b", ("engine", "docs")),
    "To add a format of reports": (r"\"markdown\"|formats\.markdown(?! im)|\[table\|markdown", ("engine", "docs")),
    "To add a command": (r"\"explain\":|\(\"explain\",\)|^## casescreen explain", ("engine", "docs")),
}
MOST_FILES = {"To add a criterion": 3, "To add an operator": 4, "To add a format of reports": 6}


def _paths(heading: str) -> list[str]:
    """What is in backticks in the section's table and looks like a place."""
    section = TEXT.split(f"### {heading}\n", 1)[1].split("\n##", 1)[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")][1:]
    return [path for row in rows for path in re.findall(r"`([\w./-]+)`", row) if "/" in path or path.endswith(".md")]


def _places(pattern: str, folders: tuple[str, ...]) -> Iterator[Path]:
    named = re.compile(pattern, re.MULTILINE)
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            is_ours = path.suffix in {".py", ".md", ".toml", ".txt"} and path.parent.name != "licences"
            if is_ours and named.search(path.read_text(encoding="utf-8")):
                yield path


def _is_told(path: Path, told: list[str]) -> bool:
    inside = path.relative_to(ENGINE if path.is_relative_to(ENGINE) else ROOT).as_posix()
    return any(inside == one or (one.endswith("/") and inside.startswith(one)) for one in told)


@pytest.mark.parametrize("heading", KINDS)
def test_no_place_is_missing(heading: str) -> None:
    """Wherever one of the kind is named, the next one has to be, and CONTRIBUTING says so."""
    places = list(_places(*KINDS[heading]))
    assert places
    told = _paths(heading)
    assert not [path.relative_to(ROOT).as_posix() for path in places if not _is_told(path, told)]


@pytest.mark.parametrize("heading", MOST_FILES)
def test_few_files_are_touched(heading: str) -> None:
    """Beside the changelog; a folder stands for one file in it."""
    assert len(_paths(heading)) <= MOST_FILES[heading]


@pytest.mark.parametrize("heading", [*KINDS, "To add a rulebook"])
def test_every_place_is_there(heading: str) -> None:
    """What is told can be found."""
    for path in _paths(heading):
        assert (ROOT / path).exists() or (ENGINE / path).exists(), path
