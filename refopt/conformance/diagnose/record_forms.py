"""The record of proved forms, written for the rules that checks of sound optimizers meet: `python -m refopt.conformance.diagnose.record_forms`.

These are every rule and variant, each with its coefficients formed in a narrower format, too, which frameworks do in float32. Where some are named the
lines of the others stay as they are.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Iterator
from fractions import Fraction

from refopt import catalogue
from refopt.conformance.diagnose.precision_causes import rules_with_coefficients
from refopt.language.rule import Rule
from refopt.rounding.compiled import decided, drawn
from refopt.rounding.forms import Forms
from refopt.rounding.prove_forms import drop_unproved
from refopt.rounding.proved_forms import RECORD, digest

HEAD = "# Graphs of forms in which SymPy proved every node: python -m refopt.conformance.diagnose.record_forms"


UPDATES = 8
"""Updates from the first on whose choices are looked at: rules choose by t = 1, and by a t of few updates."""


def graphs(rule: Rule, *, amplifying: bool = True) -> Iterator[Forms]:
    """The graphs of a rule with its defaults, one for each way in which its first updates choose; drawn anew, with no proof taken over.

    `amplifying`: those with the forms that amplify rounding errors, too.
    """
    hyper = {h.name: Fraction(h.value(h.default)) for h in rule.hyper}
    seen = []
    for t in range(1, UPDATES + 1):
        choice = decided(rule, hyper, t)
        if choice is not None and choice.decisions not in seen:
            seen.append(choice.decisions)
            for freely in (False, True) if amplifying else (False,):
                yield drawn(rule, choice.trees, freely).forms


def proved(rule: Rule, *, amplifying: bool = True) -> list[str]:
    """The digests of those graphs of a rule in which SymPy proves every node."""
    return [name for forms in graphs(rule, amplifying=amplifying) if (name := digest(forms)) and not drop_unproved(forms)]


def text(named: Collection[str] | None = None) -> str:
    """The record, every proof of it made anew; of the rules named where some are, and the lines of the others as they stand in it."""
    lines = []
    for rule in catalogue.rules(variants=True):
        if named is not None and rule.name not in named:
            lines += [line for line in RECORD.read_text(encoding="utf-8").splitlines() if line.partition(" ")[2] == rule.name]
            continue
        lines += [f"{name} {rule.name}" for name in proved(rule)]
        lines += [f"{name} {rule.name}" for apart in rules_with_coefficients(rule) for name in proved(apart, amplifying=False)]
    return "\n".join([HEAD, *dict.fromkeys(lines), ""])


def main() -> None:
    """Write the record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="default: all")
    named = [catalogue.rule(name).name for name in parser.parse_args().names]
    RECORD.write_text(text(named or None), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
