"""What changed, as JSON."""

from __future__ import annotations

import json

from hypothesis import given
from jsonschema import Draft202012Validator
from made_up_runs import histories, made_up_run

from casescreen.history.comparison import compare
from casescreen.model.change import ScreeningRun
from casescreen.model.outcome import Outcome
from casescreen.report.formats.changes_by_form import changes_json
from casescreen.report.formats.json import json_schema

_SCHEMA = Draft202012Validator(
    json.loads(json_schema("comparison")), format_checker=Draft202012Validator.FORMAT_CHECKER
)


@given(histories())
def test_whatever_changed_is_as_the_schema_says_and_adds_up(history: tuple[ScreeningRun, ...]) -> None:
    """For each outcome and run, the changes, the rows without a key and the rest make up the whole."""
    *earlier, old, new = history
    made = json.loads(changes_json(compare(old, new, earlier)))
    _SCHEMA.validate(made)
    for run, side in (("old", "before"), ("new", "after")):
        for outcome in (one.value for one in Outcome):
            number = sum(change[side] == outcome for change in made["changes"])
            number += sum(rows[run][outcome] for rows in made["numbered"])
            assert made[run]["outcomes"][outcome] == number + made["nothing_to_tell"][run][outcome]
    assert sum(made["kinds"].values()) == len(made["changes"])


def test_it_is_plain_ascii() -> None:
    """Whatever an id says."""
    key = ("Cäse\u202e", "a", "")
    compared = compare(made_up_run(0, {key: Outcome.MET}), made_up_run(1, {key: Outcome.NOT_MET}))
    assert changes_json(compared).isascii()
