"""The bicycle repairs, screened by either engine; and a screening with cases of every kind."""

from bicycle_repairs import bikes, case, engine, found, screened
from sample_screening import find, rulebook, screen, screening

__all__ = ["bikes", "case", "engine", "find", "found", "rulebook", "screen", "screened", "screening"]
