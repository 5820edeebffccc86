"""A power whose base comes to 0, as a polynomial decay's does at its end, has a value and a bound in every engine."""

from __future__ import annotations

from fractions import Fraction

import pytest

from refopt.catalogue.schedules.constant import LR
from refopt.catalogue.symbols import lr, lr_min, period
from refopt.golden.closed_loop_inputs import schedule_cases
from refopt.golden.expected import certify_schedule
from refopt.language.expression import k, minimum, scalar
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Source
from refopt.language.schedule import Schedule
from refopt.rounding.formats import FLOAT64
from refopt.rounding.scalars import Ball, Scalars, number

power = scalar("power", sign="nonnegative")
POLYNOMIAL = Schedule(
    "polynomial", "a power of what is left of the period", (Source("Liu et al. 2015", "section 4.1, the poly policy", "arXiv:1506.04579"),),
    (LR, Hyper(lr_min, "0", lr_min >= 0, Role.RATE_END, "the last rate"), Hyper(period, "100", period >= 1, Role.COUNT, "steps"),
     Hyper(power, "0.9", power > 0, Role.EXPONENT, "power")),
    rate=lr_min + (lr - lr_min) * (1 - minimum(k, period) / period) ** power,
)  # fmt: skip


def test_the_rates_of_a_polynomial_decay_are_certified_to_its_end() -> None:
    for case in schedule_cases(POLYNOMIAL):
        certified, _ = certify_schedule(case, POLYNOMIAL)
        past = [i for i, step in enumerate(case.steps) if step >= int(case.hyper["period"])]
        assert past and certified.rates is not None
        assert {float(certified.rates[i]) for i in past} == {float(case.hyper["lr_min"])}


@pytest.mark.parametrize(("base", "off", "exponent", "value"), [("0", "0", "0.5", 0), ("0", "0", "3", 0), ("0", "0.25", "0.5", 0), ("0", "0", "0", 1)])
def test_a_ball_about_0_has_a_power(base: str, off: str, exponent: str, value: int) -> None:
    ball = Scalars.real_power(_scalars(), Ball(number(Fraction(base)), number(Fraction(off))), Ball(number(Fraction(exponent)), number(0)))
    assert ball.x == value
    reach = float(Fraction(off)) ** float(Fraction(exponent)) if Fraction(off) else 0.0
    assert reach <= ball.e <= 1.0001 * reach


@pytest.mark.parametrize("exponent", ["-0.5", "-2"])
def test_a_negative_power_of_what_may_be_0_has_no_bound(exponent: str) -> None:
    ball = Scalars.real_power(_scalars(), Ball(number(0), number(0)), Ball(number(Fraction(exponent)), number(0)))
    assert ball.e == float("inf")


def _scalars() -> Scalars:
    from refopt.rounding.normal_form import Names

    return Scalars(Names(), {}, 1, FLOAT64)
