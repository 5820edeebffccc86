"""Signs: a formula is positive when, each letter written as a function of u > 0 that runs through its interval, every coefficient is.

Squares are not negative, and a sum has the sign that all its terms have.

Sound and not complete: what it cannot decide is refused, never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from refopt.derivation.symbol import Letter, parametrized


def sign(expression: Any, letters: Sequence[Letter], known: Mapping[Any, tuple[Any, Any]] | None = None) -> int | None:
    """2 if positive everywhere, 1 if nowhere negative, 0 if zero, -1, -2 the other way round, None if not decided.

    known  sub-expressions with bounds that hold for them, as open intervals: {cos(omega): (-1, 1)}
    """
    from refopt.derivation.symbol import letter

    expression = sp.sympify(expression)
    every = list(letters)
    for i, (part, (low, high)) in enumerate((known or {}).items()):
        one = letter(f"known{i}", low, high)
        expression = expression.xreplace({part: one.symbol})
        every.append(one)
    for one in reversed(every):
        written = parametrized(one)
        if written is not None:
            expression = expression.xreplace({one.symbol: written[0]})
    found = _of_terms(expression)
    if found is not None and abs(found) == 2 and any(x.low_closed and x.high_closed for x in every):
        return found // 2  # one end of a closed interval is not reached by its parameter
    return found


def _of_terms(x: Any) -> int | None:
    """The sign of a formula: of one fraction, else term by term where all have the same."""
    top, bottom = sp.fraction(sp.together(x))
    above, below = _of_polynomial(top), _of_polynomial(bottom)
    if above is not None and below is not None and abs(below) == 2:
        return above if below > 0 else -above
    if x.is_Pow and x.exp.is_Integer and x.exp % 2 == 0 and x.base.is_real:
        return 1
    if x.is_Mul:
        outcome = 2
        for one in (_of_terms(f) for f in x.args):
            if one is None:
                return None
            outcome = min(abs(outcome), abs(one)) * (1 if (outcome > 0) == (one > 0) else -1)
        return outcome
    if x.is_Add:
        signs = [_of_terms(a) for a in x.args]
        if any(s is None for s in signs):
            return None
        some = [s for s in signs if s]
        if all(s > 0 for s in some) or all(s < 0 for s in some):
            return max(some, key=abs, default=0)
    return None


def _of_polynomial(p: Any) -> int | None:
    """The sign of a product of polynomials in symbols of known sign."""
    if p.is_zero:
        return 0
    if p.is_number:
        return 2 if p.is_positive else -2 if p.is_negative else None
    generators = sorted(p.free_symbols, key=str)
    try:
        coefficient, factors = sp.factor_list(p, *generators)
    except sp.PolynomialError:
        return None
    outcome = 2 if coefficient > 0 else -2
    for factor, power in factors:
        one = _of_factor(sp.Poly(factor, *generators))
        if one is None:
            if power % 2:
                return None
            one = 1
        elif power % 2 == 0:
            one = abs(one)
        size = min(abs(outcome), abs(one))
        outcome = size if (outcome > 0) == (one > 0) else -size
    return outcome


def _of_factor(poly: Any) -> int | None:
    """The sign of a polynomial from its coefficients alone."""
    signs, strict = set(), False
    for monomial, coefficient in poly.terms():
        symbols = [(g, n) for g, n in zip(poly.gens, monomial, strict=True) if n]
        if any(n % 2 and not g.is_nonnegative for g, n in symbols):
            return None
        if not coefficient.is_number or coefficient.is_real is False:
            return None
        signs.add(bool(coefficient > 0))
        strict = strict or all(g.is_positive or g.is_nonzero for g, _ in symbols)
    if len(signs) != 1:
        return None
    return (2 if strict else 1) * (1 if signs.pop() else -1)
