"""Reading the criteria of every theme: each folder a theme, each file a criterion."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from casescreen.model.problem import Place, Problem
from casescreen.model.rulebook import Criterion, Theme
from casescreen.resources import ROOT_FILE
from casescreen.rulebook.criteria import Surroundings, read_criterion
from casescreen.rulebook.folder import Folder
from casescreen.syntax.rule_file import Spot
from casescreen.text import did_you_mean, visible


def read_criteria(
    folder: Folder, themes: Mapping[str, Theme | None], around: Surroundings, told: list[Problem]
) -> dict[str, Criterion | None]:
    """Every criterion by id, None for those that are broken, after telling folders and files out of place."""
    criteria: dict[str, Criterion | None] = {}
    stands_in: dict[str, str] = {}
    for theme, files in folder.themes.items():
        if theme not in themes:
            told.append(_no_theme(f"{folder.name}/{theme}", theme, themes))
        for id_, file in files.items():
            if id_ in stands_in:
                told.append(_twice(f"{folder.name}/{theme}/{id_}.toml", id_, stands_in[id_]))
            stands_in[id_] = theme
            criteria[id_] = (
                None if file is None else read_criterion(id_, theme, around, Spot(file, told, (), f"criterion {id_}"))
            )
    return criteria


def tell_empty_themes(folder: Folder, themes: Iterable[str], spot: Spot) -> None:
    """Tell the themes of rulebook.toml that have no criteria."""
    for theme in themes:
        if not folder.themes.get(theme):
            what = "the theme has no criteria" if theme in folder.themes else "the theme has no folder"
            advice = f"Put its criteria into {folder.name}/{visible(theme)}, or take the theme out of {ROOT_FILE}."
            spot.at("themes", theme).named(f"theme {theme}").tell(what, advice)


def in_reading_order(criteria: Iterable[Criterion], themes: Iterable[str]) -> tuple[Criterion, ...]:
    """The criteria by theme, then by paragraph of their source (1.2 before 1.10), then by id."""
    position = {theme: number for number, theme in enumerate(themes)}
    return tuple(sorted(criteria, key=lambda c: (position[c.theme], _paragraph(c.source.paragraph), c.id)))


def _paragraph(written: str) -> tuple[tuple[bool, int, str], ...]:
    """Figures compare as numbers and come before words."""
    parts = re.findall(r"[0-9]+|[^0-9]+", written)
    return tuple((not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts)


def _no_theme(name: str, theme: str, themes: Iterable[str]) -> Problem:
    advice = did_you_mean(theme, themes)
    what = f'the folder "{visible(theme)}" is not a theme of {ROOT_FILE}'
    return Problem(Place(name), what, advice or f"Add [themes.{visible(theme)}] to {ROOT_FILE}.")


def _twice(name: str, id_: str, other: str) -> Problem:
    what = f'there is another criterion "{id_}", in {other}'
    return Problem(
        Place(name, 0, f"criterion {id_}"),
        what,
        "Rename one of the files.",
        "Findings name a criterion by its id alone.",
    )
