"""The screening as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from attrs import evolve

from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import BandSet
from casescreen.model.screening import FINDINGS_FORMAT, Finding, Screening
from casescreen.report.formats.json import render
from casescreen.report.formats.registry import Options

_DOCUMENT = Path(__file__).parents[3] / "docs" / "json-output.md"


def _read(screening: Screening) -> Any:  # noqa: ANN401 - it is JSON
    return json.loads(render(screening, Options()))


def test_it_says_what_it_is_and_what_it_rests_on(screening: Screening) -> None:
    """The shape's version, the rulebook's and the cases' hashes in full, the as-of date and the engine are there."""
    made = _read(screening)
    assert made["format"] == FINDINGS_FORMAT == "casescreen/1"
    assert made["rulebook"]["hash"] == screening.rulebook.hash
    assert (made["cases_hash"], made["as_of"], made["engine"]) == (
        screening.cases_hash, "2016-05-09", "durable-rules 2.0.28",
    )  # fmt: skip
    assert made["left_out"] == 1


def test_nothing_of_a_finding_is_lost(screening: Screening) -> None:
    """A finding has its values, flags, deadline and all that its outcome was decided on."""
    made = _read(screening)
    assert len(made["findings"]) == len(screening.findings)
    late = next(f for f in made["findings"] if (f["case"], f["criterion"]) == ("AN-03", "plan-timely"))
    assert late["values"][0] == {
        "field": "plan.completed_on", "label": "plan completed", "value": "2016-03-15", "shown": True,
    }  # fmt: skip
    assert (late["due"], late["applies"], late["met"], late["deadline"]) == ("2016-02-29", "true", "false", "none")
    doubted = next(f for f in made["findings"] if f["flags"])
    assert doubted["flags"][0]["challenges"] is True


def test_rates_count_every_outcome(screening: Screening) -> None:
    """A rate has k, n, the band and the count of each of the six outcomes, over all and over each group."""
    made = _read(screening)
    rate = made["rates"][0]
    assert (rate["met"], rate["of"], rate["band"]) == (3, 5, "mixed")
    assert set(rate["counts"]) == {outcome.value for outcome in Outcome}
    assert list(made["rates_by_manager"]) == ["Worker A", "Worker B"]
    assert list(made["rates_by_team"]) == ["", "East"]


def test_a_rate_says_which_limits_its_band_is_of(screening: Screening) -> None:
    """The set that its criterion names, which stands beside the usual bands; "" for those."""
    rulebook = screening.rulebook
    always = BandSet("always", "steps that must always be taken", rulebook.bands.bands)
    first = evolve(rulebook.criteria[0], bands="always")
    bands = evolve(rulebook.bands, sets={"always": always})
    made = _read(evolve(screening, rulebook=evolve(rulebook, bands=bands, criteria=(first, *rulebook.criteria[1:]))))
    assert [rate["band_set"] for rate in made["rates"]] == ["always", "", "", "", ""]
    assert made["bands"]["sets"] == {"always": {"label": always.label, "bands": made["bands"]["bands"]}}


def test_conclusions_carry_their_because(screening: Screening) -> None:
    """A conclusion has what it rests on, in words and as findings or rates."""
    made = {conclusion["id"]: conclusion for conclusion in _read(screening)["conclusions"]}
    action = made["act-now-victim-safety"]
    assert len(action["because"]) == 2
    assert action["findings"] == [{"case": "AN-03", "criterion": "victim-safety-addressed", "item": ""}]
    assert made["planning"]["rates"] == ["plan-timely", "concerns-in-plan"]


def test_parameters_say_whose_they_are(screening: Screening) -> None:
    """A parameter has its value, its variations, its status and its source."""
    plan_due = _read(screening)["parameters"]["plan_due"]
    assert (plan_due["value"], plan_due["status"]) == ("15 working days", "local")
    assert plan_due["variations"][0]["value"] == "20 working days"
    assert plan_due["source"]["paragraph"] == "4.2"


def test_record_text_comes_through_whole_and_harmless(
    find: Callable[..., Finding], screen: Callable[..., Screening]
) -> None:
    """Text from a record reads back as it was, and what is printed is plain ASCII without control characters."""
    words = '\x00\x1b\x7f\x9b\u202e\u2028\ud800 "\\ é 漢'
    screening = screen([find("A", "plan-timely", Outcome.MET, words)])
    text = render(screening, Options())
    assert text.isascii()
    assert all(character.isprintable() or character == "\n" for character in text)
    assert _read(screening)["findings"][0]["reason"] == words


def _keys(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys(inner)


def test_every_key_is_documented(screening: Screening) -> None:
    """docs/json-output.md names every key of the shape."""
    made = _read(screening)
    names = {*screening.by_manager, *screening.by_team, *screening.rulebook.parameters, *(o.value for o in Outcome)}
    documented = set(re.findall(r"`([\w/]+)`", _DOCUMENT.read_text(encoding="utf-8")))
    assert set(_keys(made)) - names - documented == set()
