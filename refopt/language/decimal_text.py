"""Exact numbers as decimal text, in the one grammar that files and screens share.

`-?d+(.d+)?(e-?dd+)?`: no trailing zeros, an exponent of two digits or more below 1e-5 and from 1e21 on, zero is `0`.
"""

from __future__ import annotations

from fractions import Fraction


def decimal_exponent(x: Fraction) -> int:
    """floor(log10(x)) of a positive fraction."""
    guess = ((x.numerator.bit_length() - x.denominator.bit_length()) * 30103) // 100000 - 1
    while _reaches(x, guess + 1):
        guess += 1
    while not _reaches(x, guess):
        guess -= 1
    return guess


def _reaches(x: Fraction, exponent: int) -> bool:
    """True where x >= 10^exponent: in integers, without a fraction of its own."""
    return bool(x.numerator >= x.denominator * 10**exponent if exponent >= 0 else x.numerator * 10**-exponent >= x.denominator)


def decimal_text(n: int, e: int) -> str:
    """n * 10^e in decimal."""
    if n == 0:
        return "0"
    sign, figures = ("-" if n < 0 else ""), str(abs(n))
    stripped = figures.rstrip("0")
    e += len(figures) - len(stripped)
    point = len(stripped) + e
    if -5 < point <= 21:
        if e >= 0:
            return sign + stripped + "0" * e
        if point > 0:
            return f"{sign}{stripped[:point]}.{stripped[point:]}"
        return f"{sign}0.{'0' * -point}{stripped}"
    mantissa = stripped[0] + ("." + stripped[1:] if len(stripped) > 1 else "")
    power = point - 1
    return f"{sign}{mantissa}e{'-' if power < 0 else ''}{abs(power):02d}"
