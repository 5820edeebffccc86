"""The certificate decides digits, refuses chaos, and another evaluator finds a wrong digit."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest

from refopt.catalogue import objective, rule
from refopt.errors import RefoptError
from refopt.exact import certify, numbers
from refopt.exact.certify import certified, confirm
from refopt.exact.digits import digits
from refopt.exact.numbers import Numbers, arb_numbers, decimal_numbers, mpmath_numbers
from refopt.exact.run import closed_loop


def _third(n: Numbers, precision: int) -> Sequence[Any]:
    return [n.number(1) / n.number(3), n.number(Fraction(5, 4)), n.number(0)]


def test_every_digit_is_decided_and_exact_values_are_short() -> None:
    result = certified(_third)
    assert result.values == ("0." + "3" * 40, "1.25", "0")
    assert result.is_certified


def test_a_value_next_to_a_rounding_boundary_takes_more_digits_and_comes_out_right() -> None:
    """sqrt((b + 10^-80)^2) with b halfway between two 40-digit numbers: 60 digits cannot tell on which side it lies."""
    boundary = Fraction(10**40 + 1, 10**40) / 2
    value = boundary + Fraction(1, 10**80)

    def run(n: Numbers, precision: int) -> Sequence[Any]:
        return [n.arithmetic.operations["sqrt"](n.number(value * value))]

    result = certified(run)
    assert result.precision > certify.FIRST
    assert result.values == (digits(value),) == ("0.5000000000000000000000000000000000000001",)


def test_a_tie_that_no_ball_decides_goes_to_even() -> None:
    """b times 3/10, over 3/10 again, with b halfway between two 40-digit numbers: exact, and a ball all the same."""
    boundary = Fraction(10**40 + 1, 10**40) / 2

    def run(n: Numbers, precision: int) -> Sequence[Any]:
        share = n.number(Fraction(3, 10))
        return [n.number(boundary) * share / share]

    result = certified(run)
    assert result.values == (digits(boundary),)
    assert confirm(run, result.values) == []


def test_what_cannot_be_told_from_zero_is_zero_beside_its_scale_only() -> None:
    def run(n: Numbers, precision: int) -> Sequence[Any]:
        third = n.number(1) / n.number(3)
        return [third + third + third - n.number(1) + n.number(0)]

    assert certified(run, [Fraction(1)]).values == ("0",)
    with pytest.raises(RefoptError, match="cannot be certified"):
        certified(run, limit=200)


def _chaos(n: Numbers, precision: int) -> Sequence[Any]:
    """The logistic map loses a bit a step."""
    x = n.number(Fraction(1, 3))
    for _ in range(1000):
        x = n.number(4) * x * (n.number(1) - x)
    return [x]


def test_chaos_is_refused_at_a_low_limit_and_certified_with_enough_digits() -> None:
    with pytest.raises(RefoptError, match="40 digits cannot be certified with 240 digits"):
        certified(_chaos, limit=240)
    assert certified(_chaos).precision >= 480


def test_fifty_digits_of_rmsprop_after_convergence_are_not_right_and_the_certificate_says_so() -> None:
    """At a fixed rate on a rotated quadratic RMSProp is chaotic once it has converged."""
    rmsprop, ravine = rule("rmsprop"), objective("ravine_rotated")
    hyper = rmsprop.values({"lr": "0.01", "rho": "0.99"})

    def run(n: Numbers, precision: int) -> Sequence[Any]:
        return closed_loop(rmsprop, ravine, hyper=hyper, steps=1000, numbers=n, digits=precision)[-1].theta

    right = certified(run)
    with mpmath_numbers().precision(50):
        fifty = [digits(mpmath_numbers().interval(x)[0], 20) for x in run(mpmath_numbers(), 50)]
    assert right.is_certified and right.precision > 200
    assert all(a[:8] != b[:8] for a, b in zip(fifty, right.values, strict=True))


def test_without_python_flint_the_digits_are_the_same_and_nothing_is_called_certified(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = certified(_third)
    monkeypatch.setattr(certify, "has_arb", lambda: False)
    result = certified(_third)
    assert result.values == expected.values
    assert not result.is_certified


def test_arb_says_in_one_line_that_it_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setattr(numbers, "_ARB", None)
    monkeypatch.setitem(sys.modules, "flint", None)
    with pytest.raises(RefoptError, match="python-flint is not installed here"):
        arb_numbers()


def test_decimal_confirms_what_the_others_printed() -> None:
    assert confirm(_third, certified(_third).values) == []
    assert confirm(_chaos, certified(_chaos).values) == []


def test_a_wrong_digit_is_found_with_its_place() -> None:
    values = list(certified(_third).values)
    values[0] = values[0][:24] + "4" + values[0][25:]
    (wrong,) = confirm(_third, values, limit=100)
    assert (wrong.index, wrong.digit) == (0, 23)
    assert wrong.recomputed == "0." + "3" * 40


@pytest.mark.parametrize("x", [Fraction(1, 10**12), Fraction(1, 3), Fraction(-7, 2), Fraction(100), Fraction(-1234567, 89)])
@pytest.mark.parametrize("op", ["cos", "sin", "tanh", "exp"])
def test_decimals_own_functions_agree_with_arb_to_forty_digits(op: str, x: Fraction) -> None:
    a, d = arb_numbers(), decimal_numbers()
    with a.precision(80), d.precision(80):
        ball = a.interval(a.arithmetic.operations[op](a.number(x)))
        assert digits(ball[0]) == digits(ball[1]) == digits(d.interval(d.arithmetic.operations[op](d.number(x)))[0])
