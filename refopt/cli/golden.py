"""`refopt golden`: build, verify and export the golden files; exact runs over a grid."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from refopt.cli.output import emit, emit_json
from refopt.cli.progress import Progress

EXAMPLES = """\
examples:
  refopt golden verify              recompute every digit, bound, kill and hash
  refopt golden verify --quick      schema, hashes and a seeded tenth
  refopt golden verify adam         the files of one rule
  refopt golden verify --with-gappa  local bounds proved by Gappa as well
  refopt golden build               write golden/ again, certified
  refopt golden build --out DIR     write the whole folder elsewhere
  refopt golden export adam --to npz --out adam.npz
                                    the numbers, for another test suite
  refopt golden sweep adam --grid lr=0.1,0.01 --grid beta2=0.9,0.99
                                    exact runs at every point of a grid"""

ARRAYS = "Write open loops and schedules as named binary64 arrays."
NAMES = """\
the arrays of a case, whose names begin with its id:
  hyper/lr ...              the hyperparameters; lr, where it changes, one rate an update
  t0, updates, keep         the number of the first update, how many there are, those whose values follow
  0/shape                   the shape of tensor 0. Elements that repeat stand once: element j, in the order of rows,
                            is number j mod n of a row of n numbers; --whole writes all of them
  0/theta0, 0/m0 ...        the tensor before the first update, and its state where it does not start afresh
  0/grads, 0/present        its gradients, an update a row; whether there is one: update t0 + k has row k mod their number
  0/theta, 0/m ...          the exact values after the updates of keep, a row each
  0/bound/float32/theta ... how far from them a correct program may be that computes in that format
  steps, rates, bound/float64/rates    those of a schedule
Open loops only: rows lie several updates apart, and a bound covers what rounding adds up to since the first. What judges an
implementation from its own state, step by step, is refopt check."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = parser.add_subparsers(dest="action", metavar="build|verify|export|sweep", required=True)
    build = actions.add_parser("build", help="write the golden files", description="Write the golden files, each whole or not at all.")
    verify = actions.add_parser("verify", help="recompute the golden files", description="Recompute everything, offline, with another evaluator.")
    export = actions.add_parser("export", help="the numbers for other test suites", description=ARRAYS, epilog=NAMES)
    for action in (build, verify, export):
        action.add_argument("names", nargs="*", metavar="NAME", help="rules, variants or schedules; all of them where none is named")
        if action is not export:
            _processes(action)
        action.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print JSON lines")
        action.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help="show the traceback of an error")
    _sweep_arguments(actions.add_parser("sweep", help="exact runs over a grid of hyperparameters", description="Exact runs at every point of a grid."))
    build.add_argument("--out", metavar="DIR", type=Path, help="the folder to write; default: the one that holds the committed files")
    export.add_argument("--to", metavar="FORMAT", required=True, help="npz, safetensors, csv, json, json-lines, c-header, rust, javascript, go, julia")
    export.add_argument("--out", metavar="FILE", type=Path, help="the file to write (default: golden and the format's ending)")
    export.add_argument("--whole", action="store_true", help="write elements and rows that repeat as often as they do; else once")
    export.add_argument("--snippet", action="store_true", help="print a program that holds an optimizer against the file, write nothing")
    verify.add_argument("--quick", action="store_true", help="only schema, hashes and a seeded tenth of the cases")
    verify.add_argument("--with-gappa", action="store_true", help="also prove local bounds at checkpoints with Gappa (Debian's gappa)")


def _processes(action: argparse.ArgumentParser) -> None:
    action.add_argument("--processes", type=int, metavar="N", default=os.cpu_count() or 1, help="processes to use (default: one a core)")


def _sweep_arguments(sweep: argparse.ArgumentParser) -> None:
    sweep.add_argument("rule", metavar="RULE", help="a rule or variant")
    sweep.add_argument("--grid", action="append", required=True, metavar="NAME=V,V...", help="a hyperparameter and its values; repeatable")
    sweep.add_argument("--objective", default="rosenbrock", metavar="NAME", help="what is minimized (default: rosenbrock)")
    sweep.add_argument("--steps", type=int, default=100, metavar="N", help="updates of each run (default: 100)")
    sweep.add_argument("--digits", type=int, default=40, metavar="N", help="digits of each run (default: 40)")
    sweep.add_argument("--out", type=Path, default=Path("sweep.jsonl"), metavar="FILE", help="the file to write (default: sweep.jsonl)")
    sweep.add_argument("--scheduler", metavar="ADDRESS", help="a Dask scheduler, tcp://host:8786; default: processes here")
    _processes(sweep)
    sweep.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print JSON lines")
    sweep.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help="show the traceback of an error")


