"""`refopt bench`: what things cost here."""

from __future__ import annotations

import argparse

from refopt.cli.output import emit, emit_json, table

SUMMARY = "measure what things cost on this machine"
EXAMPLES = """\
examples:
  refopt bench core                 golden files, a check, the help, exact runs
  refopt bench core help mpmath     only these
  refopt bench conformance          cases judged a second, a whole survey
  refopt bench proof                the time of each proof"""

GROUPS = {"core": "build verify check help mpmath arb", "conformance": "numpy torch node survey", "proof": "torch-adam optax-adam keras-adam numpy-adam ..."}
"""The groups of figures, each a module of refopt.bench, with what they hold."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("what", choices=tuple(GROUPS), metavar="|".join(GROUPS), help="the core, what judging costs, or proofs")
    told = "; ".join(f"{group}: {names}" for group, names in GROUPS.items())
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help=f"only these; {told}")


def run(options: argparse.Namespace) -> int:
    """Measure and print one figure after the other."""
    import importlib
    import os

    from refopt.cli.progress import Progress
    from refopt.errors import unknown_name

    figures = importlib.import_module(f"refopt.bench.{options.what}").FIGURES
    names = options.figures or list(figures)
    for name in names:
        if name not in figures:
            raise unknown_name("figure", name, tuple(figures), listing="refopt bench --help")
    rows = []
    with Progress() as progress:
        for i, name in enumerate(names):
            progress.show("bench", i, len(names), name)
            for found in figures[name]():
                rows.append((found.name, "-" if found.value is None else f"{found.value:.3g} {found.unit}", found.note))
                if options.json:
                    emit_json({"kind": "figure", "name": found.name, "value": found.value, "unit": found.unit, "note": found.note})
    if not options.json:
        emit([*table(rows, gap=4), "", f"{os.cpu_count()} cores"])
    return 0
