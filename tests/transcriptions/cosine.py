"""Pi and the cosine to the precision of the decimal context."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, getcontext, localcontext

GUARD_DIGITS = 10


def pi() -> Decimal:
    """Machin 1706: pi = 16 arctan(1/5) - 4 arctan(1/239)."""
    with localcontext() as context:
        context.prec += GUARD_DIGITS
        value = 16 * arctan_of_inverse(5) - 4 * arctan_of_inverse(239)
    return +value


def cosine(x: Decimal) -> Decimal:
    """Cos x = 1 - x^2/2! + x^4/4! - ..., after multiples of 2 pi are taken away: x is then at most pi.

    The error is about one unit in the last digit of 1, so cosines near zero have fewer digits right.
    """
    with localcontext() as context:
        context.prec += GUARD_DIGITS + max(0, x.adjusted())
        turn = 2 * pi()
        x = x - turn * (x / turn).to_integral_value(ROUND_HALF_EVEN)
        smallest = Decimal(10) ** -context.prec
        total = term = Decimal(1)
        n = 0
        while abs(term) > smallest:
            n += 2
            term = -term * x * x / ((n - 1) * n)
            total += term
    return +total


def arctan_of_inverse(n: int) -> Decimal:
    """Gregory 1671: arctan(1/n) = 1/n - 1/(3 n^3) + 1/(5 n^5) - ..."""
    smallest = Decimal(10) ** -(getcontext().prec + 1)
    power = total = 1 / Decimal(n)
    odd = 1
    while abs(power) > smallest:
        power = -power / (n * n)
        odd += 2
        total += power / odd
    return total
