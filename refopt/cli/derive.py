"""`refopt derive`: why it works: runs a derivation and prints it, or writes all of them as a book."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from refopt.cli.output import emit, emit_json

if TYPE_CHECKING:
    from refopt.derivation.library import Outcome

EXAMPLES = """\
examples:
  refopt derive                     every derivation, and what it claims
  refopt derive heavy_ball          run one and print it
  refopt derive heavy_ball --as latex
  refopt derive --all               run all of them
  refopt derive --all --as html --out book
  refopt derive heavy_ball --certificate ball.v   then: coqc ball.v"""

FORMS = ("text", "markdown", "latex", "html")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="a derivation; without it they are listed")
    parser.add_argument("--all", action="store_true", help="run all of them")
    parser.add_argument("--as", dest="form", metavar="FORM", default="text", help=", ".join(FORMS))
    parser.add_argument("--out", metavar="DIR", help="with --all: write the pages here, a file each, and a contents page")
    parser.add_argument("--certificate", metavar="FILE", type=Path, help="also write the steps that are identities as theorems for Coq")


def run(options: argparse.Namespace) -> int:
    """List, run or write."""
    from refopt.derivation import library
    from refopt.errors import RefoptError, unknown_name

    if options.form not in FORMS:
        raise unknown_name("form", options.form, FORMS)
    if options.all and options.name:
        raise RefoptError(f"--all runs every derivation; {options.name} is one", help="refopt derive NAME   refopt derive --all")
    if options.out and not (options.all and options.form != "text"):
        raise RefoptError("--out takes a whole book", help="refopt derive --all --as html --out DIR   (also markdown, latex)")
    if options.certificate and not options.name:
        raise RefoptError("a certificate is of one derivation", help="refopt derive NAME --certificate FILE.v")
    if options.all and options.form != "text" and not options.out:
        raise RefoptError(f"all derivations as {options.form} are many pages", help=f"refopt derive --all --as {options.form} --out DIR")
    if options.all:
        return _all(options)
    if options.name is None:
        return _list(options)
    if options.certificate:
        from refopt.golden.document import refuse_unwritable

        refuse_unwritable(options.certificate, make_folder=True)
    outcome = library.run(options.name)
    certified: list[str] = []
    if options.certificate and outcome.refused is None:
        from refopt.proof import coqc
        from refopt.proof.coq_step import certificate_of
        from refopt.report.opinion_words import certificate_line

        written = coqc.write_checked(options.certificate, certificate_of(outcome.derivation, f"refopt derive {options.name} --certificate FILE.v"))
        certified = ["", certificate_line(options.certificate, written)]
    if options.json:
        _emit_lines([outcome])
    else:
        emit(_printed(outcome, options.form))
        if certified and options.form == "text":
            emit(certified)
    return 0 if outcome.refused is None else 1


def _list(options: argparse.Namespace) -> int:
    from refopt.derivation import library
    from refopt.report.book.listing import listing

    found = library.entries()
    if options.json:
        for e in found:
            emit_json({"kind": "derivation", "name": e.name, "title": e.title, "chapter": e.chapter})
        return 0
    emit([*listing(found), "", f"{len(found)} derivations. Run one: refopt derive {found[0].name}", "All, as a book: refopt derive --all --as html --out book"])
    return 0


def _printed(outcome: Outcome, form: str) -> list[str]:
    if form == "text":
        from refopt.derivation import library
        from refopt.report.book.terminal import page

        return page(outcome, library.following(outcome.entry.name))
    from refopt.report.book import formats

    return formats.alone(outcome, form).splitlines()


def _all(options: argparse.Namespace) -> int:
    from refopt.cli.progress import Progress
    from refopt.derivation import library

    if options.out:
        from refopt.report.book.write import refuse_foreign

        refuse_foreign(Path(options.out))
    outcomes = []
    names = [e.name for e in library.entries()]
    with Progress() as progress:
        for i, name in enumerate(names):
            progress.show("derive", i, len(names), name)
            outcomes.append(library.run(name))
    wrong = [o for o in outcomes if o.refused is not None]
    written = None
    if options.out and not wrong:
        from refopt.report.book.write import write_book

        written = write_book(options.out, outcomes, options.form)
    if options.json:
        _emit_lines(outcomes)
    else:
        emit(_summary(outcomes, written))
    return 1 if wrong else 0


def _summary(outcomes: list[Outcome], written: Path | None) -> list[str]:
    from refopt.cli.output import table

    rows = [(o.entry.name, f"{len(o.derivation.steps)} steps", f"{o.seconds:.1f} s", "proved" if o.refused is None else "REFUSED") for o in outcomes]
    steps, wrong = sum(len(o.derivation.steps) for o in outcomes), [o for o in outcomes if o.refused is not None]
    lines = [*table(rows), "", f"{len(outcomes) - len(wrong)} of {len(outcomes)} derivations proved, {steps} steps, {sum(o.seconds for o in outcomes):.1f} s"]
    lines += [f"written: {written}"] if written is not None else []
    for o in wrong:
        assert o.refused is not None
        lines.append(f"{o.entry.name}: {o.refused.message}")
    return [*lines, *([f"exit 1: {len(wrong)} of {len(outcomes)} claims are not proved"] if wrong else [])]


def _emit_lines(outcomes: list[Outcome]) -> None:
    from refopt.report.book.lines import lines

    for line in lines(outcomes):
        emit_json(line)
