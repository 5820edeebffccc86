"""Dual numbers carry the derivative of every operation."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from refopt.language.dual import DUALS, OPERATIONS, Dual, lifted, variables
from refopt.language.evaluate import evaluate
from refopt.language.expression import OPERATIONS as WRITTEN
from refopt.language.expression import Expression, absolute, cos, exp, floor, log, maximum, minimum, scalar, sign, sin, sqrt, tanh, where

x, y = scalar("x"), scalar("y")
TREES = [
    x + y, x - y, 2 - x, x * y, x / y, 1 / x, -x, x**3, x**y, x**2, sqrt(x), absolute(-x), sign(x) * y, maximum(x, y), minimum(x, y),
    exp(x), log(x), cos(x), sin(x), tanh(x), where(x < y, x**2, y), (x * y - sqrt(y)) / (1 + exp(-x)),
]  # fmt: skip


@pytest.mark.parametrize("tree", TREES, ids=str)
def test_slopes_are_sympys_derivatives(tree: Expression) -> None:
    """In binary64: at this point every intermediate is below 4, and no value or slope takes more than twenty roundings."""
    bound = 20 * Fraction(4, 2**53)
    point = {x.sym: Fraction(3, 4), y.sym: Fraction(5, 4)}
    a, b = variables([0.75, 1.25])
    found = evaluate(tree, {"x": a, "y": b}, DUALS)
    assert abs(found.value - float(tree.sym.subs(point).evalf(20))) <= bound
    slopes = found.slopes or (0.0, 0.0)
    for slope, s in zip(slopes, (x, y), strict=True):
        assert abs(slope - float(tree.sym.diff(s.sym).subs(point).evalf(20))) <= bound


def test_a_floor_is_flat() -> None:
    a, b = variables([0.75, 1.25])
    found = evaluate(floor(x + 1) * y, {"x": a, "y": b}, DUALS)
    assert (found.value, found.slopes) == (1.25, (0.0, 1.0))


def test_every_implemented_operation_has_a_slope() -> None:
    assert set(WRITTEN) - {"where", "count", "sum", "largest"} == set(OPERATIONS)  # sums: language/linearize.py


def test_a_number_that_depends_on_nothing_has_no_slopes() -> None:
    assert lifted(3).slopes == () and (lifted(3) * lifted(2)).slopes == ()
    assert (lifted(3) * Dual(2.0, (1.0, 0.0))).slopes == (3.0, 0.0)


def test_a_division_by_zero_is_not_a_number_and_not_an_error() -> None:
    quotient = Dual(1.0, (1.0,)) / Dual(0.0, (0.0,))
    assert math.isnan(quotient.value)
