"""The cover: what was screened, what stands out, and what each sheet and each outcome means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from casescreen.model.rulebook import ConclusionKind, Scope
from casescreen.model.screening import Screening
from casescreen.report.digest import about, closing_words
from casescreen.report.naming import OUTCOMES_MEAN
from casescreen.report.standing import CaseStanding
from casescreen.text import in_words

_KINDS = {
    ConclusionKind.ACTION: "Action across the cases",
    ConclusionKind.SUMMARY: "In short",
    ConclusionKind.AREA: "Area for improvement",
    ConclusionKind.STRENGTH: "Strength",
}
SHEETS_HOLD = {
    "Actions": "What to do in each case and whose it is. Say in Progress how far it has got.",
    "Cases": "How each case stands, the worst first.",
    "Criteria": "How many cases met each criterion, of those that were met or not met.",
    "Findings": "Everything that was found, one row each. Filter by manager, outcome or criterion.",
    "Notes": "Conclusions, the numbers used and whose they are, and how this was made.",
}


@frozen
class Line:
    """A line of the cover: what it is about, and what is said. A heading has nothing said."""

    about: str
    said: str = ""


def cover(screening: Screening, cases: Sequence[CaseStanding]) -> Iterator[Line]:
    """The lines of the cover; the first is the title."""
    rulebook = screening.rulebook
    yield Line(f"{rulebook.title} (version {rulebook.version})")
    yield Line("Screened", about(screening))
    yield Line("Start here", closing_words(cases))
    yield Line("What it is", rulebook.about)
    yield from _concluded(screening)
    yield Line("The sheets")
    for name, holds in SHEETS_HOLD.items():
        yield Line(name, holds)
    yield Line("The outcomes")
    for outcome, means in OUTCOMES_MEAN.items():
        count = sum(finding.outcome is outcome for finding in screening.findings)
        yield Line(outcome.value.capitalize(), f"{count:,} findings. {means}" if count != 1 else f"1 finding. {means}")


def actions_cover(screening: Screening, manager: str) -> Iterator[Line]:
    """The lines of the cover of one owner's actions; the first is the title."""
    yield Line(f"Actions: {manager}")
    yield Line("Screened", f"As at {in_words(screening.as_of)}, by {screening.rulebook.title}.")
    yield Line("Actions", "What to do in your cases. Say in Progress how far it has got, and in Notes what was done.")


def _concluded(screening: Screening) -> Iterator[Line]:
    together = [c for c in screening.conclusions if c.on is Scope.SAMPLE and c.kind in _KINDS]
    if together:
        yield Line("What stands out")
    for kind, title in _KINDS.items():
        for conclusion in together:
            if conclusion.kind is kind:
                yield Line(title, conclusion.says)
