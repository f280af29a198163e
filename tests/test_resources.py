"""Finding the shipped rulebooks, in a wheel and in a checkout."""

from pathlib import Path

import pytest

from casescreen.model.problem import CasescreenError
from casescreen.resources import rulebook_folder, shipped_rulebooks


def rulebook(folder: Path) -> Path:
    """Make a folder that looks like a rulebook."""
    folder.mkdir(parents=True)
    (folder / "rulebook.toml").write_text("", encoding="utf-8")
    return folder


def test_a_checkout_has_the_rules_beside_the_engine(tmp_path: Path) -> None:
    """In a checkout the rules are two folders above the package; other folders there are no rulebooks."""
    swim, bike = rulebook(tmp_path / "rules" / "swim"), rulebook(tmp_path / "rules" / "bike")
    (tmp_path / "rules" / "calendars").mkdir()
    package = tmp_path / "engine" / "casescreen"
    assert list(shipped_rulebooks(package).items()) == [("bike", bike), ("swim", swim)]


def test_a_wheel_has_the_rules_inside_the_package(tmp_path: Path) -> None:
    """An installed package's own rules go before a folder that happens to be above it."""
    rulebook(tmp_path / "rules" / "strange")
    package = tmp_path / "site-packages" / "casescreen"
    own = rulebook(package / "rules" / "bike")
    assert dict(shipped_rulebooks(package)) == {"bike": own}


def test_no_rules_is_no_error(tmp_path: Path) -> None:
    """An installation without rules ships no rulebook."""
    assert dict(shipped_rulebooks(tmp_path / "engine" / "casescreen")) == {}


def test_a_name_and_a_folder_are_found(tmp_path: Path) -> None:
    """A rulebook is found by the name of a shipped one, or by its folder."""
    bike = tmp_path / "bike"
    assert rulebook_folder("bike", {"bike": bike}) == bike
    assert rulebook_folder(str(tmp_path), {"bike": bike}) == tmp_path
    assert rulebook_folder(tmp_path, {}) == tmp_path


def test_the_only_one_needs_no_name(tmp_path: Path) -> None:
    """Where one rulebook is shipped, it is meant when none is named."""
    assert rulebook_folder(None, {"bike": tmp_path}) == tmp_path


def test_one_of_several_must_be_named(tmp_path: Path) -> None:
    """Where several are shipped, none is chosen by guessing."""
    with pytest.raises(CasescreenError) as error:
        rulebook_folder(None, {"bike": tmp_path, "swim": tmp_path})
    assert str(error.value) == (
        "no rulebook was named. The shipped rulebooks are: bike and swim. Name one, or the folder of another."
    )


def test_an_unknown_name_has_advice(tmp_path: Path) -> None:
    """A name that is not known is told with the nearest and with all that are."""
    with pytest.raises(CasescreenError) as error:
        rulebook_folder("bicke", {"bike": tmp_path, "swim": tmp_path})
    assert str(error.value) == (
        'there is no rulebook or folder "bicke". Did you mean "bike"? '
        "The shipped rulebooks are: bike and swim. Name one, or the folder of another."
    )


def test_without_rules_a_folder_must_be_named() -> None:
    """Where nothing is shipped, the advice is to name a folder."""
    with pytest.raises(CasescreenError, match="No rulebook is shipped with this installation: name a folder"):
        rulebook_folder("bike", {})


@pytest.mark.parametrize("where", ["x" * 5000, "a\0b", "\x1b[2J"])
def test_a_name_that_no_folder_can_have_is_told_safely(where: str) -> None:
    """A name that the file system refuses is a wrong name like any other, and is printed safely."""
    with pytest.raises(CasescreenError) as error:
        rulebook_folder(where, {})
    assert "\x1b" not in str(error.value)
    assert len(str(error.value)) < 500
