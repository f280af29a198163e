"""Parts of a caseload worked on two at a time: while one waits for the interpreter or the disk, the other goes on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

_AT_ONCE = 2  # Polars has threads of its own for each part; more parts at once would only take more memory

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def in_turn(work: Callable[[_Item], _Result], items: Iterable[_Item]) -> Iterator[_Result]:
    """The result for each item, in their order; no more than two are worked on at once.

    What goes wrong with an item is raised where its result would come.
    """
    coming = iter(items)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        waiting: deque[Future[_Result]] = deque(pool.submit(work, item) for item in islice(coming, _AT_ONCE))
        try:
            while waiting:
                result = waiting.popleft().result()
                waiting.extend(pool.submit(work, item) for item in islice(coming, 1))
                yield result
        finally:
            pool.shutdown(cancel_futures=True)
