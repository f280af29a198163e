"""The bands of rates that a profile sets: what it says, over what was in force before."""

from __future__ import annotations

from attrs import evolve

from casescreen.model.in_force import LocalBands
from casescreen.model.rulebook import Bands, Status
from casescreen.rulebook.file_schema import LocalBandsSpec, structure
from casescreen.rulebook.names import find
from casescreen.rulebook.parameters import read_bands
from casescreen.rulebook.profile_layer import LOCAL, Layer, ProfileBase, check_local_status
from casescreen.syntax.rule_file import Location
from casescreen.text import listed


def read_local_bands(base: ProfileBase, earlier: LocalBands | None, layer: Layer) -> LocalBands | None:
    """The bands that a file of a profile sets; None after telling everything that is wrong with them.

    Args:
        base: the rulebook beneath it.
        earlier: what the files before it set; None where they set none.
        layer: the file.
    """
    place = layer.location.at("bands")
    spec = structure(layer.spec.bands, LocalBandsSpec, place)
    source = None if spec is None else base.source(spec.source, spec.reason, place.at("source"))
    if spec is None or source is None:
        return None
    if base.rulebook.bands.status is Status.STATUTORY:
        place.report("the bands are statutory, and cannot be changed", "Take them out.", "The law sets them.")
    check_local_status(spec.status, place.at("status"))
    before = base.rulebook.bands if earlier is None else earlier.now
    bands = read_bands(_merged(spec, before), {LOCAL: source.document}, place)
    if bands is None or not _have_ids_of(before, bands, place):
        return None
    overrode = () if earlier is None else (*earlier.overrode, (earlier.said, earlier.now))
    now = evolve(bands, source=source)
    return LocalBands(now, base.rulebook.bands, spec.reason, layer.said(place), overrode)


def _have_ids_of(before: Bands, bands: Bands, place: Location) -> bool:
    """Whether bands and sets go by the ids that conclusions name; told if not."""
    if [band.id for band in bands.bands] != (usual := [band.id for band in before.bands]):
        what = f"the bands of the rulebook are {listed(usual, 'and')}"
        advice = "Give a limit for each of those, under the same id and in the same order."
        place.at("band").report(what, advice, "Conclusions name them.")
        return False
    unknown = next((id_ for id_ in bands.sets if id_ not in before.sets), None)
    if unknown is not None:
        find(before.sets, unknown, "band set", place.at("sets", unknown))
    return unknown is None


def _merged(spec: LocalBandsSpec, before: Bands) -> dict[str, object]:
    """The bands as a rulebook would write them: what is said, and else what was in force before."""
    known = before.known if spec.known is None else spec.known
    return {
        "minimum": before.minimum if spec.minimum is None else spec.minimum,
        "status": spec.status.value,
        "source": {"document": LOCAL},
        "band": _merged_limits(spec.band, before),
        "sets": _merged_sets(spec.sets, before),
        **({"known": known} if known else {}),
    }


def _merged_limits(said: object, before: Bands) -> object:
    """The limits that are said, with the labels of the rulebook where they have none; or those of before."""
    if said is None:
        return [{"id": one.id, "label": one.label, "at_least": one.at_least} for one in before.bands]
    if not isinstance(said, list):
        return said
    labels = {band.id: band.label for band in before.bands}
    return [{"label": labels.get(str(one.get("id")), "?"), **one} if isinstance(one, dict) else one for one in said]


def _merged_sets(said: object, before: Bands) -> object:
    """The sets of limits of before, and over them those that are said."""
    if said is not None and not isinstance(said, dict):
        return said
    sets: dict[str, object] = {
        id_: {"label": one.label, "band": [{"id": limit.id, "at_least": limit.at_least} for limit in one.bands]}
        for id_, one in before.sets.items()
    }
    for id_, entry in (said or {}).items():
        label = {"label": before.sets[id_].label} if id_ in before.sets else {}
        sets[id_] = {**label, **entry} if isinstance(entry, dict) else entry
    return sets
