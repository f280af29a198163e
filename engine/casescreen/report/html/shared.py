"""A copy to share as a page: the same style, and nothing but its blocks."""

from __future__ import annotations

from casescreen.report.html.ids import Ids
from casescreen.report.html.markup import Html, join, tag
from casescreen.report.html.page import document
from casescreen.report.html.rendering import blocks
from casescreen.report.sharing.figures import Shared
from casescreen.report.sharing.shared_copy import shared_copy, title
from casescreen.text import in_words


def page(shared: Shared) -> str:
    """The copy as a page that is whole in itself, without script."""
    heading, about, left_out, *rest = shared_copy(shared)
    head = tag("div", blocks(Ids(), (heading,), level=1), blocks(Ids(), (about, left_out)), class_="page")
    body = join(
        (
            Html(""),
            tag("a", "Skip to main content", href="#main", class_="skip"),
            tag("header", head),
            tag("main", Html("\n"), blocks(Ids(), rest, level=2), id="main", tabindex="-1"),
        ),
        "\n",
    )
    return document(f"{title(shared)}, as at {in_words(shared.as_of)}: a copy to share", body)
