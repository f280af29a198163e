"""Screenings made readable. A report decides nothing."""
