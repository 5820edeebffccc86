"""Sharing an update among threads: both engines let go of the interpreter while they compute."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cache
from queue import SimpleQueue
from threading import Thread
from typing import TypeAlias

Task: TypeAlias = Callable[[], None]
WORTH = 1 << 20
"""Bytes read and written below which another thread costs more than it saves: waking one takes some 20 microseconds."""


@cache
def available() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def share(moved: int, threads: int) -> int:
    """How many threads an update that reads and writes that many bytes is worth."""
    return max(1, min(threads, moved // WORTH))


def together(tasks: Sequence[Task]) -> None:
    """Carry out every task, the first one here; returns when all are done. Raises what a task raised."""
    done: SimpleQueue[BaseException | None] = SimpleQueue()
    for i, task in enumerate(tasks[1:]):
        _waiting(os.getpid(), i).put((task, done))
    raised: list[BaseException | None] = []
    try:
        tasks[0]()
    finally:
        raised += [done.get() for _ in tasks[1:]]
    for error in raised:
        if error is not None:
            raise error


_Work: TypeAlias = "SimpleQueue[tuple[Task, SimpleQueue[BaseException | None]]]"


@cache
def _waiting(process: int, i: int) -> _Work:
    """The queue of thread i, which waits for work there. Of this process: threads do not survive a fork.

    A queue a thread wakes it in a third of the time that concurrent.futures takes, which makes a lock and a condition for each task.
    """
    work: _Work = SimpleQueue()
    Thread(target=_serve, args=(work,), name=f"refopt-{i}", daemon=True).start()
    return work


def _serve(work: _Work) -> None:
    while True:
        task, done = work.get()
        try:
            task()
        except BaseException as error:
            done.put(error)
        else:
            done.put(None)
        del task, done
