"""The screening that sections are made of."""

from sample_screening import find, rulebook, screen, screening

__all__ = ["find", "rulebook", "screen", "screening"]
