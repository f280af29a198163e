"""What waivers accept of a screening, and how each of them stands: beside the findings, and never in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from attrs import evolve

from casescreen.model.change import FindingKey
from casescreen.model.screening import Finding, Screening
from casescreen.model.waiver import (
    DAYS_BEFORE_END,
    IN_FORCE,
    SETTLED,
    Accepted,
    Waiver,
    WaiverStanding,
    WaiverState,
)
from casescreen.rulebook.waiver_file import rule_hash
from casescreen.text import in_words, visible

_ORDER = tuple(WaiverState)


def with_waivers(screening: Screening, waivers: Iterable[Waiver]) -> Screening:
    """The same screening, with what is accepted beside it. No outcome, rate or conclusion is another."""
    return evolve(screening, accepted=_Matcher(screening).accepted(waivers))


def state_by_days(waiver: Waiver, as_of: date) -> WaiverState:
    """How a waiver stands by its days alone. Its first day and its last day count."""
    if as_of < waiver.begins:
        return WaiverState.NOT_STARTED
    if as_of > waiver.until:
        return WaiverState.EXPIRED
    return WaiverState.ENDING if (waiver.until - as_of).days <= DAYS_BEFORE_END else WaiverState.ACTIVE


def standings_by_days(waivers: Iterable[Waiver], as_of: date) -> tuple[WaiverStanding, ...]:
    """How waivers stand by their days alone, in the order in which they are told."""
    return in_order(WaiverStanding(one, state_by_days(one, as_of)) for one in waivers)


def in_order(standings: Iterable[WaiverStanding]) -> tuple[WaiverStanding, ...]:
    """Those that somebody has to look at first; of one state, what ends first."""
    return tuple(sorted(standings, key=lambda one: (_ORDER.index(one.state), one.waiver.until, *one.waiver.finding)))


class _Matcher:
    """Holds waivers against the findings of a screening."""

    def __init__(self, screening: Screening) -> None:
        self._screening, self._as_of = screening, screening.as_of
        self._cases = frozenset(screening.case_ids)
        self._hashes: dict[str, str] = {}

    def accepted(self, waivers: Iterable[Waiver]) -> Accepted:
        every = tuple(waivers)
        findings = self._findings_of({one.finding for one in every})
        standings = in_order(self._standing(one, findings.get(one.finding, [])) for one in every)
        until = {one.waiver.finding: one.waiver.until for one in standings if one.in_force}
        return Accepted(standings, until)

    def _findings_of(self, wanted: set[FindingKey]) -> Mapping[FindingKey, list[Finding]]:
        findings: dict[FindingKey, list[Finding]] = {}
        for finding in self._screening.findings if wanted else ():
            key = (finding.case, finding.criterion, finding.item)
            if key in wanted:
                findings.setdefault(key, []).append(finding)
        return findings

    def _standing(self, waiver: Waiver, findings: list[Finding]) -> WaiverStanding:
        state, why = self._state(waiver, findings)
        return WaiverStanding(waiver, state, why, rule_changed=state in IN_FORCE and self._rule_changed(waiver))

    def _state(self, waiver: Waiver, findings: list[Finding]) -> tuple[WaiverState, str]:
        """How it stands, and why: by what is asked, then by its first day, by what there is, and by its last day."""
        by_days = state_by_days(waiver, self._as_of)
        if waiver.criterion not in self._screening.rulebook.criterion:
            return WaiverState.NOT_ASKED, "the profile switches the criterion off"
        if by_days is WaiverState.NOT_STARTED:
            return by_days, ""
        if waiver.case not in self._cases:
            return WaiverState.CASE_NOT_THERE, self._why_no_case(waiver.case)
        if not findings:
            if not waiver.item:
                return WaiverState.ROW_NOT_THERE, "it is asked of rows now, and a waiver is of one of them"
            return WaiverState.ROW_NOT_THERE, f"no row that is asked about has the key {visible(waiver.item)}"
        if len(findings) > 1 or findings[0].numbered:
            return WaiverState.ROW_NOT_THERE, "its rows have no key of their own, so which is meant cannot be told"
        outcome = findings[0].outcome
        if outcome in SETTLED:
            return WaiverState.NOT_NEEDED, f"it is {outcome.value} now"
        if by_days is WaiverState.EXPIRED:
            return by_days, f"it is {outcome.value}"
        if outcome is not waiver.accepts:
            return WaiverState.VOID, f"it is {outcome.value} now, and {waiver.accepts.value} is what was accepted"
        return by_days, ""

    def _why_no_case(self, case: str) -> str:
        if case in self._screening.cases_not_begun:
            return f"it had not begun by {in_words(self._as_of)}"
        if any(one.case == case for one in self._screening.rejected):
            return "its record could not be used"
        return "no case of this id was screened"

    def _rule_changed(self, waiver: Waiver) -> bool:
        rulebook, id_ = self._screening.rulebook, waiver.criterion
        if not waiver.rule:
            return False
        if id_ not in self._hashes:
            self._hashes[id_] = rule_hash(rulebook.criterion[id_], rulebook)
        return self._hashes[id_] != waiver.rule
