"""The proof of a finding, for a person: what was asked, what was read, and what would have to be true."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from casescreen.evaluate.findings import Explanation
from casescreen.model.condition import Truth
from casescreen.model.outcome import Basis, Outcome, ReadersAnswer
from casescreen.model.rulebook import Criterion, Rulebook, Scope
from casescreen.model.screening import Finding, Proof, Screening
from casescreen.report.attention import doubts
from casescreen.report.blocks import Block, Heading, Item, Outline, Paragraph
from casescreen.report.drawn import drawn_item
from casescreen.report.naming import text_not_shown, title_of
from casescreen.report.plain import to_plain
from casescreen.report.prooftree import ANSWER, ProofTree
from casescreen.text import in_words

_DECIDES = {Basis.EVIDENCE: "recorded facts decide", Basis.JUDGEMENT: "a reader decides"}


def explain_finding(screening: Screening, explanation: Explanation, width: int) -> str:
    """Why one finding is what it is, in lines no wider than ``width``."""
    return to_plain(_with_hint(screening, _finding(screening, explanation, level=1)), width)


def explain_case(screening: Screening, case: str, explanations: Iterable[Explanation], width: int) -> str:
    """What was found in a case and concluded on it, and why, finding by finding."""
    return to_plain(_with_hint(screening, _case(screening, case, explanations)), width)


def _with_hint(screening: Screening, told: Iterable[Block]) -> Iterator[Block]:
    yield from told
    if hint := text_not_shown(screening.quoting):
        yield Paragraph(hint)


def _case(screening: Screening, case: str, explanations: Iterable[Explanation]) -> Iterator[Block]:
    yield Heading(f"Case {case}", level=1)
    manager, team = screening.managers.get(case, ""), screening.teams.get(case, "")
    who = [f"{title}: {name}." for title, name in (("Manager", manager), ("Team", team)) if name]
    yield Paragraph(" ".join([f"As at {in_words(screening.as_of)}.", *who]))
    concluded = [c for c in screening.conclusions if c.on is Scope.CASE and c.subject == case]
    if concluded:
        yield Heading("Conclusions")
        yield Outline(tuple(drawn_item(conclusion, named=False) for conclusion in concluded), spaced=True)
    for explanation in explanations:
        yield from _finding(screening, explanation, level=2)


def _finding(screening: Screening, explanation: Explanation, level: int) -> Iterator[Block]:
    finding, rulebook = explanation.finding, screening.rulebook
    tree = ProofTree(rulebook)
    about = f"{finding.case}: " if level == 1 else ""
    yield Heading(f"{about}{title_of(finding, rulebook)}", level)
    yield Outline(tuple(Item(line) for line in _told(finding, rulebook.criterion[finding.criterion])))
    yield from _proof("Does it apply?", explanation.applies, tree)
    yield from _proof("Do the facts meet it?", explanation.met, tree)
    if explanation.flags:
        flags = tuple(_flag(says, proof, tree) for says, proof in explanation.flags)
        yield Outline((Item("Facts beside the reader's judgement", flags),))
    wanting = tuple(_wanting(explanation, rulebook, tree))
    if wanting:
        yield Outline((Item("What would have to be true for it to be met", wanting),))


def _told(finding: Finding, criterion: Criterion) -> Iterator[str]:
    yield f"Outcome: {finding.outcome.value}"
    yield f"Why: {finding.reason}"
    yield from doubts(finding)
    if finding.due is not None:
        yield f"Due: by {in_words(finding.due)}"
    yield f"Owner: {finding.owner or 'not recorded'}"
    if finding.remedy:
        yield f"To put it right: {finding.remedy}"
    yield f"Question: {criterion.question} ({_DECIDES[criterion.basis]})"
    yield f"Source: {criterion.source}. Severity: {criterion.severity.value}"


def _proof(question: str, proof: Proof | None, tree: ProofTree) -> Iterator[Block]:
    if proof is not None:
        answer = ANSWER[proof.truth]
        yield Outline((Item(f"{question} {answer[0].upper()}{answer[1:]}", (tree.item(proof),)),))


def _flag(says: str, proof: Proof, tree: ProofTree) -> Item:
    raised = {Truth.TRUE: "Raised", Truth.FALSE: "Not raised", Truth.UNKNOWN: "Cannot be told"}
    return Item(f"{raised[proof.truth]}: {says}", (tree.item(proof),))


def _wanting(explanation: Explanation, rulebook: Rulebook, tree: ProofTree) -> Iterator[Item]:
    finding = explanation.finding
    if finding.outcome in (Outcome.MET, Outcome.NOT_APPLICABLE):
        return
    if explanation.applies is not None:
        yield from tree.wanting(explanation.applies)
    if explanation.met is not None:
        yield from tree.wanting(explanation.met)
    if finding.standing.basis is Basis.JUDGEMENT:
        again = "" if finding.standing.answer is ReadersAnswer.NONE else ", having read the case again"
        yield Item(f"a reader answers yes{again}: {rulebook.criterion[finding.criterion].question}")
