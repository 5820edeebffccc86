"""Coq's own check of a certificate: called checked only where coqc ran here and accepted it; what it refuses is never written."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from enum import Enum, auto
from pathlib import Path

from refopt.errors import RefoptError
from refopt.golden.document import write_whole

SECONDS = 120
"""Time limit of coqc."""


class Checked(Enum):
    """Result of checking a certificate here."""

    ACCEPTED = auto()
    NO_COQ = auto()
    TOO_LONG = auto()


def write_checked(path: Path, text: str) -> Checked:
    """Write a certificate, where coqc does not refuse it. Raises RefoptError where it does: that is an error of ours."""
    found = checked(text)
    write_whole(path, text)
    return found


def checked(text: str) -> Checked:
    """Have coqc check a certificate. Raises RefoptError where it refuses it."""
    coqc = shutil.which("coqc")
    if coqc is None:
        return Checked.NO_COQ
    with tempfile.TemporaryDirectory(prefix="refopt-coqc-") as folder:
        (Path(folder) / "certificate.v").write_text(text)
        try:
            done = subprocess.run([coqc, "certificate.v"], cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return Checked.TOO_LONG
    if done.returncode != 0:
        said = next((x for x in reversed(done.stderr.splitlines()) if x.strip()), "it says nothing")
        raise RefoptError(f"coqc refuses the certificate ({said.strip()}): an error of refopt, nothing was written", help="please report it")
    return Checked.ACCEPTED
