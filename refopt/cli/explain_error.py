"""An error as a person sees it: one line on stderr, and at most two of help."""

from __future__ import annotations

import sys

from refopt.cli import color
from refopt.errors import RefoptError
from refopt.report.plain import plain

WRONG_INPUT = 2
"""The exit code."""


def explain(error: RefoptError, command: str = "") -> None:
    """Print an error to stderr, with the advice for a person who typed this command of refopt."""
    colored = color.wanted("auto", sys.stderr)
    lines = [f"{color.paint('error:', color.BAD, colored)} {plain(error.message)}"]
    help = error.help_for(command)
    lines += [f"help: {plain(help)}"] if help else []
    lines += [f"note: {plain(error.note)}"] if error.note else []
    sys.stderr.write("\n".join(lines) + "\n")
