"""What the languages have in common whose formulas are text: operators between texts."""

from __future__ import annotations

from peer_logic import SIGNS, Dialect

from casescreen.model.condition import Operator
from casescreen.model.dictionary import Field


class Formulas(Dialect[str]):
    """A language by its words for equal, and, or, and not."""

    same = "=="
    joint, disjoint, negation = " && ", " || ", "!"

    def compares(self, operator: Operator, field: Field, other: str) -> str:
        return f"({self.value(field)} {SIGNS.get(operator, self.same)} {other})"

    def less(self, one: str, other: str) -> str:
        return f"({one} < {other})"

    def every(self, parts: list[str]) -> str:
        return f"({self.joint.join(parts)})"

    def either(self, parts: list[str]) -> str:
        return f"({self.disjoint.join(parts)})"

    def no(self, part: str) -> str:
        return f"({self.negation}({part}))"

    def when(self, test: str, then: str, other: str) -> str:
        return f"({test} ? {then} : {other})"
