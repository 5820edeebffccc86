"""A Python process beside this one that runs a worker of refopt's, with two pipes to it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
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
