"""Each folder of tests/broken/rulebook: what one mistake changes in a sound rulebook, and what must be told of it."""

import shutil
from pathlib import Path

import pytest

from casescreen.model.problem import ProblemsError
from casescreen.rulebook.load import load_rulebook

BROKEN = Path(__file__).parents[1] / "broken" / "rulebook"
MISTAKES = sorted(file.parent.relative_to(BROKEN).as_posix() for file in BROKEN.glob("*/*/expected.txt"))


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told(mistake: str, workshop: Path) -> None:
    """A mistake is told whole: where it is, what it is, and what to do; and nothing else is told."""
    folder = BROKEN / mistake
    shutil.copytree(folder, workshop.parent, dirs_exist_ok=True)
    with pytest.raises(ProblemsError) as error:
        load_rulebook(workshop)
    assert f"{error.value}\n" == (folder / "expected.txt").read_text(encoding="utf-8")


def test_there_are_many() -> None:
    """The folder is found, and holds a mistake for every sentence that reading rules can say."""
    assert len(MISTAKES) >= 150
