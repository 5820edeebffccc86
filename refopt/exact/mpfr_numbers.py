"""MPFR's numbers from gmpy2, without mpmath between: the fastest exact runs that Python has. Edits of rules are run in them; not the reference.

What has no value raises, as in mpmath: no NaN and no infinity comes out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import gmpy2
from mpmath.libmp import dps_to_prec, from_man_exp

from refopt.exact.mpmath_numbers import MP
from refopt.exact.numbers import Numbers
from refopt.language.evaluate import Arithmetic, ilog


def _literal(value: Fraction) -> Any:
    return gmpy2.mpfr(value.numerator) / value.denominator if value.denominator != 1 else gmpy2.mpfr(value.numerator)


ARITHMETIC = Arithmetic(
    "mpfr", _literal, gmpy2.const_pi,
    {
        "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y, "div": lambda x, y: x / y,
        "neg": lambda x: -x, "pow": lambda x, y: x**y, "square": lambda x: x * x, "sqrt": gmpy2.sqrt, "abs": abs,
        "sign": lambda x: gmpy2.mpfr(gmpy2.sign(x)), "max": max, "min": min, "floor": gmpy2.floor, "exp": gmpy2.exp, "log": gmpy2.log,
        "cos": gmpy2.cos, "sin": gmpy2.sin, "tanh": gmpy2.tanh, "cbrt": gmpy2.cbrt,
        "ilog": lambda x, y: gmpy2.mpfr(ilog(*(Fraction(*map(int, a.as_integer_ratio())) for a in (x, y)))),
        "lt": lambda x, y: x < y, "le": lambda x, y: x <= y, "gt": lambda x, y: x > y, "ge": lambda x, y: x >= y,
        "eq": lambda x, y: x == y, "and": lambda x, y: x and y, "or": lambda x, y: x or y, "cast": lambda x: x,
    },
)  # fmt: skip


@contextmanager
def _precision(digits: int) -> Iterator[None]:
    # what has no value raises, as mpmath does: max(NaN, x) would be a number again
    context = gmpy2.context(
        precision=dps_to_prec(digits), emax=gmpy2.get_emax_max(), emin=gmpy2.get_emin_min(),
        trap_divzero=True, trap_invalid=True, trap_overflow=True, trap_underflow=True,
    )  # fmt: skip
    with context:
        yield


def _interval(x: Any) -> tuple[Fraction, Fraction]:
    exact = Fraction(*map(int, x.as_integer_ratio()))
    return exact, exact


_ZERO = gmpy2.mpfr(0)


def binary64(x: float) -> Any:
    """A finite binary64 number as MPFR's, exactly at 53 bits and more; a sum with zero, since `gmpy2.mpfr(x)` takes ten times as long."""
    return _ZERO + x


def as_mpmath(x: Any) -> Any:
    """A finite number as mpmath's of the same value; what is none of MPFR's stays as it is."""
    return MP.make_mpf(from_man_exp(*x.as_mantissa_exp())) if isinstance(x, gmpy2.mpfr) else x


def make() -> Numbers:
    """MPFR's numbers. Raises ImportError where gmpy2 is not installed."""
    return Numbers("mpfr", ARITHMETIC, _precision, _interval, False)
