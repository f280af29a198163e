"""The letter's beginning: what it is and is not, what was screened, and the whole in short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import ConclusionKind, Scope, Status
from casescreen.model.screening import Screening
from casescreen.report.blocks import Heading, Paragraph
from casescreen.report.digest import about
from casescreen.report.letter.grounds import Grounds
from casescreen.report.letter.page import Blank, Notice, Part, Said
from casescreen.report.letter.statement import Ground, Numbering, Statement
from casescreen.report.letter.wording import running
from casescreen.report.parameters import bands_in_words
from casescreen.report.standing import CaseStanding
from casescreen.text import counted, in_words, listed

_WAITING = {Outcome.NEEDS_JUDGEMENT: "waiting for a reader's judgement"}
DRAFT = Notice(
    "DRAFT, for the sender to check and edit.",
    "A program wrote this from case records, and nobody has checked it. It is a self-assessment: it is not an "
    "inspection, it does not come from an inspectorate, and it has no authority. The number after each statement leads "
    "to the appendix, where the findings stand that it rests on. Check them, change what is not right, complete what "
    "is in square brackets, and take this notice out before the letter is sent.",
)


def opening(screening: Screening) -> Iterator[Part]:
    """The title, the notice, the lines to fill in, and the context."""
    rulebook = screening.rulebook
    yield Heading(f"Draft letter: {rulebook.title}", level=1)
    yield DRAFT
    yield Blank("To", "[name and post]")
    yield Blank("From", "[name and post]")
    yield Blank("Date", "[date of sending]")
    yield Heading("Context")
    yield Paragraph(f"{about(screening)} The rules are those of {rulebook.title}, version {rulebook.version}.")
    yield Paragraph(rulebook.about)
    yield Heading("What this cannot say", level=3)
    yield from _limits(screening)


def _limits(screening: Screening) -> Iterator[Part]:
    yield Paragraph(
        "It sees only what is in the records. What a record does not show is counted as not evidenced, never as not "
        "done. Where the question is whether work was good enough, the answer is that of whoever read the case; the "
        "facts can challenge it and do not replace it. A proportion counts only what was met or not met."
    )
    yield Paragraph(bands_in_words(screening.rulebook.bands))
    unverified = [p.label for p in screening.rulebook.parameters.values() if p.status is Status.UNVERIFIED]
    if unverified:
        yield Paragraph(
            f"These numbers are unverified, and so is what was measured by them: {listed(unverified, 'and')}."
        )


def summary(
    screening: Screening, cases: Sequence[CaseStanding], grounds: Grounds, numbering: Numbering
) -> Iterator[Part]:
    """The whole in short: how the criteria stand, which cases need action, and what cannot be told."""
    yield Heading("Summary")
    together = [c for c in screening.conclusions if c.on is Scope.SAMPLE and c.kind is ConclusionKind.SUMMARY]
    if together:
        yield Said(tuple(numbering.state(c.says, *grounds.of_conclusion(c)) for c in together))
    yield Said((_bands(screening, numbering), _urgent(cases, grounds, numbering)))
    yield Said((_outcomes(screening, numbering),))
    yield from _at_the_end(screening)


def _at_the_end(screening: Screening) -> Iterator[Part]:
    """What the last sections set out, named in a line each."""
    together = [c for c in screening.conclusions if c.on is Scope.SAMPLE]
    for kind, what in ((ConclusionKind.STRENGTH, "strengths"), (ConclusionKind.AREA, "areas requiring improvement")):
        named = [running(c.says) for c in together if c.kind is kind]
        if named:
            yield Paragraph(f"Set out at the end as {what}: {'; '.join(named)}.")


def _bands(screening: Screening, numbering: Numbering) -> Statement:
    bands = screening.rulebook.bands
    counts = Counter(rate.band for rate in screening.rates)
    labels = {band.id: f"“{band.label}”" for band in bands.bands}
    said = [f"{labels[band]} for {counts[band]:,}" for band in labels if counts[band]]
    if counts[bands.TOO_FEW]:
        said.append(f"of too few cases to say for {counts[bands.TOO_FEW]:,}")
    criteria = counted(len(screening.rates), "criterion", "criteria")
    return numbering.state(
        f"Of {criteria}, the rate is {listed(said, 'and')}.",
        Ground("The rate of each criterion: in the commentary, under the band it is in"),
    )


def _urgent(cases: Sequence[CaseStanding], grounds: Grounds, numbering: Numbering) -> Statement:
    urgent = sorted(case.id for case in cases if case.actions)
    of = counted(len(cases), "case")
    if not urgent:
        return numbering.state(f"None of {of} needs action now.", Ground("No conclusion calls for action on a case"))
    said = f"{len(urgent):,} of {of} {'needs' if len(urgent) == 1 else 'need'} action now."
    return numbering.state(said, grounds.of_cases("Conclusions that call for action on a case", urgent))


def _outcomes(screening: Screening, numbering: Numbering) -> Statement:
    counts = Counter(finding.outcome for finding in screening.findings)
    said = [f"{counts[outcome]:,} {_WAITING.get(outcome, outcome.value)}" for outcome in Outcome if counts[outcome]]
    of = counted(len(screening.findings), "finding")
    text = f"Of {of} as at {in_words(screening.as_of)}: {listed(said, 'and')}."
    return numbering.state(text, Ground("Every finding of the screening"))
