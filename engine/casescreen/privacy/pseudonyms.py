"""Names replaced by pseudonyms: the same for the same key, and not to be turned back without it."""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import b32encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, TypeVar

from attrs import evolve, frozen

from casescreen.model.case import Rejected
from casescreen.model.change import FindingKey
from casescreen.model.problem import CasescreenError, Place, Problem
from casescreen.model.rulebook import Scope
from casescreen.model.sample_figures import ScreenedSample
from casescreen.model.screening import Conclusion, DataIssue, Finding, Quoting, Screening, Summary
from casescreen.text import visible

if TYPE_CHECKING:
    from casescreen.model.waiver import Accepted

KEY_BYTES = 32
LONGEST_KEY_FILE = 4_096
"""No key file is longer; what is longer is another file, and is not read to its end."""

_HEXADECIMAL = re.compile(rf"(?:[0-9a-fA-F]{{2}}){{{KEY_BYTES},}}")
CASE, PERSON, TEAM = "case", "person", "team"
# 50 bits: of a million names, two get the same pseudonym once in two thousand runs, and that is noticed.
_LENGTH = 10
_FINGERPRINT = 16
# Without i, l, o and u: none is taken for a figure, and hardly a word comes about.
_ALPHABET = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789abcdefghjkmnpqrstvwxyz")
_SEE = "Screen it without pseudonyms to see more."

_SCOPES = (Scope.SAMPLE, Scope.MANAGER, Scope.TEAM, Scope.CASE)
_Thing = TypeVar("_Thing")


def new_key() -> bytes:
    """What a key file holds: a line with a key that nobody has."""
    return f"{secrets.token_hex(KEY_BYTES)}\n".encode("ascii")


def is_key(content: bytes) -> bool:
    """Whether a file that holds this, as far as it was read, holds a key."""
    digits = content.decode("ascii", errors="replace").strip()
    return len(content) <= LONGEST_KEY_FILE and _HEXADECIMAL.fullmatch(digits) is not None


def key_in(content: bytes, file: str) -> bytes:
    """The key that a key file holds, as far as it was read.

    Raises:
        CasescreenError: it holds none.
    """
    if not is_key(content):
        raise CasescreenError(
            f"{visible(file)} does not hold a key: a line of {2 * KEY_BYTES} or more figures and letters a to f.",
            why="with a weak or damaged key, pseudonyms could be turned back, or would be other ones.",
            advice="put back a copy of the key file. Without one, name a file that is not there yet: a new key "
            "is made, and its pseudonyms do not go together with those made before.",
        )
    return bytes.fromhex(content.decode("ascii"))


@frozen
class Pseudonyms:
    """The pseudonyms of one run.

    Attributes:
        cases: the pseudonym of each case's id.
        people: of each manager and of each owner of findings.
        teams: of each team.
    """

    cases: Mapping[str, str]
    people: Mapping[str, str]
    teams: Mapping[str, str]

    def subject(self, scope: Scope, name: str) -> str:
        """The pseudonym of what a conclusion is about; "" stays."""
        of = {Scope.CASE: self.cases, Scope.MANAGER: self.people, Scope.TEAM: self.teams, Scope.SAMPLE: {}}
        return of[scope][name] if name else ""


