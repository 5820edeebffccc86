"""A watch over code that runs in this process: when a call takes too long, that is told; nothing is ended."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar

LONGEST = 8.0
"""Seconds that a call may take before it is told; one that is longer than the longest that came back by ten times may, too."""
LOOK = 0.2
"""Seconds between two looks."""


class Watch:
    """The calls of one piece of code, and the thread that looks at how long they take. `tell` is called once a call, with its seconds so far."""

    def __init__(self, tell: Callable[[float], None]) -> None:
        self.tell, self.longest = tell, 0.0
        self._began: float | None = None
        self._told = False
        self._ended = threading.Event()
        threading.Thread(target=self._look, daemon=True, name="refopt-watch").start()

    def _look(self) -> None:
        while not self._ended.wait(LOOK):
            began = self._began
            if began is not None and not self._told and time.monotonic() - began > max(LONGEST, 10 * self.longest):
                self._told = True
                self.tell(time.monotonic() - began)

    def begin(self) -> None:
        """A call begins."""
        self._began, self._told = time.monotonic(), False

    def end(self) -> None:
        """It came back."""
        if self._began is not None:
            self.longest = max(self.longest, time.monotonic() - self._began)
        self._began = None

    def close(self) -> None:
        """Look no longer."""
        self._ended.set()


_CURRENT: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextlib.contextmanager
def watched(tell: Callable[[float], None]) -> Iterator[None]:
    """Context in which calls that take too long are told."""
    watch = Watch(tell)
    token = _CURRENT.set(watch)
    try:
        yield
    finally:
        _CURRENT.reset(token)
        watch.close()


@contextlib.contextmanager
def call() -> Iterator[None]:
    """Context of a call of the code that is watched, if any is; a call in a call is a part of that."""
    watch = _CURRENT.get()
    if watch is None or watch._began is not None:
        yield
        return
    watch.begin()
    try:
        yield
    finally:
        watch.end()
