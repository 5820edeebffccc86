"""Screen while a long search lasts: the verdict and the first difference.

On a terminal it stands there at once, and the page that is printed at the end takes its place. Elsewhere it is printed only where
the search takes long, before the page.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from refopt.conformance.verdict.verdict import Verdict

PATIENCE = 3.0
"""Seconds of a search after which a reader of a pipe is told what is known."""


class EarlyScreen:
    """The lines before the page. `clear` makes room for them, such as by erasing a line of progress."""

    def __init__(self, stream: TextIO, clear: Callable[[], None]) -> None:
        self._stream, self._clear = stream, clear
        self._replaced = stream.isatty() and os.environ.get("TERM") != "dumb"
        self._timer: threading.Timer | None = None
        self._lines: list[str] = []
        self._printed = False

    def begins(self, verdict: Verdict) -> None:
        """A search begins. Only the first one of a run is told of."""
        if self._lines:
            return
        from refopt.report.first_screen import first_screen

        self._lines = first_screen(verdict)
        if self._replaced:
            self._print()
        else:
            self._timer = threading.Timer(PATIENCE, self._print)
            self._timer.daemon = True
            self._timer.start()

    def end(self) -> None:
        """The search is over: nothing more is printed, and on a terminal what was is taken back."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join()
        if self._printed and self._replaced:
            self._stream.write(f"\x1b[{len(self._lines)}A\x1b[J")
            self._stream.flush()

    def _print(self) -> None:
        self._clear()
        self._printed = True
        self._stream.write("".join(f"{line}\n" for line in self._lines))
        self._stream.flush()
