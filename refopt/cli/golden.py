"""`refopt golden`: build and verify the golden files."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from refopt.cli.output import emit, emit_json
from refopt.cli.progress import Progress

SUMMARY = "build or verify the golden files"
EXAMPLES = """\
examples:
  refopt golden verify              recompute every digit, bound, kill and hash
  refopt golden verify --quick      schema, hashes and a seeded tenth
  refopt golden verify adam         the files of one rule
  refopt golden verify --with-gappa  local bounds proved by Gappa as well
  refopt golden build               write golden/ again, certified
  refopt golden build --out DIR     write the whole folder elsewhere"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = parser.add_subparsers(dest="action", metavar="build|verify", required=True)
    build = actions.add_parser("build", help="write the golden files", description="Write the golden files, each whole or not at all.")
    verify = actions.add_parser("verify", help="recompute the golden files", description="Recompute everything, offline, with another evaluator.")
    for action in (build, verify):
        action.add_argument("names", nargs="*", metavar="NAME", help="rules, variants or schedules; all of them where none is named")
        action.add_argument("--processes", type=int, metavar="N", default=os.cpu_count() or 1, help="processes to use (default: one a core)")
        action.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print JSON lines")
        action.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help="show the traceback of an error")
    build.add_argument("--out", metavar="DIR", type=Path, help="the folder to write; default: the one that holds the committed files")
    verify.add_argument("--quick", action="store_true", help="only schema, hashes and a seeded tenth of the cases")
    verify.add_argument("--with-gappa", action="store_true", help="also prove local bounds at checkpoints with Gappa (Debian's gappa)")


def run(options: argparse.Namespace) -> int:
    """Build or verify."""
    from refopt.errors import RefoptError

    if options.processes < 1:
        raise RefoptError(f"--processes {options.processes} must be at least 1")
    with Progress() as progress:

        def show(name: str, done: int, total: int) -> None:
            progress.show("golden", done, total, name)

        return _build(options, show) if options.action == "build" else _verify(options, show)


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
        emit_json({"kind": "file", "path": f.path, "cases": f.cases, "wrong": list(f.wrong), "other": list(f.other)})
    if bounds is not None:
        for d in bounds.goals:
            emit_json({"kind": "local_bound", **asdict(d)})
    footer = {"kind": "footer", "complete": True, "files": len(report.files), "seconds": round(report.seconds, 1)}
    if bounds is not None:
        footer["gappa"] = {**bounds.counts(), "halved": bounds.halved, "seconds": round(bounds.seconds, 1)}
    emit_json({**footer, "exit": code})
    return code
