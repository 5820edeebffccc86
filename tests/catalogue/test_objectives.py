"""Each objective has the derivatives that one finds by hand, and the shape that it is there to show."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

from refopt.catalogue import objective, rule
from refopt.exact.run import closed_loop
from refopt.language.evaluate import rational
from refopt.language.expression import Expression
from refopt.language.objective import Objective

POLYNOMIAL = ["ravine", "ravine_rotated", "rosenbrock", "two_wells", "two_wells_batch"]


def _names(o: Objective) -> dict[str, Any]:
    return {str(s.name): s.sym for s in (*o.parameters, *o.inputs, *(h.symbol for h in o.hyper))}


def _slopes(name: str) -> dict[str, Any]:
    o = objective(name)
    return {str(p.name): tree.sym for p, tree in zip(o.parameters, o.gradient, strict=True)}


def _value(tree: Expression, at: dict[str, Fraction]) -> Fraction:
    """The exact value of a polynomial."""
    found = rational(tree, at)
    assert isinstance(found, Fraction)
    return found


@pytest.mark.parametrize("name", POLYNOMIAL)
def test_the_gradient_is_the_difference_quotient_exactly(name: str) -> None:
    """(8 (J(h) - J(-h)) - (J(2h) - J(-2h)))/12h is the derivative of any polynomial of degree 4 or less, for every h."""
    o = objective(name)
    point = {str(s.name): Fraction(n + 2, 7) for n, s in enumerate((*o.parameters, *o.inputs, *(h.symbol for h in o.hyper)))}
    for h in (Fraction(1), Fraction(-2, 3)):
        for parameter, slope in zip(o.parameters, o.gradient, strict=True):

            def moved(steps: int, along: str = str(parameter.name), h: Fraction = h) -> Fraction:
                return _value(o.loss, point | {along: point[along] + steps * h})

            quotient = (8 * (moved(1) - moved(-1)) - (moved(2) - moved(-2))) / (12 * h)
            assert _value(slope, point) == quotient


def test_rosenbrocks_slopes_by_hand_and_its_minimum() -> None:
    x, y, b = (_names(objective("rosenbrock"))[n] for n in ("x", "y", "steepness"))
    slopes = _slopes("rosenbrock")
    assert sp.expand(slopes["x"] - (-2 * (1 - x) - 4 * b * x * (y - x**2))) == 0
    assert sp.expand(slopes["y"] - 2 * b * (y - x**2)) == 0
    assert [s.subs({x: 1, y: 1}) for s in slopes.values()] == [0, 0]


@pytest.mark.parametrize("name", ["ravine", "ravine_rotated"])
def test_a_ravine_has_curvatures_one_and_kappa(name: str) -> None:
    o = objective(name)
    hessian = sp.Matrix([[tree.sym for tree in row] for row in o.hessian])
    kappa = _names(o)["kappa"]
    assert sp.expand(hessian.trace() - (1 + kappa)) == 0
    assert sp.expand(hessian.det() - kappa) == 0


def test_the_rotated_ravine_is_the_ravine_turned_by_the_angle_of_the_3_4_5_triangle() -> None:
    straight, turned = objective("ravine"), objective("ravine_rotated")
    x, y = (_names(straight)[n] for n in ("x", "y"))
    back = {x: sp.Rational(3, 5) * x + sp.Rational(4, 5) * y, y: sp.Rational(3, 5) * y - sp.Rational(4, 5) * x}
    assert sp.expand(straight.loss.sym.subs(back, simultaneous=True) - turned.loss.sym) == 0


def _mean_slope(name: str, at: Fraction) -> Fraction:
    o = objective(name)
    return sum((_value(o.gradient[0], {"x": at, "s": Fraction(s)}) for (s,) in o.data), Fraction(0)) / len(o.data)


def test_the_mean_of_the_two_samples_has_two_wells_and_each_sample_has_one() -> None:
    for low, high in (("-1.06", "-1.05"), ("0.92", "0.94")):
        assert _mean_slope("two_wells", Fraction(low)) < 0 < _mean_slope("two_wells", Fraction(high))
    assert _mean_slope("two_wells", Fraction("0.12")) > 0 > _mean_slope("two_wells", Fraction("0.13"))
    x, s = (_names(objective("two_wells"))[n] for n in ("x", "s"))
    loss = objective("two_wells").loss.sym
    assert loss.subs({s: 0, x: sp.Rational(-106, 100)}) < loss.subs({s: 0, x: sp.Rational(93, 100)})
    for sample in (1, -1):
        assert sp.Poly(sp.diff(loss, x).subs(s, sample), x).count_roots() == 1


def test_noise_jumps_out_of_the_shallow_well_and_the_full_batch_stays() -> None:
    """At the same rate: one sample a step crosses the ridge at step 7 and lives in the deep well; both at once never leave."""
    hyper = {"lr": Fraction(15, 32)}
    noisy, batch = (
        [s.theta[0] for s in closed_loop(rule("sgd"), objective(name), hyper=hyper, objective_hyper={}, steps=400)]
        for name in ("two_wells", "two_wells_batch")
    )
    assert next(i for i, x in enumerate(noisy, start=1) if x < 0) == 7
    assert all(x < 0 for x in noisy[-100:])
    assert all(10 * x > 9 for x in batch)


def test_the_slopes_of_the_logistic_loss_by_hand() -> None:
    """-y x/(1 + exp(y z))."""
    o = objective("logistic_regression")
    n = _names(o)
    z = n["w1"] * n["x1"] + n["w2"] * n["x2"] + n["b"]
    for name, factor in (("w1", n["x1"]), ("w2", n["x2"]), ("b", 1)):
        assert sp.simplify(_slopes(o.name)[name] + n["y"] * factor / (1 + sp.exp(n["y"] * z))) == 0


def test_logistic_regression_has_mini_batches_of_four_and_a_last_one_of_two() -> None:
    o = objective("logistic_regression")
    assert [len(o.batch(step)) for step in range(o.steps_per_epoch)] == [4, 4, 2]
    assert {row[-1] for row in o.data} == {"1", "-1"}
    assert len(o.order) > 1 and len(set(o.order)) == len(o.order)


def test_the_slopes_of_the_network_by_hand() -> None:
    """Back-propagation: r = output - y; dJ/dd_j = r h_j; dJ/da_j = r d_j (1 - h_j^2) x1."""
    o = objective("tanh_network")
    n, slopes = _names(o), _slopes("tanh_network")
    hidden = {j: sp.tanh(n[f"a{j}"] * n["x1"] + n[f"b{j}"] * n["x2"] + n[f"c{j}"]) for j in (1, 2, 3)}
    rest = sum((n[f"d{j}"] * h for j, h in hidden.items()), sp.Integer(0)) + n["e"] - n["y"]
    assert sp.expand(slopes["e"] - rest) == 0
    for j, h in hidden.items():
        back = rest * n[f"d{j}"] * (1 - h**2)
        expected = {f"d{j}": rest * h, f"a{j}": back * n["x1"], f"b{j}": back * n["x2"], f"c{j}": back}
        for name, by_hand in expected.items():
            assert sp.expand(slopes[name] - by_hand) == 0


def test_the_network_has_thirteen_parameters_and_no_two_hidden_units_start_alike() -> None:
    o = objective("tanh_network")
    assert len(o.parameters) == 13
    start = dict(zip((str(p.name) for p in o.parameters), o.start, strict=True))
    assert len({tuple(start[f"{letter}{j}"] for letter in "abc") for j in (1, 2, 3)}) == 3
    assert {len(o.batch(step)) for step in range(6)} == {2}
