"""A Python process beside this one that runs a worker of refopt's, with two pipes to it."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


def started(worker: str, *, own_group: bool = False, environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """The process, which runs `main()` of the module `worker`, with the refopt of this one. Raises OSError where there can be none.

    own_group    it is the first of a group of processes, which can be ended as one
    environment  variables beside those of this process
    """
    import refopt

    home = str(Path(refopt.__file__).parents[1])
    path = os.pathsep.join(x for x in (home, os.environ.get("PYTHONPATH")) if x)
    return subprocess.Popen(
        [sys.executable, "-c", f"from {worker} import main; main()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=own_group,
        env={**os.environ, "PYTHONPATH": path, "PYTHONSAFEPATH": "1", **(environment or {})},
    )  # fmt: skip


def ended(process: subprocess.Popen[bytes]) -> int:
    """The exit code of a process that ends: it is asked nothing more."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    return process.wait()


def end_group(process: subprocess.Popen[bytes]) -> int:
    """End a process that is the first of its own group, and all that it started; its exit code."""
    with suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
    return ended(process)


def collect_rarely() -> None:
    """Let the garbage collector run rarely, in a process of our own: importing a framework makes objects that stay, and looking for others takes an eighth
    of the time."""
    gc.set_threshold(50_000, 20, 50)
