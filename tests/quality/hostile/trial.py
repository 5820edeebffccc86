"""One attempt: what it did within its limit, and what is wrong with that."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import FrameType

from refopt.cli.main import main
from refopt.errors import RefoptError

LIMIT, WAIT = 20.0, 120.0
"""Seconds of computing that an attempt may take, and seconds in all: on a busy machine they part."""
LINES = 3
"""Lines that an error has at most on stderr: error, help, note."""


class Wrong(Enum):
    """What must not happen."""

    TRACEBACK = "traceback or internal error"
    HANG = "over the limit"
    EXIT = "wrong exit code"
    HALF = "half-written file"
    LINES = "more than one line"


@dataclass(frozen=True)
class Failure:
    """An attempt that went wrong: of which kind, with which number of the seed, and what was seen."""

    kind: str
    number: int
    wrong: Wrong
    seen: str


class _TooLong(BaseException):
    """Raised by the alarm; nothing catches it by mistake."""


@contextlib.contextmanager
def limited() -> Iterator[None]:
    """A block that is broken off after its limit."""

    def ring(number: int, frame: FrameType | None) -> None:
        raise _TooLong

    timers = ((signal.ITIMER_PROF, signal.SIGPROF, LIMIT), (signal.ITIMER_REAL, signal.SIGALRM, WAIT))
    before = [(timer, number, signal.signal(number, ring)) for timer, number, _ in timers]
    for timer, _, seconds in timers:
        signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        for timer, number, handler in before:
            signal.setitimer(timer, 0)
            signal.signal(number, handler)


def command(words: list[str], folder: Path, outputs: dict[str, Callable[[bytes], bool]] | None = None) -> tuple[Wrong, str] | None:
    """A command line run in this process in a folder; what is wrong with its outcome.

    outputs  files that it may write, and what a whole one looks like; any other new file is one too many
    """
    outputs, out, err, before = outputs or {}, io.StringIO(), io.StringIO(), set(os.listdir(folder))
    here = Path.cwd()
    try:
        with limited(), contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(words)
    except _TooLong:
        return Wrong.HANG, " ".join(words)
    except BaseException:
        return Wrong.TRACEBACK, f"{words}: {traceback.format_exc(limit=-3)}"
    finally:
        os.chdir(here)
    told = err.getvalue()
    if "Traceback" in told or "defect of refopt" in told or "defect of refopt" in out.getvalue():
        return Wrong.TRACEBACK, f"{words}: {told[:400]}"
    errors = [line for line in told.splitlines() if line.startswith("error:")]
    if code not in (0, 1, 2) or (bool(errors) != (code == 2 and not out.getvalue()) and not (errors and code == 2)):
        return Wrong.EXIT, f"{words}: exit {code}, stderr {told[:200]!r}, stdout {out.getvalue()[:80]!r}"
    if len(errors) > 1 or (errors and len([x for x in told.splitlines() if x.startswith(("error:", "help:", "note:"))]) > LINES):
        return Wrong.LINES, f"{words}: {told[:400]!r}"
    new = set(os.listdir(folder)) - before
    for name in sorted(new):
        whole = outputs.get(name)
        if whole is None or not whole((folder / name).read_bytes()):
            return Wrong.HALF, f"{words}: {name}"
    return None


def call(attempt: Callable[[], object], *allowed: type[Exception]) -> tuple[Wrong, str] | None:
    """A call from Python; it may raise a RefoptError of one line, or what else is allowed, in one line too."""
    expected: list[type[Exception]] = [RefoptError, *allowed]
    try:
        with limited():
            attempt()
    except _TooLong:
        return Wrong.HANG, ""
    except tuple(expected) as error:
        text = error.message if isinstance(error, RefoptError) else str(error)
        return (Wrong.LINES, repr(text)) if "\n" in text or not text else None
    except BaseException:
        return Wrong.TRACEBACK, traceback.format_exc(limit=-3)
    return None
