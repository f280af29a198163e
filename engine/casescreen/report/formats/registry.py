"""Screenings made readable. Every format has one function, ``render(screening, options)``.

Those of ``FORMATS`` give text, those of ``DOCUMENTS`` the bytes of a file. A format's module is imported when it is
asked for, and no other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType, ModuleType
from typing import Protocol

from casescreen.extras import import_extra
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
        renderer: Renderer = import_module(module).render
        return renderer(screening, options)

    return render


FORMATS: Mapping[str, Renderer] = MappingProxyType(
    {
        "table": _lazily("casescreen.report.formats.plain_text"),
        "markdown": _lazily("casescreen.report.formats.markdown"),
        "csv": _lazily("casescreen.report.formats.csv"),
        "json": _lazily("casescreen.report.formats.json"),
        "html": _lazily("casescreen.report.formats.html.page"),
    }
)


# What each module below writes, the package that it needs, and the extra that brings it.
_NEEDS = {
    "casescreen.report.formats.excel.workbook": ("An Excel workbook", "XlsxWriter", "documents"),
    "casescreen.report.letter.letter": ("A Word document", "python-docx", "documents"),
    "casescreen.report.letter.docx": ("A Word document", "python-docx", "documents"),
    "casescreen.report.formats.parquet": ("Parquet", "polars", "bulk"),
}


def documents_module(name: str) -> ModuleType:
    """A module that needs a package which may not be installed.

    Raises:
        CasescreenError: it is not installed.
    """
    kind, package, extra = _NEEDS[name]
    module: ModuleType = import_extra(
        name,
        f"{kind} cannot be written here, because {package} is not installed.\n"
        f'  What to do: run  pip install "casescreen[{extra}]"  or choose another format.',
    )
    return module


def _document(module: str) -> Document:
    def render(screening: Screening, options: Options, /) -> bytes:
        renderer: Document = documents_module(module).render
        return renderer(screening, options)

    return render


DOCUMENTS: Mapping[str, Document] = MappingProxyType(
    {
        "xlsx": _document("casescreen.report.formats.excel.workbook"),
        "parquet": _document("casescreen.report.formats.parquet"),
        "docx": _document("casescreen.report.letter.letter"),
    }
)
