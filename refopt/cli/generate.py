"""`refopt generate`: source code from the formulas."""

from __future__ import annotations

import argparse

from refopt.cli.output import emit, emit_json
from refopt.lowering.backends import BACKENDS

EXAMPLES = """\
examples:
  refopt generate adam              print the NumPy module of one rule
  refopt generate adam --to c       the same in another language
  refopt generate                   write refopt/generated/ again
  refopt generate --check           is what is committed what would be written?"""


TARGETS = ", ".join(BACKENDS)
"""Every backend, by its name alone."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="a rule, variant or schedule; all of them where none is named")
    parser.add_argument("--to", metavar="BACKEND", help=f"{TARGETS}; NAME alone: numpy, no NAME: every one whose files are kept")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file differs from what would be written")


def run(options: argparse.Namespace) -> int:
    """Print, write or compare generated code."""
    if options.check:
        return _check(options)
    if options.name is not None:
        return _print(options)
    from refopt.lowering.generate import left_out, write_all

    changed = {name: write_all(name) for name in _asked(options)}
    lacking = {name: left_out(name) for name in changed}
    total = sum(map(len, changed.values()))
    if options.json:
        for name, paths in changed.items():
            emit_json({"kind": "generate", "backend": name, "changed": [path.name for path in paths], "left_out": lacking[name]})
    else:
        wrote = [f"wrote {name}/{path.name}" for name, paths in changed.items() for path in paths]
        missing = [f"not in {name}: {reason}" for name, reasons in lacking.items() for reason in reasons.values()]
        emit([*wrote, *missing, f"{total} files changed; the others already hold what the formulas give"])
    return 0


def _asked(options: argparse.Namespace) -> list[str]:
    """The backends named, or all whose files are kept."""
    return [options.to] if options.to is not None else [name for name, b in BACKENDS.items() if b.committed]


def _print(options: argparse.Namespace) -> int:
    from refopt.cli.names import rule_or_schedule
    from refopt.lowering.generate import module

    concept, to = rule_or_schedule(options.name), options.to or "numpy"
    code = module(concept, to)
    if options.json:
        emit_json({"kind": "generate", "backend": to, "name": concept.name, "fingerprint": concept.fingerprint, "code": code})
    else:
        emit(code.splitlines())
    return 0


def _check(options: argparse.Namespace) -> int:
    found = {name: _differences(name, options.name) for name in _asked(options)}
    every = [line for lines in found.values() for line in lines]
    code = 1 if every else 0
    if options.json:
        for name, lines in found.items():
            emit_json({"kind": "generate", "backend": name, "differences": lines, "exit": 1 if lines else 0})
    elif every:
        count = f"{len(every)} generated file{'s' if len(every) > 1 else ''}"
        emit([*every, "", "Write again: refopt generate", f"exit 1: {count} not what the formulas give"])
    else:
        emit([f"{name}: every generated file is what its formula gives" for name in found])
    return code


def _differences(to: str, only: str | None) -> list[str]:
    from refopt.cli.names import rule_or_schedule
    from refopt.lowering.generate import check_all, folder, path_of

    lines = check_all(to)
    if only is not None:
        path = str(path_of(rule_or_schedule(only), to))
        lines = [line for line in lines if line.startswith(f"{path}:")]
    return [line.removeprefix(f"{folder(to).parent.parent.parent}/") for line in lines]
