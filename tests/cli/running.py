"""Running the command line: in this process where only its answer matters, in a fresh one where its imports matter."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from refopt.cli.main import main

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ran:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


def refopt(capsys: pytest.CaptureFixture[str], *words: str) -> Ran:
    """One command in this process."""
    capsys.readouterr()
    code = main(words)
    captured = capsys.readouterr()
    return Ran(code, captured.out, captured.err)


def fresh_refopt(*words: str, stdin: str | None = None) -> Ran:
    """One command in a process of its own."""
    done = subprocess.run([sys.executable, "-m", "refopt", *words], cwd=ROOT, capture_output=True, text=True, input=stdin, check=False)
    return Ran(done.returncode, done.stdout, done.stderr)


def fresh_python(code: str) -> str:
    """What a piece of Python prints in a process of its own; it must succeed."""
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
