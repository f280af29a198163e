"""Each folder of tests/broken holds the files that one mistake changes in a sound rulebook, and what must be told."""

import shutil
from pathlib import Path

import pytest

from casescreen.model.problem import ProblemsError
from casescreen.rulebook.load import load_rulebook

BROKEN = Path(__file__).parents[1] / "broken"
MISTAKES = sorted(folder.name for folder in BROKEN.iterdir() if folder.name != "base")


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
