"""The formula of a deviation that nothing names, read from the implementation's own code where that can be done: a report shows it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType
from typing import Any

from refopt.conformance.verdict.conformance import Conformance
from refopt.conformance.verdict.verdict import Verdict

SECONDS = 15
"""Reading the code may take so long; what takes longer is told by `refopt prove` alone."""


READER = "refopt.proving.read_formula:read_formula"
"""The function that reads code as a formula, as another process is told it."""


class TooLong(Exception):
    """The time is up."""


def with_readable(verdict: Verdict, implementation: Any) -> Verdict:
    """The verdict with the formula `read` where it deviates, no edit explains it, and its code can be read: tried here and now."""
    worst = verdict.worst
    if worst.verdict != Conformance.DEVIATES or worst.diagnosis.edit is not None or worst.only_loses or worst.wrong_doors:
        return verdict
    if (read := getattr(implementation, "read", None)) is not None:  # in its own process
        return replace(verdict, read=read(verdict.rule, READER))
    from refopt.proving.read_formula import read_formula

    try:
        with _limited(SECONDS):
            return replace(verdict, read=read_formula(implementation, verdict.rule))
    except TooLong:
        return verdict


@contextmanager
def _limited(seconds: int) -> Iterator[None]:
    """Raise TooLong inside after so many seconds, where that can be done: in a program's first thread, on systems with alarms."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGALRM"):
        yield
        return

    def over(number: int, frame: FrameType | None) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, over)
    left, _ = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, left)
        signal.signal(signal.SIGALRM, before)
