"""The whole proof of one finding: every condition, every value read, whether or not it decided."""

from __future__ import annotations

from datetime import date

from attrs import frozen

from casescreen.conditions.compiler import context_of
from casescreen.evaluate.asking import Asker
from casescreen.evaluate.finding import Finder
from casescreen.model.case import Case
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Finding, Proof, Quoting


@frozen
class Explanation:
    """Why a finding is what it is.

    Attributes:
        finding: what is explained.
        applies: whether the criterion applies, and why; None if it always does.
        met: whether the facts meet it, and why; None if a reader decides or there is nothing to ask it of.
        flags: what each flag says, and whether and why it is raised.
    """

    finding: Finding
    applies: Proof | None
    met: Proof | None
    flags: tuple[tuple[str, Proof], ...]


def explain(
    rulebook: Rulebook, case: Case, finding: Finding, as_of: date, quoting: Quoting = Quoting.REFERENCES
) -> Explanation:
    """The explanation of a finding of ``screen`` on the same case, rulebook, as-of date and quoting."""
    context = context_of(rulebook, as_of, quoting)
    finder = Finder(rulebook, context)
    every = Asker(rulebook, context, rulebook.criterion[finding.criterion]).ask(case)
    asked = next(one for one in every if one.item == finding.item)
    return Explanation(
        finding, finder.applies_proof(case, asked), finder.met_proof(case, asked), finder.flag_proofs(case, asked)
    )
