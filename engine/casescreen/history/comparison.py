"""What changed from one run to a later one; a function of values, whatever they come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from attrs import evolve

from casescreen.model.change import (
    OPEN,
    Absence,
    Change,
    ChangeKind,
    Comparison,
    FindingKey,
    NumberedRows,
    Past,
    RuleChange,
    RunFinding,
    ScreeningRun,
    State,
    Trend,
)
from casescreen.model.outcome import Outcome
from casescreen.model.problem import Advice, CasescreenError
from casescreen.model.rulebook import Severity
from casescreen.text import in_words, visible

_SAME_CASES = Advice(
    "screen both with the same --sample FILE, or both without.", "compare two of the same sample, or two of all cases."
)
_SAME_KEY = Advice("screen again with the same --pseudonyms KEYFILE.", "screen again with the same key.")
_KINDS, _SEVERITIES = tuple(ChangeKind), tuple(Severity)
_CASE_GONE: Mapping[State, ChangeKind] = {
    Absence.REJECTED: ChangeKind.REJECTED,
    Absence.NO_CASE: ChangeKind.CASE_LEFT,
}
_WHATEVER_BEFORE: Mapping[State, ChangeKind] = {
    Outcome.NEEDS_JUDGEMENT: ChangeKind.ANSWER_AWAITED,
    Outcome.NOT_YET_DUE: ChangeKind.NOT_YET_DUE,
}


def compare(old: ScreeningRun, new: ScreeningRun, earlier: Sequence[ScreeningRun] | Past = ()) -> Comparison:
    """What changed from the old run to the new one.

    Args:
        old: the run before.
        new: the run that is looked at, as at the same day or a later one.
        earlier: the runs before the old one, the earliest first. They say since when something is open, and without
            them nothing counts as reopened. Or what was open in them, under the ids that criteria have now.

    Raises:
        CasescreenError: the runs cannot be compared: the days stand the wrong way round, or the rulebooks, the
            keys of pseudonyms or the samples are different ones.
    """
    _check_comparable(old, new)
    past = earlier if isinstance(earlier, Past) else past_of([_under_new_ids(run, new) for run in earlier])
    return _Comparer(_under_new_ids(old, new), new, past).comparison(old)


def past_of(runs: Sequence[ScreeningRun]) -> Past:
    """What was open in these runs, the earliest first."""
    open_in: dict[FindingKey, int] = {}
    for place, run in enumerate(runs):
        for key, finding in run.findings.items():
            if finding.outcome in OPEN:
                open_in[key] = open_in.get(key, 0) | 1 << place
    return Past(tuple(run.as_of for run in runs), open_in)


def classify(before: State, after: State, *, rule_changed: bool, was_fixed: bool = False) -> ChangeKind | None:
    """What became of a finding; None where there is nothing to tell.

    Args:
        before: how the earlier run stands on it.
        after: how the later one does.
        rule_changed: whether it is decided otherwise; that it is asked in one of the runs only counts as well.
        was_fixed: whether it was open in a run before the earlier one.
    """
    if isinstance(before, Absence) and isinstance(after, Absence):
        return None
    if after in _CASE_GONE:
        return _CASE_GONE[after]
    if before in _CASE_GONE:
        return ChangeKind.NEW_CASE
    if after is before and after not in (*OPEN, Outcome.NEEDS_JUDGEMENT):
        return None
    if rule_changed and after is not before:
        return ChangeKind.RULE_CHANGED
    if after in OPEN:
        if before in OPEN:
            return ChangeKind.STILL_OPEN
        return ChangeKind.REOPENED if was_fixed else ChangeKind.NEW
    if after is Outcome.MET:
        return ChangeKind.FIXED if before in OPEN else ChangeKind.MET_NOW
    if after in _WHATEVER_BEFORE:
        return _WHATEVER_BEFORE[after]
    return None if before is Absence.NO_FINDING else ChangeKind.NO_LONGER_APPLIES  # or its row is gone


def _check_comparable(old: ScreeningRun, new: ScreeningRun) -> None:
    if old.rulebook != new.rulebook:
        raise CasescreenError(
            f"They were screened by different rulebooks: {visible(old.rulebook)}, and {visible(new.rulebook)}.",
            why="other questions were asked, so nothing would be new or fixed.",
            advice="screen the same cases by one of them.",
        )
    if old.pseudonyms != new.pseudonyms:
        both = old.pseudonyms and new.pseudonyms
        raise CasescreenError(
            "They have pseudonyms of different keys." if both else "Only one of them has pseudonyms.",
            why="no case could be known again: every case would seem to have left, and others to have come.",
            advice=_SAME_KEY if both else "compare two with, or two without.",
        )
    if old.sample != new.sample:
        one = old.sample is None or new.sample is None
        raise CasescreenError(
            "Only one of them is of a sample." if one else "They are of different samples.",
            why="every case that was not drawn would seem to have left, or to have come.",
            advice=_SAME_CASES,
        )
    if old.as_of > new.as_of:
        raise CasescreenError(
            f"The first is as at {in_words(old.as_of)}, which is after the second, as at {in_words(new.as_of)}.",
            advice=Advice("name the earlier one first.", "take findings of an earlier day."),
        )


def new_ids(old: Collection[str], new: ScreeningRun) -> dict[str, str]:
    """The ids that criteria of an earlier run have now, where they are others; of two that became one, none is it.

    Args:
        old: the ids of the criteria of the earlier run.
        new: the later run.
    """
    before: dict[str, list[str]] = {}
    for id_, rule in new.rules.items():
        if id_ not in old:
            before[id_] = [one for one in rule.renamed_from if one in old and one not in new.rules]
    return {ids[0]: id_ for id_, ids in before.items() if len(ids) == 1}


def _under_new_ids(old: ScreeningRun, new: ScreeningRun) -> ScreeningRun:
    """The run with the ids that its criteria have now."""
    now = new_ids(old.rules.keys(), new)
    if not now:
        return old
    return evolve(
        old,
        rules={now.get(id_, id_): rule for id_, rule in old.rules.items()},
        findings={(case, now.get(id_, id_), item): one for (case, id_, item), one in old.findings.items()},
        numbered={(case, now.get(id_, id_)): tally for (case, id_), tally in old.numbered.items()},
    )


class _Comparer:
    """Compares two runs, the ids of whose criteria are those of the later one."""

    def __init__(self, old: ScreeningRun, new: ScreeningRun, past: Past) -> None:
        self._old, self._new, self._past = old, new, past
        self._quiet_before: Counter[Outcome] = Counter()
        self._quiet_after: Counter[Outcome] = Counter()
        rules = dict.fromkeys((*new.rules, *old.rules))
        self._places = {id_: place for place, id_ in enumerate(rules)}
        in_both = old.rules.keys() & new.rules.keys()
        alike = {id_ for id_ in in_both if old.rules[id_].hash == new.rules[id_].hash}
        self._changed = rules.keys() - alike

    def comparison(self, as_it_was: ScreeningRun) -> Comparison:
        old, new = self._old, self._new
        changes = sorted(self._changes(), key=self._order)
        gone = old.cases.keys() - new.cases.keys()
        return Comparison(
            old=as_it_was,
            new=new,
            changes=tuple(changes),
            quiet_before=dict(self._quiet_before),
            quiet_after=dict(self._quiet_after),
            numbered=tuple(self._numbered()),
            new_cases=tuple(sorted(case for case in new.cases if case not in old.cases)),
            left_cases=tuple(sorted(gone - new.rejected)),
            rejected_cases=tuple(sorted(gone & new.rejected)),
            rules=tuple(self._rules(as_it_was)),
            knows_past=bool(self._past.days),
        )

    def _changes(self) -> Iterator[Change]:
        for key in dict.fromkeys((*self._new.findings, *self._old.findings)):
            before, after = _state(self._old, key), _state(self._new, key)
            rule_changed = key[1] in self._changed
            was_fixed = after in OPEN and before not in OPEN and key in self._past.open_in
            kind = classify(before, after, rule_changed=rule_changed, was_fixed=was_fixed)
            if kind is None:
                if isinstance(before, Outcome):
                    self._quiet_before[before] += 1
                if isinstance(after, Outcome):
                    self._quiet_after[after] += 1
            else:
                yield self._change(key, kind, before, after, rule_changed=rule_changed)

    def _change(self, key: FindingKey, kind: ChangeKind, before: State, after: State, *, rule_changed: bool) -> Change:
        was, now = self._old.findings.get(key), self._new.findings.get(key)
        known = now or was
        assert known is not None
        still_open = kind is ChangeKind.STILL_OPEN and was is not None and now is not None
        case, criterion, item = key
        return Change(
            case=case,
            criterion=criterion,
            item=item,
            kind=kind,
            before=before,
            after=after,
            severity=known.severity,
            owner=known.owner,
            due=known.due,
            trend=_trend(was, now) if still_open and was and now else None,
            since=(self._past.since(key) or self._old.as_of) if still_open else None,
            rule_changed=rule_changed,
            closed=case in (self._new if now else self._old).closed,
        )

    def _numbered(self) -> Iterator[NumberedRows]:
        before, after = self._old.numbered, self._new.numbered
        for case, criterion in sorted({*before, *after}):
            none: Mapping[Outcome, int] = {}
            yield NumberedRows(case, criterion, before.get((case, criterion), none), after.get((case, criterion), none))

    def _rules(self, as_it_was: ScreeningRun) -> Iterator[RuleChange]:
        for id_, rule in self._new.rules.items():
            before = "" if id_ in as_it_was.rules else next(iter(self._before(rule.renamed_from, as_it_was)), "")
            if id_ not in self._old.rules:
                yield RuleChange(id_, "added")
            elif id_ in self._changed:
                yield RuleChange(id_, "changed", before)
            elif before:
                yield RuleChange(id_, "renamed", before)
        for id_ in self._old.rules:
            if id_ not in self._new.rules:
                yield RuleChange(id_, "removed")

    @staticmethod
    def _before(renamed_from: Sequence[str], as_it_was: ScreeningRun) -> list[str]:
        return [id_ for id_ in renamed_from if id_ in as_it_was.rules]

    def _order(self, change: Change) -> tuple[object, ...]:
        return (
            not change.is_failing,
            _KINDS.index(change.kind),
            not change.is_open,
            _SEVERITIES.index(change.severity),
            change.case,
            self._places[change.criterion],
            change.item,
        )


def _state(run: ScreeningRun, key: FindingKey) -> State:
    finding = run.findings.get(key)
    if finding is not None:
        return finding.outcome
    if key[0] in run.cases:
        return Absence.NO_FINDING
    return Absence.REJECTED if key[0] in run.rejected else Absence.NO_CASE


def _trend(was: RunFinding, now: RunFinding) -> Trend:
    if was.outcome is now.outcome:
        if was.days_late == now.days_late:
            return Trend.SAME
        return Trend.WORSE if now.days_late > was.days_late else Trend.BETTER
    return Trend.WORSE if now.outcome is Outcome.NOT_MET else Trend.LESS_KNOWN
