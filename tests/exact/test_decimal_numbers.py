"""The verifier's decimal numbers by themselves: the series of its functions, and what they do at the ends."""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from refopt.exact.decimal_numbers import cbrt, cos, pi, sin, tanh
from refopt.exact.mpmath_numbers import MP
from refopt.exact.numbers import decimal_numbers

FUNCTIONS = {"cos": cos, "sin": sin, "tanh": tanh, "cbrt": cbrt}
POINTS = ("0", "1e-30", "-1e-30", "0.5", "-0.75", "3", "100", "-1000.25", "1e6")


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("point", POINTS)
def test_a_function_is_right_to_the_digits_in_force(name: str, point: str) -> None:
    with decimal_numbers().precision(50), MP.workdps(90):
        found = FUNCTIONS[name](Decimal(point))
        x = MP.mpf(point)
        exact = (MP.cbrt(x) if x >= 0 else -MP.cbrt(-x)) if name == "cbrt" else getattr(MP, name)(x)
        assert abs(MP.mpf(str(found)) - exact) <= abs(exact) * MP.mpf(10) ** -49


def test_pi_has_the_digits_that_everybody_knows() -> None:
    with decimal_numbers().precision(30):
        assert str(+pi()) == "3.14159265358979323846264338328"


@pytest.mark.parametrize(("op", "operands", "right"), [("pow", ("0", 0), "1"), ("pow", ("2", 10), "1024"), ("pow", ("2", -1), "0.5"),
                                                       ("floor", ("-0.5",), "-1"), ("sign", ("-3",), "-1"), ("sign", ("0",), "0")])  # fmt: skip
def test_an_operation_at_an_end_has_the_value_of_the_language(op: str, operands: tuple[Any, ...], right: str) -> None:
    with decimal_numbers().precision(40):
        found = decimal_numbers().arithmetic.operations[op](*(Decimal(x) if isinstance(x, str) else x for x in operands))
        assert found == Decimal(right)


def test_numbers_far_outside_of_binary64_are_kept() -> None:
    with decimal_numbers().precision(40):
        assert decimal_numbers().interval(Decimal(10) ** 400 * Decimal(10) ** 400)[0] == Fraction(10) ** 800


def test_the_precision_of_whoever_asks_is_left_alone() -> None:
    before = decimal.getcontext().prec
    with decimal_numbers().precision(77):
        pass
    assert decimal.getcontext().prec == before
