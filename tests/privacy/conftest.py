"""The screening that is made fit to be shared."""

from sample_screening import find, rulebook, screen, screening

__all__ = ["find", "rulebook", "screen", "screening"]
