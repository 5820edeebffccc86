"""The first-order behaviour of a rule on an objective is the derivative of one step."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from refopt.catalogue import objective, rule
from refopt.exact.run import closed_loop
from refopt.language.linearize import FirstOrder, Linearization


def _linear(rule_name: str, objective_name: str, lr: str) -> Linearization:
    r, o = rule(rule_name), objective(objective_name)
    return Linearization(r, o, r.values({"lr": lr}), o.values())


def test_descent_on_a_ravine_contracts_by_one_minus_the_rate_times_the_curvature() -> None:
    linear = _linear("sgd", "ravine", "0.0078125")
    step = linear.step(1, [1.0, 1.0], {}, [1.0, 100.0], None)
    matrix = linear.matrix(step, linear.hessian([1.0, 1.0], 0))
    assert matrix.tolist() == [[1 - 0.0078125, 0.0], [0.0, 1 - 0.78125]]


def test_a_rate_a_step_replaces_the_hyperparameter() -> None:
    linear = _linear("momentum", "ravine", "0.5")
    step = linear.step(3, [1.0, 1.0], {"v": [0.0, 0.0]}, [1.0, 100.0], 0.25)
    assert step.gradient.tolist() == [[-0.25, 0.0], [0.0, -0.25], [0.25, 0.0], [0.0, 0.25]]
    decay = float(Fraction(0.9))
    assert step.state.tolist() == [[1, 0, -decay, 0], [0, 1, 0, -decay], [0, 0, decay, 0], [0, 0, 0, decay]]


@pytest.mark.parametrize("step", [0, 1, 2, 3])
def test_the_hessian_is_the_mean_over_the_batch_of_the_step(step: int) -> None:
    linear = _linear("sgd", "two_wells", "0.01")
    assert linear.hessian([0.5], step).tolist() == [[3 * 0.25 - 1]]
    network = _linear("sgd", "tanh_network", "0.01")
    start = [float(x) for x in objective("tanh_network").start]
    matrix = network.hessian(start, step)
    assert matrix.shape == (13, 13) and np.array_equal(matrix, matrix.T)


def test_changes_are_passed_on_by_the_product_of_the_matrices_after_them() -> None:
    """sgd on a slope of curvature 1: each update multiplies a change by 1 - lr = 3/4, and a change of the gradient by lr = 1/4 first."""
    sgd, ravine = rule("sgd"), objective("ravine")
    hyper, constants = sgd.values({"lr": "0.25"}), ravine.values({"kappa": 1})
    run = FirstOrder(sgd, ravine, closed_loop(sgd, ravine, hyper=hyper, objective_hyper=constants, steps=3), hyper, constants)
    found, unit = run.passed_on(3), np.eye(2)
    assert np.array_equal(found.by_value, np.array([unit * 9 / 16, unit * 3 / 4, unit]))
    assert np.array_equal(found.by_gradient, found.by_value / 4)
    some = [np.array([1.0, 0.0]), np.array([0.0, 2.0]), np.zeros(2)]
    assert found.largest(some, [np.zeros(2), np.zeros(2), np.array([8.0, 4.0])]).tolist() == [9 / 16 + 2, 1.5 + 1]
    assert run.passed_on(2).by_value.shape == (2, 2, 2)
