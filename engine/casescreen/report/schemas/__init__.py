"""JSON Schemas of the JSON output, for programs that read it. Hand-kept data: a change of shape has to change them."""

from __future__ import annotations

from importlib.resources import files

NAMES = ("screening", "shared")


def schema(name: str) -> str:
    """The schema of that name, draft 2020-12, as JSON."""
    return files(__name__).joinpath(f"{name}.json").read_text(encoding="utf-8").replace("\r\n", "\n")
