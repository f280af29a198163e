"""Every form of a report, in one place: its name, the files it goes to, and what it takes to make it.

Each form's module has one function, ``render(result, options)``, and is imported when it is asked for and no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from attrs import frozen

from casescreen.extras import import_extra
from casescreen.model.problem import CasescreenError
from casescreen.model.screening import Screening, Summary
from casescreen.report.options import Options


@frozen
class Format:
    """A form of a report.

    Attributes:
        name: as ``--format`` has it.
        ending: of the names of files that have this form.
        module: where its ``render`` is.
        is_text: whether it can be shown on a screen.
        needs_findings: whether it is a list of findings, and nothing without them.
        needs: what it writes, the package for that, and the extra that brings it; none where nothing more is needed.
    """

    name: str
    ending: str
    module: str
    is_text: bool = True
    needs_findings: bool = False
    needs: tuple[str, str, str] | None = None

    def render(self, result: Summary, options: Options) -> str | bytes:
        """The whole report: the same result and options, the same bytes.

        Raises:
            CasescreenError: it needs findings and there are none to show, or a package that is not installed.
        """
        if self.needs_findings and not isinstance(result, Screening):
            raise CasescreenError(
                f"A copy to share has no {self.name} form: that is a list of findings, each on a single case.",
                advice="choose another form, or leave out --suppress-under.",
            )
        kind, package, extra = self.needs or ("", "", "")
        module = import_extra(
            f"casescreen.report.{self.module}",
            f"{kind} cannot be written here, because {package} is not installed.",
            advice=f'run  pip install "casescreen[{extra}]"  or choose another format.',
        )
        made: str | bytes = module.render(result, options)
        return made


_WORKBOOK = ("An Excel workbook", "XlsxWriter", "documents")
_WORD = ("A Word document", "python-docx", "documents")
_PARQUET = ("Parquet", "polars", "bulk")

FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        one.name: one
        for one in (
            Format("table", ".txt", "formats.plain_text"),
            Format("markdown", ".md", "formats.markdown"),
            Format("csv", ".csv", "formats.csv", needs_findings=True),
            Format("json", ".json", "formats.json"),
            Format("html", ".html", "formats.html.page"),
            Format("xlsx", ".xlsx", "formats.excel.workbook", is_text=False, needs=_WORKBOOK),
            Format("parquet", ".parquet", "formats.parquet", is_text=False, needs_findings=True, needs=_PARQUET),
            Format("docx", ".docx", "letter.letter", is_text=False, needs=_WORD),
        )
    }
)
