"""What is local among the files that were dropped: a profile that is laid over the rules, and a file of waivers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from casescreen.model.problem import CasescreenError, Fault
from casescreen.model.rulebook import Rulebook
from casescreen.model.waiver import Waiver
from casescreen.page.dropped_files import PROFILE, WAIVERS, DroppedFile, DroppedFiles
from casescreen.report.local_rules import local_in_short, moved_in_words
from casescreen.rulebook.profile_files import load_profile
from casescreen.rulebook.waiver_file import waivers_in
from casescreen.syntax.toml_parser import read_toml
from casescreen.text import visible


def rules_by_profile(files: DroppedFiles, rules: str) -> Rulebook:
    """The rulebook with the profile laid over it that was dropped, and with those that this one extends.

    Args:
        files: with one profile or more.
        rules: the name of the rulebook; "" where the profile names it.

    Raises:
        CasescreenError: there are several, of which none extends the others.
        ProblemsError: everything that is wrong with them.
    """
    dropped = files.of_kind(PROFILE)
    extended = _extended(files, dropped)
    last = [file for file in dropped if file.name not in extended] or dropped[:1]  # a circle is told of as such
    if len(last) > 1:
        raise CasescreenError(
            f"There are several profiles here: {_names(last)}.",
            why="one of them says which rules are in force.",
            advice="keep the one that is for these cases, and those that it extends, and remove the others.",
        )
    with files.where_they_are():
        return load_profile(Path(last[0].name), rules=rules or None).rulebook


def _extended(files: DroppedFiles, dropped: Sequence[DroppedFile]) -> set[str]:
    """The names of the files that profiles extend."""
    extended = set[str]()
    for file in dropped:
        content = read_toml(files.data(file.id).decode("utf-8-sig", errors="replace"))
        named = None if isinstance(content, Fault) else _head(content).get("extends")
        if isinstance(named, str):
            extended.add((PurePosixPath(file.name).parent / named).as_posix())
    return extended


def _head(content: object) -> Mapping[str, object]:
    return content if isinstance(content, dict) else {}


def waivers_among(files: DroppedFiles, rulebook: Rulebook) -> tuple[Waiver, ...]:
    """The waivers in the file of them that was dropped.

    Args:
        files: with one file of waivers or more.
        rulebook: the rules that are in force.

    Raises:
        CasescreenError: there are several.
        ProblemsError: everything that is wrong in it.
    """
    dropped = files.of_kind(WAIVERS)
    if len(dropped) > 1:
        raise CasescreenError(
            f"There are several files of waivers here: {_names(dropped)}.",
            why="of two waivers of one finding, nobody could say which counts.",
            advice="put their blocks into one file, or keep the one that counts and remove the others.",
        )
    return waivers_in(files.data(dropped[0].id), dropped[0].name, rulebook)


def local_words(files: DroppedFiles, rulebook: Rulebook, waivers: Sequence[Waiver] | None) -> Iterator[str]:
    """What of these files is in use, a few sentences each."""
    if rulebook.profile is not None and files.of_kind(PROFILE):
        yield f"Local rules {local_in_short(rulebook.profile).rstrip(': ')}."
        if rulebook.profile.moved is not None:
            yield moved_in_words(rulebook.profile.moved, rulebook.id)
    for file in files.of_kind(WAIVERS):
        yield (
            f"Accepted findings: {visible(file.name)}, {len(waivers or ()):,}. They change no outcome and no figure. "
            "A copy to share with figures only has nothing of them."
        )


def _names(files: Sequence[DroppedFile]) -> str:
    return ", ".join(visible(file.name) for file in files)
