"""Ids in cells: as they were before a spreadsheet program changed them, and which of two columns mean the same."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

from attrs import frozen

from casescreen.cases.tables.cells import Cell, PaddedNumber, is_blank, text_in
from casescreen.model.problem import Fault
from casescreen.text import evened, folded

_MARKED_AS_TEXT = re.compile(r"=\"([^\"]+)\"|'([0-9][0-9 ./-]*)")
_SHORTENED = re.compile(r"[0-9](?:\.([0-9]{1,14}))?[Ee]\+([0-9]{1,3})")
_FIGURES = re.compile(r"0*([0-9]{1,40}?)(?:\.0+)?")
# Of longer numbers a spreadsheet program keeps only so many figures.
_MOST_KEPT = 10**15
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t|tember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
# Zeros in front, more figures than are shown, powers of ten, decimals with a zero at the end, days, months, formulas.
_CHANGED = re.compile(
    rf"0[0-9]+|[0-9]{{12,}}|[0-9.]+E[+-]?[0-9]+|[0-9]*\.[0-9]*0|[0-9]{{1,4}}[-/][0-9]{{1,2}}(?:[-/][0-9]{{1,4}})?"
    rf"|[0-9]{{1,4}}[- ]?{_MONTH}(?:[- ]?[0-9]{{2,4}})?|{_MONTH}[- ]?[0-9]{{1,4}}|[=+@-].*|true|false",
    re.IGNORECASE | re.DOTALL,
)
_AS_TEXT = "Give the column the format Text before the ids are written or opened, and export it again."


def id_in(cell: Cell) -> str | Fault:
    """The id in a cell as it is seen, without what marks it as text; "" where it is blank."""
    if is_blank(cell):
        return ""
    text = text_in(cell)
    if isinstance(text, Fault):
        return text
    seen = evened(text)
    marked = _MARKED_AS_TEXT.fullmatch(seen)
    return evened(marked[1] or marked[2]) if marked else seen


def lost_figures(cell: Cell) -> Fault | None:
    """What a spreadsheet program took from the id in a cell and nobody can give back; None if nothing is known."""
    if isinstance(cell, str) and _SHORTENED.fullmatch(evened(cell)):
        return Fault("the id is a number that a spreadsheet program shortened, and its last figures are lost", _AS_TEXT)
    if isinstance(cell, float) and not isinstance(cell, PaddedNumber) and abs(cell) >= _MOST_KEPT:
        return Fault("the id is a number of more than 15 figures, of which a spreadsheet program keeps 15", _AS_TEXT)
    return None


def is_changed_by_spreadsheets(case_id: str) -> bool:
    """Whether a spreadsheet program shows or keeps another id than this when it opens a text with delimiters."""
    return _CHANGED.fullmatch(case_id) is not None


@frozen(eq=False)
class SameIds:
    """Which ids of two columns mean the same.

    Attributes:
        found: for an id of the first, the one of the second.
        unclear: the ids of both for which there are several.
    """

    found: Mapping[str, str]
    unclear: Collection[str]


def same_ids(first: Iterable[str], second: Iterable[str]) -> SameIds:
    """The ids that two columns share: those that are the same, and those of which only one can be meant.

    Capitals, zeros before a number, ``.0`` after it, and figures that a spreadsheet program left out are passed over
    where exactly one id of each column is then the same.
    """
    ours, theirs = set(first) - {""}, set(second) - {""}
    found = {key: key for key in ours & theirs}
    if len(found) == len(ours) == len(theirs):
        return SameIds(found, ())
    unclear: set[str] = set()
    alone = ours ^ theirs
    decimals = {len(match[1] or "") for key in ours | theirs if (match := _SHORTENED.fullmatch(key))}
    for form in (folded, _plain_number, *map(_shortened_to, sorted(decimals))):
        # Forms that only ids have which stand in both columns tell nothing more.
        forms = {key: form(key) for key in ours | theirs}
        wanted = {forms[key] for key in alone} - {""}
        left, right = _by_form(ours, forms, wanted), _by_form(theirs, forms, wanted)
        for key in left.keys() & right.keys():
            if len(left[key]) == len(right[key]) == 1:
                found.setdefault(left[key][0], right[key][0])
            else:
                unclear.update(left[key], right[key])
    return SameIds(found, unclear - {*found, *found.values()})


def _by_form(keys: Iterable[str], forms: Mapping[str, str], wanted: Collection[str]) -> Mapping[str, list[str]]:
    by_form: defaultdict[str, list[str]] = defaultdict(list)
    for key in keys:
        if (form := forms[key]) in wanted:
            by_form[form].append(key)
    return by_form


def _plain_number(key: str) -> str:
    match = _FIGURES.fullmatch(key)
    return match[1] if match else ""


def _shortened_to(decimals: int) -> Callable[[str], str]:
    """The form that a long number has with so many decimals, as in 1.23457E+11; others have none."""

    def form(key: str) -> str:
        if (match := _SHORTENED.fullmatch(key)) and len(match[1] or "") != decimals:
            return ""
        return f"{float(key):.{decimals}E}" if match or _FIGURES.fullmatch(key) else ""

    return form
