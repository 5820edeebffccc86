"""Runs of edited rules, of which a build makes thousands, in the quickest numbers that are here: MPFR's where gmpy2 is installed, else mpmath's.

What MPFR has no number for (0/0, the root of a negative number) is run again in mpmath, whose word counts: the fate of an edit
does not depend on what is installed. Both compute to 60 digits, and a difference is told with 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeVar

from refopt.exact.numbers import Numbers, has_mpfr, mpfr_numbers, mpmath_numbers
from refopt.golden.model import Row
from refopt.language.evaluate import binary64

T = TypeVar("T")
BROKEN = (ArithmeticError, TypeError, ValueError, AttributeError)
"""Errors that a mutant without a value raises."""


def in_quick_numbers(work: Callable[[Numbers], T]) -> T:
    """The answer of `work` in the quickest numbers. Raises one of BROKEN where there is no value in mpmath's numbers either."""
    if has_mpfr():
        try:
            return work(mpfr_numbers())
        except BROKEN:
            pass  # mpmath goes on with complex numbers where MPFR stops: what a choice then leaves aside has no say
    return work(mpmath_numbers())


def exact(values: Iterable[Any], numbers: Numbers) -> list[Fraction]:
    """The exact values of numbers, as the rationals that are quickest to compare. Raises one of BROKEN for NaN and infinity."""
    if numbers.name == "mpfr":
        from gmpy2 import mpq

        return [mpq(x) for x in values]
    return [numbers.interval(x)[0] for x in values]


@lru_cache(maxsize=2**16)
def in_file(text: str) -> Fraction:
    """A number of a golden file from its text: each is compared with many edits."""
    if not has_mpfr():
        return Fraction(text)
    from gmpy2 import mpq

    return mpq(text)  # type: ignore[no-any-return]


def as_fraction(x: Fraction) -> Fraction:
    """A rational of `exact` or `in_file` as Python's own."""
    return Fraction(int(x.numerator), int(x.denominator))


@lru_cache(maxsize=4096)
def sent(row: Row) -> Sequence[Fraction]:
    """The binary64 numbers that a row of a case sends: the same ones go into the run of each edit."""
    return tuple(binary64(x) for x in row)
