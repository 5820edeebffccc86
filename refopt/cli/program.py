"""The part of `refopt check` that is about programs: `refopt check [options] -- COMMAND...`."""

from __future__ import annotations

import argparse
import contextlib
import math
import shlex
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from refopt.errors import RefoptError

if TYPE_CHECKING:
    from refopt.conformance.programs.judge_program import Program

OPTIONS = ("wire", "timeout", "transcript", "validate")
STOPPED = 128 + signal.SIGTERM
"""The exit code that a shell reports for SIGTERM."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options that need a program."""
    group = parser.add_argument_group("with a program after --")
    group.add_argument("--wire", metavar="auto|json|flat", help="how it is spoken to: JSON, or words for languages without it (default: auto, as it answers)")
    group.add_argument("--timeout", metavar="SECONDS", help="how long an answer may take (default: 5)")
    group.add_argument("--transcript", metavar="FILE", type=Path, help="record the dialogue, as JSON lines")
    group.add_argument("--validate", action="store_true", help="hold every answer against schema/harness-1.json")


@contextlib.contextmanager
def named(options: argparse.Namespace) -> Iterator[list[str | Program]]:
    """Subjects to judge: the implementations that are named, or the program after `--`, which a SIGTERM to refopt ends too.

    Raises RefoptError for both at once, and for options that need a program where there is none.
    """
    if options.program is None:
        for name in OPTIONS:
            if getattr(options, name):
                raise RefoptError(f"--{name} needs a program", help=f"refopt check --{name} ... -- node adam.mjs")
        _refuse_loose_words(options.implementations)
        yield options.implementations
        return
    from refopt.conformance.programs.judge_program import TIMEOUT, Program

    if options.implementations:
        raise RefoptError("either implementations or a program after --, not both", help="run refopt check twice")
    timeout = TIMEOUT if options.timeout is None else _seconds(options.timeout)
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield [Program(tuple(options.program), options.wire or "auto", timeout, options.transcript, options.validate)]
    finally:
        signal.signal(signal.SIGTERM, before)


def _refuse_loose_words(words: list[str]) -> None:
    """Refuse a program without `--` before it, and arguments without brackets, before anything is judged."""
    from refopt.frameworks import is_known

    if len(words) < 2:
        return
    if not is_known(words[0]) and shutil.which(words[0]):
        raise RefoptError(f"{words[0]} is a program; it stands after --", help=f"refopt check -- {shlex.join(words)}")
    loose = [w for w in words[1:] if "=" in w and w.partition("=")[0].isidentifier()]
    if loose:
        meant = f"{words[0].rstrip('()')}({', '.join(loose)})"
        raise RefoptError(f"{loose[0]} stands by itself; arguments stand in brackets", help=f"refopt check {shlex.quote(meant)}")


def _stop(number: int, frame: object) -> None:
    raise SystemExit(STOPPED)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise RefoptError(f"--timeout {text} is no number of seconds", help="say --timeout 60 or --timeout 0.5")
    return seconds
