"""Whether two rules are one and the same formula with the hyperparameters in force (dampening = 0, say)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import sympy as sp

from refopt.language.expression import t
from refopt.language.rule import Rule

_LATER = sp.Symbol("n", integer=True, nonnegative=True)
_PROVED: dict[tuple[Any, ...], bool] = {}
"""What was decided before: every format asks again."""


def same_formula(a: Rule, b: Rule, in_force_a: Sequence[Mapping[str, Fraction]], in_force_b: Sequence[Mapping[str, Fraction]]) -> bool:
    """Whether both give the same theta, and the same state where both have it, proved with SymPy.

    Hyperparameters that only one of them has, and those that are zero throughout, stand at their values; all others
    stay symbols. The first update starts from the initial state, later ones from any.
    """
    apart = set(a.hyper_names) ^ set(b.hyper_names)
    fixed_a, fixed_b = (_fixed(rule, hypers, apart) for rule, hypers in ((a, in_force_a), (b, in_force_b)))
    if fixed_a is None or fixed_b is None:
        return False
    key = (a.fingerprint, b.fingerprint, *(tuple(sorted(fixed.items())) for fixed in (fixed_a, fixed_b)))
    if key not in _PROVED:
        first, second = _forms(a, fixed_a), _forms(b, fixed_b)
        differences = [first[name] - second[name] for name in first if name in second]
        _PROVED[key] = not any(_is_refuted(x) for x in differences) and all(x == 0 or sp.simplify(x) == 0 for x in differences)
    return _PROVED[key]


def _fixed(rule: Rule, hypers: Sequence[Mapping[str, Fraction]], apart: set[str]) -> dict[str, Fraction] | None:
    """The hyperparameters that stand at their values; None where one that must has different values in different cases."""
    fixed: dict[str, Fraction] = {}
    for name in rule.hyper_names:
        values = {h[name] for h in hypers}
        if len(values) == 1 and (name in apart or values == {Fraction(0)}):
            fixed[name] = values.pop()
        elif name in apart:
            return None
    return fixed


def _forms(rule: Rule, fixed: Mapping[str, Fraction]) -> dict[tuple[str, str], Any]:
    """theta and state after the first update and after any later one."""
    symbols = {h.name: h.symbol.sym for h in rule.hyper}
    values = {symbols[name]: sp.Rational(x.numerator, x.denominator) for name, x in fixed.items()}
    start = {s.symbol.sym: s.initial.sym for s in rule.state}
    forms: dict[tuple[str, str], Any] = {}
    for name, form in rule.closed_form().items():
        form = form.xreplace(values)
        forms["first", name] = form.subs(start).subs(t.sym, 1)
        forms["later", name] = form.subs(t.sym, _LATER + 2)
    return forms


def _is_refuted(difference: Any) -> bool:
    """Whether a difference is not zero at a point: much quicker than a proof."""
    if difference == 0:
        return False
    point = {s: sp.Rational(i + 2, 2 * i + 5) for i, s in enumerate(sorted(difference.free_symbols, key=str)) if not s.is_integer}
    sampled = difference.subs(_LATER, 3).subs(point).evalf(30)
    return bool(sampled.is_number and (not sampled.is_finite or abs(sampled) > sp.Float("1e-20", 30)))