def pseudonymised(screening: Screening, key: bytes) -> Screening:
    """The screening with no name and no text of a record in it, in an order that says nothing about the names.

    Args:
        screening: one that quotes nothing.
        key: at least ``KEY_BYTES`` bytes, known to nobody who gets the result.

    Raises:
        CasescreenError: two names have the same pseudonym.
        ValueError: the screening quotes text of its records, in which anybody may be named; or the key is too short.
    """
    if screening.quoting is not Quoting.NOTHING:
        raise ValueError("a screening that quotes its records cannot be pseudonymised")
    if len(key) < KEY_BYTES:
        raise ValueError(f"a key has at least {KEY_BYTES} bytes")
    owners = [finding.owner for finding in screening.findings]
    names = Pseudonyms(
        cases=pseudonyms_of(key, CASE, screening.case_ids),
        people=pseudonyms_of(key, PERSON, (*screening.managers.values(), *owners)),
        teams=pseudonyms_of(key, TEAM, screening.teams.values()),
    )
    items = _items(screening.findings)
    keys = {} if screening.answers_used is None else _keys(screening.findings, names, items)
    findings = (_finding(finding, names, items) for finding in screening.findings)
    conclusions = (_conclusion(conclusion, names, items) for conclusion in screening.conclusions)
    return evolve(
        screening,
        # The hash itself would tell that two reports are of the same cases, and let guesses at them be tried.
        cases_hash=hmac.new(key, screening.cases_hash.encode(), sha256).hexdigest(),
        case_ids=tuple(sorted(names.cases[case] for case in screening.case_ids)),
        managers=_of_cases(screening.managers, names.cases, names.people),
        teams=_of_cases(screening.teams, names.cases, names.teams),
        findings=tuple(sorted(findings, key=lambda finding: finding.case)),
        by_manager=_renamed(screening.by_manager, names.people),
        by_team=_renamed(screening.by_team, names.teams),
        manager_sizes=_renamed(screening.manager_sizes, names.people),
        team_sizes=_renamed(screening.team_sizes, names.teams),
        conclusions=tuple(sorted(conclusions, key=lambda each: (_SCOPES.index(each.on), each.subject))),
        rejected=_counted_only(screening.rejected),
        assumed=(),
        cases_not_begun=tuple(sorted(pseudonym(key, CASE, case) for case in screening.cases_not_begun)),
        closed_cases=tuple(sorted(names.cases[case] for case in screening.closed_cases)),
        began=dict(sorted((names.cases[case], day) for case, day in screening.began.items())),
        issues=tuple(sorted((_issue(issue, names) for issue in screening.issues), key=lambda issue: issue.case)),
        pseudonyms=fingerprint(key),
        changes=None,  # they name cases and people as they are
        drawn=None if screening.drawn is None else _drawn(screening.drawn, key),
        characteristics={},  # what a case is like, case by case, is in no report
        split=None,  # it has small counts
        accepted=None if screening.accepted is None else _accepted(screening.accepted, names, items, key),
        signed=None if screening.signed is None else evolve(screening.signed, by="", role=""),
        answers_used=None if screening.answers_used is None else screening.answers_used.renamed(keys),
    )


def fingerprint(key: bytes) -> str:
    """What tells whether two reports have pseudonyms of one key, and nothing else of it."""
    return hmac.new(key, b"fingerprint", sha256).hexdigest()[:_FINGERPRINT]


def groups_pseudonymised(copy: Summary, screening: Screening, key: bytes) -> Summary:
    """The copy without the names of managers and teams; what it says of small groups together stays.

    Args:
        copy: one of the screening that tells of no single case.
        screening: what it was made of.
        key: as of ``pseudonymised``.

    Raises:
        CasescreenError: two names have the same pseudonym.
    """
    people = pseudonyms_of(key, PERSON, screening.managers.values())
    teams = pseudonyms_of(key, TEAM, screening.teams.values())
    return evolve(
        copy,
        by_manager=_renamed(copy.by_manager, people),
        by_team=_renamed(copy.by_team, teams),
        manager_sizes=_renamed(copy.manager_sizes, people),
        team_sizes=_renamed(copy.team_sizes, teams),
    )


def _counted_only(rejected: Iterable[Rejected]) -> tuple[Rejected, ...]:
    """How many were left out: why can name a file, an id or a row."""
    records = sum(one.records for one in rejected)
    return (Rejected("", "it could not be used", records),) if records else ()


def _issue(issue: DataIssue, names: Pseudonyms) -> DataIssue:
    """The issue without where it is, and, but for a check, without what was written there."""
    what = issue.problem.what if issue.check else f"something in the record: {issue.kind.value}"
    case = names.cases[issue.case]
    return evolve(issue, case=case, problem=Problem(Place("the record", part=f"case {case}"), what, _SEE))


