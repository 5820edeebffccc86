"""Bare `refopt`: what it is, what it found here, what to type next."""

from __future__ import annotations

import argparse
import os
import sys

from refopt import __version__
from refopt.cli.output import emit, emit_json, table
from refopt.report.wrap import folded

TRY = (
    ("refopt check", "compare all of them with the formulas"),
    ("refopt check torch.optim.Adam", "compare one optimizer"),
    ("refopt check python:my_module:make --rule adam", "compare your own object"),
    ("refopt harness new javascript", "compare a program in any language"),
    ("refopt identify log.csv", "which rule wrote this log"),
    ("refopt show adam", "the formula, its source, its variants"),
    ("refopt diff adam adam/eps_hat", "where two formulas part, and by how much"),
    ("refopt prove torch.optim.Adam", "is its own code the formula, for all inputs"),
    ("refopt translate optax.adam torch.optim.Adam", "which settings match when code is ported"),
    ("refopt run adam rosenbrock --plot out.svg", "exact runs, as pictures and numbers"),
    ("refopt derive", "why it works: claims, proved as they run"),
    ("refopt golden verify", "recompute every exact number, offline"),
    ("refopt list", "all rules, variants, schedules, cases"),
)


def run(options: argparse.Namespace) -> int:
    """Print the first screen."""
    found = frameworks()
    if options.json:
        emit_json({"kind": "overview", "refopt": __version__, "frameworks": found})
        return 0
    here = ", ".join(f"{name} {version}".rstrip() for name, version in found.items())
    lines = [f"refopt {__version__} - what optimizers really compute, checked against exact mathematics", ""]
    lines += folded(f"Found here: {here or 'no framework yet; refopt checks its own NumPy code'}")
    lines += ["", *table(TRY, indent=2), ""]
    emit([*lines, "New here?  Try:  refopt show adam", "All options:     refopt --help     one command: refopt check --help"])
    return 0


def frameworks() -> dict[str, str]:
    """The frameworks found here that an adapter is for, with their versions; none of them is imported."""
    from refopt.frameworks import adapters
    from refopt.frameworks.installed import DISTRIBUTIONS, is_installed

    packages = dict.fromkeys(a.package for a in adapters() if a.package != "numpy")
    return {name: version(DISTRIBUTIONS.get(name, name).replace("-", "_")) for name in packages if is_installed(name)}


def version(package: str) -> str:
    """The version in the name of the package's dist-info folder; "" where there is none."""
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for name in names:
            stem, dot, ending = name.rpartition(".")
            if dot and ending == "dist-info" and stem.lower().startswith(f"{package}-"):
                return stem.partition("-")[2].partition("+")[0]
    return ""
