"""A progress bar: one line on stderr, only where a person looks, redrawn in place and erased at the end.

    with Progress() as progress:
        progress.show("adam", 30, 41, "certifying to 40 digits")

    adam      [##########################----------]  30/41  certifying to 40 digits
"""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType
from typing import TextIO

from refopt.report.plain import plain
from refopt.report.wrap import WIDTH

CELLS = 36
REDRAWN_EVERY = 0.05
"""Seconds between two drawings of the same line."""


class Progress:
    """The bar. Where stderr is no terminal every method does nothing."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._on = self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._drawn = ""
        self._label = ""
        self._time = 0.0

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.erase()

    def show(self, label: str, done: int, total: int, note: str = "") -> None:
        """Draw `done` of `total`. Calls that follow too fast are left out, but for the first and last of a label."""
        if not self._on:
            return
        now = time.monotonic()
        if label == self._label and done < total and now - self._time < REDRAWN_EVERY:
            return
        self._label, self._time = label, now
        line = bar(label, done, total, note)
        if line != self._drawn:
            self._stream.write(f"\r{line:<{len(self._drawn)}}")
            self._stream.flush()
            self._drawn = line

    def counter(self, label: str, note: str = "") -> Counter:
        """The callback `(done, total)` that draws under this label."""
        return Counter(self, label, note)

    def erase(self) -> None:
        """Remove the line, so that what is printed next begins on a clean one."""
        if self._drawn:
            self._stream.write(f"\r{' ' * len(self._drawn)}\r")
            self._stream.flush()
            self._drawn = ""


class Counter:
    """`progress(done, total)` as the rooms below ask for it."""

    def __init__(self, progress: Progress, label: str, note: str) -> None:
        self._progress, self._label, self._note = progress, label, note

    def __call__(self, done: int, total: int) -> None:
        """Draw `done` of `total`."""
        self._progress.show(self._label, done, total, self._note)


def bar(label: str, done: int, total: int, note: str = "") -> str:
    """The line, never wider than the screen."""
    filled = CELLS * min(done, total) // total if total else 0
    line = f"{label:<9} [{'#' * filled}{'-' * (CELLS - filled)}]  {done}/{total}"
    return plain(f"{line}  {note}".rstrip())[:WIDTH]
