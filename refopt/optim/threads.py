"""Sharing an update among threads: both engines let go of the interpreter while they compute."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from itertools import pairwise
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
    """Number of threads that an update that reads and writes that many bytes is worth."""
    return max(1, min(threads, moved // WORTH))


def cuts(total: int, workers: int) -> list[tuple[int, int]]:
    """That many ranges of elements, of about the same length and whole lines of memory: where each begins and ends."""
    ends = [*(total * k // workers // 16 * 16 for k in range(workers)), total]
    return list(pairwise(ends))


def together(tasks: Sequence[Task]) -> None:
    """Carry out every task, the first one here; returns, or raises what a task raised, when no thread is at one any more.

    That holds where a person interrupts it too: the threads write to arrays that the caller goes on with.
    """
    done: SimpleQueue[BaseException | None] = SimpleQueue()
    queues = _queues(len(tasks) - 1)
    here = [tasks[0], *tasks[1 + len(queues) :]]
    try:
        for queue, task in zip(queues, tasks[1:], strict=False):
            queue.put((task, done))
        raised: list[BaseException | None] = [_error(task) for task in here]
        raised += [done.get() for _ in queues]
    except BaseException:
        _finish(queues)
        raise
    for error in raised:
        if error is not None:
            raise error


def _queues(count: int) -> list[_Work]:
    """The queues of so many threads; of fewer where the system gives no more."""
    found: list[_Work] = []
    try:
        for i in range(count):
            found.append(_waiting(os.getpid(), i))
    except RuntimeError:
        pass
    return found


def _error(task: Task) -> Exception | None:
    """Exception that a task raises, so that the others are carried out nevertheless."""
    try:
        task()
    except Exception as error:
        return error
    return None


def _finish(queues: Sequence[_Work]) -> None:
    """Wait until the threads have done what they were given: a queue is worked off in order, so a last task tells. Interrupts wait as well."""
    left = list(queues)
    while left:
        with suppress(KeyboardInterrupt):
            last: SimpleQueue[BaseException | None] = SimpleQueue()
            left[-1].put((_nothing, last))
            last.get()
            left.pop()


def _nothing() -> None:
    pass


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
