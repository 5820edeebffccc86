"""The state before the first update, exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from refopt.language.dual import DUALS, lifted
from refopt.language.evaluate import Evaluation, is_rational, rational
from refopt.language.expression import Expression, Kind
from refopt.language.rule import Rule


def first_state(rule: Rule, hyper: Mapping[str, Fraction], theta: Sequence[Fraction]) -> dict[str, list[Fraction]]:
    """Every state before the first update, one value an element of theta."""
    return {s.name: [initial_value(s.initial, {**hyper, "theta": x}) for x in theta] for s in rule.state}


def initial_value(tree: Expression, known: Mapping[str, Fraction]) -> Fraction:
    """The exact value of an initial state; where a root or another function makes it, the binary64 number beside it: bounds are taken around that."""
    if is_rational(tree):
        return Fraction(rational(tree, known))
    integers = {str(s.name) for s in tree.symbols() if s.kind is Kind.INTEGER}
    numbers = {n: int(x) if n in integers else lifted(x) for n, x in known.items()}
    return Fraction(lifted(Evaluation(numbers, DUALS).value(tree)).value)
