"""Elements built from values. A plain text is escaped wherever it is put, so only ``Html`` can be markup."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from attrs import frozen

from casescreen.report.columns import plain


@frozen
class Html:
    """Text that is markup already, and safe."""

    text: str


Content = str | Html
_VOID = frozenset({"meta"})


def tag(name: str, /, *content: Content, **attributes: str | int | bool) -> Html:
    """An element. ``class_`` stands for class and ``aria_label`` for aria-label; True is an attribute without a value.

    >>> tag("p", "1 < 2", class_="note").text
    '<p class="note">1 &lt; 2</p>'
    """
    opening = f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}>"
    return Html(opening if name in _VOID else f"{opening}{join(content).text}</{name}>")


def join(content: Iterable[Content], between: str = "") -> Html:
    """One after another; ``between`` is markup."""
    return Html(between.join(_safe(part) for part in content))


def _safe(part: Content) -> str:
    return part.text if isinstance(part, Html) else escape(plain(part))


def _attribute(key: str, value: str | int | bool) -> str:
    name = key.rstrip("_").replace("_", "-")
    if isinstance(value, bool):
        return f" {name}" if value else ""
    return f' {name}="{escape(plain(str(value)))}"'
