"""Sharing an update among threads: both engines let go of the interpreter while they compute."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

WORTH = 1 << 18
"""Elements below which another thread costs more than it saves."""


@cache
def available() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def share(total: int, threads: int) -> int:
    """How many threads an update of that many elements is worth."""
    return max(1, min(threads, total // WORTH))


def together(tasks: Sequence[Callable[[], None]]) -> None:
    """Carry out every task, the first one here; returns when all are done. Raises what a task raised."""
    futures = [_pool(os.getpid(), len(tasks) - 1).submit(task) for task in tasks[1:]]
    try:
        tasks[0]()
    finally:
        for future in futures:
            future.result()


@cache
def _pool(process: int, threads: int) -> ThreadPoolExecutor:
    """Of this process: threads do not survive a fork."""
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(threads, thread_name_prefix="refopt")
