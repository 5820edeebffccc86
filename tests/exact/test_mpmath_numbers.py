"""mpmath's numbers: how a fraction becomes one."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from refopt.exact.mpmath_numbers import ARITHMETIC, MP
from refopt.exact.numbers import mpmath_numbers


@pytest.mark.parametrize("digits", [15, 50, 200])
def test_a_fraction_is_its_numerator_by_its_denominator_to_the_last_bit(digits: int) -> None:
    generator = random.Random(7)
    binary = [Fraction(generator.getrandbits(900) - 2**899, 2 ** generator.randrange(1500)) for _ in range(200)]
    others = [Fraction(generator.getrandbits(300), generator.getrandbits(300) + 1) for _ in range(200)]
    with mpmath_numbers().precision(digits):
        for x in (*binary, *others, Fraction(0), Fraction(-3), Fraction(2**5000), Fraction(1, 2**1074)):
            assert ARITHMETIC.literal(x)._mpf_ == (MP.mpf(x.numerator) / x.denominator)._mpf_
