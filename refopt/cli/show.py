"""`refopt show`: one formula, its source, its hyperparameters, its variants; or the same as LaTeX, SymPy or code."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from refopt.cli.generate import TARGETS
from refopt.cli.output import emit, emit_json
from refopt.errors import RefoptError, unknown_name

if TYPE_CHECKING:
    from refopt.cli.names import Concept

EXAMPLES = """\
examples:
  refopt show adam                  a page about a rule
  refopt show adam --as latex       also: sympy, numpy, c, rust, ...
  refopt show adam --html a.html    a page with pictures
  refopt show cosine_annealing      a schedule; refopt list has all names
  refopt show adapter               how to have your own object judged"""

WRITTEN = ("text", "latex", "sympy")
"""Forms that are not source code of a backend."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("name", metavar="NAME", help="a rule, variant, schedule or objective, or `adapter`")
    parser.add_argument("--as", dest="form", metavar="FORM", default="text", help=f"text (default), latex, sympy, {TARGETS}")
    parser.add_argument("--html", metavar="FILE", type=Path, help="write a page: the formula, its variants, what each hyperparameter does")


def run(options: argparse.Namespace) -> int:
    """Print the page."""
    if options.name == "adapter":
        from refopt.cli.adapter_example import EXAMPLE

        if options.json:
            emit_json({"kind": "adapter", "text": EXAMPLE})
        else:
            emit(EXAMPLE.splitlines())
        return 0
    from refopt.cli.names import concept
    from refopt.cli.page import as_json, page

    found = concept(options.name)
    if options.html is not None:
        return _page(found, options)
    if options.json:
        emit_json(as_json(found) if options.form == "text" else as_json(found) | {"form": options.form, "code": _written(options)})
    elif options.form == "text":
        emit(page(found))
    else:
        emit(_written(options).splitlines())
    return 0


def _page(found: Concept, options: argparse.Namespace) -> int:
    """Write the page as HTML."""
    from refopt.golden.document import refuse_unwritable, write_whole
    from refopt.report.html.concept_page import concept_page

    if options.form != "text":
        raise RefoptError(f"--html is a form of its own, and so is --as {options.form}", help=f"refopt show {options.name} --html {options.html}")
    refuse_unwritable(options.html)
    write_whole(options.html, concept_page(found))
    emit_json({"kind": "page", "name": found.name, "file": str(options.html)}) if options.json else emit([f"Wrote {options.html}."])
    return 0


def _written(options: argparse.Namespace) -> str:
    """The concept in the form asked for."""
    from refopt.cli.names import concept, rule_or_schedule

    if options.form == "latex":
        return concept(options.name).latex()
    if options.form == "sympy":
        from refopt.cli.sympy_source import sympy_source

        return sympy_source(concept(options.name))
    from refopt.lowering.backends import BACKENDS
    from refopt.lowering.generate import module

    if options.form not in BACKENDS:
        raise unknown_name("form", options.form, (*WRITTEN, *BACKENDS))
    return module(rule_or_schedule(options.name), options.form)
