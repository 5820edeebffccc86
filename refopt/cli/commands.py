"""The table of commands. A command is one file in this folder and one line here.

Such a file has four names: `SUMMARY`, one line; `EXAMPLES`, shown at the end of its help; `configure(parser)`, which
declares the arguments; and `run(options) -> int`, which does the work and returns the exit code. It imports nothing
heavy outside `run`, so that `refopt --help` stays quick.
"""

from __future__ import annotations

import argparse
import importlib
from typing import Protocol, cast

COMMANDS: dict[str, str] = {
    "check": "refopt.cli.check",
    "identify": "refopt.cli.identify",
    "show": "refopt.cli.show",
    "diff": "refopt.cli.diff",
    "prove": "refopt.cli.prove",
    "translate": "refopt.cli.translate",
    "derive": "refopt.cli.derive",
    "list": "refopt.cli.list",
    "golden": "refopt.cli.golden",
    "harness": "refopt.cli.harness",
    "generate": "refopt.cli.generate",
    "bench": "refopt.cli.bench",
}
"""Name -> module, in the order in which help shows them."""


class Command(Protocol):
    """What the module of a command offers."""

    SUMMARY: str
    EXAMPLES: str

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's arguments."""

    def run(self, options: argparse.Namespace) -> int:
        """Do the work; return the exit code."""


def command(name: str) -> Command:
    """The module of a command."""
    return cast(Command, importlib.import_module(COMMANDS[name]))
