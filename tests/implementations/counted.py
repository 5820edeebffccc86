"""Numbers that count the roundings on their way: a value in long double, and how far any way of writing it can be off, in unit roundoffs.

Each operation adds one rounding of its result, a sum one of all its terms with positive signs, to what its operands bring along.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

Value: TypeAlias = Any
"""A long double, or an array of them."""


@dataclass(frozen=True, eq=False)
class Counted:
    """A value, and the sum of the roundings that it went through, each as large as what was rounded."""

    value: Value
    error: Value

    def __add__(self, other: Any) -> Counted:
        b = exact(other)
        return Counted(self.value + b.value, self.error + b.error + abs(self.value) + abs(b.value))

    def __neg__(self) -> Counted:
        return Counted(-self.value, self.error)

    def __sub__(self, other: Any) -> Counted:
        return self + -exact(other)

    def __mul__(self, other: Any) -> Counted:
        b = exact(other)
        product = self.value * b.value
        return Counted(product, abs(self.value) * b.error + abs(b.value) * self.error + abs(product))

    def __truediv__(self, other: Any) -> Counted:
        b = exact(other)
        quotient = self.value / b.value
        return Counted(quotient, (self.error + abs(quotient) * b.error) / abs(b.value) + abs(quotient))

    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, other: Any) -> Counted:
        return exact(other) - self

    def __rtruediv__(self, other: Any) -> Counted:
        return exact(other) / self


def exact(value: Any) -> Counted:
    """A number that is known as it is."""
    return value if isinstance(value, Counted) else Counted(np.asarray(value, dtype=np.longdouble), np.zeros_like(np.asarray(value, dtype=np.longdouble)))


def stored(value: Any) -> Counted:
    """A number that is rounded to the format first."""
    return Counted(np.longdouble(value), abs(np.longdouble(value)))


def power(base: float, exponent: int) -> Counted:
    """A rounding for each factor, or the two of a library's power."""
    value = np.longdouble(base) ** exponent
    return Counted(value, max(exponent, 2) * value)


def root(x: Counted) -> Counted:
    """The square root."""
    value = np.sqrt(x.value)
    brought = np.divide(x.error, 2 * value, out=np.zeros_like(np.asarray(value + x.error)), where=np.asarray(value != 0))
    return Counted(value, brought + value)


def size(x: Counted) -> Counted:
    """The absolute value."""
    return Counted(abs(x.value), x.error)


def larger(a: Counted, b: Counted) -> Counted:
    """The larger of two: as far off as either is."""
    return Counted(np.maximum(a.value, b.value), np.maximum(a.error, b.error))


def sign(x: Counted, at_zero: float = 0.0) -> Counted:
    """1, -1, or what stands for the sign of zero."""
    value = np.where(x.value == 0, np.longdouble(at_zero), np.sign(x.value))
    return Counted(value, np.zeros_like(value))


def chosen(signs: Any, positive: Counted, negative: Counted, zero: Counted) -> Counted:
    """One of three, element by element, by signs that are known."""
    values, errors = zip(*((x.value, x.error) for x in (positive, negative, zero)), strict=True)
    value, error = (np.where(signs > 0, a, np.where(signs < 0, b, c)) for a, b, c in (values, errors))
    return Counted(value, error)


def cube_root(x: Counted) -> Counted:
    """The cube root: four units of a library's function, and of the exponent a third of those of a logarithm, a division and a rounded third."""
    value = np.cbrt(x.value)
    logarithm = abs(np.log(abs(x.value), out=np.zeros_like(np.asarray(value)), where=np.asarray(value != 0)))
    brought = np.divide(x.error, 3 * value * value, out=np.zeros_like(np.asarray(value + x.error)), where=np.asarray(value != 0))
    return Counted(value, brought + (4 + (4 + 1 + 0.5) / 3 * logarithm) * abs(value))
