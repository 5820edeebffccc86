"""Reports in files: written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from refopt.errors import RefoptError
from refopt.golden.document import write_whole


def write(path: str | Path, text: str) -> None:
    """Write a report. What is no ordinary file (/dev/stdout, a pipe) is written to, not replaced; links are followed.

    Raises RefoptError, nothing left behind.
    """
    target = Path(os.path.realpath(path))
    clean = text.encode("utf-8", "backslashreplace").decode("utf-8")
    try:
        if str(path).startswith(("/dev/", "/proc/")) or (target.exists() and not stat.S_ISREG(target.stat().st_mode)):
            with open(path, "a", encoding="utf-8", newline="\n") as stream:
                stream.write(clean)
            return
        if not target.parent.is_dir():
            raise FileNotFoundError(2, "No such file or directory")
        write_whole(target, clean)
    except (OSError, RefoptError) as error:
        reason = error.strerror or error if isinstance(error, OSError) else error.message.rpartition(": ")[2]
        raise RefoptError(f"cannot write {path}: {reason}", note="nothing was left behind; the results are in the lines above") from None
