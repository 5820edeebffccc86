"""States of one value in a bound: what is known of them goes among the scalars."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from refopt.catalogue import rule
from refopt.language.expression import g, scalar, theta
from refopt.language.rule import Let, Rule, State
from refopt.rounding.bound import Block, radii
from refopt.rounding.error_bounds import ErrorBounds
from refopt.rounding.extended_range import from_exact
from refopt.rounding.formats import FORMATS
from refopt.rounding.scalar_state import UNKNOWN, with_scalar_state
from tests.catalogue.own.own_nadam import OWN_NADAM as NADAM


def _block(product: Any, error: Fraction | None) -> Block:
    before = {"theta": [Fraction(1)], "m": [Fraction(0)], "v": [Fraction(0)], "mu_product": [product]}
    bounds = None if error is None else {n: ErrorBounds(from_exact([error])) for n in before}
    return Block(FORMATS["float32"], NADAM.values(), 2, before, [Fraction(1)], bounds)


def test_a_rule_without_such_states_keeps_its_block() -> None:
    block = Block(FORMATS["float32"], rule("sgd").values(), 1, {"theta": [Fraction(1)]}, [Fraction(1)])
    assert with_scalar_state(rule("sgd"), block) is block


@pytest.mark.parametrize("value", [Fraction(3, 8), 0.375])
def test_the_value_is_taken_exactly_and_its_error_is_what_the_state_may_be_off(value: Any) -> None:
    made = with_scalar_state(NADAM, _block(value, Fraction(1, 1024)))
    assert made.hyper["mu_product"] == Fraction(3, 8) and made.slack["mu_product"] == Fraction(1, 1024)


def test_without_errors_it_is_exact() -> None:
    assert with_scalar_state(NADAM, _block(Fraction(3, 8), None)).slack["mu_product"] == 0


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_about_one_that_is_not_finite_nothing_is_claimed(value: float) -> None:
    assert with_scalar_state(NADAM, _block(value, None)).slack["mu_product"] == UNKNOWN


@pytest.mark.parametrize("exponent", [-1, -190, -700])
def test_the_bound_of_elements_does_not_change_where_the_state_becomes_tiny(exponent: int) -> None:
    """1 - product is 1 in each of these but the first: neither the elements' numbers nor their sort depends on how small the product is."""
    block = _block(Fraction(2) ** exponent, None)
    (found,), (tiny,) = radii(NADAM, [block]), radii(NADAM, [_block(Fraction(2) ** -200, None)])
    (state,) = found["mu_product"].exact()
    after = float(Fraction(2) ** exponent) * 0.9 * (1 - 0.5 * 0.96 ** (2 * 0.004))
    assert state is not None and after * 2.0**-25 < state
    assert state < max(after * 2.0**-23, 2.0**-149)
    if exponent < -1:
        assert found["theta"].texts() == tiny["theta"].texts()


def test_a_state_of_one_value_may_be_a_factor_of_elements() -> None:
    """theta - g*mu with numbers of size 1: at least the last difference is rounded, and no form rounds more than a few times."""
    mu = scalar("mu", sign="nonnegative")
    halved = Rule("halved", "a step that halves", (), (), (State(mu, 1, "length of the step"),), (Let(theta, theta - g * mu), Let(mu, mu / 2)))
    block = Block(FORMATS["float64"], {}, 3, {"theta": [Fraction(1)], "mu": [Fraction(1, 4)]}, [Fraction(3)])
    (found,) = radii(halved, [block])
    (error,) = found["theta"].exact()
    assert error is not None and Fraction(1, 2**55) <= error <= Fraction(8, 2**53)


def test_a_rate_that_may_be_rounded_away_counts_times_the_gradient() -> None:
    """Half of lr = 2^-1074, times a gradient of 2^190."""
    lr = Fraction(2) ** -1074
    (found,) = radii(rule("sgd"), [Block(FORMATS["float64"], {"lr": lr}, 1, {"theta": [Fraction(0)]}, [Fraction(2) ** 190])])
    (error,) = found["theta"].exact()
    assert error is not None and Fraction(2) ** (-1075 + 190) <= error < Fraction(2) ** (-1073 + 190)
