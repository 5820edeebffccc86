"""`refopt bench`: what things cost here."""

from __future__ import annotations

import argparse
from pathlib import Path

from refopt.cli.output import emit, emit_json, table

EXAMPLES = """\
examples:
  refopt bench core                 golden files, a check, the help, exact runs
  refopt bench core help mpmath     only these
  refopt bench conformance          cases judged a second, a whole survey
  refopt bench proof                the time of each proof
  refopt bench tensors              10,000 small tensors, against torch
  refopt bench step --n 1e7         updates of every rule, against torch, optax
  refopt bench step adam --svg FILE the same as a picture"""

GROUPS = {
    "core": "build verify check help mpmath arb mpfr run", "conformance": "numpy torch node survey",
    "proof": "torch-adam optax-adam keras-adam numpy-adam ...", "tensors": "make update", "step": "the names of rules",
}  # fmt: skip
"""The groups of figures, each a module of refopt.bench, with what they hold."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("what", choices=tuple(GROUPS), metavar="|".join(GROUPS), help="the core, judging, proofs, many small tensors, or what an update costs")
    told = "; ".join(f"{group}: {names}" for group, names in GROUPS.items())
    parser.add_argument("figures", nargs="*", default=[], metavar="FIGURE", help=f"only these; {told}")
    parser.add_argument("--n", action="append", metavar="N", help="step: this many parameters, 1e7 say; repeatable (default: 1e3, 1e4, ... 1e7)")
    parser.add_argument("--dtype", action="append", choices=("float32", "float64"), help="step: this format only")
    parser.add_argument("--turns", type=int, default=7, metavar="N", help="step: how often each is timed (default: 7)")
    parser.add_argument("--threads", type=int, metavar="N", help="step: for everybody (default: one a processor); 1: processor time")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="step: write a picture too, of the first format")


def run(options: argparse.Namespace) -> int:
    """Measure and print one figure after the other."""
    import os

    return _step(options) if options.what == "step" else _figures(options, os.cpu_count() or 1)


def _figures(options: argparse.Namespace, cores: int) -> int:
    import importlib

    from refopt.cli.progress import Progress
    from refopt.errors import RefoptError, unknown_name

    if options.n or options.dtype or options.svg:
        raise RefoptError(f"refopt bench {options.what} takes no --n, --dtype, --svg", help="refopt bench step does")
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
        emit([*table(rows, gap=4), "", f"{cores} cores"])
    return 0


def _step(options: argparse.Namespace) -> int:
    from refopt.bench import step
    from refopt.cli.progress import Progress
    from refopt.errors import RefoptError, unknown_name
    from refopt.optim.threads import available

    for name in options.figures:
        if name not in step.RULES:
            raise unknown_name("rule", name, step.RULES, listing="refopt bench --help")
    for option in ("turns", "threads"):
        if (value := getattr(options, option)) is not None and value < 1:
            raise RefoptError(f"--{option} {value} must be at least 1")
    sizes = [_size(text) for text in options.n or ()] or step.SIZES
    if options.svg is not None:
        from refopt.report.files import try_first

        try_first(options.svg)
    dtypes = options.dtype or step.DTYPES
    chosen = options.figures or step.RULES
    found: list[step.Row] = []
    with Progress() as progress:

        def tell(name: str, done: int, total: int) -> None:
            progress.show("bench", done, total, name)

        for row in step.rows(chosen, sizes, dtypes, options.turns, options.threads, tell):
            found.append(row)
            if not options.json and len(found) % len(chosen) == 0:
                progress.erase()
                emit([*step.table(found[-len(chosen) :]), ""])
            if options.json:
                emit_json({
                    "kind": "step", "rule": row.rule, "dtype": row.dtype, "n": row.n, "seconds": row.seconds, "ratio": row.to_first,
                    "share": row.share, "bandwidth": row.bandwidth,
                })  # fmt: skip
    if not options.json:
        emit([*step.LEGEND.splitlines(), "", *step.targets(found), "", f"{options.threads or available()} threads"])
    if options.svg is not None:
        from refopt.bench.picture import picture
        from refopt.report.files import write

        write(options.svg, picture(found, dtypes[0]))
    return 0


def _size(text: str) -> int:
    from refopt.errors import RefoptError

    try:
        n = float(text)
    except ValueError:
        n = 0.0
    if not (1 <= n <= 1e9 and n.is_integer()):
        raise RefoptError(f"--n {text} is no number of parameters", help="write --n 1e7")
    return int(n)
