"""States that start from a number which their format has not: a correct program rounds it, and the bound of its first update allows for that."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from refopt.catalogue import rule
from refopt.language.start import first_state
from refopt.rounding.bound import Block, radii
from refopt.rounding.formats import FORMATS
from refopt.rounding.start_errors import start_errors

THETA = [Fraction(1), Fraction(-3), Fraction(1, 4)]
GRADIENTS = [Fraction(0), Fraction(1, 16), Fraction(-5, 8)]
STARTS = [Fraction(x) for x in (0.1, 1e-6, 0.3, 7.7, 3e-8)]


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float32"])
@pytest.mark.parametrize("start", STARTS, ids=str)
def test_a_sum_of_squares_that_starts_from_a_rounded_number_is_within_the_bound_of_its_first_update(dtype: str, start: Fraction) -> None:
    r, f = rule("adagrad"), FORMATS[dtype]
    hyper = {**r.values(), "s0": start}
    before = {"theta": THETA, **first_state(r, hyper, THETA)}
    (found,) = radii(r, [Block(f, hyper, 1, before, GRADIENTS, start_errors(r, hyper, THETA, f))])
    for g, allowed in zip(GRADIENTS, found["s"].exact(), strict=True):
        stored, square = f.round(start), f.round(g**2)
        assert stored is not None and square is not None and allowed is not None
        theirs = f.round(stored + square)
        assert theirs is not None
        assert abs(theirs - (start + g**2)) <= allowed


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float32"])
def test_the_error_of_a_start_is_one_rounding_and_none_where_the_format_has_the_number(dtype: str) -> None:
    r, f = rule("adagrad"), FORMATS[dtype]
    errors = start_errors(r, {**r.values(), "s0": Fraction(1, 10)}, THETA, f)
    assert errors is not None
    assert errors["theta"].exact() == [0, 0, 0]
    for e in errors["s"].exact():
        assert e is not None
        assert abs(Fraction(1, 10) * f.u - e) <= e / 1000
    assert start_errors(r, {**r.values(), "s0": Fraction(1, 8)}, THETA, f) is None
    assert start_errors(r, {**r.values(), "s0": Fraction(1, 10)}, THETA, f, given=("s",)) is None


def test_numbers_and_copies_of_theta_start_exactly_and_a_computed_start_is_off_by_its_roundings() -> None:
    r, f = rule("nadam"), FORMATS["bfloat16"]
    assert start_errors(r, r.values(), THETA, f) is None
    s = rule("adagrad").state[0]
    lr, s0 = (h.symbol for h in rule("adagrad").hyper if h.name in ("lr", "s0"))
    made = replace(rule("adagrad"), state=(replace(s, init=s0 / (1 + lr)),))
    hyper = {**made.values(), "s0": Fraction(1), "lr": Fraction(2)}
    errors = start_errors(made, hyper, THETA, FORMATS["float64"])
    assert errors is not None
    (e, *_) = errors["s"].exact()
    assert e is not None
    assert Fraction(1, 3) * FORMATS["float64"].u <= e <= 2 * FORMATS["float64"].u


@pytest.mark.parametrize("size", [Fraction(10) ** 6, Fraction(10) ** 40])
def test_a_start_beyond_the_largest_number_is_not_claimed(size: Fraction) -> None:
    r, f = rule("adagrad"), FORMATS["float16"]
    errors = start_errors(r, {**r.values(), "s0": size}, THETA, f)
    assert errors is not None
    assert errors["s"].exact() == [None] * 3
