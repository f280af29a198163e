"""A copy to share as JSON, in the shape that docs/json-output.md describes."""

from __future__ import annotations

import json
from collections.abc import Iterable

from casescreen.model.screening import Conclusion
from casescreen.report.json_report import which
from casescreen.report.sharing.figures import Figures, Group, Shared
from casescreen.report.sharing.shared_copy import what_is_left_out
from casescreen.report.sharing.suppression import Kept, Shown

FORMAT = "casescreen-shared/1"


def shared_json(shared: Shared) -> str:
    """The whole copy. Plain ASCII, as the JSON of a screening is."""
    return json.dumps(_copy(shared), indent=2, ensure_ascii=True) + "\n"


def _copy(shared: Shared) -> dict[str, object]:
    return {
        "format": FORMAT,
        "as_of": shared.as_of.isoformat(),
        "rulebook": which(shared.rulebook),
        "engine": shared.engine,
        "suppressed_under": shared.under,
        "about": what_is_left_out(shared),
        "cases": _count(shared.cases),
        "left_out": _count(shared.left_out),
        "stands": {stands: _count(count) for stands, count in shared.stands.items()},
        "figures": _figures(shared.figures),
        "by": shared.by.value,
        "groups": [_group(group) for group in shared.groups],
        "conclusions": [_conclusion(conclusion) for conclusion in shared.conclusions],
    }


def _count(count: Shown) -> int | str:
    """A count, or why it is not shown: "few" or "withheld"."""
    if isinstance(count, Kept):
        return Kept.FEW.value if count is Kept.FEW else Kept.WITHHELD.value
    return count


def _figures(figures: Iterable[Figures]) -> list[object]:
    return [
        {"criterion": one.criterion, "counts": {outcome.value: _count(count) for outcome, count in one.counts.items()}}
        for one in figures
    ]


def _group(group: Group) -> dict[str, object]:
    return {"name": group.name, "cases": _count(group.cases), "figures": _figures(group.figures)}


def _conclusion(conclusion: Conclusion) -> dict[str, object]:
    return {
        "id": conclusion.id,
        "kind": conclusion.kind.value,
        "says": conclusion.says,
        "severity": conclusion.severity.value,
        "remedy": conclusion.remedy,
        "note": conclusion.note,
        "rates": list(conclusion.rates),
    }
