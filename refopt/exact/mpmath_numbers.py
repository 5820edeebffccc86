"""mpmath's numbers: the reference engine of exact runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

from mpmath import MPContext
from mpmath.libmp import from_man_exp

from refopt.exact.numbers import Numbers
from refopt.language.evaluate import Arithmetic, ilog

MP = MPContext()
"""The context of exact runs."""


def _literal(value: Fraction) -> Any:
    """A binary number is rounded once; any other is numerator by denominator."""
    bottom = value.denominator
    if bottom & (bottom - 1) == 0:
        return MP.make_mpf(from_man_exp(value.numerator, 1 - bottom.bit_length(), *MP._prec_rounding))
    return MP.mpf(value.numerator) / bottom


def to_fraction(x: Any) -> Fraction:
    """The exact value of an mpf."""
    sign, mantissa, exponent, _ = x._mpf_
    size = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    return -size if sign else size


ARITHMETIC = Arithmetic(
    "mpmath", _literal, lambda: +MP.pi,
    {
        "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y, "div": lambda x, y: x / y,
        "neg": lambda x: -x, "pow": lambda x, y: x**y, "square": lambda x: x * x, "sqrt": MP.sqrt, "abs": abs, "sign": MP.sign,
        "max": max, "min": min, "floor": MP.floor, "exp": MP.exp, "log": MP.log, "cos": MP.cos, "sin": MP.sin, "tanh": MP.tanh,
        "ilog": lambda x, y: MP.mpf(ilog(to_fraction(x), to_fraction(y))),
        "cbrt": lambda x: -MP.cbrt(-x) if x < 0 else MP.cbrt(x),
        "lt": lambda x, y: bool(x < y), "le": lambda x, y: bool(x <= y), "gt": lambda x, y: bool(x > y), "ge": lambda x, y: bool(x >= y),
        "eq": lambda x, y: bool(x == y), "and": lambda x, y: x and y, "or": lambda x, y: x or y, "cast": lambda x: x,
    },
)  # fmt: skip


@contextmanager
def _precision(digits: int) -> Iterator[None]:
    before = MP.dps
    MP.dps = digits
    try:
        yield
    finally:
        MP.dps = before


def _interval(x: Any) -> tuple[Fraction, Fraction]:
    exact = to_fraction(x)
    return exact, exact


def make() -> Numbers:
    """mpmath's numbers."""
    return Numbers("mpmath", ARITHMETIC, _precision, _interval, False)
