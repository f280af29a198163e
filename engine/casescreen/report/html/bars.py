"""Bars: k of n drawn, with the figures in words for who does not see them."""

from __future__ import annotations

from casescreen.report.html.markup import Html, tag
from casescreen.report.proportion import k_of_n

_WIDTH, _HEIGHT = 120, 16


def bar(met: int, of: int) -> Html:
    """A bar that is filled as far as ``met`` goes in ``of``; where nothing was counted, none."""
    if not of:
        return Html("")
    full = {"height": _HEIGHT, "x": 0, "y": 0}
    return tag(
        "svg",
        tag("rect", class_="whole", width=_WIDTH, **full),
        tag("rect", class_="share", width=_WIDTH * met // of, **full),
        class_="bar",
        role="img",
        aria_label=f"Bar: {k_of_n(met, of)} met",
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        width=_WIDTH,
        height=_HEIGHT,
    )
