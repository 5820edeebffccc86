"""`refopt generate`: source code from the formulas."""

from __future__ import annotations

import argparse

from refopt.cli.output import emit, emit_json

SUMMARY = "write code from the formulas, or check it"
EXAMPLES = """\
examples:
  refopt generate adam              print the NumPy module of one rule
  refopt generate                   write refopt/generated/ again
  refopt generate --check           is what is committed what would be written?"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="a rule, variant or schedule; all of them where none is named")
    parser.add_argument("--to", metavar="BACKEND", default="numpy", help="numpy (default) or mpmath")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file differs from what would be written")


def run(options: argparse.Namespace) -> int:
    """Print, write or compare generated code."""
    if options.check:
        return _check(options)
    if options.name is not None:
        return _print(options)
    from refopt.lowering.generate import write_all

    changed = write_all(options.to)
    if options.json:
        emit_json({"kind": "generate", "backend": options.to, "changed": [path.name for path in changed]})
    else:
        emit([*(f"wrote {path.name}" for path in changed), f"{len(changed)} files changed; the others already hold what the formulas give"])
    return 0


def _print(options: argparse.Namespace) -> int:
    from refopt.cli.names import rule_or_schedule
    from refopt.lowering.generate import module

    concept = rule_or_schedule(options.name)
    code = module(concept, options.to)
    if options.json:
        emit_json({"kind": "generate", "backend": options.to, "name": concept.name, "fingerprint": concept.fingerprint, "code": code})
    else:
        emit(code.splitlines())
    return 0


def _check(options: argparse.Namespace) -> int:
    from refopt.cli.names import rule_or_schedule
    from refopt.lowering.generate import check_all, folder, path_of

    differences = check_all(options.to)
    if options.name is not None:
        path = str(path_of(rule_or_schedule(options.name), options.to))
        differences = [line for line in differences if line.startswith(f"{path}:")]
    differences = [line.removeprefix(f"{folder(options.to).parent.parent.parent}/") for line in differences]
    code = 1 if differences else 0
    if options.json:
        emit_json({"kind": "generate", "backend": options.to, "differences": differences, "exit": code})
    elif differences:
        count = f"{len(differences)} generated file{'s' if len(differences) > 1 else ''}"
        emit([*differences, "", "Write again: refopt generate", f"exit 1: {count} not what the formulas give"])
    else:
        emit([f"{options.to}: every generated file is what its formula gives"])
    return code
