"""Rules as TOML, read into a ``Rulebook``: all problems at once, each with its place and advice."""

from casescreen.rulebook.load import load_rulebook
from casescreen.rulebook.locator import shipped_rulebooks

__all__ = ["load_rulebook", "shipped_rulebooks"]
