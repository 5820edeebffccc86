"""Numbers of a source as trees: a constant as it is written, and a power."""

from __future__ import annotations

import math
from fractions import Fraction

from refopt.language.expression import Expression, literal, operation, pi
from refopt.lifting.obstacle import Obstacle
from refopt.lifting.unreadable import CannotRead

HIGHEST = 4096
"""The highest constant power of a symbol that is followed: algebra with one as high as this takes seconds."""


LONG, SMALL = 16, 100
"""The fewest digits of a number that nobody writes as a decimal, and the largest divisor of a quotient that it may be."""


def constant(value: float | int | Fraction) -> Expression:
    """A number of the source as it is written: 0.1 means one tenth, not the binary number next to it, 1/3 one third, and math.pi the circle's."""
    if isinstance(value, float):
        value = float(value)  # NumPy's is written in other words
        if not math.isfinite(value):
            raise CannotRead(Obstacle.CONSTANT_IS_NO_NUMBER, value)
        if value == math.pi:
            return pi
        return literal(int(value) if value.is_integer() and abs(value) < 2**53 else _written(value))
    return literal(value)


def _written(value: float) -> Fraction:
    """The decimal of a number; of so many digits the quotient of small whole numbers that is rounded to it, where there is one."""
    decimal = Fraction(repr(value))
    digits = len(repr(value).partition("e")[0].replace(".", "").strip("-0"))
    quotient = decimal.limit_denominator(SMALL)
    return quotient if digits >= LONG and float(quotient) == value else decimal


def power(base: Expression, exponent: Expression) -> Expression:
    """base to the exponent: a root where that is one half, or one third of what is not negative, a square where it is two."""
    if exponent.value == Fraction(1, 2):
        return operation("sqrt", base)
    if exponent.value == Fraction(1, 3) and base.sym.is_nonnegative:
        return operation("cbrt", base)
    if exponent.value is not None and base.value is None and abs(exponent.value) > HIGHEST:
        raise CannotRead(Obstacle.HIGH_POWER, exponent.value)
    return operation("square", base) if exponent.value == 2 else operation("pow", base, exponent)
