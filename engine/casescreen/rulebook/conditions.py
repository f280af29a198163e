"""Reading conditions: every form of the rule language, typed against the dictionary."""

from __future__ import annotations

from typing import Any as Raw

from casescreen.model.condition import All, Any, Condition, Not
from casescreen.rulebook.field_tests import TESTS, read_field_test
from casescreen.rulebook.ground import Ground
from casescreen.rulebook.names import quoted
from casescreen.rulebook.rows import ROW_FORMS, read_rows
from casescreen.rulebook.structuring import unknown_key
from casescreen.syntax.rule_file import Spot
from casescreen.text import did_you_mean, listed

# Deep enough for any question; far less than the reader of TOML allows.
_DEEPEST = 12
_COMBINATIONS = ("all", "any", "not")
_FORMS = (*_COMBINATIONS, *ROW_FORMS, "field")


def read_condition(raw: object, ground: Ground, spot: Spot, depth: int = 1) -> Condition | None:
    """The condition that is written there, or None after telling everything that is wrong with it.

    Args:
        raw: what the file says.
        ground: what names in it can mean.
        spot: where it stands.
        depth: how many conditions it stands in, itself included.
    """
    if not isinstance(raw, dict):
        spot.tell("this is not a condition", 'Write a condition in braces, as in { field = "...", is = ... }.')
        return None
    if depth > _DEEPEST:
        advice = "Say it with fewer, or move a part into a field of its own."
        spot.tell(f"conditions stand inside one another more than {_DEEPEST} deep", advice)
        return None
    form = _form(raw, spot)
    if form is None:
        return None
    if form in _COMBINATIONS:
        return _combination(form, raw, ground, spot, depth)
    if form in ROW_FORMS:
        return read_rows(
            form, raw, ground, spot, lambda inner, rows, place: read_condition(inner, rows, place, depth + 1)
        )
    return read_field_test(raw, ground, spot)


def _form(raw: dict[str, Raw], spot: Spot) -> str | None:
    """The key that says what sort of condition this is; ``field`` is a part of coverage too, so it counts last."""
    forms = [form for form in _FORMS if form in raw]
    heads = [form for form in forms if form != "field"] or forms
    if len(heads) > 1:
        advice = 'Put each in braces of its own, and join them with "all" or "any".'
        spot.tell(f"{quoted(heads)} stand in one condition", advice)
        return None
    if not heads:
        key = next(iter(raw), "")
        advice = (did_you_mean(key, (*_FORMS, *TESTS)) if key else "") or f"It begins with {listed(_FORMS)}."
        spot.tell("nothing says what sort of condition this is", advice)
        return None
    return heads[0]


def _combination(form: str, raw: dict[str, Raw], ground: Ground, spot: Spot, depth: int) -> Condition | None:
    for key in raw:
        if key != form:
            unknown_key(key, (form,), spot)
    if form == "not":
        part = read_condition(raw[form], ground, spot.at(form), depth + 1)
        return None if part is None else Not(part)
    listed_parts = raw[form]
    if not isinstance(listed_parts, list) or not listed_parts:
        advice = f"Write {form} = [ {{ ... }}, {{ ... }} ] with at least one condition."
        spot.at(form).tell(f'"{form}" has no list of conditions', advice)
        return None
    read = [read_condition(part, ground, spot.at(form, number), depth + 1) for number, part in enumerate(listed_parts)]
    parts = tuple(part for part in read if part is not None)
    if len(parts) < len(read):
        return None
    return All(parts) if form == "all" else Any(parts)
