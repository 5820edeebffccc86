"""Arb's balls by themselves: they hold the exact value, and say so where they cannot decide."""

from __future__ import annotations

from fractions import Fraction

import pytest

from refopt.exact.numbers import Undecided, arb_numbers, has_arb

pytestmark = pytest.mark.skipif(not has_arb(), reason="python-flint is not installed")


def test_a_third_lies_in_its_ball_and_the_ball_is_small() -> None:
    numbers = arb_numbers()
    with numbers.precision(40):
        low, high = numbers.interval(numbers.number(Fraction(1, 3)))
    assert low < Fraction(1, 3) < high and high - low < Fraction(1, 10**39)


def test_a_binary_number_has_no_radius() -> None:
    numbers = arb_numbers()
    with numbers.precision(40):
        assert numbers.interval(numbers.number(Fraction(-5, 8))) == (Fraction(-5, 8), Fraction(-5, 8))


@pytest.mark.parametrize("op", ["lt", "le", "eq"])
def test_a_comparison_of_balls_that_overlap_is_undecided(op: str) -> None:
    numbers = arb_numbers()
    with numbers.precision(30), pytest.raises(Undecided):
        third = numbers.number(Fraction(1, 3))
        numbers.arithmetic.operations[op](third * 3, numbers.number(1))


def test_a_comparison_of_balls_apart_is_decided_either_way() -> None:
    numbers = arb_numbers()
    with numbers.precision(30):
        less = numbers.arithmetic.operations["lt"]
        assert less(numbers.number(Fraction(1, 3)), numbers.number(1)) is True and less(numbers.number(1), numbers.number(Fraction(1, 3))) is False


@pytest.mark.parametrize(("x", "right"), [(Fraction(-8), -2), (Fraction(27), 3), (Fraction(0), 0)])
def test_the_cube_root_of_a_negative_number_is_negative(x: Fraction, right: int) -> None:
    numbers = arb_numbers()
    with numbers.precision(30):
        low, high = numbers.interval(numbers.arithmetic.operations["cbrt"](numbers.number(x)))
    assert low <= right <= high


def test_the_sign_of_a_ball_around_zero_is_undecided() -> None:
    numbers = arb_numbers()
    with numbers.precision(30), pytest.raises(Undecided):
        numbers.arithmetic.operations["sign"](numbers.number(Fraction(1, 3)) * 3 - 1)
