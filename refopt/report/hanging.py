"""The line on an object that gives no answer in the process of the person who handed it over."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

from refopt.conformance.protocol.watch import watched


@contextlib.contextmanager
def hangs_told(name: str, apart: bool) -> Iterator[None]:
    """Context in which a hang of an object is told on stderr, once a call; what runs apart is ended by itself."""
    if apart:
        yield
        return

    def tell(seconds: float) -> None:
        way = "interrupt it (Ctrl-C), or hand over a class that can be imported, which runs in a process of its own"
        print(f"refopt: {name} has given no answer for {seconds:.0f} s; it runs in this process and is not ended: {way}", file=sys.stderr, flush=True)

    with watched(tell):
        yield
