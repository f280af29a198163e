"""From cases and a rulebook to findings: evidence, inference, and the reasons for both."""

from casescreen.evaluate.examples import check_examples
from casescreen.evaluate.explaining import Explanation, explain
from casescreen.evaluate.screening import screen

__all__ = ["Explanation", "check_examples", "explain", "screen"]
