"""One file of a profile, and what all of its parts need: the rulebook beneath it, and the documents it adds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from attrs import Factory, define, evolve, frozen

from casescreen.model.in_force import SaidBy
from casescreen.model.problem import ProblemCollector
from casescreen.model.rulebook import Document, Rulebook, Source, Status
from casescreen.rulebook.file_schema import DocumentSpec, ProfileSpec, SourceSpec, structure
from casescreen.rulebook.names import entries, read_entries
from casescreen.rulebook.parameters import read_source
from casescreen.syntax.rule_file import Location

LOCAL = "local-"
"""What the ids of criteria and documents begin with that the rulebook does not have."""

T = TypeVar("T")


@frozen(eq=False)
class Layer:
    """One file of a profile.

    Attributes:
        location: the whole file.
        spec: what it says.
    """

    location: Location
    spec: ProfileSpec

    def said(self, place: Location) -> SaidBy:
        """Who says what stands at a place of it."""
        return SaidBy(place.file.name, place.file.place(place.path).line)


def settings_by_name(raw: object, key: str, spec: type[T], top: Location) -> Iterator[tuple[str, T, Location]]:
    """Each sound entry under a heading of a profile by the name of what it is about."""
    for id_, entry in entries(raw, "setting", top.at(key)).items():
        place = top.at(key, id_).named(f"{key}.{id_}")
        read = structure(entry, spec, place)
        if read is not None:
            yield id_, read, place


def check_local_status(status: Status, place: Location) -> None:
    """Report a status that says of a local number that it binds more than this place."""
    if not status.is_local:
        what = f"what a profile sets is not {status.value}"
        advice = f'Leave the line out, which means "{Status.LOCAL.value}".'
        place.report(what, advice, "A local number would be taken for a rule that binds everybody.")


@define(eq=False)
class ProfileBase:
    """The rulebook that a profile is laid over, with the documents that the profile adds.

    Attributes:
        documents: those of the profile, by id; None for those that are broken.
        differences: what is known to be otherwise in the rulebook than when the profile was written.
    """

    rulebook: Rulebook
    problems: ProblemCollector
    documents: dict[str, Document | None] = Factory(dict)
    differences: list[str] = Factory(list)

    @property
    def known_documents(self) -> Mapping[str, Document | None]:
        """What a source can name: the documents of the rulebook, and those of the profile."""
        return {**self.rulebook.documents, **self.documents}

    def add_documents(self, raw: object, location: Location) -> None:
        """Add the documents that a file of the profile lists."""
        for id_, spec, place in read_entries(raw, "document", DocumentSpec, location):
            if not id_.startswith(LOCAL):
                why = "So it cannot be taken for one of the rulebook."
                place.report(f'"{id_}" does not begin with "{LOCAL}"', f'Call it "{LOCAL}{id_}".', why)
            self.documents[id_] = None if spec is None else Document(id_, spec.title, spec.note)

    def source(self, raw: object, reason: str, location: Location) -> Source | None:
        """The source of a number here: a text, or a document that is named as the rulebook names its own.

        None after telling what is wrong with it.
        """
        if isinstance(raw, str) and raw.strip():
            return Source(Document(f"{LOCAL}source", raw), note=reason)
        if isinstance(raw, dict):
            spec = structure(raw, SourceSpec, location)
            source = None if spec is None else read_source(spec, self.known_documents, location)
            return None if source is None else evolve(source, note=" ".join(filter(None, (source.note, reason))))
        advice = 'Write source = "North team, standards of March 2026", say: whose number it is.'
        location.report("the source is not a text", advice, "Reports name it beside the number.")
        return None

    def compare(self, label: str, had: str, has: str) -> None:
        """Keep that the rulebook has another value than the profile says it had, where it has."""
        if had != has:
            self.differences.append(f"{label}: the rulebook had {had}, and has {has} now")
