"""Reading the head of rulebook.toml: what the rulebook is, its documents and its themes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from attrs import frozen

from casescreen.model.rulebook import Document, Theme
from casescreen.rulebook.names import entries, is_id
from casescreen.rulebook.specs import DocumentSpec, RulebookSpec, ThemeSpec
from casescreen.rulebook.structuring import structure
from casescreen.syntax.rule_file import Spot


@frozen
class Head:
    """The head of a rulebook; None stands for what is broken.

    Attributes:
        themes: in the file's order.
        examples_as_of: None if the file gives no such date.
    """

    spec: RulebookSpec | None
    documents: Mapping[str, Document | None]
    themes: Mapping[str, Theme | None]
    examples_as_of: date | None


def read_head(spot: Spot) -> Head:
    """The head, with everything that is wrong with it told; what is sound is there for the rest to refer to."""
    spec = structure(spot.file.data, RulebookSpec, spot)
    as_of = spot.file.data.get("examples_as_of")
    return Head(
        spec,
        {id_: _document(id_, raw, place) for id_, raw, place in _entries("documents", "document", spot)},
        {id_: _theme(id_, raw, place) for id_, raw, place in _entries("themes", "theme", spot)},
        as_of if isinstance(as_of, date) and not isinstance(as_of, datetime) else None,
    )


def _entries(group: str, noun: str, spot: Spot) -> list[tuple[str, object, Spot]]:
    # A group that is missing altogether is told as a missing key.
    found = entries(spot.file.data.get(group, {}), noun, spot.at(group))
    return [(id_, raw, spot.at(group, id_).named(f"{noun} {id_}")) for id_, raw in found.items()]


def _document(id_: str, raw: object, spot: Spot) -> Document | None:
    is_id(id_, "document", spot)
    spec = structure(raw, DocumentSpec, spot)
    return None if spec is None else Document(id_, spec.title, spec.note)


def _theme(id_: str, raw: object, spot: Spot) -> Theme | None:
    is_id(id_, "theme", spot)
    spec = structure(raw, ThemeSpec, spot)
    return None if spec is None else Theme(id_, spec.title)
