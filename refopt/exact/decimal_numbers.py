"""The standard library's decimal numbers, with the functions that it lacks: cosine, sine, hyperbolic tangent.

`golden verify` recomputes with these what mpmath and Arb computed; nothing is shared with them but the tree.
"""

from __future__ import annotations

import decimal
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from functools import cache

from refopt.exact.numbers import Numbers
from refopt.language.evaluate import Arithmetic, ilog

GUARD = 10
"""Extra digits inside the functions below."""


def _literal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


@cache
def _pi(digits: int) -> Decimal:
    """pi to that many digits by Machin's formula, in integers."""
    unit = 10 ** (digits + GUARD)

    def arctan_of_inverse(n: int) -> int:
        power: int = unit // n
        total: int = power
        k, sign = 3, -1
        while power:
            power //= n * n
            total += sign * (power // k)
            k, sign = k + 2, -sign
        return total

    value = 4 * (4 * arctan_of_inverse(5) - arctan_of_inverse(239))
    with decimal.localcontext() as context:
        context.prec = digits + 2 * GUARD
        return Decimal(value).scaleb(-(digits + GUARD))


def pi() -> Decimal:
    """pi in the precision in force."""
    return +_pi(decimal.getcontext().prec)


def _alternating(x: Decimal, first: Decimal, k: int) -> Decimal:
    """first*(1 - x^2/((k+1)(k+2)) + ...), the common series of sine and cosine."""
    total = term = first
    square = x * x
    stop = Decimal(10) ** -(decimal.getcontext().prec + GUARD)
    while abs(term) > stop:
        term = -term * square / ((k + 1) * (k + 2))
        total += term
        k += 2
    return total


def cos(x: Decimal) -> Decimal:
    """The cosine, by reduction to [-pi, pi] and its series."""
    with decimal.localcontext() as context:
        context.prec += GUARD + max(0, x.adjusted())
        turn = 2 * pi()
        reduced = x - turn * (x / turn).to_integral_value()
        result = _alternating(reduced, Decimal(1), 0)
    return +result


def sin(x: Decimal) -> Decimal:
    """The sine, by reduction to [-pi, pi] and its series."""
    with decimal.localcontext() as context:
        context.prec += GUARD + max(0, x.adjusted())
        turn = 2 * pi()
        reduced = x - turn * (x / turn).to_integral_value()
        result = _alternating(reduced, reduced, 1)
    return +result


def tanh(x: Decimal) -> Decimal:
    """The hyperbolic tangent; small arguments get the digits that 1 - exp(-2x) loses."""
    if x == 0:
        return Decimal(0)
    with decimal.localcontext() as context:
        context.prec += GUARD + max(0, -x.adjusted())
        e = (-2 * abs(x)).exp()
        result = (1 - e) / (1 + e)
    return +result if x > 0 else -result


def cbrt(x: Decimal) -> Decimal:
    """The real cube root, as a power with guard digits."""
    if x == 0:
        return Decimal(0)
    with decimal.localcontext() as context:
        context.prec += GUARD
        result = abs(x) ** (Decimal(1) / 3)
    return +result if x > 0 else -result


def _power(x: Decimal, y: Decimal | int) -> Decimal:
    if isinstance(y, int) and y == 0:
        return Decimal(1)
    return x**y


ARITHMETIC = Arithmetic(
    "decimal", _literal, pi,
    {
        "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y, "div": lambda x, y: x / y,
        "neg": lambda x: -x, "pow": _power, "square": lambda x: x * x, "sqrt": lambda x: x.sqrt(), "abs": abs,
        "sign": lambda x: Decimal((x > 0) - (x < 0)), "max": max, "min": min,
        "floor": lambda x: x.to_integral_value(rounding=decimal.ROUND_FLOOR), "exp": lambda x: x.exp(), "log": lambda x: x.ln(),
        "cos": cos, "sin": sin, "tanh": tanh, "cbrt": cbrt,
        "ilog": lambda x, y: Decimal(ilog(Fraction(x), Fraction(y))),
        "lt": lambda x, y: x < y, "le": lambda x, y: x <= y, "gt": lambda x, y: x > y, "ge": lambda x, y: x >= y,
        "eq": lambda x, y: x == y, "and": lambda x, y: x and y, "or": lambda x, y: x or y, "cast": lambda x: x,
    },
)  # fmt: skip


@contextmanager
def _precision(digits: int) -> Iterator[None]:
    with decimal.localcontext() as context:
        context.prec = digits
        context.Emax, context.Emin = decimal.MAX_EMAX, decimal.MIN_EMIN
        context.rounding = decimal.ROUND_HALF_EVEN
        yield


def _interval(x: Decimal) -> tuple[Fraction, Fraction]:
    exact = Fraction(x)
    return exact, exact


def make() -> Numbers:
    """The decimal numbers."""
    return Numbers("decimal", ARITHMETIC, _precision, _interval, False)
