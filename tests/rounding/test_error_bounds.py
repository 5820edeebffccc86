"""ErrorBounds are printed rounded up, read back, and measure errors."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import numpy as np
import pytest
from mpmath import mp

from refopt.errors import RefoptError
from refopt.language.decimal_text import decimal_text
from refopt.rounding.error_bounds import ErrorBounds, ratios, rounded_up
from refopt.rounding.extended_range import from_exact


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(1, 3), "0.334"),
        (Fraction(999), "999"),
        (Fraction(9991, 10), "1000"),
        (Fraction(1, 10**5), "0.00001"),
        (Fraction(1, 10**7), "1e-07"),
        (Fraction(2, 10**21), "2e-21"),
        (Fraction(10) ** 21, "1e21"),
        (Fraction(10) ** 20, "1" + "0" * 20),
        (Fraction(1, 2**1080), "7.72e-326"),
    ],
)
def test_a_radius_is_printed_with_three_digits_rounded_up(x: Fraction, text: str) -> None:
    assert rounded_up(x) == text


def test_a_printed_radius_is_never_smaller_and_at_most_one_percent_larger() -> None:
    seed = 9
    rng = random.Random(seed)
    for _ in range(2000):
        x = Fraction(rng.randint(1, 2**53)) * Fraction(2) ** rng.randint(-1200, 900)
        printed = Fraction(rounded_up(x))
        assert x <= printed <= x * Fraction(101, 100), (seed, x)


def test_decimal_text_reads_back_as_the_same_number() -> None:
    for n, e in ((0, 5), (-120, -3), (7, -9), (12345, 20), (1, 0), (10, -1)):
        assert Fraction(decimal_text(n, e)) == n * Fraction(10) ** e


def test_a_printed_bound_is_read_to_53_bits() -> None:
    texts = ["0", "0.00238", "1.16e-16", "inf", "7.72e-326"]
    for text, radius in zip(texts, ErrorBounds.parse(texts).exact(), strict=True):
        assert radius is None if text == "inf" else abs(radius - Fraction(text)) <= Fraction(text) / 2**53
    assert ErrorBounds.parse(texts).claims().tolist() == [True, True, True, False, True]


@pytest.mark.parametrize("text", ["-1", "x", "", "nan"])
def test_what_is_no_bound_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(RefoptError):
        ErrorBounds.parse([text])


def test_the_ratio_is_the_error_in_units_of_the_bound() -> None:
    radii = ErrorBounds(from_exact([Fraction(1, 4), Fraction(0), Fraction(0), math.inf, Fraction(1), math.inf]))
    theirs = [1.5, 2.0, 2.0, 9.0, math.nan, math.inf]
    got = ratios(theirs, [Fraction(1), mp.mpf(2), Fraction(3), Fraction(0), Fraction(0), Fraction(0)], radii)
    assert got[:3].tolist() == [2.0, 0.0, math.inf]
    assert np.isnan(got[3]) and math.isinf(got[4]) and np.isnan(got[5])
