"""`refopt identify`: which formula made a logged trajectory, and with which hyperparameters."""

from __future__ import annotations

import argparse

from refopt.cli.output import emit, emit_json
from refopt.cli.progress import Progress

EXAMPLES = """\
examples:
  refopt identify run.csv
  refopt identify run.npz --rule adam --json

a log, from the first update on, is one of
  wide CSV   step,theta_0,theta_1,...,g_0,g_1,...,lr     one row a step
  long CSV   step,index,theta,g,lr                       one row an element
  .npz       arrays theta, g and lr
step and lr may be left out; the more digits, the sharper the answer

a run that broke, whose updates were skipped or accumulated, or whose
gradients were clipped by norm, is told so, with its formula

exit codes: 0 identified, 1 no formula alone explains it, 2 wrong input"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", metavar="FILE", help="the log, .csv or .npz")
    parser.add_argument("--rule", metavar="NAME", help="try this rule only: is it this one, and with which hyperparameters?")


def run(options: argparse.Namespace) -> int:
    """Read the log, compare it with every formula, print the answer."""
    from refopt.conformance.diagnose.formulas import rule_named
    from refopt.identify.log import logs
    from refopt.identify.table import read
    from refopt.identify.verdict import identify
    from refopt.report.identification import as_json, screen

    only = rule_named(options.rule) if options.rule else None
    recorded = read(options.file)
    with Progress() as progress:
        seen: list[str] = []

        def tell(name: str) -> None:
            seen.append(name)
            progress.show("identify", len(seen), max(len(seen) + 1, 70), name)

        found = identify(logs(recorded, options.file), only, tell)
    if options.json:
        emit_json(as_json(found, recorded, options.file))
    else:
        emit(screen(found, recorded, options.file))
    return 0 if found.answer else 1
