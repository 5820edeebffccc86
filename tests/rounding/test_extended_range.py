"""ExtendedRange arrays compute like fractions, far outside the range of binary64."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from mpmath import mp

from refopt.errors import NotImplementedYet
from refopt.rounding import extended_range
from refopt.rounding.error_bounds import ErrorBounds
from refopt.rounding.extended_range import ExtendedRange, as_extended, from_exact

SEED = 4


def _numbers(n: int) -> list[Fraction]:
    rng = random.Random(SEED)
    return [Fraction(rng.randint(-(2**53), 2**53)) * Fraction(2) ** rng.randint(-3000, 3000) for _ in range(n)]


def _fractions(x: ExtendedRange) -> list[Fraction]:
    pairs = zip(x.mantissa.tolist(), x.exponent.tolist(), strict=True)
    return [Fraction(m) * Fraction(2) ** int(e) if m else Fraction(0) for m, e in pairs]


def _near(got: Fraction, exact: Fraction) -> bool:
    """Within one rounding of 53 bits and the rounding of the operands' conversion."""
    return abs(got - exact) <= abs(exact) * Fraction(3, 2**53)


def test_each_operation_rounds_once() -> None:
    xs, ys = _numbers(400), _numbers(800)[400:]
    a, b = from_exact(xs), from_exact(ys)
    xs, ys = _fractions(a), _fractions(b)
    for name, got, exact in (
        ("mul", a * b, [x * y for x, y in zip(xs, ys, strict=True)]),
        ("div", a / b, [x / y for x, y in zip(xs, ys, strict=True)]),
        ("add", a + b, [x + y for x, y in zip(xs, ys, strict=True)]),
        ("sub", a - b, [x - y for x, y in zip(xs, ys, strict=True)]),
    ):
        for z, e in zip(_fractions(got), exact, strict=True):
            assert _near(z, e), (name, SEED, z, e)


def test_the_root_squared_gives_the_number_back() -> None:
    a = from_exact([abs(x) for x in _numbers(300)])
    for root, x in zip(_fractions(extended_range.sqrt(a)), _fractions(a), strict=True):
        assert _near(root * root, x), (SEED, x)


def test_comparisons_are_those_of_the_numbers_also_across_signs_and_infinities() -> None:
    values: list[Any] = [Fraction(-3), Fraction(0), Fraction(1, 2**2000), Fraction(5, 2), Fraction(2) ** 2000]
    a = from_exact([x for x in values for _ in values])
    b = from_exact([y for _ in values for y in values])
    expected = [(x, y) for x in values for y in values]
    assert (a < b).tolist() == [x < y for x, y in expected]
    assert (a <= b).tolist() == [x <= y for x, y in expected]
    assert (a > b).tolist() == [x > y for x, y in expected]
    assert (as_extended(np.array([math.inf, -math.inf, 1.0])) > as_extended(np.array([1.0, 1.0, math.inf]))).tolist() == [True, False, False]


def test_plain_and_wide_arrays_give_the_same_bits_in_the_ordinary_range() -> None:
    rng = np.random.default_rng(SEED)
    x, y = rng.normal(size=500), rng.normal(size=500)
    wx, wy = as_extended(x), as_extended(y)
    for p, w in ((x * y, wx * wy), (x / y, wx / wy), (x + y, wx + wy), (x - y, wx - wy), (np.maximum(x, y), extended_range.maximum(wx, wy))):
        assert (extended_range.plain(w) == p).all()
    assert (extended_range.plain(extended_range.sqrt(extended_range.absolute(wx))) == np.sqrt(np.abs(x))).all()


def test_numbers_of_every_sort_are_taken_exactly() -> None:
    with mp.workdps(40):
        tiny = mp.mpf(2) ** -5000 * 3
    got = _fractions(from_exact([Fraction(1, 2**1500), 3, 0.75, tiny, mp.mpf(0)]))
    assert got == [Fraction(1, 2**1500), Fraction(3), Fraction(3, 4), Fraction(3, 2**5000), Fraction(0)]


def test_infinity_minus_infinity_is_not_a_number_and_makes_no_claim() -> None:
    x = as_extended(np.array([math.inf]))
    with np.errstate(invalid="ignore"):
        difference = x - x
    assert ErrorBounds(difference).texts() == ["inf"]


def test_a_scalar_that_is_not_real_has_no_bound() -> None:
    with pytest.raises(NotImplementedYet, match="not real"):
        from_exact([mp.sqrt(-1)])
