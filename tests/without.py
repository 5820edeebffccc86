"""Commands run one after another in a process in which some packages cannot be imported: python -m tests.without PACKAGES < commands.

One JSON object a line: the command, its exit code, and what it printed on stdout and stderr. What stands before ` && ` is not ours: the shell runs it.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any


class Hiding:
    """A finder of modules that does not see some packages; everything else is the finder's own."""

    def __init__(self, finder: Any, packages: Sequence[str]) -> None:
        self._finder, self._packages = finder, frozenset(packages)

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """None for a package that is hidden, as for one that is nowhere."""
        found: ModuleSpec | None = None if fullname.partition(".")[0] in self._packages else self._finder.find_spec(fullname, path, target)
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._finder, name)


def main() -> None:
    """Run what stdin lists."""
    sys.meta_path[:] = [Hiding(finder, sys.argv[1].split(",")) for finder in sys.meta_path]
    from refopt.cli.main import main as refopt

    for line in sys.stdin:
        command = line.rstrip("\n")
        others, _, ours = command.rpartition(" && ")
        if others:
            subprocess.run(others, shell=True, check=True, stdout=sys.stderr)
        out, err = io.StringIO(), io.StringIO()
        began = time.process_time()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = refopt(shlex.split(ours)[1:])
        told = {"command": command, "code": code, "out": out.getvalue()[-4000:], "err": err.getvalue()[-4000:], "seconds": time.process_time() - began}
        print(json.dumps(told), flush=True)


@dataclass(frozen=True)
class Done:
    """What became of a command."""

    command: str
    code: int
    out: str
    err: str
    seconds: float


ROOT = Path(__file__).parents[1]


def run(wanted: list[str], absent: tuple[str, ...], here: Path) -> list[Done]:
    """The commands, in one process that cannot import what is absent."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "tests.without", ",".join(absent)], cwd=here, input="\n".join(wanted) + "\n", capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return [Done(**json.loads(line)) for line in done.stdout.splitlines()]


if __name__ == "__main__":
    main()
