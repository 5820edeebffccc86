"""The table of commands. A command is one file in this folder and one line here.

Such a file has three names: `EXAMPLES`, shown at the end of its help; `configure(parser)`, which declares the arguments; and
`run(options) -> int`, which does the work and returns the exit code. It is imported only for its own command, and
imports nothing heavy outside `run`, so that help stays quick.
"""

from __future__ import annotations

import argparse
import importlib
from typing import Protocol, cast

COMMANDS: dict[str, str] = {
    "check": "compare implementations with the formulas",
    "identify": "which formula made a logged trajectory",
    "show": "the formula, its source, its variants",
    "diff": "where two formulas part, and by how much",
    "prove": "is its own code the formula? proved, or refuted",
    "translate": "which settings of another optimizer match",
    "run": "exact runs on an objective, to look at",
    "derive": "why it works: derivations, proved as they run",
    "list": "all rules, variants, schedules, cases ...",
    "golden": "build, verify or export the golden files",
    "harness": "write a program that refopt check can judge",
    "generate": "write code from the formulas, or check it",
    "bench": "measure what things cost on this machine",
}
"""Name -> what it does, in the order in which help shows them; the module is refopt.cli.NAME."""


class Command(Protocol):
    """Interface of a command's module."""

    EXAMPLES: str

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's arguments."""

    def run(self, options: argparse.Namespace) -> int:
        """Do the work; return the exit code."""


def command(name: str) -> Command:
    """The module of a command."""
    return cast(Command, importlib.import_module(f"refopt.cli.{name}"))