def run(options: argparse.Namespace) -> int:
    """Build, verify, export or sweep."""
    from refopt.errors import RefoptError

    if options.action == "export":
        return _export(options)
    if options.processes < 1:
        raise RefoptError(f"--processes {options.processes} must be at least 1")
    with Progress() as progress:

        def show(name: str, done: int, total: int) -> None:
            progress.show("golden", done, total, name)

        if options.action == "sweep":
            return _sweep(options, show)
        return _build(options, show) if options.action == "build" else _verify(options, show)


def _sweep(options: argparse.Namespace, show: object) -> int:
    from refopt.errors import RefoptError
    from refopt.golden.sweep import Sweep, write_sweep

    grid: dict[str, tuple[str, ...]] = {}
    for text in options.grid:
        name, equals, values = text.partition("=")
        if not equals or not name or not all(values.split(",")) or name in grid:
            again = f"{name} stands twice" if name in grid else "it is not NAME=V,V..."
            raise RefoptError(f"--grid {text}: {again}", help="write --grid lr=0.1,0.01")
        grid[name] = tuple(values.split(","))
    sweep = Sweep(options.rule, options.objective, options.steps, options.digits, grid)
    points = write_sweep(sweep, options.out, processes=options.processes, scheduler=options.scheduler, tell=show)  # type: ignore[arg-type]
    if options.json:
        emit_json({"kind": "sweep", "out": str(options.out), "points": points})
    else:
        emit([f"wrote {options.out}: {points} runs of {options.steps} steps"])
    return 0


def _export(options: argparse.Namespace) -> int:
    from refopt.golden.export import export, export_format, snippet
    from refopt.golden.export.arrays import left_out
    from refopt.golden.store import root

    out = options.out or Path(f"golden{export_format(options.to).suffix}")
    if options.snippet:
        emit(snippet(options.to, out.name).splitlines())
        return 0
    cases, arrays = export(options.names, options.to, out, root(), whole=options.whole)
    others = left_out(options.names, root(), whole=options.whole)
    again = " ".join(["refopt golden export", *options.names, "--to", options.to, "--out", str(out), "--snippet"])
    if options.json:
        emit_json({"kind": "export", "to": options.to, "out": str(out), "cases": cases, "arrays": arrays, "left_out": others})
    else:
        listed = ", ".join(f"{n} {what}" for what, n in others.items())
        told = [f"left out: {listed}; refopt check has them"] if listed else []
        emit([f"wrote {out}: {cases} cases, {arrays} arrays", *told, "", f"A program that holds yours against it: {again}"])
    return 0


def _build(options: argparse.Namespace, show: object) -> int:
    from refopt.golden.build import build

    report = build(options.names, options.out, options.processes, show)  # type: ignore[arg-type]
    if options.json:
        for b in report.built:
            emit_json({"kind": "built", "name": b.name, "cases": b.cases, "change": report.changes[b.name], "refused": list(b.refused)})
        counted = {"manifest": report.after, "before": report.before, "removed": list(report.removed), "seconds": round(report.seconds, 1)}
        emit_json({"kind": "footer", "complete": True, **counted})
    else:
        emit(report.lines())
    return 0


def _verify(options: argparse.Namespace, show: object) -> int:
    from dataclasses import asdict

    from refopt.golden.gappa_check import gappa_check
    from refopt.golden.store import root
    from refopt.golden.verify import verify

    if options.with_gappa:
        from refopt.rounding.gappa import program

        program()
    report = verify(root(), options.names, options.quick, options.processes, show)  # type: ignore[arg-type]
    bounds = gappa_check(root(), options.names, options.processes, show) if options.with_gappa else None  # type: ignore[arg-type]
    code = max(report.exit, bounds.exit if bounds else 0)
    if not options.json:
        emit([*report.lines(), *(bounds.lines() if bounds else [])])
        return code
    for f in report.files:
        emit_json({"kind": "file", "path": f.path, "cases": f.cases, "recomputed": f.recomputed, "wrong": list(f.wrong), "other": list(f.other)})
    if bounds is not None:
        for d in bounds.goals:
            emit_json({"kind": "local_bound", **asdict(d)})
    footer = {"kind": "footer", "complete": True, "files": len(report.files), "seconds": round(report.seconds, 1)}
    if bounds is not None:
        footer["gappa"] = {**bounds.counts(), "halved": bounds.halved, "seconds": round(bounds.seconds, 1)}
    emit_json({**footer, "exit": code})
    return code
