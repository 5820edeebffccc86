"""Digits are rounded correctly and written in one grammar."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction

import pytest

from refopt.errors import RefoptError
from refopt.exact.digits import GRAMMAR, digits, parse, rounded_away, shortest


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(1, 3), "0." + "3" * 40),
        (Fraction(-3, 2), "-1.5"),
        (Fraction(1, 10**6), "1e-06"),
        (Fraction(1, 10**5), "0.00001"),
        (Fraction(10) ** 21, "1e21"),
        (Fraction(123, 10**150), "1.23e-148"),
        (1 - Fraction(1, 10**45), "1"),
        (Fraction(10**40 + 5, 10**40) / 10, "0.1"),
        (Fraction(10**40 + 15, 10**40) / 10, "0.1000000000000000000000000000000000000002"),
    ],
)
def test_forty_digits_ties_to_even_no_trailing_zeros(x: Fraction, text: str) -> None:
    assert digits(x) == text


def test_digits_read_back_within_half_a_unit_of_the_last_place() -> None:
    seed = 1
    rng = random.Random(seed)
    for _ in range(1000):
        x = Fraction(rng.randint(1, 10**60), rng.randint(1, 10**60)) * Fraction(10) ** rng.randint(-60, 60)
        text = digits(x)
        assert GRAMMAR.fullmatch(text), (seed, text)
        assert abs(parse(text) - x) <= x / 2 / 10**39, (seed, x)


def test_printing_rounds_no_more_away_than_is_told_and_nothing_from_what_is_short() -> None:
    rng = random.Random(5)
    for _ in range(3000):
        x = Fraction(rng.getrandbits(200) + 1, 1 << rng.randint(0, 300))
        text = digits(x)
        assert abs(parse(text) - x) <= parse(rounded_away(text)), x
    assert rounded_away("1.25e-30") == rounded_away("0") == "0"
    assert rounded_away("-1." + "3" * 39) == "5e-40"
    assert parse(rounded_away("1." + "3" * 33)) == Fraction(5, 10**40), "zeros at its end may be left out"


def test_an_input_is_the_shortest_decimal_of_its_number() -> None:
    seed = 2
    rng = random.Random(seed)
    for _ in range(3000):
        x = rng.uniform(-1, 1) * 10.0 ** rng.randint(-320, 300)
        text = shortest(x)
        assert GRAMMAR.fullmatch(text) and float(text) == x, (seed, x)
        figures = len(Decimal(text).normalize().as_tuple().digits)
        assert figures <= len(Decimal(repr(x)).normalize().as_tuple().digits), (seed, x)


@pytest.mark.parametrize("text", ["nan", "inf", "1.", ".5", "1e5", "1E05", "+1", "1e-5", " 1", "0x1p3", ""])
def test_what_is_outside_the_grammar_is_refused(text: str) -> None:
    with pytest.raises(RefoptError, match="is not a number of the golden files"):
        parse(text)
