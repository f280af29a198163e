"""Screen case records against inspection criteria, and explain every finding.

>>> from casescreen import load_rulebook
>>> load_rulebook().criterion["plan-timely"].question.endswith("?")
True
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casescreen.api import CasescreenError, ProblemsError, explain, load_rulebook, read_cases, screen

__version__ = "0.9.0"

__all__ = ["CasescreenError", "ProblemsError", "__version__", "explain", "load_rulebook", "read_cases", "screen"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
    # Imported when first asked for: the command line uses a part of casescreen at a time, and starts the quicker.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("casescreen.api"), name)
