"""How cells look. Every colour stands beside the word that it goes with, dark enough on its ground to be read."""

from __future__ import annotations

from collections.abc import Mapping

from casescreen.report.workbook.sheet import Tone

DATES = "d mmm yyyy"
COUNTS = "#,##0"

Properties = dict[str, object]

_PLAIN: Properties = {"font_name": "Arial", "font_size": 10, "valign": "top"}
_CELL: Properties = {**_PLAIN, "bottom": 1, "bottom_color": "#C8CED3"}
COLOURS: Mapping[Tone, Properties] = {
    Tone.GOOD: {"bg_color": "#DCEFE0", "font_color": "#0B4F27"},
    Tone.DOUBT: {"bg_color": "#FFF0C7", "font_color": "#5C4200"},
    Tone.BAD: {"bg_color": "#FBDDD9", "font_color": "#7D1007", "bold": True},
    Tone.QUIET: {"bg_color": "#EDEFF1", "font_color": "#3C464D"},
}

LOOKS: Mapping[str, Properties] = {
    "text": {**_CELL, "text_wrap": True, "indent": 1},
    # Somebody who edits such a cell in Excel does not turn its text into a formula.
    "guarded": {**_CELL, "text_wrap": True, "indent": 1, "quote_prefix": True},
    "count": {**_CELL, "num_format": COUNTS},
    "day": {**_CELL, "num_format": DATES, "align": "left"},
    "header": {**_CELL, "bold": True, "text_wrap": True, "indent": 1, "bg_color": "#1F3A4D", "font_color": "#FFFFFF"},
    "title": {**_PLAIN, "bold": True, "font_size": 18},
    "heading": {**_PLAIN, "bold": True, "font_size": 13, "valign": "bottom"},
    "label": {**_CELL, "bold": True, "text_wrap": True},
}
