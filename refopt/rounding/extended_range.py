"""Arrays of numbers with 53 significant bits and an exponent range without practical end.

ErrorBounds need it: half of binary64's smallest subnormal is zero in binary64, and the square of a subnormal gradient is
2^-2100. Most elements never come near such sizes; they are computed in plain binary64 by the same code, which takes
either sort of array through the functions of this module. But for the functions of a mathematical library only + - * /
and sqrt are used, each correctly rounded by IEEE 754, so that the results are the same on every machine. Where few
elements need the long exponents, they are MPFR's numbers (`rounding.mpfr_array`), with the same bits.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from refopt.errors import NotImplementedYet
from refopt.rounding import mpfr_array
from refopt.rounding.mpfr_array import is_mpfr

Plain = NDArray[np.float64]
_ZERO = -(2**40)
_BINARY64 = np.dtype(np.float64)


class ExtendedRange:
    """value = mantissa * 2^exponent, 1/2 <= |mantissa| < 1; zero, infinity and NaN stand in the mantissa."""

    __slots__ = ("exponent", "mantissa")
    __array_priority__ = 1000.0

    def __init__(self, mantissa: Plain, exponent: NDArray[np.int64]) -> None:
        m, shift = np.frexp(mantissa)
        dead = (m == 0) | ~np.isfinite(m)
        self.mantissa: Plain = m
        self.exponent: NDArray[np.int64] = np.where(dead, np.where(m == 0, _ZERO, 0), exponent + shift)

    @classmethod
    def of_parts(cls, mantissa: Plain, exponent: NDArray[np.int64]) -> ExtendedRange:
        """From parts that are what a wide array holds already."""
        made = object.__new__(cls)
        made.mantissa, made.exponent = mantissa, exponent
        return made

    def __len__(self) -> int:
        return len(self.mantissa)

    def __getitem__(self, index: Any) -> ExtendedRange:
        return ExtendedRange.of_parts(self.mantissa[index], self.exponent[index])

    def __neg__(self) -> ExtendedRange:
        return ExtendedRange.of_parts(-self.mantissa, self.exponent)

    def __add__(self, other: Array | float) -> ExtendedRange:
        other = _wide(other)
        top = np.maximum(self.exponent, other.exponent)
        return ExtendedRange(_shifted(self, top) + _shifted(other, top), top)

    def __radd__(self, other: Array | float) -> ExtendedRange:
        return self + other

    def __sub__(self, other: Array | float) -> ExtendedRange:
        return self + (-_wide(other))

    def __rsub__(self, other: Array | float) -> ExtendedRange:
        return _wide(other) + (-self)

    def __mul__(self, other: Array | float) -> ExtendedRange:
        other = _wide(other)
        return ExtendedRange(self.mantissa * other.mantissa, self.exponent + other.exponent)

    def __rmul__(self, other: Array | float) -> ExtendedRange:
        return self * other

    def __truediv__(self, other: Array | float) -> ExtendedRange:
        other = _wide(other)
        return ExtendedRange(self.mantissa / other.mantissa, self.exponent - other.exponent)

    def __rtruediv__(self, other: Array | float) -> ExtendedRange:
        return _wide(other) / self

    def __abs__(self) -> ExtendedRange:
        return ExtendedRange.of_parts(np.abs(self.mantissa), self.exponent)

    def __pow__(self, power: Array | int) -> ExtendedRange:
        """A power that is a multiple of 1/2, the same for all numbers."""
        halves = 2 * power if isinstance(power, int) else float(as_plain(power * 2.0)[0])
        if halves != int(halves):
            raise ValueError("only multiples of 1/2 are powers of wide numbers")
        size = abs(int(halves))
        result = as_extended(np.ones(1)) if size % 2 == 0 else sqrt(self)
        square, whole = self, size // 2
        while whole:
            if whole & 1:
                result = result * square
            square, whole = square * square, whole >> 1
        return 1.0 / result if halves < 0 else result

    def __lt__(self, other: Array | float) -> NDArray[np.bool_]:
        return _less(self, _wide(other))

    def __gt__(self, other: Array | float) -> NDArray[np.bool_]:
        return _less(_wide(other), self)

    def __le__(self, other: Array | float) -> NDArray[np.bool_]:
        a, b = self, _wide(other)
        return ~_less(b, a) & ~np.isnan(a.mantissa) & ~np.isnan(b.mantissa)

    def __ge__(self, other: Array | float) -> NDArray[np.bool_]:
        return _wide(other).__le__(self)


Array = ExtendedRange | Plain
"""Either sort of array."""


def _less(a: ExtendedRange, b: ExtendedRange) -> NDArray[np.bool_]:
    """a < b by signs first, then exponents, then mantissas: exact, also for infinities."""
    sa, sb = np.sign(a.mantissa), np.sign(b.mantissa)
    infinite = np.isinf(a.mantissa) | np.isinf(b.mantissa)
    bigger = (np.abs(a.mantissa), a.exponent), (np.abs(b.mantissa), b.exponent)
    smaller_size = (bigger[0][1] < bigger[1][1]) | ((bigger[0][1] == bigger[1][1]) & (bigger[0][0] < bigger[1][0]))
    larger_size = (bigger[0][1] > bigger[1][1]) | ((bigger[0][1] == bigger[1][1]) & (bigger[0][0] > bigger[1][0]))
    same_sign = np.where(sa > 0, smaller_size, larger_size & (sa < 0))
    finite: NDArray[np.bool_] = np.where(sa != sb, sa < sb, same_sign)
    result: NDArray[np.bool_] = np.where(infinite, a.mantissa < b.mantissa, finite)
    return result & ~np.isnan(a.mantissa) & ~np.isnan(b.mantissa)


def _shifted(x: ExtendedRange, top: NDArray[np.int64]) -> Plain:
    shifted: Plain = np.ldexp(x.mantissa, np.maximum(x.exponent - top, -1100).astype(np.int32))
    return shifted


def _wide(x: Array | float) -> ExtendedRange:
    if isinstance(x, ExtendedRange):
        return x
    if is_mpfr(x):
        return ExtendedRange(*mpfr_array.parts(x))  # type: ignore[arg-type]
    values = np.asarray(x, dtype=np.float64)
    return ExtendedRange(values, np.zeros(values.shape, dtype=np.int64))


def as_extended(x: Array | float) -> ExtendedRange:
    """The same numbers as a wide array."""
    return _wide(x)


def as_long_as_needed(x: ExtendedRange) -> Any:
    """The same numbers in the sort of array that is quickest for so many."""
    return mpfr_array.from_parts(x.mantissa, x.exponent) if len(x) <= mpfr_array.MOST and mpfr_array.is_available() else x


def from_exact(values: Sequence[Any]) -> ExtendedRange:
    """A wide array of exact numbers (Fraction, int, mpmath's mpf, float), each rounded to 53 bits."""
    if all(type(x) is float for x in values):
        return _wide(np.array(values, dtype=np.float64))
    mantissas, exponents = np.empty(len(values)), np.empty(len(values), dtype=np.int64)
    for i, value in enumerate(values):
        mantissas[i], exponents[i] = _split(value)
    return ExtendedRange(mantissas, exponents)


def _split(value: Any) -> tuple[float, int]:
    """(mantissa, exponent) with value = mantissa * 2^exponent up to the rounding of the mantissa."""
    if isinstance(value, float):
        return value, 0
    raw = getattr(value, "_mpf_", None)
    if raw is not None:
        sign, mantissa, exponent, bits = raw
        if not mantissa:
            return (0.0, 0) if not exponent else (float(value), 0)
        mantissa, shift = int(mantissa), max(int(bits) - 60, 0)
        return (-1.0 if sign else 1.0) * float(mantissa >> shift | (1 if shift else 0)), int(exponent) + shift
    if isinstance(value, int | Fraction):
        over, under = int(value.numerator), int(value.denominator)
        if over == 0:
            return 0.0, 0
        shift = over.bit_length() - under.bit_length()
        return (over / (under << shift) if shift >= 0 else (over << -shift) / under), shift
    if hasattr(value, "_mpc_"):  # an edit may make a formula that takes the root of a negative scalar
        raise NotImplementedYet("no bound is derived for a scalar that is not real")
    return float(value), 0


def plain(x: ExtendedRange) -> Plain:
    """The same numbers in binary64 (what is out of range becomes 0 or infinity)."""
    return np.ldexp(x.mantissa, np.clip(x.exponent, -5000, 5000).astype(np.int32))


def as_plain(x: Any) -> Plain:
    """Any sort of array in binary64."""
    return plain(x) if isinstance(x, ExtendedRange) else x.astype(np.float64) if is_mpfr(x) else x


def like(values: Plain, model: Any) -> Any:
    """A binary64 array as the sort of array that `model` is."""
    return as_extended(values) if isinstance(model, ExtendedRange) else mpfr_array.from_plain(values) if is_mpfr(model) else values


def _are_plain(x: Any, y: Any) -> bool:
    """True where both are binary64, arrays or single numbers: the sort that most are, told in the shortest way."""
    return (type(x) is float or getattr(x, "dtype", None) is _BINARY64) and (type(y) is float or getattr(y, "dtype", None) is _BINARY64)


def maximum(x: Any, y: Any) -> Any:
    """The larger of each pair; NaN where either is NaN."""
    if _are_plain(x, y):
        return np.maximum(x, y)
    if isinstance(x, ExtendedRange) or isinstance(y, ExtendedRange):
        a, b = _both(x, y)
        return _choose((a < b) | np.isnan(b.mantissa), b, a)
    if is_mpfr(x) or is_mpfr(y):
        p, q = mpfr_array.from_plain(x), mpfr_array.from_plain(y)
        return np.where((p < q) | mpfr_array.isnan(q), q, p)
    return np.maximum(x, y)


def minimum(x: Any, y: Any) -> Any:
    """The smaller of each pair; NaN where either is NaN."""
    if _are_plain(x, y):
        return np.minimum(x, y)
    if isinstance(x, ExtendedRange) or isinstance(y, ExtendedRange):
        a, b = _both(x, y)
        return _choose((b < a) | np.isnan(b.mantissa), b, a)
    if is_mpfr(x) or is_mpfr(y):
        p, q = mpfr_array.from_plain(x), mpfr_array.from_plain(y)
        return np.where((q < p) | mpfr_array.isnan(q), q, p)
    return np.minimum(x, y)


def absolute(x: Any) -> Any:
    """The size of each number."""
    return abs(x) if isinstance(x, ExtendedRange) else np.abs(x)


def sqrt(x: Any) -> Any:
    """The square root of each number."""
    if isinstance(x, ExtendedRange):
        odd = x.exponent & 1
        return ExtendedRange(np.sqrt(np.ldexp(x.mantissa, odd.astype(np.int32))), (x.exponent - odd) >> 1)
    return mpfr_array.sqrt(x) if is_mpfr(x) else np.sqrt(x)


def cbrt(x: Any) -> Any:
    """The cube root of each number, by the mathematical library: within two units in the last place."""
    if not isinstance(x, ExtendedRange):
        return as_long_as_needed(cbrt(_wide(x))) if is_mpfr(x) else np.cbrt(x)
    thirds = x.exponent % 3
    return ExtendedRange(np.cbrt(np.ldexp(x.mantissa, thirds.astype(np.int32))), (x.exponent - thirds) // 3)


def log_of_size(x: Any) -> Plain:
    """The natural logarithm of the size of each number, in binary64."""
    with np.errstate(divide="ignore"):
        if not isinstance(x, ExtendedRange):
            return log_of_size(_wide(x)) if is_mpfr(x) else np.log(np.abs(x))
        found: Plain = np.log(np.abs(x.mantissa)) + x.exponent * math.log(2)
    return found


def where(condition: Any, x: Any, y: Any) -> Any:
    """x where the condition holds, else y."""
    if _are_plain(x, y):
        return np.where(condition, x, y)
    if isinstance(x, ExtendedRange) or isinstance(y, ExtendedRange):
        a, b = _both(x, y)
        return _choose(condition, a, b)
    if is_mpfr(x) or is_mpfr(y):
        return np.where(condition, mpfr_array.from_plain(x), mpfr_array.from_plain(y))
    return np.where(condition, x, y)


def isnan(x: Any) -> Any:
    """Mask of the numbers that are NaN."""
    return mpfr_array.isnan(x) if is_mpfr(x) else np.isnan(x.mantissa if isinstance(x, ExtendedRange) else x)


def isinf(x: Any) -> Any:
    """Mask of the numbers that are infinite."""
    return mpfr_array.isinf(x) if is_mpfr(x) else np.isinf(x.mantissa if isinstance(x, ExtendedRange) else x)


def _both(x: Any, y: Any) -> tuple[ExtendedRange, ExtendedRange]:
    a, b = _wide(x), _wide(y)
    if a.mantissa.shape != b.mantissa.shape:
        shape = np.broadcast_shapes(a.mantissa.shape, b.mantissa.shape)
        a = ExtendedRange.of_parts(np.broadcast_to(a.mantissa, shape), np.broadcast_to(a.exponent, shape))
        b = ExtendedRange.of_parts(np.broadcast_to(b.mantissa, shape), np.broadcast_to(b.exponent, shape))
    return a, b


def _choose(condition: Any, a: ExtendedRange, b: ExtendedRange) -> ExtendedRange:
    return ExtendedRange.of_parts(np.where(condition, a.mantissa, b.mantissa), np.where(condition, a.exponent, b.exponent))
