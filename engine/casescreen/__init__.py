"""Screen case records against inspection criteria, and explain every finding.

>>> from casescreen import load_rulebook
>>> load_rulebook().criterion["plan-timely"].question.endswith("?")
True
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casescreen.cases.load import read_cases
    from casescreen.evaluate.findings import explain
    from casescreen.evaluate.screening import screen
    from casescreen.model.problem import CasescreenError, ProblemsError
    from casescreen.rulebook.load import load_rulebook

__version__ = "0.1.0"

__all__ = ["CasescreenError", "ProblemsError", "__version__", "explain", "load_rulebook", "read_cases", "screen"]

# Imported when first asked for: the command line uses a part of casescreen at a time, and starts the quicker.
_HOMES = {
    "CasescreenError": "casescreen.model.problem",
    "ProblemsError": "casescreen.model.problem",
    "explain": "casescreen.evaluate.findings",
    "load_rulebook": "casescreen.rulebook.load",
    "read_cases": "casescreen.cases.load",
    "screen": "casescreen.evaluate.screening",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
