"""Numbers in the grammar of the golden files: 40 significant digits, correctly rounded; shorter means exact."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from refopt.errors import RefoptError
from refopt.language.decimal_text import decimal_exponent, decimal_text

SIGNIFICANT = 40
"""Digits of an expected value."""
GRAMMAR = re.compile(r"-?\d+(\.\d+)?(e-?\d\d+)?")


def digits(x: Fraction, significant: int = SIGNIFICANT) -> str:
    """x in decimal, rounded to that many significant digits (ties to even); no trailing zeros."""
    if x == 0:
        return "0"
    size = abs(x)
    exponent = decimal_exponent(size)
    shift = significant - 1 - exponent
    scaled = size * 10**shift if shift >= 0 else size / 10**-shift
    n = round(scaled)
    return decimal_text(-n if x < 0 else n, -shift)


def rounded_away(text: str) -> str:
    """The most that `digits` may have rounded away from what it printed so: half a unit of the last of SIGNIFICANT digits; 0 where nothing.

    A text of few figures is exact. One a little shorter than SIGNIFICANT may have lost zeros at its end, so that it counts as rounded.
    """
    x = parse(text)
    figures = text.partition("e")[0].replace("-", "").replace(".", "").lstrip("0")
    if len(figures) <= SIGNIFICANT - 10:
        return "0"
    return decimal_text(5, decimal_exponent(abs(x)) - SIGNIFICANT)


def shortest(x: float) -> str:
    """The shortest decimal that denotes a binary64 number, in the grammar of the golden files."""
    sign, figures, exponent = Decimal(repr(float(x))).as_tuple()
    n = int("".join(map(str, figures)))
    assert isinstance(exponent, int)
    return decimal_text(-n if sign else n, exponent)


def shortest_between(low: Fraction, high: Fraction) -> str:
    """The decimal with the fewest digits in an interval that does not hold zero: 1.0001 for [1.00009999, 1.00010001]."""
    middle = (low + high) / 2
    for significant in range(1, SIGNIFICANT):
        text = digits(middle, significant)
        if low <= Fraction(text) <= high:
            return text
    return digits(middle)


def parse(text: str) -> Fraction:
    """The exact number that a decimal string of the grammar denotes. Raises RefoptError for anything else."""
    if not GRAMMAR.fullmatch(text):
        raise RefoptError(f"{text!r} is not a number of the golden files", help="write -?d+(.d+)?(e-?dd+)?, say 0.001 or 2.5e-08")
    return Fraction(text)
