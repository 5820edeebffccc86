"""A process in which a person's own code runs, as it is seen from here: asked with a time limit, ended with its whole group."""

from __future__ import annotations

import atexit
import os
import pickle
import signal
import subprocess
import sys
import time
from typing import Any
from weakref import WeakSet

from refopt.conformance.protocol.frames import read_before
from refopt.conformance.protocol.python_process import end_group, started
from refopt.frameworks.isolated.wire import read, send

_RUNNING: WeakSet[Process] = WeakSet()


class TooLong(Exception):
    """There was no answer in time."""


class Ended(Exception):
    """The process ended; the text says how."""


def can_isolate() -> bool:
    """True where processes can be ended as a group here, and isolation is not switched off (REFOPT_ISOLATED=0, for a debugger)."""
    return os.name == "posix" and bool(sys.executable) and os.environ.get("REFOPT_ISOLATED", "1") != "0"


class Process:
    """One process. `printed`: characters that the code has printed there."""

    def __init__(self) -> None:
        self.printed = 0
        self._process = started("refopt.frameworks.isolated.worker", own_group=True, environment={"REFOPT_ISOLATED": "0"})
        _RUNNING.add(self)

    def send(self, message: Any) -> None:
        """Ask; the answer is read by `answer`. Raises Ended where it is no longer there."""
        assert self._process.stdin is not None
        try:
            send(self._process.stdin, message)
        except OSError:
            raise Ended(self._how()) from None

    def answer(self, seconds: float) -> Any:
        """The answer to the oldest question. Raises TooLong, or Ended where the process is no longer there or sends something else."""
        assert self._process.stdout is not None
        try:
            text = read_before(self._process.stdout.fileno(), time.monotonic() + seconds)
        except TimeoutError:
            raise TooLong from None
        except EOFError:
            raise Ended(self._how()) from None
        try:
            answer, self.printed = read(text)
        except (pickle.UnpicklingError, ValueError, TypeError, EOFError, AttributeError, ImportError, IndexError):
            raise Ended("what its process sent cannot be read") from None
        return answer

    def _how(self) -> str:
        try:
            code = self._process.wait(2.0)
        except subprocess.TimeoutExpired:
            return "its process closed its output"
        return f"its process ended ({signal.Signals(-code).name if code < 0 else f'exit status {code}'})"

    def close(self) -> None:
        """End it and all that it started."""
        end_group(self._process)
        _RUNNING.discard(self)


@atexit.register
def _close_all() -> None:
    for process in list(_RUNNING):
        process.close()
