"""Rules that are given more than the gradient: exact runs, the printed text, NumPy, and one line where an input is missing."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from refopt.catalogue.optimizers.noisy_sgd import NOISY_SGD
from refopt.catalogue.optimizers.sgd import SGD
from refopt.errors import NotImplementedYet, RefoptError
from refopt.exact.run import closed_loop, open_loop
from refopt.language.compose import renamed
from refopt.language.expression import scalar
from refopt.language.input import Input, InputRole
from refopt.language.rule import Rule
from refopt.lowering.backends import EVERY, Backend
from refopt.lowering.generate import module
from tests.catalogue.sophia import SOPHIA

STEPS = 5
GRADIENTS = [[Fraction((-1) ** i * (i + 2), 7), Fraction(i + 1, 9)] for i in range(STEPS)]
BESIDE = [[Fraction(3 * i + 1, 5), Fraction(-1, i + 3)] for i in range(STEPS)]
THETA = [Fraction(1, 3), Fraction(-2, 5)]
HYPER = {
    "sophia": {"lr": "0.01", "beta1": "0.9", "beta2": "0.75", "gamma": "0.5", "eps": "0.001", "interval": "2", "weight_decay": "0.1"},
    "noisy_sgd": {"lr": "0.01", "noise_variance": "0.3", "noise_decay": "0.55"},
}


def _exact(rule: Rule) -> list[list[float]]:
    hyper = {n: Fraction(x) for n, x in HYPER[rule.name].items()}
    steps = open_loop(rule, hyper=hyper, theta0=THETA, gradients=GRADIENTS, inputs={rule.input_names[0]: BESIDE})
    return [[float(x) for x in step.theta] for step in steps]


def _sophia(theta: Decimal, column: int) -> list[float]:
    """Algorithm 3 once more, by hand."""
    h = {n: Decimal(x) for n, x in HYPER["sophia"].items()}
    m = mean = Decimal(0)
    out = []
    for t in range(1, STEPS + 1):
        g, hessian = (Decimal(rows[t - 1][column].numerator) / rows[t - 1][column].denominator for rows in (GRADIENTS, BESIDE))
        m = h["beta1"] * m + (1 - h["beta1"]) * g
        if t % 2 == 1:
            mean = h["beta2"] * mean + (1 - h["beta2"]) * hessian
        step = min(max(m / max(h["gamma"] * mean, h["eps"]), Decimal(-1)), Decimal(1))
        theta = theta - h["lr"] * h["weight_decay"] * theta - h["lr"] * step
        out.append(float(theta))
    return out


def _noisy(theta: Decimal, column: int) -> list[float]:
    h = {n: Decimal(x) for n, x in HYPER["noisy_sgd"].items()}
    out = []
    for t in range(1, STEPS + 1):
        g, noise = (Decimal(rows[t - 1][column].numerator) / rows[t - 1][column].denominator for rows in (GRADIENTS, BESIDE))
        theta = theta - h["lr"] * (g + (h["noise_variance"] / Decimal(t) ** h["noise_decay"]).sqrt() * noise)
        out.append(float(theta))
    return out


@pytest.mark.parametrize(("rule", "by_hand"), [(SOPHIA, _sophia), (NOISY_SGD, _noisy)], ids=lambda x: getattr(x, "name", ""))
def test_an_exact_run_is_that_of_the_paper(rule: Rule, by_hand: Any) -> None:
    with localcontext() as context:
        context.prec = 40
        wanted = [by_hand(Decimal(x.numerator) / x.denominator, i) for i, x in enumerate(THETA)]
    assert np.allclose(_exact(rule), np.array(wanted).T, rtol=1e-15, atol=0)


@pytest.mark.parametrize("rule", [SOPHIA, NOISY_SGD], ids=lambda r: r.name)
def test_the_numpy_code_takes_the_input_after_the_gradient(rule: Rule) -> None:
    space: dict[str, Any] = {}
    exec(module(rule, "numpy"), space)
    hyper = {n: int(x) if n == "interval" else float(x) for n, x in HYPER[rule.name].items()}
    theta = np.array([float(x) for x in THETA])
    state = space["init"](theta)
    made = []
    for t, (g, beside) in enumerate(zip(GRADIENTS, BESIDE, strict=True), start=1):
        theta, state = space["step"](theta, *(np.array([float(x) for x in row]) for row in (g, beside)), state, t, **hyper)
        made.append(theta.tolist())
    assert np.allclose(made, _exact(rule), rtol=1e-14)


def test_a_backend_that_does_not_say_that_it_has_a_place_for_an_input_refuses_in_one_line() -> None:
    assert all(b.inputs for b in EVERY)
    with pytest.raises(NotImplementedYet, match=r"sophia takes hessian .diagonal of the Hessian. beside the gradient; numpy files have no place for it"):
        Backend("numpy").module(SOPHIA)


def test_an_input_that_is_missing_or_too_many_or_of_another_length_is_one_line() -> None:
    hyper = {n: Fraction(x) for n, x in HYPER["sophia"].items()}
    for inputs, text in (
        (None, "sophia needs hessian .diagonal of the Hessian. beside the gradient"),
        ({}, "sophia needs hessian"),
        ({"hessian": BESIDE, "noise": BESIDE}, "sophia has no input noise"),
        ({"hessian": BESIDE[1:]}, "hessian needs 5 rows of 2 values"),
        ({"hessian": [row[1:] for row in BESIDE]}, "hessian needs 5 rows of 2 values"),
    ):
        with pytest.raises(RefoptError, match=text):
            open_loop(SOPHIA, hyper=hyper, theta0=THETA, gradients=GRADIENTS, inputs=inputs)
    with pytest.raises(RefoptError, match="sgd has no input noise"):
        open_loop(SGD, hyper={"lr": Fraction(1)}, theta0=THETA, gradients=GRADIENTS, inputs={"noise": BESIDE})


def test_a_closed_loop_has_gradients_alone() -> None:
    from refopt import catalogue

    with pytest.raises(RefoptError, match="an objective gives gradients alone"):
        closed_loop(SOPHIA, catalogue.objectives()[0], hyper={n: Fraction(x) for n, x in HYPER["sophia"].items()}, steps=2)


def test_inputs_belong_to_the_formula() -> None:
    assert "input hessian diagonal of the Hessian" in SOPHIA.canonical() and "input" not in SGD.canonical()
    assert r"\hat h_t" in SOPHIA.latex() or r"{\hat h}_t" in SOPHIA.latex()
    assert renamed(SOPHIA, {"hessian": "curvature"}).input_names == ("curvature",)


def test_an_input_is_one_value_an_element_with_a_name_of_its_own() -> None:
    with pytest.raises(RefoptError, match="the input x is no tensor"):
        Rule("odd", "", SGD.source, SGD.hyper, (), SGD.steps, inputs=(Input(scalar("x"), InputRole.NOISE),))
    with pytest.raises(RefoptError, match="m has two meanings"):
        Rule("odd", "", SGD.source, SOPHIA.hyper, SOPHIA.state, SOPHIA.steps, inputs=(*SOPHIA.inputs, Input(SOPHIA.state[0].symbol, InputRole.NOISE)))
