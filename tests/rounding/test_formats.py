"""Formats agree with NumPy's and ml_dtypes' own arithmetic."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

from refopt.errors import UnknownName
from refopt.rounding.formats import FLOAT32, FLOAT64, FORMATS, Format, number_format


@pytest.mark.parametrize("f", FORMATS.values(), ids=list(FORMATS))
def test_rounding_a_fraction_gives_what_the_dtype_gives(f: Format) -> None:
    seed = 20
    rng = random.Random(seed)
    for _ in range(2000):
        x = Fraction(rng.randint(-(2**60), 2**60)) * Fraction(2) ** rng.randint(-100, 20)
        if f is FLOAT64:
            expected = Fraction(float(x))
        else:
            as_double = float(x)
            if Fraction(as_double) != x:
                continue
            with np.errstate(over="ignore"):
                stored = float(np.float64(as_double).astype(f.dtype))
            if not np.isfinite(stored):
                assert f.round(x) is None, (seed, x)
                continue
            expected = Fraction(stored)
        assert f.round(x) == expected, (seed, x)


@pytest.mark.parametrize("f", FORMATS.values(), ids=list(FORMATS))
def test_the_smallest_and_largest_numbers_are_those_of_the_dtype(f: Format) -> None:
    import ml_dtypes

    info = ml_dtypes.finfo(f.dtype)
    assert f.largest == Fraction(float(info.max))
    assert f.smallest_normal == Fraction(float(info.tiny))
    assert f.smallest_subnormal == Fraction(float(info.smallest_subnormal))
    assert f.u == Fraction(float(info.eps)) / 2


def test_ties_go_to_even() -> None:
    assert FLOAT32.round(1 + Fraction(1, 2**24)) == 1
    assert FLOAT32.round(1 + Fraction(3, 2**24)) == 1 + Fraction(4, 2**24)


def test_an_unknown_format_gets_the_nearest_one_suggested() -> None:
    with pytest.raises(UnknownName, match="did you mean float32"):
        number_format("floot32")
