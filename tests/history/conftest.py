"""What runs are made of, and the screening that findings files are of."""

from sample_screening import find, rulebook, screen, screening

__all__ = ["find", "rulebook", "screen", "screening"]
