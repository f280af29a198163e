"""What changed between two runs as JSON, in the shape that docs/json-output.md describes."""

from __future__ import annotations

import json

from casescreen.model.change import Change, ChangeKind, Comparison, NumberedRows, ScreeningRun, Tally
from casescreen.model.outcome import Outcome
from casescreen.report.sections.changes import notes

COMPARISON_FORMAT = "casescreen-comparison/1"


def changes_json(comparison: Comparison) -> str:
    """The whole of it. Plain ASCII: every other character, and every control character, is escaped."""
    return json.dumps(changes_as_json(comparison), indent=2, ensure_ascii=True) + "\n"


def changes_as_json(comparison: Comparison) -> dict[str, object]:
    """The whole of it as plain values: what stands in a file of its own, and in that of a screening."""
    rules = {**comparison.old.rules, **comparison.new.rules}
    return {
        "format": COMPARISON_FORMAT,
        "rulebook": comparison.new.rulebook,
        "differs": comparison.differs,
        "knows_past": comparison.knows_past,
        "old": _run(comparison.old, comparison.before),
        "new": _run(comparison.new, comparison.after),
        "kinds": {kind.value: len(comparison.of(kind)) for kind in ChangeKind},
        "changes": [_change(one, rules[one.criterion].short) for one in comparison.changes],
        "numbered": [_numbered(one) for one in comparison.numbered],
        "nothing_to_tell": {"old": _tally(comparison.quiet_before), "new": _tally(comparison.quiet_after)},
        "new_cases": comparison.new_cases,
        "left_cases": comparison.left_cases,
        "rejected_cases": comparison.rejected_cases,
        "rules": [{"id": one.id, "how": one.how, "renamed_from": one.renamed_from} for one in comparison.rules],
        "notes": notes(comparison),
    }


def _run(run: ScreeningRun, outcomes: Tally) -> dict[str, object]:
    return {
        "as_of": run.as_of.isoformat(),
        "version": run.version,
        "rulebook_hash": run.rulebook_hash,
        "cases_hash": run.cases_hash,
        "cases": len(run.cases),
        "rejected": run.records_rejected,
        "outcomes": _tally(outcomes),
    }


def _tally(tally: Tally) -> dict[str, int]:
    return {outcome.value: tally.get(outcome, 0) for outcome in Outcome}


def _change(change: Change, short: str) -> dict[str, object]:
    return {
        "case": change.case,
        "criterion": change.criterion,
        "short": short,
        "item": change.item,
        "kind": change.kind.value,
        "before": change.before.value,
        "after": change.after.value,
        "newly_failing": change.is_failing,
        "differs": change.is_difference,
        "severity": change.severity.value,
        "owner": change.owner,
        "due": None if change.due is None else change.due.isoformat(),
        "trend": None if change.trend is None else change.trend.value,
        "since": None if change.since is None else change.since.isoformat(),
        "rule_changed": change.rule_changed,
        "closed": change.closed,
    }


def _numbered(rows: NumberedRows) -> dict[str, object]:
    return {
        "case": rows.case,
        "criterion": rows.criterion,
        "old": _tally(rows.before),
        "new": _tally(rows.after),
    }
