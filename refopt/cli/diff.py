"""`refopt diff`: two formulas side by side, what is proved about them, and by how much they differ."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from refopt.cli.output import emit, emit_json, table
from refopt.proof.related import Same
from refopt.report.agreements import agreement_told
from refopt.report.wrap import WIDTH, folded

if TYPE_CHECKING:
    from refopt.proof.coqc import Checked
    from refopt.proof.equality import Equality
    from refopt.proof.formula import Line
    from refopt.report.difference import Difference
    from refopt.report.step_ratio import Ratios

EXAMPLES = """\
examples:
  refopt diff adam adam/eps_hat
  refopt diff momentum momentum/lr_outside
  refopt diff cosine_annealing cosine_annealing/periodic
  refopt diff adam adam/eps_hat --certificate eps.v      then: coqc eps.v"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("first", metavar="A", help="a rule, schedule or variant")
    parser.add_argument("second", metavar="B", help="another one")
    parser.add_argument("--certificate", metavar="FILE", type=Path, help="also write what is proved the same as a theorem with its proof, for Coq")


def run(options: argparse.Namespace) -> int:
    """Print the comparison."""
    from refopt.cli.names import rule_or_schedule
    from refopt.report.difference import difference

    if options.certificate:
        from refopt.golden.document import refuse_unwritable

        refuse_unwritable(options.certificate, make_folder=True)
    found = difference(rule_or_schedule(options.first), rule_or_schedule(options.second))
    if options.json:
        emit_json(_as_json(found))
    else:
        emit(_screen(found))
    if options.certificate:
        from refopt.report.opinion_words import certificate_line

        told = certificate_line(options.certificate, _certify(found, options.certificate))
        if not options.json:
            emit(["", told])
    return 0


def _certify(found: Difference, path: Path) -> Checked:
    from refopt.cli.names import rule_or_schedule
    from refopt.errors import RefoptError
    from refopt.language.rule import Rule
    from refopt.proof.certificate import certificate
    from refopt.proof.coqc import write_checked
    from refopt.proving.statement import of_rules
    from refopt.report.words import told

    first, second = (rule_or_schedule(n) for n in (found.first, found.second))
    if not isinstance(first, Rule) or not isinstance(second, Rule):
        raise RefoptError(
            "no certificate: one of two formulas is of two rules, not of schedules",
            help="of a schedule's code: refopt prove torch.optim.lr_scheduler.StepLR --certificate FILE.v",
        )
    claim = of_rules(first, second, found.equality, f"refopt diff {first.name} {second.name} --certificate FILE.v")
    return write_checked(path, certificate(claim, told))


def _screen(d: Difference) -> list[str]:
    parts = [_formulas(d), _equality(d), ratio_table(d.ratios) if d.ratios else [], _facts(d)]
    return [line for part in parts if part for line in (*part, "")][:-1]


def _formulas(d: Difference) -> list[str]:
    """The assignments of each, its name before the first; above them where they would not fit beside it."""
    width = max(len(d.first), len(d.second)) + 3
    names = max((len(line.name) for lines in d.lines for line in lines), default=0)
    blocks = [[f"{line.name:<{names}} <- {line.value}" for line in lines] for lines in d.lines]
    if any(len(text) > WIDTH - width for block in blocks for text in block):
        named = [[name, *(row for text in block for row in folded(f"  {text}", names + 4))] for name, block in zip(_both(d), blocks, strict=True)]
        return [*named[0], *named[1]]
    return [f"{name if i == 0 else '':<{width}}{text}" for name, block in zip(_both(d), blocks, strict=True) for i, text in enumerate(block)]


def _both(d: Difference) -> tuple[str, str]:
    return d.first, d.second


