"""From cases and a rulebook to findings: evidence, inference, and the reasons for both."""

from casescreen.evaluate.examples import check_examples
from casescreen.evaluate.explaining import Explanation, explain
from casescreen.evaluate.inference import Engine
from casescreen.evaluate.screening import screen

__all__ = ["Engine", "Explanation", "check_examples", "explain", "screen"]
