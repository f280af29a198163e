"""Reading conditions: every form of the rule language, typed against the dictionary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any as Raw

from casescreen.model.condition import All, Any, Condition, Count, Covered, Not, OverRows, Quantifier
from casescreen.rulebook.field_tests import TESTS, comparable, read_field_test
from casescreen.rulebook.file_schema import unknown_key
from casescreen.rulebook.names import Ground, quoted
from casescreen.syntax.rule_file import Spot
from casescreen.text import did_you_mean, listed

ROW_FORMS = ("every", "some", "count")
_COVERAGE = ("field", "covered_by")
ReadInner = Callable[[object, Ground, Spot], Condition | None]


def read_rows(form: str, raw: dict[str, Raw], ground: Ground, spot: Spot, inner: ReadInner) -> Condition | None:
    """The test over rows that is written there, or None after telling everything that is wrong with it."""
    if ground.table:
        advice = f"Test {ground.table} by its own columns, and join tests over other tables outside with all or any."
        spot.tell(f'"{form}" cannot stand inside a test over {ground.table}', advice)
        return None
    table = ground.find_table(raw[form], spot.at(form))
    if table is None:
        return None
    rows = ground.rows_of(table.name)
    where = inner(raw["where"], rows, spot.at("where")) if "where" in raw else None
    if form == "count":
        read = _count(raw, where, rows, spot)
    elif "covered_by" in raw:
        read = _coverage(raw, where, rows, spot)
    else:
        read = _over_rows(form, raw, where, rows, spot, inner)
    return None if "where" in raw and where is None else read


def _over_rows(
    form: str, raw: dict[str, Raw], where: Condition | None, rows: Ground, spot: Spot, inner: ReadInner
) -> Condition | None:
    _check_keys(raw, (form, "where", "satisfies"), spot)
    if "satisfies" not in raw:
        spot.tell('"satisfies" is missing', f"Say what {form} chosen row must satisfy: satisfies = {{ ... }}.")
        return None
    satisfies = inner(raw["satisfies"], rows, spot.at("satisfies"))
    return None if satisfies is None else OverRows(Quantifier(form), rows.table, where, satisfies)


def _count(raw: dict[str, Raw], where: Condition | None, rows: Ground, spot: Spot) -> Condition | None:
    _check_keys(raw, ("count", "where", "at_least", "at_most"), spot)
    bounds = {key: raw[key] for key in ("at_least", "at_most") if key in raw}
    if not bounds:
        spot.tell("the count has no bound", "Add at_least = 1, or at_most, or both.")
        return None
    wrong = [key for key, bound in bounds.items() if not isinstance(bound, int) or isinstance(bound, bool) or bound < 0]
    for key in wrong:
        spot.at(key).tell(f'"{key}" is not a whole number from 0 up', "Write a number without quotes, as in 1.")
    if wrong:
        return None
    return _bounded(bounds.get("at_least"), bounds.get("at_most"), where, rows, spot)


def _bounded(
    at_least: int | None, at_most: int | None, where: Condition | None, rows: Ground, spot: Spot
) -> Condition | None:
    if at_least is not None and at_most is not None and at_least > at_most:
        spot.tell(f"no count is at least {at_least} and at most {at_most}", "Swap or mend the bounds.")
        return None
    if at_least == 0 and at_most is None:
        spot.at("at_least").tell("every count is at least 0", "Use at_least = 1, or say at_most.")
        return None
    return Count(rows.table, where, at_least, at_most)


def _coverage(raw: dict[str, Raw], where: Condition | None, rows: Ground, spot: Spot) -> Condition | None:
    if "every" not in raw:
        spot.tell('"covered_by" stands without "every"', "Coverage is about every chosen row: use every.")
        return None
    if "satisfies" in raw:
        spot.tell('"satisfies" and "covered_by" stand in one condition', "Keep one, or join two conditions with all.")
        return None
    _check_keys(raw, ("every", "where", *_COVERAGE), spot)
    if "field" not in raw:
        spot.tell('"field" is missing', f"Name the column of {rows.table} that must be covered.")
        return None
    field = rows.field(raw["field"], spot.at("field"))
    by = rows.column(raw["covered_by"], spot.at("covered_by"))
    if field is None or by is None:
        return None
    if not field.table:
        spot.at("field").tell(f"{field.name} is no column of {rows.table}", "Name a column, without a dot.")
    elif field == by:
        spot.at("covered_by").tell(f"{by.full_name} is compared with itself", "Name another column.")
    elif not comparable(field, by):
        what = f"{field.full_name} ({field.kind.value}) cannot be covered by {by.full_name} ({by.kind.value})"
        spot.at("covered_by").tell(what, "Name columns of one type.")
    else:
        return Covered(rows.table, where, field, by)
    return None


def _check_keys(raw: dict[str, Raw], known: tuple[str, ...], spot: Spot) -> None:
    for key in raw:
        if key not in known:
            unknown_key(key, known, spot)


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
