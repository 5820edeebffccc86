"""The processes that share a long computation: started afresh, and one line where one of them is lost."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context

from refopt.errors import RefoptError


@contextmanager
def pool(processes: int) -> Iterator[ProcessPoolExecutor]:
    """That many processes. Raises RefoptError where one of them is killed."""
    try:
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as made:
            yield made
    except BrokenProcessPool:
        raise RefoptError("one of the processes was killed, perhaps for want of memory", help="run it again, with fewer at once: --processes 1") from None
