"""Readers of bicycle repairs."""

from __future__ import annotations

from bicycle_repairs import bikes

__all__ = ["bikes"]
