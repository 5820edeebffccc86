"""`refopt harness new LANG`: a program that speaks the protocol, with one place for your own formula."""

from __future__ import annotations

import argparse
from pathlib import Path

from refopt.cli.output import emit, emit_json

EXAMPLES = """\
examples:
  refopt harness new javascript --out adam.mjs
  refopt harness new c             on stdout; its head says how to run it"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("action", metavar="new", help="the one action there is")
    parser.add_argument("language", metavar="LANG", help="python, javascript, c or rust")
    parser.add_argument("--out", metavar="FILE", type=Path, help="write it to a file; one that exists is left alone")
    parser.add_argument("--force", action="store_true", help="with --out: write over a file that exists")


def run(options: argparse.Namespace) -> int:
    """Print a skeleton or write it to a file."""
    from refopt.conformance.programs.skeletons import skeleton
    from refopt.errors import RefoptError, unknown_name
    from refopt.golden.document import write_whole

    if options.action != "new":
        raise unknown_name("action", options.action, ("new",), listing="refopt harness --help")
    found = skeleton(options.language)
    if options.out is None:
        if options.force:
            raise RefoptError("--force needs --out", help=f"refopt harness new {options.language} --out FILE --force")
        emit_json({"language": found.language, "check": found.check(), "text": found.text}) if options.json else print(found.text, end="")
        return 0
    existed, made = options.out.exists(), not options.out.parent.exists()
    if existed and not options.force:
        raise RefoptError(f"{options.out} exists already", help="name another file, or write over it: --force")
    write_whole(options.out, found.text)
    check = found.check(options.out)
    if options.json:
        emit_json({"language": found.language, "check": check, "file": str(options.out), "overwritten": existed})
    else:
        told = [f"Made the folder {options.out.parent}."] if made else []
        emit([*told, f"Wrote {'over ' if existed else ''}{options.out}. The formula stands between the two lines of dashes.", f"Next:  {check}"])
    return 0
