"""The findings as Parquet, one row each, to be queried later.

Texts stand as the record has them: nothing here is shown or calculated. What there is not is null.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from casescreen.columnar.outcomes import parquet
from casescreen.model.screening import Finding, Screening
from casescreen.report.formats.csv import ACCEPTED_UNTIL, MODERATED, flags_in_words
from casescreen.report.formats.registry import Options

_Cell = Callable[[Screening, Finding], str | date | None]

COLUMNS: dict[str, tuple[type, _Cell]] = {
    "case": (str, lambda _, one: one.case),
    "manager": (str, lambda all_, one: all_.managers[one.case] or None),
    "team": (str, lambda all_, one: all_.teams[one.case] or None),
    "criterion": (str, lambda _, one: one.criterion),
    "theme": (str, lambda all_, one: all_.rulebook.criterion[one.criterion].theme),
    "item": (str, lambda _, one: one.item or None),
    "outcome": (str, lambda _, one: one.outcome.value),
    "severity": (str, lambda _, one: one.severity.value),
    "reason": (str, lambda _, one: one.reason),
    "owner": (str, lambda _, one: one.owner or None),
    "remedy": (str, lambda _, one: one.remedy or None),
    "due": (date, lambda _, one: one.due),
    "flags": (str, lambda _, one: flags_in_words(one) or None),
    "reader": (str, lambda _, one: one.reader or None),
    "as_of": (date, lambda all_, _: all_.as_of),
    "rulebook": (str, lambda all_, _: all_.rulebook.id),
    "rulebook_version": (str, lambda all_, _: all_.rulebook.version),
}


def render(screening: Screening, _options: Options) -> bytes:
    """Every finding in the screening's order."""
    columns = dict(COLUMNS)
    if screening.accepted is not None:
        columns[ACCEPTED_UNTIL] = (date, lambda all_, one: all_.accepted_until(one))
    if (used := screening.answers_used) is not None:
        moderated = used.moderated
        columns[MODERATED] = (str, lambda _, one: "yes" if (one.case, one.criterion, one.item) in moderated else None)
    return parquet(
        {
            name: (kind, [cell(screening, finding) for finding in screening.findings])
            for name, (kind, cell) in columns.items()
        }
    )
