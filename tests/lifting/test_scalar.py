"""Numbers that are formulas: trees in the order of the source, never a machine number."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from refopt.language.expression import cbrt, literal, operation, pi, scalar, sqrt, tensor
from refopt.language.text import infix
from refopt.lifting.numbers import constant
from refopt.lifting.scalar import Condition, Scalar
from refopt.lifting.unreadable import CannotRead
from tests.lifting.refused import refused

x, y = tensor("x"), scalar("y")
X, Y = Scalar(x), Scalar(y)


def test_the_tree_has_the_order_of_the_source() -> None:
    assert infix((Y * X + 1 - (X - Y) / 3).tree) == "y*x + 1 - (x - y) / 3"
    assert infix((1 - Y**2).tree) == "1 - y^2"
    assert (Y**0.5).tree == sqrt(y)
    assert infix((2 / (X // 3)).tree) == "2 / floor(x / 3)"


def test_a_decimal_of_the_source_is_that_decimal() -> None:
    assert infix((0.1 * X).tree) == "0.1*x"
    assert constant(1e-8).value == Fraction(1, 10**8)
    assert constant(math.pi) == pi
    with refused("is not a number"):
        constant(math.inf)


def test_a_quotient_of_small_whole_numbers_is_that_quotient_and_no_other_number_is_taken_for_one() -> None:
    assert [constant(v).value for v in (1 / 3, -2 / 3, 1 / 7)] == [Fraction(1, 3), Fraction(-2, 3), Fraction(1, 7)]
    for v in (0.333, 0.1 + 0.2, 1 - 0.9, 0.33333333, math.nextafter(1 / 3, 1), 1 - 2**-26):
        assert constant(v).value == Fraction(repr(v))


def test_a_third_as_an_exponent_is_a_cube_root_of_what_is_not_negative() -> None:
    n = tensor("n", sign="nonnegative")
    assert (Scalar(n) ** (1 / 3)).tree == cbrt(n)
    assert (X ** (1 / 3)).tree == operation("pow", x, literal(Fraction(1, 3)))


@pytest.mark.parametrize("convert", [float, int, round, math.sqrt, np.float32, lambda v: range(v), lambda v: f"{float(v)}"])
def test_nothing_rounds_it_to_a_machine_number(convert: Any) -> None:
    with pytest.raises(CannotRead):
        convert(X)


def test_a_number_that_is_known_is_a_number() -> None:
    two = Scalar(constant(2))
    assert float(two) == 2 and int(two) == 2 and list(range(two)) == [0, 1]
    assert (two > 1) is True and (two == 3) is False


def test_numpy_computes_with_object_arrays_of_them() -> None:
    array = np.array([X, Y], dtype=object)
    assert infix((np.sqrt(array * array) + np.square(array))[0].tree) == "sqrt(x*x) + x*x"
    assert isinstance(array[0] < array[1], Condition)


def test_a_power_too_high_for_algebra_is_refused_in_one_line_and_not_tried_for_ever() -> None:
    with refused("a power as high as 1000000"):
        _ = Scalar(scalar("b")) ** 10**6
