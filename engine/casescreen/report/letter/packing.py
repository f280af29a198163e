"""A zipped document whose bytes depend on nothing but what is in it."""

from __future__ import annotations

import io
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_BEGINNING = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


def packed(package: bytes) -> bytes:
    """The same members in the same order, without the time and the system on which they were zipped."""
    to = io.BytesIO()
    with ZipFile(io.BytesIO(package)) as source, ZipFile(to, "w") as target:
        for member in source.infolist():
            still = ZipInfo(member.filename, _BEGINNING)
            still.compress_type, still.create_system = ZIP_DEFLATED, _UNIX
            target.writestr(still, source.read(member))
    return to.getvalue()
