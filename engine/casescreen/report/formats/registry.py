"""Every form of a report: its name, its files, what it takes to make it, and what may be chosen about it.

Each form's module has one function, ``render(result, options)``, and is imported when it is asked for and no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from importlib import import_module
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING

from attrs import Factory, frozen

from casescreen.model.problem import Advice, CasescreenError, joined
from casescreen.model.screening import Screening, Summary

if TYPE_CHECKING:
    from casescreen.report.carried_over import CarriedOver


class By(Enum):
    """How the figures at the head of a report are grouped."""

    THEME = "theme"
    CASE = "case"
    MANAGER = "manager"
    TEAM = "team"


@frozen
class Options:
    """The choices. A format takes those that mean something to it, and passes over the rest.

    Attributes:
        by: how the figures are grouped: table, markdown and html, which has them by theme in any case.
        width: the longest line, in columns of a terminal: table. Less than 60 is taken as 60.
        bom: whether the text begins with a byte-order mark, by which Excel on Windows knows UTF-8: csv.
        per_owner: whether each owner of actions gets a sheet of their own beside the sheet of all: xlsx.
        carried: what people wrote in a workbook before, to stand in this one; None is nothing: xlsx.
        template: a Word document whose styles, page and letterhead are used in place of the plain ones: docx.
            Only python-docx can use one.
        sheets: the file of each case's enquiry sheet, by the case's id, as an address relative to where the report will
            be: html, xlsx and docx.
        typed: whether who reads it can type commands, so that they are named: table, markdown, html and xlsx.
    """

    by: By = By.THEME
    width: int = 100
    bom: bool = False
    per_owner: bool = False
    carried: CarriedOver | None = None
    template: Path | None = None
    typed: bool = True
    sheets: Mapping[str, str] = Factory(dict)


@frozen
class Format:
    """A form of a report.

    Attributes:
        name: as ``--format`` has it.
        ending: of the names of files that have this form.
        module: where its ``render`` is.
        is_text: whether it can be shown on a screen.
        needs_findings: whether it is a list of findings, and nothing without them.
        in_pieces: whether its module has ``pieces``, which gives the same text a piece at a time.
        needs: what it writes, the package for that, and the extra that brings it; none where nothing more is needed.
    """

    name: str
    ending: str
    module: str
    is_text: bool = True
    needs_findings: bool = False
    in_pieces: bool = False
    needs: tuple[str, str, str] | None = None

    def render(self, result: Summary, options: Options) -> str | bytes:
        """The whole report: the same result and options, the same bytes.

        Raises:
            CasescreenError: it needs findings and there are none to show, or a package that is not installed.
        """
        report: str | bytes = self._made_by(result).render(result, options)
        return report

    def pieces(self, result: Summary, options: Options) -> str | bytes | Iterable[str]:
        """The same for a file: where it can become large, a piece at a time.

        Raises:
            CasescreenError: at once, as for ``render``.
        """
        module = self._made_by(result)
        made: str | bytes | Iterable[str] = (module.pieces if self.in_pieces else module.render)(result, options)
        return made

    def _made_by(self, result: Summary) -> ModuleType:
        if self.needs_findings and not isinstance(result, Screening):
            what, instead = ("Figures of very many cases have", "screen fewer cases.")
            if result.suppressed_under:
                what, instead = ("A copy to share has", Advice("leave out --suppress-under.", "show small counts."))
            raise CasescreenError(
                f"{what} no {self.name} form: that is a list of findings, each on a single case.",
                advice=joined("choose another form, or", instead),
            )
        name = f"casescreen.report.{self.module}"
        if self.needs is None:
            return import_module(name)
        kind, package, extra = self.needs
        from casescreen.extras import import_extra  # noqa: PLC0415 - start-up time: the first screen needs none

        module: ModuleType = import_extra(
            name,
            f"{kind} cannot be written here, because {package} is not installed.",
            advice=f'run  pip install "casescreen[{extra}]"  or choose another format.',
        )
        return module


_WORKBOOK = ("An Excel workbook", "XlsxWriter", "documents")
_PARQUET = ("Parquet", "polars", "bulk")

FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        one.name: one
        for one in (
            Format("table", ".txt", "formats.plain_text"),
            Format("markdown", ".md", "formats.markdown"),
            Format("csv", ".csv", "formats.csv", needs_findings=True, in_pieces=True),
            Format("json", ".json", "formats.json", in_pieces=True),
            Format("html", ".html", "formats.html.page"),
            Format("xlsx", ".xlsx", "formats.excel.workbook", is_text=False, needs=_WORKBOOK),
            Format("parquet", ".parquet", "formats.parquet", is_text=False, needs_findings=True, needs=_PARQUET),
            Format("docx", ".docx", "letter.letter", is_text=False),
        )
    }
)
