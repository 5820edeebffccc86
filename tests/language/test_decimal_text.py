"""The one grammar of numbers in files and on screens."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from refopt.language.decimal_text import decimal_exponent, decimal_text

GRAMMAR = re.compile(r"-?\d+(\.\d+)?(e-?\d\d+)?")


@pytest.mark.parametrize(
    ("n", "e", "text"),
    [
        (0, 5, "0"),
        (0, -5, "0"),
        (12300, -2, "123"),
        (-15, -1, "-1.5"),
        (15, -3, "0.015"),
        (1, -5, "0.00001"),
        (12, -6, "0.000012"),
        (99, -7, "9.9e-06"),
        (1, 20, "1" + "0" * 20),
        (1, 21, "1e21"),
        (-125, 100, "-1.25e102"),
        (1, -400, "1e-400"),
    ],
)
def test_a_number_has_one_text(n: int, e: int, text: str) -> None:
    assert decimal_text(n, e) == text
    assert GRAMMAR.fullmatch(text) and Fraction(text) == n * Fraction(10) ** e


@pytest.mark.parametrize("n", [1, 10**20 - 1, 10**40, 9007199254740993])
def test_every_text_is_exact_and_its_exponent_is_the_floor_of_the_logarithm(n: int) -> None:
    for e in range(-320, 321, 7):
        x = n * Fraction(10) ** e
        assert Fraction(decimal_text(n, e)) == x and Fraction(decimal_text(-n, e)) == -x
        power = decimal_exponent(x)
        assert Fraction(10) ** power <= x < Fraction(10) ** (power + 1)
