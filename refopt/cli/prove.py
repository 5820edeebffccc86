"""`refopt prove`: an implementation's own code is the formula for all inputs, or another formula, shown with a witness."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from refopt.cli import color
from refopt.cli.asked import asked, maps
from refopt.cli.output import emit, emit_json, table
from refopt.report.commands import named, spelled
from refopt.report.wrap import WIDTH, folded

if TYPE_CHECKING:
    from refopt.proof.coqc import Checked
    from refopt.proving.answer import Answer, Asked, Differs, Equal

EXAMPLES = """\
examples:
  refopt prove torch.optim.Adam
  refopt prove optax.rmsprop        its formula, and a point that shows it
  refopt prove 'torch.optim.SGD(momentum=0.9)' --rule momentum/lr_outside
  refopt prove torch.optim.lr_scheduler.StepLR
  refopt prove refopt.optim.Adam    our own, on the NumPy engine
  refopt prove refopt.generated.torch.Adam     generated; also .jax.adam
  refopt prove ./mine.py:MyAdam=adam           your own
  refopt prove torch.optim.Adam --certificate adam.v     then: coqc adam.v"""

WIDTH_OF_NAME = 31
COLOURS = {"equal": color.GOOD, "differs": color.OTHER, "unreadable": color.NOTHING}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("implementation", metavar="IMPLEMENTATION", nargs="?", help="torch.optim.Adam, ./mine.py:MyAdam, mine.A=adam")
    parser.add_argument("--rule", metavar="NAME", help="the rule or schedule to compare with, where the name does not say")
    parser.add_argument("--map", dest="maps", metavar="NAME=MEANING", action="append", default=[], help="what a name of yours is: decay=weight_decay")
    parser.add_argument("--certificate", metavar="FILE", type=Path, help="also write what is proved as a theorem with its proof, for Coq")
    parser.add_argument("--all", action="store_true", help="write every certificate of derivations/certificates into the folder --certificate")


def run(options: argparse.Namespace) -> int:
    """Prove, and print the answer."""
    from refopt.errors import RefoptError
    from refopt.golden.document import refuse_unwritable
    from refopt.proving.prove import loaded_from, prove
    from refopt.report.answer_lines import lines
    from refopt.report.opinion_words import certificate_line

    if options.all:
        return _write_all(options.certificate)
    if options.implementation is None:
        raise RefoptError("prove needs an implementation", help="for example: refopt prove torch.optim.Adam")
    if options.certificate:
        refuse_unwritable(options.certificate, make_folder=True)
    began = time.perf_counter()
    name, rule = asked(options.implementation, options.rule)
    loaded = loaded_from(name, rule, maps(options.maps))
    answer = prove(loaded, rule)
    if options.json:
        if options.certificate:
            found = certify(loaded, answer, options.certificate)
            emit_json({"kind": "certificate", "file": str(options.certificate), "check": f"coqc {options.certificate}", "checked": found.name.lower()})
        for one in lines(answer):
            emit_json(one)
        return answer.exit
    page = screen(answer, time.perf_counter() - began)
    if color.wanted(options.color, sys.stdout):
        page[0] = color.painted(page[0], answer.verdict, COLOURS[answer.verdict])
    try:
        if options.certificate:
            page.insert(len(page) - answer.exit, certificate_line(options.certificate, certify(loaded, answer, options.certificate)))
    finally:
        emit(page)
    return answer.exit


def _write_all(folder: Path | None) -> int:
    """Write the certificates that are kept in derivations/certificates into a folder."""
    from refopt.errors import RefoptError
    from refopt.golden.document import write_whole
    from refopt.proving.kept_certificates import texts
    from refopt.report.words import told

    if folder is None:
        raise RefoptError("--all needs a folder", help="refopt prove --all --certificate derivations/certificates")
    count = 0
    for name, text in texts(told):
        write_whole(folder / name, text)
        count += 1
    emit([f"{count} certificates in {folder}   not checked here; to check one:  coqc FILE.v"])
    return 0


def certify(loaded: Any, answer: Answer, path: Path) -> Checked:
    """Write what is proved as a Coq file. Raises RefoptError where there is nothing to write, it cannot be written, or coqc refuses it."""
    from refopt.proof.certificate import certificate
    from refopt.proof.coq_schedule import certificate_of_rate
    from refopt.proof.coqc import write_checked
    from refopt.proving.statement import of_implementation, of_schedule
    from refopt.report.words import told

    command = f"refopt prove {named(answer.asked.implementation)} --rule {answer.asked.rule} --certificate FILE.v"
    if answer.asked.schedule:
        text = certificate_of_rate(of_schedule(loaded, answer, command), told)
    else:
        text = certificate(of_implementation(loaded, answer, command), told)
    return write_checked(path, text)


def screen(answer: Answer, took: float) -> list[str]:
    """The answer as a person reads it."""
    from refopt.proving.answer import Differs, Equal
    from refopt.report.words import told

    asked = answer.asked
    head = f"{asked.implementation} {asked.version}".rstrip()
    if isinstance(answer, Equal):
        forms = f", in {' and '.join(answer.forms)} form" if answer.forms else ""
        return [*_head(head, f"equals {asked.rule}, for all inputs{forms}"), "", f"Read from {asked.route}.", *_checked(answer), *_coverage(asked, took)]
    if isinstance(answer, Differs):
        return [*_differs(head, answer), *_checked(answer), *_coverage(asked, took), "exit 1: differs"]
    why = [*folded(f"Why: {told(answer.reason)}", hanging=5), *([f"At {answer.where}."] if answer.where else [])]
    instead = f"Compare it at many points instead:  refopt check {spelled(asked.implementation, asked.rule)}"
    return [*_head(head, f"unreadable as {asked.rule}"), "", *why, instead, "exit 1: nothing is proved"]


def _head(name: str, told: str) -> list[str]:
    """The name and the answer on one line, on two where the name is long."""
    pad = f"{'':<{WIDTH_OF_NAME}}{told}"
    return [f"{name:<{WIDTH_OF_NAME}}{told}"] if len(name) + 2 <= WIDTH_OF_NAME else [name, pad]


def _differs(head: str, answer: Differs) -> list[str]:
    asked = answer.asked
    lines = _head(head, f"differs from {asked.rule}")
    pad = " " * WIDTH_OF_NAME
    if asked.place:
        lines.append(f"{pad}{asked.place}")
    forms = f", in {' and '.join(answer.forms)} form" if answer.forms else ", for all inputs"
    lines += [f"{pad}equals {name}{forms}" for name in answer.matches]
    if answer.multiple:
        state, factor, rate = answer.multiple.state, answer.multiple.factor, answer.multiple.by_the_rate
        lines.append(f"{pad}equals {asked.rule} while the rate does not change" if rate else f"{pad}theta is that of {asked.rule}; its {state} is not")
        when = "At a constant learning rate the" if rate else "The"
        lines += ["", *folded(f"{when} {state} of {asked.rule} is {_times(factor)} its own.   (proved)", hanging=0)]
    if answer.need:
        lines += ["", *folded(f"Where it has a value, it is that of {asked.rule}; but it has one only where {answer.need}.", hanging=0)]
    lines += ["", *folded(f"Read from {asked.route}, every hyperparameter a symbol:", hanging=2)]
    for name, part in (("yours", answer.yours), ("reference", answer.reference)):
        for i, x in enumerate(part):
            lines += folded(f"  {name if i == 0 else '':<11}{x.name} <- {x.value}", hanging=15)
    return [*lines, "", *_witness(answer), "", *_remedy(answer)]


def _times(factor: str) -> str:
    return "minus" if factor == "-1" else f"({factor}) times" if " " in factor else f"{factor} times"


def _witness(answer: Differs) -> list[str]:
    point = dict(answer.witness.point)
    if answer.asked.schedule:
        where, what = "", "rate"
    elif "t" in point:
        where, what = f", at update t = {point.pop('t')} from this state", point.pop("compared", "theta")
    else:
        updates = len(point["g"].split(", "))
        where, what = f", after {updates} update{'s' if updates > 1 else ''} from the start", point.pop("compared", "theta")
    lines = [f"They differ here, exactly{where}:"]
    lines += folded("  " + "  ".join(f"{n}={x.replace(', ', ',')}" for n, x in point.items()), hanging=0)
    rows = [("yours", f"{what} = {answer.witness.second}"), ("reference", f"{what} = {answer.witness.first}")]
    return [*lines, *table(rows, indent=2, gap=2)]


def _remedy(answer: Differs) -> list[str]:
    """One command, on a line of its own where it is long: it can be pasted."""
    name = answer.asked.implementation
    if answer.remedy:
        return _with_command("To get the reference:", f"{answer.remedy}   (proved equal)")
    if answer.matches and "+" not in answer.matches[0]:
        return _with_command("Meant so?", f"refopt prove {named(name)} --rule {answer.matches[0]}")
    return []


def _with_command(told: str, command: str) -> list[str]:
    line = f"{told}  {command}"
    return [line] if len(line) <= WIDTH else [told, f"  {command}"]


def _checked(answer: Equal | Differs) -> list[str]:
    """Text on the check of a proof by other means than those that found it."""
    from refopt.report.opinion_words import told

    return [] if answer.checked_by is None else folded(f"Checked apart from SymPy: {told(answer.checked_by)}.", hanging=2)


def _coverage(asked: Asked, took: float) -> list[str]:
    from refopt.report.coverage import ROUNDING, covered, defaults

    return [*defaults(asked.defaults, asked.rule), *covered(asked), f"{ROUNDING:<70}{took:6.1f} s"]
