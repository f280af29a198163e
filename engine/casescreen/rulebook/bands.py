"""Reading the bands of rulebook.toml: the closed vocabulary that rates fall into."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from casescreen.model.rulebook import Band, Bands
from casescreen.rulebook.names import is_id
from casescreen.rulebook.parameters import Documents, read_source
from casescreen.rulebook.specs import BandSpec, BandsSpec
from casescreen.rulebook.structuring import structure
from casescreen.syntax.rule_file import Spot

_HIGHEST = 100


def read_bands(raw: object, documents: Documents, spot: Spot) -> Bands | None:
    """The bands, or None after telling everything that is wrong with them."""
    spec = structure(raw, BandsSpec, spot)
    if spec is None:
        return None
    source = read_source(spec.source, documents, spot.at("source"))
    if spec.minimum < 1:
        spot.at("minimum").tell(f"the minimum is {spec.minimum}", "Use 1 or more.", "A rate of no cases is no rate.")
    bands = _list(spec.band, spot.at("band"))
    return None if source is None or not bands else Bands(bands, spec.minimum, spec.status, source)


def _list(raw: Any, spot: Spot) -> tuple[Band, ...]:  # noqa: ANN401 - whatever the file says
    if not isinstance(raw, list) or not raw:
        spot.tell("there are no bands", "Write each under its own heading, [[bands.band]].")
        return ()
    read = [_band(entry, spot.at(number)) for number, entry in enumerate(raw)]
    bands = tuple(band for band in read if band is not None)
    if len(bands) < len(read):
        return ()
    _check(bands, spot)
    return bands


def _band(raw: object, spot: Spot) -> Band | None:
    spec = structure(raw, BandSpec, spot)
    if spec is None:
        return None
    is_id(spec.id, "band", spot.at("id"))
    if not 0 <= spec.at_least <= _HIGHEST:
        spot.at("at_least").tell(f"{spec.at_least} is no percentage", "Use a whole number from 0 to 100.")
    return Band(spec.id, spec.label, spec.at_least)


def _check(bands: tuple[Band, ...], spot: Spot) -> None:
    for number, (higher, lower) in enumerate(pairwise(bands), 1):
        if higher.at_least <= lower.at_least:
            what = f"{lower.id} begins at {lower.at_least} per cent, and {higher.id} before it at {higher.at_least}"
            spot.at(number, "at_least").tell(what, "Order the bands from the highest to the lowest.")
    if bands[-1].at_least != 0:
        what = f"the lowest band begins at {bands[-1].at_least} per cent"
        spot.at(len(bands) - 1, "at_least").tell(what, "Begin it at 0.", "Every rate must fall into a band.")
    ids = [band.id for band in bands]
    for number, id_ in enumerate(ids):
        if id_ in ids[:number]:
            spot.at(number, "id").tell(f'there is another band "{id_}"', "Give each band an id of its own.")
