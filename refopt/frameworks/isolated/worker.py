"""The process in which a person's own code runs: it makes one implementation by its spelling, and answers until its input ends.

What the code prints goes nowhere and is counted; what it reads is empty. Messages are pickles between two pipes that the code does not
know; those that go back are read by `wire.read`, which makes nothing but plain values and refopt's own records of them.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import pickle
import signal
import sys
import threading
import time
from typing import Any, BinaryIO

from refopt.conformance.protocol.python_process import collect_rarely
from refopt.errors import RefoptError
from refopt.frameworks.isolated.wire import Described, Failed, Load, Read, Run, RunSchedule, Switches, Told, Views, receive, send


class _Counting(io.TextIOBase):
    """An output that goes nowhere and is counted."""

    def __init__(self) -> None:
        self.written = 0

    def write(self, text: str) -> int:
        self.written += len(text)
        return len(text)

    def writable(self) -> bool:
        return True


def main() -> None:
    """Answer until there is nothing more to read."""
    collect_rarely()
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for file in (0, 1, 2):
        os.dup2(nowhere, file)
    printed = _Counting()
    sys.stdin, sys.stdout, sys.stderr = open(os.devnull), printed, printed  # noqa: SIM115
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    made: Any = None
    while (asked := receive(questions)) is not None:
        try:
            if isinstance(asked, Load):
                made = _loaded(asked)
                answer: Any = _described(made, asked)
            else:
                answer = _answered(made, asked)
        except BaseException as error:  # whatever the code makes of the interpreter: it is told, and the next question is answered
            answer = _failed(error)
        _sent(answers, answer, printed)


def _end_with(parent: int) -> None:
    """End this process and what it started when the one that asked is no longer there."""
    while os.getppid() == parent:
        time.sleep(0.5)
    with contextlib.suppress(OSError):
        os.killpg(os.getpgid(0), signal.SIGKILL)


def _sent(file: BinaryIO, answer: Any, printed: _Counting) -> None:
    try:
        send(file, (answer, printed.written))
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        send(file, (_failed(error), printed.written))


def _loaded(asked: Load) -> Any:
    from refopt.frameworks import named

    os.chdir(asked.folder)
    sys.path[:] = asked.path
    return named(asked.text, asked.rule, asked.maps, asked.per_tensor)


def _described(made: Any, asked: Load) -> Described:
    from refopt.conformance.protocol.door import doors_of
    from refopt.conformance.protocol.implementation import follows_courses, taken

    return Described(
        made.name, made.version, made.rule, dict(made.settings), taken(made), getattr(made, "resumes", True), bool(getattr(made, "asks", False)),
        hasattr(made, "rates"), getattr(made, "spelled", None) or asked.text,
        bool(getattr(made, "constants_are_chosen", False)), dict(getattr(made, "constants", {})), follows_courses(made), doors_of(made),
    )  # fmt: skip


def _answered(made: Any, asked: Run | RunSchedule | Views | Told | Switches | Read) -> Any:
    if isinstance(asked, Run):
        return made.run(asked.request)
    if isinstance(asked, RunSchedule):
        return made.rates(asked.hyper, asked.steps) if asked.door is None else made.through(asked.door, asked.hyper, asked.steps)
    if isinstance(asked, Views):
        return dict(made.views(asked.rule))
    if isinstance(asked, Told):
        return tuple(getattr(made, "told", ()))
    if isinstance(asked, Switches):
        return tuple(getattr(made, "switches", ()))
    module, _, function = asked.by.partition(":")
    return getattr(importlib.import_module(module), function)(made, asked.rule)


def _failed(error: BaseException) -> Failed:
    from refopt.conformance.protocol.in_process import one_line

    if isinstance(error, RefoptError):
        return Failed(error.message, error.help_for("check"), error.note, error.help_for("prove"))
    return Failed(one_line(error))


if __name__ == "__main__":
    main()
