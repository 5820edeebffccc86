"""Whether two expressions are the same: refuted at a point, proved by simplification, or said to be open."""

from __future__ import annotations

import random

import sympy as sp

from refopt.lifting.identity import Answer, identical, is_nonzero, point, without_powers

x, y = sp.symbols("x y", positive=True)
n = sp.Symbol("n", integer=True, positive=True)


def test_what_expands_alike_is_proved() -> None:
    assert identical((x + y) ** 2, x**2 + 2 * x * y + y**2) is Answer.PROVED
    assert identical(1 / x + 1 / y, (x + y) / (x * y)) is Answer.PROVED


def test_a_difference_far_below_any_float_is_refuted() -> None:
    assert identical(x, x + sp.Rational(1, 10**100)) is Answer.REFUTED


def test_what_is_zero_but_hard_is_never_refuted() -> None:
    hard = sp.sqrt(2 + sp.sqrt(3)) - (sp.sqrt(6) + sp.sqrt(2)) / 2
    assert not is_nonzero(hard)
    assert identical(hard * x, sp.Integer(0)) is not Answer.REFUTED


def test_a_number_is_nonzero_only_where_its_first_digits_say_so() -> None:
    assert is_nonzero(sp.Rational(-1, 10**500))
    assert not is_nonzero(sp.Integer(0))
    assert is_nonzero(sp.sqrt(2) - sp.Rational(14142, 10000))


def test_a_complex_number_is_nonzero_as_soon_as_one_part_is() -> None:
    assert is_nonzero(sp.sqrt(sp.Rational(-3, 7)) + sp.Rational(24, 25) ** sp.Rational(1, 3))
    assert is_nonzero(sp.sqrt(-2))
    assert not is_nonzero(sp.sqrt(-2) - sp.I * sp.sqrt(2))


def test_a_difference_in_a_branch_that_few_points_reach_is_refuted() -> None:
    long = 1 / (1 - x) > 6 / y
    assert identical(sp.Piecewise((x, long), (1, True)), sp.Piecewise((2 * x, long), (1, True))) is Answer.REFUTED
    assert identical(sp.Piecewise((x + x, long), (1, True)), sp.Piecewise((2 * x, long), (1, True))) is Answer.PROVED


def test_random_values_respect_what_a_symbol_is_and_do_not_depend_on_the_order() -> None:
    one, other = point({x, n}, random.Random(1)), point([n, x], random.Random(1))
    assert one == other
    assert one[n].is_Integer
    assert one[n] > 0
    assert one[x] > 0


def test_one_minus_a_power_becomes_a_symbol_that_is_positive() -> None:
    p = sp.Symbol("p", positive=True)
    assert without_powers(1 - x**n, {x: p}) == p
    assert without_powers(y**n, {x: p}) == y**n
