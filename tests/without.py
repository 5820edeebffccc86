"""Commands run one after another in a process in which some packages cannot be imported: python -m tests.without PACKAGES < commands.

One JSON object a line: the command, its exit code, and what it printed on stdout and stderr.
"""

from __future__ import annotations

import contextlib
import io
import json
import shlex
import sys
import time
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
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
        out, err = io.StringIO(), io.StringIO()
        began = time.process_time()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = refopt(shlex.split(command)[1:])
        told = {"command": command, "code": code, "out": out.getvalue()[-4000:], "err": err.getvalue()[-4000:], "seconds": time.process_time() - began}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
