"""Rulebooks as a wheel carries them."""

import json
import shutil
from pathlib import Path
from types import MappingProxyType

import pytest
from attrs import asdict, evolve

from casescreen.model.rulebook import Rulebook
from casescreen.resources import shipped_rulebooks
from casescreen.rulebook import load
from casescreen.rulebook.folder_reader import read_rulebook
from casescreen.rulebook.load import load_rulebook, packaged, packaged_file, read_packaged

SHIPPED = next(iter(shipped_rulebooks().values()))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The rules as a wheel has them, with the package of the rulebook beside its folder; they are the shipped ones."""
    rules = tmp_path / "rules"
    shutil.copytree(SHIPPED.parent, rules)
    folder = rules / SHIPPED.name
    packaged_file(folder).write_text(packaged(read_rulebook(folder), folder), encoding="ascii")
    monkeypatch.setattr(load, "shipped_rulebooks", lambda: MappingProxyType({folder.name: folder}))
    return folder


def same(one: Rulebook, other: Rulebook) -> bool:
    """Whether two are the same in all that they say, in what they are made of, and in the order of it."""
    calendars = [{**asdict(each.calendar)} for each in (one, other)]
    inner = [repr(evolve(each, calendar=one.calendar)) for each in (one, other)]
    return inner[0] == inner[1] and calendars[0] == calendars[1] and evolve(one, calendar=other.calendar) == other


def test_package_is_the_rulebook(folder: Path) -> None:
    """What is read of the package is what is read of the files, and so is its text, every time."""
    read, ready = read_rulebook(folder), read_packaged(folder)
    assert ready is not None
    assert same(read, ready)
    assert packaged(ready, folder) == packaged(read, folder)


def test_package_of_any_rulebook(workshop: Path) -> None:
    """Whatever a rulebook has in it comes back."""
    read = read_rulebook(workshop)
    packaged_file(workshop).write_text(packaged(read, workshop), encoding="ascii")
    ready = read_packaged(workshop)
    assert ready is not None
    assert same(read, ready)


def test_package_stands_for_the_shipped_files_only(folder: Path) -> None:
    """It is used for a shipped rulebook; of a folder that is named by its path, the files are read."""
    text = packaged_file(folder).read_text(encoding="ascii")
    title = read_rulebook(folder).title
    packaged_file(folder).write_text(text.replace(title, "Another title"), encoding="ascii")
    assert load_rulebook().title == load_rulebook(folder.name).title == "Another title"
    shutil.copytree(folder.parent, elsewhere := folder.parents[1] / "elsewhere")
    assert load_rulebook(elsewhere / folder.name).title == title


def test_package_of_other_files_is_not_used(folder: Path) -> None:
    """Where a file of the rules or of the calendar was changed, added or taken away, the files are read."""
    root, calendar = folder / "rulebook.toml", next(folder.with_name("calendars").iterdir())
    for file in (root, calendar):
        before = file.read_bytes()
        file.write_bytes(before + b"# changed\n")
        assert read_packaged(folder) is None
        file.write_bytes(before)
    added = folder / "generate-2.toml"
    added.write_text("")
    assert read_packaged(folder) is None
    added.unlink()
    assert read_packaged(folder) is not None
    (folder / "generate.toml").unlink()
    assert read_packaged(folder) is None


def test_package_of_another_version_is_not_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is for the version of casescreen that made it."""
    monkeypatch.setattr("casescreen.rulebook.load.__version__", "0.0.0")
    assert read_packaged(folder) is None
    assert same(load_rulebook(), read_rulebook(folder))


@pytest.mark.parametrize("content", ["", "{", '{"version": ', "{}", "[]", "1", "null", '"a"', "[" * 100_000])
def test_package_that_is_damaged_is_not_used(folder: Path, content: str) -> None:
    """Where there is no package, or half of one, the files are read."""
    packaged_file(folder).write_text(content)
    assert read_packaged(folder) is None
    packaged_file(folder).unlink()
    assert same(load_rulebook(), read_rulebook(folder))


@pytest.mark.parametrize(
    "values",
    [
        None,
        1,
        [],
        {},
        ["a"],
        [[]],
        [["unknown"]],
        [["tuple", 5]],
        [["tuple", "a"]],
        ["a", ["mapping", 0]],
        [1, ["date", 0]],
        ["a", ["date", 0]],
        ["a", ["Operator", 0]],
        ["a", ["Outcome", 0]],
        ["a", ["Rulebook", 0]],
    ],
)
def test_package_that_makes_no_rulebook_is_not_used(folder: Path, values: object) -> None:
    """Where it is of these files and this version, and what it is made of is not: the files are read."""
    content = json.loads(packaged_file(folder).read_bytes())
    packaged_file(folder).write_text(json.dumps({**content, "values": values}), encoding="ascii")
    assert read_packaged(folder) is None
