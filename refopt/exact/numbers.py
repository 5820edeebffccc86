"""Sorts of numbers in which a tree is run: mpmath (the reference), Arb balls (the certificate), decimal (the verifier).

Each is an arithmetic of the language with a precision. mpmath uses gmpy2 by itself where that is installed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from refopt.errors import RefoptError
from refopt.language.evaluate import Arithmetic


@dataclass(frozen=True)
class Numbers:
    """A sort of numbers.

    precision  a context in which its numbers carry that many decimal digits
    interval   (low, high): two fractions between which the exact value lies, as far as this sort of numbers knows
    is_ball    whether that interval is proved
    """

    name: str
    arithmetic: Arithmetic
    precision: Callable[[int], AbstractContextManager[None]]
    interval: Callable[[Any], tuple[Fraction, Fraction]]
    is_ball: bool

    def number(self, value: Fraction | int) -> Any:
        """An exact number as one of these, rounded to the precision in force."""
        return self.arithmetic.literal(value if isinstance(value, Fraction) else Fraction(value))


class Undecided(ArithmeticError):
    """A comparison of balls that overlap: more digits are needed."""


def mpmath_numbers() -> Numbers:
    """mpmath's floating-point numbers, in a context of their own (the caller's mpmath settings are left alone)."""
    global _MPMATH
    if _MPMATH is None:
        from refopt.exact.mpmath_numbers import make

        _MPMATH = make()
    return _MPMATH


def arb_numbers() -> Numbers:
    """Arb's balls from python-flint. Raises RefoptError where that is not installed."""
    global _ARB
    if _ARB is None:
        from refopt.exact.arb_numbers import make

        _ARB = make()
    return _ARB


def mpfr_numbers() -> Numbers:
    """MPFR's numbers from gmpy2. Raises RefoptError where that is not installed."""
    global _MPFR
    if _MPFR is None:
        if not has_mpfr():
            raise RefoptError("gmpy2 is not installed here", help="pip install 'refopt[certify]'")
        from refopt.exact.mpfr_numbers import make

        _MPFR = make()
    return _MPFR


def decimal_numbers() -> Numbers:
    """The standard library's decimal numbers, which share no code with the two others."""
    global _DECIMAL
    if _DECIMAL is None:
        from refopt.exact.decimal_numbers import make

        _DECIMAL = make()
    return _DECIMAL


def has_arb() -> bool:
    """True where python-flint is installed."""
    from importlib.util import find_spec

    return find_spec("flint") is not None


@cache
def has_mpfr() -> bool:
    """True where gmpy2 is installed."""
    from importlib.util import find_spec

    return find_spec("gmpy2") is not None


@contextmanager
def nothing() -> Iterator[None]:
    """A context that changes nothing."""
    yield


_MPMATH: Numbers | None = None
_ARB: Numbers | None = None
_MPFR: Numbers | None = None
_DECIMAL: Numbers | None = None
