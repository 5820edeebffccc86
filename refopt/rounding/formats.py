"""Binary floating-point formats: what each can represent, and the constants that bounds are made of."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from refopt.errors import unknown_name


@dataclass(frozen=True)
class Format:
    """A binary format with `precision` significant bits and exponents from `emin` to `emax` (of normal numbers 1.x * 2^e)."""

    name: str
    precision: int
    emin: int
    emax: int

    @cached_property
    def u(self) -> Fraction:
        """Unit roundoff: the largest relative error of rounding to nearest."""
        return Fraction(1, 2**self.precision)

    @cached_property
    def smallest_normal(self) -> Fraction:
        """Below it numbers have fewer significant bits."""
        return _power_of_two(self.emin)

    @cached_property
    def smallest_subnormal(self) -> Fraction:
        """The smallest positive number; half of it is the largest error of rounding below `smallest_normal`."""
        return _power_of_two(self.emin - self.precision + 1)

    @cached_property
    def largest(self) -> Fraction:
        """The largest finite number."""
        return (2 - _power_of_two(1 - self.precision)) * _power_of_two(self.emax)

    @property
    def dtype(self) -> Any:
        """The NumPy dtype (bfloat16 from ml_dtypes)."""
        import numpy as np

        if self.name == "bfloat16":
            import ml_dtypes

            return np.dtype(ml_dtypes.bfloat16)
        return np.dtype(self.name)

    def round(self, x: Fraction) -> Fraction | None:
        """x rounded to nearest, ties to even; None where that overflows."""
        if x == 0:
            return Fraction(0)
        exponent = max(_exponent(abs(x)), self.emin)
        step = _power_of_two(exponent - self.precision + 1)
        rounded = Fraction(round(x / step)) * step
        return None if abs(rounded) > self.largest else rounded

    def represents(self, x: Fraction) -> bool:
        """True where x is a number of this format."""
        return self.round(x) == x


def _power_of_two(e: int) -> Fraction:
    return Fraction(2**e) if e >= 0 else Fraction(1, 2**-e)


def _exponent(x: Fraction) -> int:
    """floor(log2(x)) of a positive fraction."""
    e = x.numerator.bit_length() - x.denominator.bit_length()
    return e if _power_of_two(e) <= x else e - 1


FLOAT64 = Format("float64", 53, -1022, 1023)
FLOAT32 = Format("float32", 24, -126, 127)
BFLOAT16 = Format("bfloat16", 8, -126, 127)
FLOAT16 = Format("float16", 11, -14, 15)

FORMATS: dict[str, Format] = {f.name: f for f in (FLOAT64, FLOAT32, BFLOAT16, FLOAT16)}
"""All formats, widest first."""


def number_format(name: str) -> Format:
    """The format of that name. Raises UnknownName, with the nearest name suggested."""
    if name not in FORMATS:
        raise unknown_name("number format", name, tuple(FORMATS))
    return FORMATS[name]
