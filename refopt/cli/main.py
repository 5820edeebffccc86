"""The command `refopt`: reads the command line, runs one command, turns every error into one line."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from refopt.cli import parser
from refopt.cli.commands import command
from refopt.cli.explain_error import WRONG_INPUT, explain
from refopt.errors import RefoptError

INTERRUPTED = 130
PIPE_CLOSED = 141
"""Exit codes; the last two are what a shell reports for SIGINT and SIGPIPE."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line (of the process where none is given); return its exit code.

    Every error becomes one `error:` line on stderr and at most two lines of help, exit code 2; `--debug` lets it through.
    """
    if arguments is None:  # a process of its own: modules stay, and what a command makes hardly ever holds itself, so that looking for it is dear
        gc.set_threshold(50_000, 20, 50)
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in parser.split(words)[0]
    try:
        code = _run(words)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        _discard_output()
        return PIPE_CLOSED
    except KeyboardInterrupt:
        if debug:
            raise
        sys.stderr.write("interrupted\n")
        return INTERRUPTED
    except RefoptError as error:
        if debug:
            raise
        explain(error, next((w for w in words if not w.startswith("-")), ""))
    except OSError as error:
        if debug:
            raise
        where = f" {error.filename}" if error.filename else ""
        explain(RefoptError(f"{error.strerror or error}{':' if where else ''}{where}"))
        _discard_output()
    except Exception as error:
        if debug:
            raise
        text = " ".join(str(error).split())
        explain(RefoptError(f"{type(error).__name__}: {text}", help="this is a defect of refopt; --debug shows where"))
    return WRONG_INPUT


def _run(words: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        options = parser.read(words)
    except SystemExit as done:  # after --help and --version
        return int(done.code or 0)
    if options.command is None:
        from refopt.cli import overview

        return overview.run(options)
    return command(options.command).run(options)


def _discard_output() -> None:
    """Nobody reads stdout any more: what is still buffered must not raise again at exit."""
    try:
        descriptor = sys.stdout.fileno()
    except (OSError, ValueError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