def _equality(d: Difference) -> list[str]:
    e = d.equality
    lines: list[str] = []
    state = f"the {e.multiple.state} of {d.first} is {_times(e.multiple.factor)} that of {d.second}" if e.multiple else ""
    if e.same is Same.EVERYWHERE:
        lines += folded(f"The same{', for all inputs' if not state else f': {state}'}.   (proved)", hanging=0)
    elif e.same is Same.AT_CONSTANT_RATE:
        lines += folded(f"The same at a constant learning rate: {state}.   (proved)", hanging=0)
    elif e.same is Same.UNDECIDED:
        lines.append("No difference was found at random exact points; that there is none is not proved.")
    if e.replaced:
        rows = [f"{name} replaced by {tree}" for name, tree in e.replaced.items()]
        if len(rows) == 1:
            when = "At a constant learning rate " if e.multiple and e.multiple.by_the_rate else ""
            lines += folded(f"{when}{d.second} is {d.first} with {rows[0]}.   (proved)")
        else:
            lines += [f"{d.second} is {d.first} with   (proved)", *(line for row in rows for line in folded(f"  {row}"))]
        if e.multiple:
            lines += folded(f"Then {state}.")
    if e.witness and not e.replaced:
        lines += ["", *_witness(d)] if lines else _witness(d)
    return lines


def _times(factor: str) -> str:
    return "minus" if factor == "-1" else f"({factor}) times" if " " in factor else f"{factor} times"


def _witness(d: Difference) -> list[str]:
    """The exact point, and theta after the last of its gradients."""
    witness = d.equality.witness
    assert witness is not None
    rule = "g" in witness.point
    updates = len(witness.point["g"].split(", ")) if rule else 0
    after = f", after {updates} update{'s' if updates > 1 else ''} from the start" if rule else ""
    lines = [f"They differ here, exactly{after}:"]
    lines += folded("  " + "  ".join(f"{n}={x.replace(', ', ',')}" for n, x in witness.point.items()), hanging=0)
    what = "theta" if rule else "rate"
    return [*lines, *table([(d.first, f"{what} = {witness.first}"), (d.second, f"{what} = {witness.second}")], indent=2, gap=3)]


def ratio_table(ratios: Ratios) -> list[str]:
    """The title, then a table whose numbers stand below each other."""
    head, rows = ratios.head, ratios.rows
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    lines = ["   ".join(f"{cell:>{w}}" for cell, w in zip(row, widths, strict=True)) for row in (head, *rows)]
    title = f"{ratios.title}   {f'({ratios.columns})' if ratios.columns else ''}".rstrip()
    largest = folded(f"Largest relative difference of a step here: {ratios.largest}.") if ratios.largest else []
    return [*folded(title, hanging=0), *(f"  {line}" for line in lines), *largest]


def agreement(equality: Equality) -> list[str]:
    """Cases in which two formulas that differ agree; nothing where no such case is proved."""
    agree = " or ".join(map(agreement_told, equality.agree_when))
    limit = "in the limit of many steps" if equality.in_the_limit else ""
    when = ", and ".join(x for x in (f"when {agree}" if agree else "", limit) if x)
    return folded(f"They agree {when}.   (proved)") if when else []


def _facts(d: Difference) -> list[str]:
    lines = agreement(d.equality)
    if d.seen_by:
        lines.append(f"Seen apart by {len(d.seen_by)} golden cases, best: {d.seen_by[0]}")
    used = [(name, ", ".join(who)) for name, who in zip((d.first, d.second), d.used_by, strict=True) if who]
    heads = ["Who uses which:", *[""] * len(used)]
    return [*lines, *(f"{head:<15} {name}: {who}" for head, (name, who) in zip(heads, used, strict=False))]


def _as_json(d: Difference) -> dict[str, object]:
    return {
        "kind": "difference", "first": d.first, "second": d.second, **compared_as_json(d.equality, d.lines, d.ratios), "seen_by": list(d.seen_by),
        "used_by": {d.first: list(d.used_by[0]), d.second: list(d.used_by[1])},
    }  # fmt: skip


def compared_as_json(e: Equality, lines: Sequence[Sequence[Line]], ratios: Ratios | None) -> dict[str, object]:
    """Proved relation of two formulas, the formulas, and by how much they differ."""
    from dataclasses import asdict

    witness = {"point": dict(e.witness.point), "first": e.witness.first, "second": e.witness.second} if e.witness else None
    multiple = None if e.multiple is None else [e.multiple.state, e.multiple.factor]
    return {
        "lines": [[{"name": x.name, "value": x.value} for x in part] for part in lines], "same": e.same, "multiple": multiple, "witness": witness,
        "replaced": {n: str(x) for n, x in e.replaced.items()} if e.replaced else None, "agree_when": [agreement_told(x) for x in e.agree_when],
        "in_the_limit": e.in_the_limit, "ratios": asdict(ratios) if ratios else None,
    }  # fmt: skip
