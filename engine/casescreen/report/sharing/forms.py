"""A copy to share in each form. All of them but JSON print the same blocks."""

from __future__ import annotations

from casescreen.model.problem import CasescreenError
from casescreen.report.options import Options
from casescreen.report.registry import documents_module
from casescreen.report.sharing.figures import Shared
from casescreen.report.sharing.shared_copy import shared_copy


def shared_report(shared: Shared, form: str, options: Options) -> str | bytes:
    """The copy in a form.

    Raises:
        CasescreenError: the form has nothing but single cases, or needs a package that is not installed.
    """
    match form:
        case "table":
            from casescreen.report.plain import to_plain  # noqa: PLC0415 - a form's module is imported for it alone

            return to_plain(shared_copy(shared), options.width)
        case "markdown":
            from casescreen.report.markdown import to_markdown  # noqa: PLC0415 - the same

            return to_markdown(shared_copy(shared))
        case "json":
            from casescreen.report.sharing.shared_json import shared_json  # noqa: PLC0415 - the same

            return shared_json(shared)
        case "html":
            from casescreen.report.html.shared import page  # noqa: PLC0415 - the same

            return page(shared)
        case "xlsx":
            made: bytes = documents_module("casescreen.report.workbook.shared").workbook(shared)
            return made
        case "docx":
            letter: bytes = documents_module("casescreen.report.letter.shared").document(shared, options)
            return letter
        case _:
            raise CasescreenError(
                f"A copy to share has no {form} form: that is a list of findings, each on a single case.\n"
                "  What to do: choose another form, or leave out --suppress-under."
            )
