"""`refopt harness new LANG`: a program that speaks the protocol, with one place for your own formula."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from refopt.cli.output import emit, emit_json

if TYPE_CHECKING:
    from refopt.conformance.programs.skeletons import Skeleton

EXAMPLES = """\
examples:
  refopt harness new javascript --out adam.mjs
  refopt harness new c --rule rmsprop       on stdout; its head says how to run
  refopt harness new rust --dtype float32   whole arrays of f32"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("action", metavar="new", help="the one action there is")
    parser.add_argument("language", metavar="LANG", help="python, javascript, typescript, c, c++, rust, go, julia, cuda, hip, ctypes")
    parser.add_argument("--rule", default="adam", help="the rule or variant that it is to compute (default: adam)")
    parser.add_argument("--dtype", metavar="FORMAT", help="float64 or float32 (default: float64; python, javascript and typescript: both)")
    parser.add_argument("--out", metavar="FILE", type=Path, help="write it to a file; one that exists is left alone")
    parser.add_argument("--force", action="store_true", help="with --out: write over a file that exists")


def run(options: argparse.Namespace) -> int:
    """Print a skeleton or write it to a file."""
    from refopt.catalogue import rule
    from refopt.conformance.programs.skeletons import skeleton
    from refopt.errors import RefoptError, unknown_name
    from refopt.golden.document import write_whole

    if options.action != "new":
        raise unknown_name("action", options.action, ("new",), listing="refopt harness --help")
    found = skeleton(options.language, rule(options.rule), options.dtype)
    if options.out is None:
        if options.force:
            raise RefoptError("--force needs --out", help=f"refopt harness new {options.language} --out FILE --force")
        emit_json({**_about(found), "check": found.check(), "text": found.text}) if options.json else print(found.text, end="")
        return 0
    existed, made = options.out.exists(), not options.out.parent.exists()
    if existed and not options.force:
        raise RefoptError(f"{options.out} exists already", help="name another file, or write over it: --force")
    write_whole(options.out, found.text)
    check = found.check(options.out)
    if options.json:
        emit_json({**_about(found), "check": check, "file": str(options.out), "overwritten": existed})
    else:
        told = [f"Made the folder {options.out.parent}."] if made else []
        wrote = f"Wrote {'over ' if existed else ''}{options.out}. The formula stands between the two lines of dashes."
        emit([*told, wrote, *_label(found), f"Next:  {check}"])
    return 0


def _about(found: Skeleton) -> dict[str, object]:
    """Remarks on a skeleton, beside its text."""
    return {"language": found.language.name, "rule": found.rule.name, "dtypes": list(found.dtypes), "ran": found.language.ran.value}


def _label(found: Skeleton) -> list[str]:
    """A line where the tests of refopt do not always run programs of this language."""
    from refopt.conformance.programs.skeletons.language import Ran

    return [] if found.language.ran is Ran.ALWAYS else [f"{found.language.name}: {found.language.ran.value}."]
