"""What a process and all that it started took: seconds of CPU, and memory."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

_PROC = Path("/proc")


def cpu() -> float:
    """Seconds of CPU, of this process and of all that it started and that are there still."""
    return time.process_time() + sum(_seconds(pid) for pid in _started())


def peak() -> float:
    """The most memory that each of the processes ever had, added up, in MB.

    Where there is no /proc it is that of this one alone. What rusage says is never less than its parent had.
    """
    if not (_PROC / "self" / "status").exists():
        import resource  # noqa: PLC0415 - there is none on Windows

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return sum(_most(pid) for pid in (os.getpid(), *_started()))


def _started() -> list[int]:
    """The processes that this one started, and those that they did."""
    parents = dict(_parents())
    found: list[int] = []
    waiting = [os.getpid()]
    while waiting:
        of = waiting.pop()
        children = [pid for pid, parent in parents.items() if parent == of]
        found += children
        waiting += children
    return found


def _parents() -> Iterator[tuple[int, int]]:
    for one in _PROC.glob("[0-9]*"):
        if fields := _fields(int(one.name)):
            yield int(one.name), int(fields[1])


def _fields(pid: int) -> list[str]:
    """What the system says of a process, from its state on; nothing if it has ended."""
    try:
        return (_PROC / f"{pid}" / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return []


def _seconds(pid: int) -> float:
    """Its own CPU time, and that of those it waited for."""
    fields = _fields(pid)
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def _most(pid: int) -> float:
    try:
        status = (_PROC / f"{pid}" / "status").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    high = status.partition("VmHWM:")[2].split()
    return int(high[0]) / 1024 if high else 0.0
