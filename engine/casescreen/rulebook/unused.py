"""Nothing dead: parameters, documents and facts that nothing uses are mistakes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from casescreen.syntax.rule_file import RuleFile, Spot

_WHY = "A rulebook that says more than it uses misleads the people who read it."


def tell_unused(root: RuleFile, conclusions: Spot | None, criteria: Iterable[RuleFile], spot: Spot) -> None:
    """Tell what is defined and never used.

    What the files say is searched, and not what was read from them, so that a broken rule still uses what it names.

    Args:
        root: rulebook.toml.
        conclusions: conclusions.toml, if there is one.
        criteria: the files of the criteria.
        spot: where the definitions in rulebook.toml stand.
    """
    rules = [file.data for file in criteria]
    if conclusions is not None:
        rules.append(conclusions.file.data)
    said = set(_said(rules))
    cited = {word for key, word in _said([root.data, *rules]) if key == "document"}
    _tell("parameters", "parameter", {word[1:] for _, word in said if word.startswith("$")}, spot)
    _tell("documents", "document", cited, spot)
    if conclusions is not None:
        _tell("facts", "fact", {word for key, word in said if key == "fact"}, conclusions)


def _tell(group: str, noun: str, used: set[str], spot: Spot) -> None:
    defined = spot.file.data.get(group)
    for name in defined if isinstance(defined, dict) else ():
        if name not in used:
            what = f'nothing uses the {noun} "{name}"'
            spot.at(group, name).named(f"{noun} {name}").tell(what, "Use it, or take it out.", _WHY)


def _said(value: Any, key: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any TOML value
    """Every text in a file's content, with the key that it stands under."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for inner_key, inner in value.items():
            yield from _said(inner, inner_key)
    elif isinstance(value, list):
        for inner in value:
            yield from _said(inner, key)
