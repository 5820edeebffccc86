"""Equality of two rules with the hyperparameters in force (dampening = 0, say)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from itertools import cycle
from typing import Any

from refopt.exact.mpmath_numbers import MP
from refopt.exact.numbers import mpmath_numbers
from refopt.exact.run import open_loop
from refopt.language.evaluate import evaluate, rational
from refopt.language.expression import Expression, Kind, t
from refopt.language.hyper import Hyper
from refopt.language.reductions import closed_form, has_reductions, starts
from refopt.language.rule import Rule

DIGITS = 50
_PROVED: dict[tuple[Any, ...], bool] = {}
"""Decisions made before: every format asks again."""


def same_formula(a: Rule, b: Rule, in_force_a: Sequence[Mapping[str, Fraction]], in_force_b: Sequence[Mapping[str, Fraction]]) -> bool:
    """True where both give the same theta, and the same state where both have it, proved with SymPy.

    Hyperparameters that only one of them has, and those that are zero throughout, stand at their values; all others
    stay symbols. The first update starts from the initial state, later ones from any.
    """
    apart = set(a.hyper_names) ^ set(b.hyper_names)
    fixed_a, fixed_b = (_fixed(rule, hypers, apart) for rule, hypers in ((a, in_force_a), (b, in_force_b)))
    if fixed_a is None or fixed_b is None:
        return False
    key = (a.fingerprint, b.fingerprint, *(tuple(sorted(fixed.items())) for fixed in (fixed_a, fixed_b)))
    if key not in _PROVED:
        _PROVED[key] = not _differ_at_a_point(a, b, fixed_a, fixed_b) and _is_proved(a, b, fixed_a, fixed_b)
    return _PROVED[key]


@cache
def _later() -> Any:
    """The symbol of an update after the second."""
    import sympy as sp

    return sp.Symbol("n", integer=True, nonnegative=True)


def _is_proved(a: Rule, b: Rule, fixed_a: Mapping[str, Fraction], fixed_b: Mapping[str, Fraction]) -> bool:
    import sympy as sp  # a glance at numbers mostly decides: then it is not needed

    alike = _as_one(a, b)
    first, second = ({name: form.xreplace(alike) for name, form in _forms(rule, fixed).items()} for rule, fixed in ((a, fixed_a), (b, fixed_b)))
    differences = [first[name] - second[name] for name in first if name in second]
    return not any(_is_refuted(x) for x in differences) and all(x == 0 or sp.simplify(x) == 0 for x in differences)


def _as_one(a: Rule, b: Rule) -> dict[Any, Any]:
    """One symbol for both of each hyperparameter that both have: the positive one where there is one, as it is wherever both formulas are defined."""
    of_a, of_b = ({h.name: h.symbol for h in rule.hyper} for rule in (a, b))
    pairs = [(of_a[name], of_b[name]) for name in of_a if name in of_b and of_a[name].sym != of_b[name].sym]
    return {s.sym: (x if x.sign == "positive" else y).sym for x, y in pairs for s in (x, y)}


def _differ_at_a_point(a: Rule, b: Rule, fixed_a: Mapping[str, Fraction], fixed_b: Mapping[str, Fraction]) -> bool:
    """True where two runs from one point part: a quick look, in 50 digits, that spares most of the algebra.

    Only what both have is compared, and only where all values exist; whatever this leaves open is SymPy's to decide.
    """
    hyper = [*a.hyper, *b.hyper]
    return any(_part_from(a, b, {**point, **fixed_a}, {**point, **fixed_b}, updates) for point, updates in ((_point(hyper), 2), (_usual(hyper), LATE)))


LATE = 12
"""Updates from usual values: a rule whose average is too short at first (RAdam) takes them another way."""


def _part_from(a: Rule, b: Rule, hyper_a: Mapping[str, Fraction], hyper_b: Mapping[str, Fraction], updates: int) -> bool:
    runs = [_run(rule, hyper, updates) for rule, hyper in ((a, hyper_a), (b, hyper_b))]
    if runs[0] is None or runs[1] is None:
        return False
    with mpmath_numbers().precision(DIGITS):
        return any(abs(x - other[name]) > CLEARLY * (abs(x) + 1) for one, other in zip(*runs, strict=True) for name, x in one.items() if name in other)


CLEARLY = Fraction(1, 10**20)
"""Two values of 50 digits that are formed in some dozens of operations and differ by this share are different numbers."""


def _point(hyper: Sequence[Hyper]) -> dict[str, Fraction]:
    """A value for every hyperparameter, all different ones, between 0 and 1; whole numbers for counts of steps."""
    names = sorted({h.name: h.symbol.kind for h in hyper}.items())
    return {name: Fraction(i + 2) if kind is Kind.INTEGER else Fraction(i + 2, 2 * i + 5) for i, (name, kind) in enumerate(names)}


def _usual(hyper: Sequence[Hyper]) -> dict[str, Fraction]:
    """A value for every hyperparameter: its default, or where that is 0 and switches a term off, a usual one."""
    return {h.name: Fraction(h.default) or Fraction(h.samples.dyadic or 0) for h in hyper}


def _run(rule: Rule, hyper: Mapping[str, Fraction], updates: int) -> list[dict[str, Any]] | None:
    """theta and the state after each of some updates; None where some value does not exist."""
    if has_reductions(rule):
        return _run_of_several(rule, hyper, updates)
    numbers = mpmath_numbers()
    theta, found = Fraction(3, 7), list[dict[str, Any]]()

    def value(symbol: Expression, node: Expression) -> Any:
        # a count stays a whole number: it may be an exponent, or decide a branch
        return int(rational(node, known)) if symbol.kind is Kind.INTEGER else evaluate(node, known, numbers.arithmetic)

    with numbers.precision(DIGITS):
        known = {h.name: int(hyper[h.name]) if h.symbol.kind is Kind.INTEGER else numbers.number(hyper[h.name]) for h in rule.hyper}
        known["theta"] = numbers.number(theta)
        try:
            for state in rule.state:
                known[state.name] = value(state.symbol, state.initial)
            for step, gradient in zip(range(1, updates + 1), cycle((Fraction(5, 9), Fraction(-4, 11)))):
                known |= {"t": step, "g": numbers.number(gradient)}
                known |= {name: numbers.number(Fraction((-1) ** (step // 2) * (2 * i + 3), step + 4)) for i, name in enumerate(rule.input_names)}
                for let in rule.steps:
                    known[let.name] = value(let.symbol, let.value)
                found.append({name: known[name] for name in ("theta", *rule.state_names)})
        except (ArithmeticError, ValueError, TypeError):
            return None
    return found if all(MP.isfinite(x) for row in found for x in row.values()) else None


SEVERAL = (Fraction(3, 7), Fraction(-5, 8), Fraction(2, 9))
"""A tensor of several elements, for rules that reduce over it."""


def _run_of_several(rule: Rule, hyper: Mapping[str, Fraction], updates: int) -> list[dict[str, Any]] | None:
    """theta and the state of the first element of a tensor of several after each of some updates; None where some value does not exist."""
    gradients = [[x * Fraction(i % 5 + 3, 7) * (-1) ** i for x in SEVERAL[::-1]] for i in range(updates)]
    try:
        run = open_loop(rule, hyper={n: hyper[n] for n in rule.hyper_names}, theta0=SEVERAL, gradients=gradients, digits=DIGITS)
    except (ArithmeticError, ValueError, TypeError):
        return None
    found = [{"theta": step.theta[0], **{n: x[0] for n, x in step.state.items()}} for step in run]
    return found if all(MP.isfinite(x) for row in found for x in row.values()) else None


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
    import sympy as sp

    symbols = {h.name: h.symbol.sym for h in rule.hyper}
    values = {symbols[name]: sp.Rational(x.numerator, x.denominator) for name, x in fixed.items()}
    start = starts(rule)
    forms: dict[tuple[str, str], Any] = {}
    for name, form in closed_form(rule).items():
        form = form.xreplace(values)
        forms["first", name] = form.subs(start).subs(t.sym, 1)
        forms["later", name] = form.subs(t.sym, _later() + 2)
    return forms


def _is_refuted(difference: Any) -> bool:
    """True where a difference is not zero at a point: much quicker than a proof."""
    import sympy as sp

    if difference == 0:
        return False
    point = {s: sp.Rational(i + 2, 2 * i + 5) for i, s in enumerate(sorted(difference.free_symbols, key=str)) if not s.is_integer}
    sampled = difference.subs(_later(), 3).subs(point).evalf(30)
    return bool(sampled.is_number and (not sampled.is_finite or abs(sampled) > sp.Float("1e-20", 30)))