def pseudonyms_of(key: bytes, kind: str, names: Iterable[str]) -> dict[str, str]:
    """The pseudonym of each name that is not empty.

    Raises:
        CasescreenError: two names have the same.
    """
    made = {name: pseudonym(key, kind, name) for name in sorted(set(names)) if name}
    if len(set(made.values())) < len(made):
        raise CasescreenError(
            "Two names have the same pseudonym.",
            why="two cases, people or teams would look like one.",
            advice="use another key file. Its pseudonyms do not go together with those made before.",
        )
    return made


def pseudonym(key: bytes, kind: str, name: str) -> str:
    """The pseudonym of one name: an HMAC-SHA256 with the key, cut to fifty bits."""
    digest = hmac.new(key, f"{kind}\0{name}".encode("utf-8", "surrogatepass"), sha256).digest()
    return f"{kind}-{b32encode(digest).decode().translate(_ALPHABET)[:_LENGTH]}"


Items = Mapping[tuple[str, str, str], str]


def _items(findings: Iterable[Finding]) -> Items:
    """The number of each row among those of its case and criterion: a key may be any text."""
    numbers: dict[tuple[str, str], int] = {}
    items: dict[tuple[str, str, str], str] = {}
    for finding in findings:
        about = (finding.case, finding.criterion)
        if finding.item:
            numbers[about] = numbers.get(about, 0) + 1
            items[*about, finding.item] = str(numbers[about])
    return items


def _finding(finding: Finding, names: Pseudonyms, items: Items) -> Finding:
    return evolve(
        finding,
        case=names.cases[finding.case],
        item=items.get((finding.case, finding.criterion, finding.item), ""),
        numbered=bool(finding.item),
        owner=names.people.get(finding.owner, ""),
    )


def _conclusion(conclusion: Conclusion, names: Pseudonyms, items: Items) -> Conclusion:
    findings = (
        (names.cases[case], criterion, items.get((case, criterion, item), ""))
        for case, criterion, item in conclusion.findings
    )
    return evolve(conclusion, subject=names.subject(conclusion.on, conclusion.subject), findings=tuple(findings))


def _keys(findings: Iterable[Finding], names: Pseudonyms, items: Items) -> dict[FindingKey, FindingKey]:
    """What each finding is called, by what it was called."""
    keys = ((one.case, one.criterion, one.item) for one in findings)
    return {key: (names.cases[key[0]], key[1], items.get(key, "")) for key in keys}


def _accepted(accepted: Accepted, names: Pseudonyms, items: Items, key: bytes) -> Accepted:
    """What is accepted and until when, without a word that anybody wrote: no reason, no name and no file."""
    from casescreen.evaluate.acceptance import in_order  # noqa: PLC0415 - only where waivers were named

    standings = []
    for one in accepted.waivers:
        case = names.cases.get(one.waiver.case) or pseudonym(key, CASE, one.waiver.case)
        bare = evolve(
            one.waiver, case=case, item=items.get(one.waiver.finding, ""), reason="", by="", role="", evidence="",
            file="", line=0,
        )  # fmt: skip
        standings.append(evolve(one, waiver=bare, why=""))
    until = {
        (names.cases[case], criterion, items.get((case, criterion, item), "")): day
        for (case, criterion, item), day in accepted.until.items()
    }
    return evolve(accepted, waivers=in_order(standings), until=dict(sorted(until.items())), shows_text=False)


def _drawn(sample: ScreenedSample, key: bytes) -> ScreenedSample:
    """The sample without what somebody wrote, and without the hash of its file, which holds ids, tickets and seed."""
    missing, must_include = (
        tuple(sorted(pseudonym(key, CASE, case) for case in ids)) for ids in (sample.missing, sample.must_include)
    )
    return evolve(sample, title="", hash="", rules=(), unverified=(), missing=missing, must_include=must_include)


def _of_cases(named: Mapping[str, str], cases: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted((cases[case], names.get(name, "")) for case, name in named.items()))


def _renamed(groups: Mapping[str, _Thing], names: Mapping[str, str]) -> dict[str, _Thing]:
    return dict(sorted(((names.get(name, name), group) for name, group in groups.items()), key=lambda pair: pair[0]))
