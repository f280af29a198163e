"""Reading what tells who somebody is: the shipped data, which tests hold sound."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from casescreen.model.likeness import Likenesses, Pattern
from casescreen.resources import shipped_data

_FILE = "likenesses/england-and-wales.toml"


def read_likenesses() -> Likenesses:
    """What is looked for in England and Wales."""
    data: dict[str, Any] = tomllib.loads(shipped_data(_FILE).read_text(encoding="utf-8"))
    return Likenesses(
        patterns=tuple(
            Pattern(one["label"], re.compile(one["pattern"], re.ASCII), one.get("check", ""))
            for one in data["patterns"]
        ),
        given_names=frozenset(data["names"]["given"]),
        youngest=data["youngest"],
        oldest=data["oldest"],
    )
