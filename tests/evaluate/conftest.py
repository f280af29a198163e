"""The bicycle repairs, screened by either engine."""

from bicycle_repairs import bikes, case, engine, found, screened

__all__ = ["bikes", "case", "engine", "found", "screened"]
