"""Which planted bugs the diagnosis could name at all: is a formula that it tries proved equal to the one written beside the bug?

    python -m tests.quality.reach        a minute or two, no implementation is run

It tries named rules, two variants combined, and one edit or slip of the rule or of a variant. A bug that no such formula equals will
be found and not named, however long the diagnosis looks.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import Any

import sympy as sp

from refopt.catalogue import rule, variants
from refopt.catalogue.candidates import named, pairs
from refopt.conformance.diagnose.compound_edits import rule_slips
from refopt.conformance.diagnose.edits import edits
from refopt.language.rule import Rule
from refopt.proof.exact_point import Run, exact_thetas
from refopt.report.words import told
from tests.quality.bugs import bugs
from tests.quality.diagnosis import proved_equal


def tried(reference: Rule) -> Iterator[tuple[str, Rule]]:
    """Every formula that is tried for an implementation judged by this rule, with what a person would be told."""
    yield from ((r.name, r) for r in named(reference, frozenset(reference.hyper_names), False))
    yield from ((r.name, r) for r in pairs(reference, False))
    for base in (reference, *variants(reference.name)):
        yield from ((f"{base.name} with {told(e.change)}", e.rule) for e in (*edits(base), *rule_slips(base)))


def thetas(one: Rule) -> tuple[Any, ...] | None:
    """Three exact updates from a fixed point, to 25 digits, so that few formulas need a proof; None where they do not exist."""
    draw = random.Random(1847)
    hyper = {name: Fraction(draw.randint(3, 40), 41) for name in ("beta1", "beta2", "dampening", "eps", "lr", "momentum", "rho", "weight_decay")}
    gradients, rates = (Fraction(2, 3), Fraction(-1, 5), Fraction(7, 4)), (Fraction(1, 7), Fraction(1, 5), Fraction(1, 9))
    run = Run({n: hyper[n] for n in one.hyper_names}, Fraction(3, 17), gradients, rates)
    try:
        found = tuple(sp.N(x, 25) for x in exact_thetas(one, run))
    except (ZeroDivisionError, TypeError, ValueError):
        return None
    return found if all(x.is_finite for x in found) else None


@cache
def with_thetas(reference: Rule) -> tuple[tuple[str, Rule, tuple[Any, ...] | None], ...]:
    """What is tried, each with its point."""
    return tuple((told, one, thetas(one)) for told, one in tried(reference))


def reached(reference: Rule, formula: Rule) -> str | None:
    """What a person would be told of the first formula that is proved equal; None where none is."""
    at = thetas(formula)
    for name, one, other in with_thetas(reference):
        if _near(at, other) and proved_equal(one, formula):
            return name
    return None


def _near(at: tuple[Any, ...] | None, other: tuple[Any, ...] | None) -> bool:
    if at is None or other is None:
        return at is other
    return all(abs(x - y) < sp.Float("1e-18", 25) for x, y in zip(at, other, strict=True))


def main() -> None:
    """Print each bug with a formula and what it could be named."""
    asked = [(b, b.formula) for b in bugs() if b.kind == "formula" and isinstance(b.formula, Rule)]
    count = 0
    for bug, formula in asked:
        told = reached(rule(bug.rule), formula)
        count += told is not None
        print(f"{bug.name}: {told or 'OUT OF REACH'}", flush=True)
    print(f"{count} of {len(asked)} optimizers with a formula can be named; of schedules only their named variants are tried")


if __name__ == "__main__":
    main()
