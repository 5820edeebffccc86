"""The time that a search for a name may take. It bounds what is tried, never what is accepted."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass

SECONDS = 30.0
"""Seconds that a search may take in one format where nothing else is said."""


class SearchIsOver(Exception):
    """The time of a search is up."""


@dataclass
class Budget:
    """Seconds for a search: they count from its beginning, and only while it is running. 0 is no search, infinity no limit.

    Named formulas and causes of imprecision are tried whatever the time: they decide the verdict. What is limited is the search
    for an edit.
    """

    seconds: float = SECONDS
    _until: float = math.inf
    _runs: bool = False

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """What is done inside is the search; the first time it begins."""
        if math.isinf(self._until) and not math.isinf(self.seconds):
            self._until = time.monotonic() + self.seconds
        before, self._runs = self._runs, True
        try:
            yield
        finally:
            self._runs = before

    def extend(self) -> None:
        """Once more as much time as at the beginning, from now."""
        self._until = time.monotonic() + self.seconds

    def check(self) -> None:
        """Raise SearchIsOver where a search is running and its time is up."""
        if self._runs and time.monotonic() > self._until:
            raise SearchIsOver
