"""Reports in files: written whole or not at all."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from refopt.errors import RefoptError
from refopt.golden.document import refuse_unwritable, write_whole


def try_first(path: str | Path) -> None:
    """Raise the RefoptError that writing a report would end in, before the minute of work that makes it; nothing is left behind."""
    target = Path(os.path.realpath(path))
    if not _is_special(path, target) or target.is_dir():
        refuse_unwritable(target if os.path.islink(path) else Path(path))


STREAMS = re.compile(r"/dev/(std(in|out|err)|fd/\d+)|/proc/(self|\d+)/fd/\d+")
"""An open stream of a process, whatever it leads to: a report is added to it."""


def _is_special(path: str | Path, target: Path) -> bool:
    return STREAMS.fullmatch(str(path)) is not None or (target.exists() and not stat.S_ISREG(target.stat().st_mode))


def write(path: str | Path, text: str) -> None:
    """Write a report. What is no ordinary file (/dev/stdout, a pipe) is written to, not replaced; links are followed.

    Raises RefoptError, nothing left behind.
    """
    target = Path(os.path.realpath(path))
    clean = text.encode("utf-8", "backslashreplace").decode("utf-8")
    try:
        if _is_special(path, target):
            with open(path, "a", encoding="utf-8", newline="\n") as stream:
                stream.write(clean)
            return
        if not target.parent.is_dir():
            raise FileNotFoundError(2, "No such file or directory")
        write_whole(target, clean)
    except (OSError, RefoptError) as error:
        reason = error.strerror or error if isinstance(error, OSError) else error.message.rpartition(": ")[2]
        raise RefoptError(f"cannot write {path}: {reason}", note="nothing was left behind; the results are in the lines above") from None
