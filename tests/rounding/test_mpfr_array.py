"""Arrays of MPFR numbers give the bits of arrays of extended range."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from refopt.rounding import bound, mpfr_array
from refopt.rounding import extended_range as wide
from refopt.rounding.bound import Block, radii
from refopt.rounding.extended_range import ExtendedRange, as_extended, from_exact
from refopt.rounding.formats import FORMATS

pytestmark = pytest.mark.skipif(not mpfr_array.is_available(), reason="gmpy2 is not installed: wide arrays do the work")
SEED = 11


def _wides(n: int) -> tuple[ExtendedRange, ExtendedRange]:
    rng = random.Random(SEED)
    numbers = [Fraction(rng.randint(-(2**53), 2**53)) * Fraction(2) ** rng.choice((0, 0, -3, rng.randint(-3000, 3000))) for _ in range(2 * n)]
    numbers[0] = numbers[n + 1] = Fraction(0)
    a, b = from_exact(numbers[:n]), from_exact(numbers[n:])
    a.mantissa[2], a.exponent[2] = np.inf, 0
    b.mantissa[3], b.exponent[3] = np.nan, 0
    return a, b


def _same(x: Any, y: ExtendedRange) -> bool:
    x = as_extended(x)
    return bool(np.array_equal(x.mantissa, y.mantissa, equal_nan=True) and np.array_equal(x.exponent, y.exponent))


def test_each_operation_gives_the_bits_of_a_wide_array() -> None:
    a, b = _wides(200)
    with np.errstate(all="ignore"), mpfr_array.binary53():
        p, q = wide.as_long_as_needed(a), wide.as_long_as_needed(b)
        assert mpfr_array.is_mpfr(p)
        assert _same(p, a)
        pairs = (
            (p + q, a + b), (p - q, a - b), (p * q, a * b), (p / q, a / b), (-p, -a), (p * 0.1, a * 0.1), (1.0 - q, 1.0 - b),
            (wide.maximum(p, q), wide.maximum(a, b)), (wide.minimum(p, q), wide.minimum(a, b)), (wide.absolute(p), wide.absolute(a)),
            (wide.sqrt(wide.absolute(p)), wide.sqrt(wide.absolute(a))), (wide.where(p < q, p, 1.0), wide.where(a < b, a, 1.0)),
        )  # fmt: skip
        for number, (x, y) in enumerate(pairs):
            assert _same(x, y), (SEED, number)
        for got, expected in ((p < q, a < b), (p <= q, a <= b), (p > 0.5, a > 0.5), (wide.isnan(q), wide.isnan(b)), (wide.isinf(p), wide.isinf(a))):
            assert got.tolist() == expected.tolist()
        assert np.array_equal(wide.as_plain(p), wide.plain(a))


def test_a_bound_is_the_same_with_wide_arrays_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    from refopt.catalogue import rule

    adam = rule("adam")
    before = {"theta": [0.0, 1.0, 5e-324], "m": [1e-310, 0.0, 2.0], "v": [0.0, 5e-324, 1e-300]}
    blocks = [Block(FORMATS["float64"], adam.values({}), 3, before, [5e-324, -1e-320, 1e200])]
    ours = [{n: r.texts() for n, r in b.items()} for b in radii(adam, blocks)]
    monkeypatch.setattr(bound, "as_long_as_needed", lambda x: x)
    assert [{n: r.texts() for n, r in b.items()} for b in radii(adam, blocks)] == ours
