"""The identity of a rulebook: a hash over what its files say, however they are laid out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

# Groups of named entries, whose order reports keep, by how many levels of names they have.
_ORDERED = {
    "columns": 1,
    "conclusions": 1,
    "documents": 1,
    "facts": 1,
    "fields": 2,
    "flags": 1,
    "parameters": 1,
    "tables": 1,
    "themes": 1,
}


def content_hash(contents: Mapping[str, Mapping[str, Any]]) -> str:
    """SHA-256, in hexadecimal, over the parsed content of files by their names.

    Comments, layout, line endings and the order of keys do not enter it; the order of named entries does,
    because reports keep it.
    """
    canonical = {name: _canonical(content) for name, content in contents.items()}
    written = json.dumps(canonical, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=_typed)
    return hashlib.sha256(written.encode("ascii")).hexdigest()


def _canonical(value: Any, named_levels: int = 0) -> Any:  # noqa: ANN401 - any TOML value
    if isinstance(value, list):
        return [_canonical(item) for item in value]
    if not isinstance(value, dict):
        return value
    if named_levels:
        return [[name, _canonical(entry, named_levels - 1)] for name, entry in value.items()]
    return {key: _canonical(entry, _ORDERED.get(key, 0)) for key, entry in value.items()}


def _typed(value: object) -> dict[str, str]:
    assert isinstance(value, date), "TOML has no other type that JSON lacks in a sound rulebook"
    return {"date": value.isoformat()}
