"""Screenings made readable. Every format has one function, ``render(screening, options)``.

Those of ``FORMATS`` give text, those of ``DOCUMENTS`` the bytes of a file. A format's module is imported when it is
asked for, and no other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Protocol

from casescreen.model.problem import CasescreenError
from casescreen.model.screening import Screening
from casescreen.report.options import By, Options

__all__ = ["DOCUMENTS", "FORMATS", "By", "Document", "Options", "Renderer"]

Document = Callable[[Screening, Options], bytes]


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
        "html": _lazily("html"),
    }
)


def _document(module: str, kind: str, package: str, extra: str = "documents") -> Document:
    def render(screening: Screening, options: Options, /) -> bytes:
        try:
            renderer: Document = import_module(f"casescreen.report.{module}").render
        except ModuleNotFoundError as error:
            if (error.name or "").startswith("casescreen"):
                raise
            raise CasescreenError(
                f"{kind} cannot be written here, because {package} is not installed.\n"
                f'  What to do: run  pip install "casescreen[{extra}]"  or choose another format.'
            ) from error
        return renderer(screening, options)

    return render


DOCUMENTS: Mapping[str, Document] = MappingProxyType(
    {
        "xlsx": _document("workbook", "An Excel workbook", "XlsxWriter"),
        "docx": _document("letter", "A Word document", "python-docx"),
        "parquet": _document("parquet_report", "Parquet", "Polars", "bulk"),
    }
)
