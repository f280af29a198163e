"""What changed since an earlier day, as the page shows it."""

from __future__ import annotations

from casescreen.model.change import Comparison
from casescreen.page import told
from casescreen.report.sections.changes import balance, change_groups, notes

_MOST_LINES = 500


def what_changed(comparison: Comparison) -> told.Told:
    """The classes of what changed, what is newly failing first, and what is to be known beside them."""
    classes = [
        {
            "kind": group.kind.value,
            "title": group.title,
            "meaning": group.meaning,
            "count": len(group.lines),
            **told.first(
                "lines",
                group.lines,
                lambda line: {"case": line.case, "owner": line.owner, "says": line.says},
                _MOST_LINES,
            ),
        }
        for group in change_groups(comparison)
    ]
    words = balance(comparison)
    return {
        "words": " ".join(words),
        "sentences": words,
        "notes": notes(comparison),
        "differs": comparison.differs,
        "classes": classes,
    }
