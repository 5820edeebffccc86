"""Sensitivity counts the bits that a closed loop loses."""

from __future__ import annotations

import math

import pytest

from refopt.catalogue import objective, objectives, rule
from refopt.errors import RefoptError
from refopt.exact.run import closed_loop
from refopt.exact.sensitivity import bits_lost, refuse_above
from refopt.language.linearize import FirstOrder, Linearization


def test_a_contraction_loses_what_its_geometric_series_says() -> None:
    """theta <- (1 - lr)*theta from 1: each step commits |theta| and lr*|g|; the sum over T steps is T*(1 + lr/(1 - lr))*(1 - lr)^T."""
    sgd, ravine = rule("sgd"), objective("ravine")
    hyper, constants = sgd.values({"lr": "0.0078125"}), ravine.values({"kappa": 1})
    steps = closed_loop(sgd, ravine, hyper=hyper, objective_hyper=constants, steps=64)
    lost = bits_lost(FirstOrder(sgd, ravine, steps, hyper, constants), [1, 64])
    lr, contraction = 2.0**-7, 1 - 2.0**-7
    committed = 64 * (1 + lr / contraction) * contraction**64
    assert lost[64] == math.ceil(math.log2(committed / max(contraction**64, 1 - contraction**64)))


def test_an_unstable_run_loses_bits_at_the_rate_of_its_growth() -> None:
    """On the ridge between two wells the distance from the other side doubles again and again."""
    sgd, wells = rule("sgd"), objective("two_wells")
    hyper = sgd.values({"lr": "0.5"})
    steps = closed_loop(sgd, wells, hyper=hyper, steps=40)
    lost = bits_lost(FirstOrder(sgd, wells, steps, hyper, wells.values()), [1, 10, 40])
    assert lost[1] <= 1 <= lost[10] < 20


def test_a_checkpoint_above_the_limit_is_refused_in_one_line() -> None:
    with pytest.raises(RefoptError, match=r"adam-closed-x loses 31 bits in float64 by step 9 \(limit 20\)"):
        refuse_above({3: 4, 9: 31}, "adam-closed-x")


def _central(f: object, x: list[float], i: int, h: float) -> list[float]:
    up, down = ([v + s * h if j == i else v for j, v in enumerate(x)] for s in (1, -1))
    return [(a - b) / (2 * h) for a, b in zip(f(up), f(down), strict=True)]  # type: ignore[operator]


@pytest.mark.parametrize("o", objectives(), ids=lambda o: o.name)
def test_the_hessian_is_the_slope_of_the_gradient(o: object) -> None:
    """Central differences of the exact gradient with a step of 2^-20: right to about 2^-35 of the largest entry."""
    from fractions import Fraction

    from refopt.exact.numbers import mpmath_numbers
    from refopt.exact.run import Gradient
    from refopt.language.objective import Objective

    assert isinstance(o, Objective)
    model = Linearization(rule("sgd"), o, rule("sgd").values(), o.values())
    theta = [float(x) + 0.125 for x in o.start]
    numbers = mpmath_numbers()
    with numbers.precision(40):
        gradient = Gradient(o, o.values(), numbers)

        def at(x: list[float]) -> list[float]:
            return [float(v) for v in gradient.at([numbers.number(Fraction(y)) for y in x], 1)]

        hessian = model.hessian(theta, 1)
        scale = abs(hessian).max()
        for i in range(len(theta)):
            column = _central(at, theta, i, 2.0**-20)
            assert max(abs(a - b) for a, b in zip(column, hessian[:, i], strict=True)) < scale * 2.0**-24
