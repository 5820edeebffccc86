"""`refopt bench`: what things cost here."""

from __future__ import annotations

import argparse

from refopt.cli.output import emit, emit_json, table

SUMMARY = "measure what the core costs on this machine"
EXAMPLES = """\
examples:
  refopt bench core                 all figures; takes some minutes
  refopt bench core help mpmath     only these"""

NAMES = "build verify check help mpmath arb"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("what", choices=("core",), metavar="core", help="golden files, a whole check, the help, exact runs")
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help=f"only these: {NAMES}")


def run(options: argparse.Namespace) -> int:
    """Measure and print one figure after the other."""
    import os

    from refopt.bench.core import FIGURES, figure
    from refopt.cli.progress import Progress
    from refopt.errors import unknown_name

    names = options.figures or list(FIGURES)
    for name in names:
        if name not in FIGURES:
            raise unknown_name("figure", name, tuple(FIGURES), listing="refopt bench core --help")
    rows = []
    with Progress() as progress:
        for i, name in enumerate(names):
            progress.show("bench", i, len(names), name)
            found = figure(name)
            rows.append((found.name, "-" if found.value is None else f"{found.value:.3g} {found.unit}", found.note))
            if options.json:
                emit_json({"kind": "figure", "name": found.name, "value": found.value, "unit": found.unit, "note": found.note})
    if not options.json:
        emit([*table(rows, gap=4), "", f"{os.cpu_count()} cores"])
    return 0
