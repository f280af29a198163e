"""Screenings made readable. Every format has one function, ``render(screening, options) -> str``.

A format's module is imported when it is asked for, and no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Protocol

from casescreen.model.screening import Screening
from casescreen.report.options import By, Options

__all__ = ["FORMATS", "By", "Options", "Renderer"]


class Renderer(Protocol):
    """Makes a text of a screening: the same screening and options, the same text."""

    def __call__(self, screening: Screening, options: Options, /) -> str:
        """The whole report."""


def _lazily(module: str) -> Renderer:
    def render(screening: Screening, options: Options, /) -> str:
        renderer: Renderer = import_module(f"casescreen.report.{module}").render
        return renderer(screening, options)

    return render


FORMATS: Mapping[str, Renderer] = MappingProxyType(
    {
        "table": _lazily("table"),
        "markdown": _lazily("markdown"),
        "csv": _lazily("csv_report"),
        "json": _lazily("json_report"),
    }
)
