"""Reading conditions over the rows of a table: every, some, count and coverage."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any as Raw

from casescreen.model.condition import Condition, Count, Covered, OverRows, Quantifier
from casescreen.rulebook.ground import Ground
from casescreen.rulebook.operands import comparable
from casescreen.rulebook.structuring import unknown_key
from casescreen.syntax.rule_file import Spot

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
