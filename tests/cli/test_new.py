"""casescreen new."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Protocol


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]
AS_OF = ("--as-of", "2024-06-01")


def test_new_makes_a_short_case_that_can_be_screened(run: Run, bikes: Path, tmp_path: Path) -> None:
    """The starter folder can be screened as it is, and holds what decides most, a line about each."""
    folder = tmp_path / "mine"
    made = run("new", folder, "--rules", bikes)
    assert made.code == 0
    text = (folder / "case-001.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text)["case"] == {"id": "CASE-001"}
    assert "# brought_on = " in text
    assert "# [[answers]]" in text
    assert "# [[faults]]" not in text
    checked = run("check", folder, "--rules", bikes, *AS_OF)
    assert (checked.code, checked.err) == (0, "")
    again = run("new", folder, "--rules", bikes)
    assert again.code == 2
    assert "is there already" in again.err


def test_a_short_case_is_a_hundred_lines_and_decides(run: Run, tmp_path: Path) -> None:
    """Of the shipped rules it is short, each line can be taken, and what is then filled in decides questions."""
    folder = tmp_path / "mine"
    run("new", folder)
    path = folder / "case-001.toml"
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 100
    assert {"type", "starts_on", "requires_plan"} == set(tomllib.loads(_filled(text))["order"])
    path.write_text(_filled(text), encoding="utf-8")
    checked = run("check", path, "--as-of", "2026-06-01", "--by", "case")
    assert "CASE-001" in checked.out
    assert "unknown" not in checked.err


def _filled(text: str) -> str:
    return "\n".join(line.removeprefix("# ") for line in text.splitlines())


def test_new_in_full_names_every_field(run: Run, bikes: Path, tmp_path: Path) -> None:
    """With --full, the case has every field and table of the dictionary, and can be screened as it is."""
    folder = tmp_path / "mine"
    run("new", folder, "--rules", bikes, "--full")
    text = (folder / "case-001.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text)["case"] == {"id": "CASE-001"}
    assert all(part in text for part in ("# brought_on = ", "# [[faults]]", "# [[answers]]", "# serious = "))
    checked = run("check", folder, "--rules", bikes, *AS_OF)
    assert (checked.code, checked.err) == (0, "")


def test_new_says_what_to_fill_in_first(run: Run, tmp_path: Path) -> None:
    """The facts that most questions rest on are named at the top, and what no question rests on is marked."""
    run("new", tmp_path / "mine", "--full")
    text = (tmp_path / "mine" / "case-001.toml").read_text(encoding="utf-8").replace("\n## ", " ")
    first = text[text.index("Fill these in first") : text.index("[case]")]
    assert all(
        name in first for name in ("order.type (type of order)", "plan.exists", "plan.completed_on", "harm.level")
    )
    assert "note on the plan. Optional: no question rests on it." in text
    assert "there is a plan. Optional" not in text


def test_new_with_every_line_filled_in_is_read(run: Run, bikes: Path, tmp_path: Path) -> None:
    """With the # taken off every line that can be filled in, the starter case is still a case that can be read."""
    run("new", tmp_path / "mine", "--rules", bikes, "--full")
    path = tmp_path / "mine" / "case-001.toml"
    lines = [line.removeprefix("# ") for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("\n".join(lines).replace("2026-01-31", "2024-05-01"), encoding="utf-8")
    checked = run("check", "--full", path, "--rules", bikes, *AS_OF)
    assert "CASE-001" in checked.out
    assert "unknown" not in checked.err
