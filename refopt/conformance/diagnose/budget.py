"""The time that a search for a name may take. It bounds what is tried, never what is accepted."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass

SECONDS = 30.0
"""Seconds of computing that a search may take in one format where nothing else is said."""
WAITING = 4
"""Factor of the limit on the wall clock over that on processor time: the result of a search should not depend on other load."""


class SearchIsOver(Exception):
    """The time of a search is up."""


@dataclass
class Budget:
    """Seconds of computing for a search: they count from its beginning, and only while it is running. 0 is no search, infinity no limit.

    Named formulas and causes of imprecision are tried whatever the time: they decide the verdict. What is limited is the search
    for an edit.
    """

    seconds: float = SECONDS
    _until: tuple[float, float] | None = None
    """By the processor's clock and by that on the wall."""
    _runs: bool = False

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Context of the search: time counts while it is open, and begins with the first one."""
        if self._until is None:
            self.extend()
        before, self._runs = self._runs, True
        try:
            yield
        finally:
            self._runs = before

    def extend(self) -> None:
        """Once more as much time as at the beginning, from now."""
        self._until = time.thread_time() + self.seconds, time.monotonic() + WAITING * self.seconds

    def check(self) -> None:
        """Raise SearchIsOver where a search is running and its time is up."""
        if self._runs and self._until is not None and (time.thread_time() > self._until[0] or time.monotonic() > self._until[1]):
            raise SearchIsOver
