"""Implementations of rules that are given more than the gradient: what they are sent, what is judged, and one line where they do not take it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from refopt.conformance.judge.model import Model, in_force
from refopt.conformance.judge.stepwise import stepwise
from refopt.conformance.judge.updates import updates
from refopt.conformance.protocol.implementation import Ran, Skipped, View
from refopt.conformance.protocol.observe import observe
from refopt.conformance.protocol.reason import Reason, Why
from refopt.frameworks.own.python_object import from_factory
from refopt.golden.expected import certify_case
from refopt.golden.further_inputs import with_inputs
from refopt.golden.inputs import open_loop
from refopt.golden.model import Case
from refopt.rounding.formats import FLOAT32
from tests.catalogue.sophia import SOPHIA

VIEWS = {n: View(n) for n in SOPHIA.state_names}


def _case(family: str) -> Case:
    made = next(with_inputs(c, SOPHIA) for c in open_loop(SOPHIA) if f"-{family}-" in c.id)
    return certify_case(made, SOPHIA)[0]


class Sophia:
    """Algorithm 3, the Hessian after the gradient."""

    every = 1

    def init(self, theta: Any) -> dict[str, Any]:
        return {"m": np.zeros_like(theta), "h": np.zeros_like(theta)}

    def step(self, theta: Any, grad: Any, hessian: Any, state: Any, t: int, *, lr: float, beta1: float, beta2: float, gamma: float, eps: float,
             interval: int, weight_decay: float) -> Any:  # fmt: skip
        to = theta.dtype.type
        m = to(beta1) * state["m"] + to(1 - beta1) * grad
        h = to(beta2) * state["h"] + to(1 - beta2) * hessian if t % interval == self.every % interval else state["h"]
        step = np.clip(m / np.maximum(to(gamma) * h, to(eps)), -1, 1)
        return theta - to(lr * weight_decay) * theta - to(lr) * step, {"m": m, "h": h}


class ByName(Sophia):
    """The Hessian by its name."""

    def step(self, theta: Any, grad: Any, state: Any, t: int, *, hessian: Any, **hyper: Any) -> Any:  # type: ignore[override]
        return super().step(theta, grad, hessian, state, t, **hyper)


class LateHessian(Sophia):
    """The Hessian of every k-th update from the k-th one on."""

    every = 0


class WithoutHessian(Sophia):
    """It squares the gradient instead."""

    def step(self, theta: Any, grad: Any, state: Any, t: int, *, lr: float, beta1: float, beta2: float, gamma: float, eps: float, interval: int,
             weight_decay: float) -> Any:  # type: ignore[override]  # fmt: skip
        hyper = {"lr": lr, "beta1": beta1, "beta2": beta2, "gamma": gamma, "eps": eps, "weight_decay": weight_decay}
        return super().step(theta, grad, grad * grad, state, t, interval=interval, **hyper)


class FromElsewhere(Sophia):
    """It takes the Hessian and looks at another one."""

    def step(self, theta: Any, grad: Any, hessian: Any, state: Any, t: int, **hyper: Any) -> Any:  # type: ignore[override]
        return super().step(theta, grad, grad * grad, state, t, **hyper)


def _worst(factory: Any, family: str) -> dict[str, float]:
    case = _case(family)
    observation = observe(from_factory(factory, factory.__name__, "sophia"), SOPHIA, case, FLOAT32)
    assert isinstance(observation.answer, Ran) and observation.request is not None
    found = list(updates(0, observation.request, observation.answer))
    judged = stepwise(Model("sophia", SOPHIA), found, [in_force(SOPHIA, case.hyper, {})], VIEWS, FLOAT32)
    return {n: float(np.nanmax(np.concatenate([j.ratio[n] for j in judged]))) for n in ("theta", "m", "h")}


@pytest.mark.parametrize("factory", [Sophia, ByName])
@pytest.mark.parametrize("family", ["basic", "zeros", "rate"])
def test_a_correct_one_is_within_the_bound_step_by_step(factory: Any, family: str) -> None:
    worst = _worst(factory, family)
    assert max(worst.values()) <= 1 and (family == "rate" or min(worst.values()) > 0)


@pytest.mark.parametrize("factory", [LateHessian, FromElsewhere])
def test_a_wrong_one_is_found_in_what_the_input_goes_into(factory: Any) -> None:
    worst = _worst(factory, "dyadic")
    assert worst["m"] <= 1 < 1000 < worst["h"]


def test_one_that_does_not_take_it_is_told_in_one_line() -> None:
    observation = observe(from_factory(WithoutHessian, "WithoutHessian", "sophia"), SOPHIA, _case("dyadic"), FLOAT32)
    assert observation.answer == Skipped(Reason(Why.STEP_TAKES_NO, ("hessian",)))


def test_an_element_whose_input_is_not_finite_makes_no_claim() -> None:
    case = _case("dyadic")
    rows = case.inputs["hessian"]
    first = rows[0][0]
    assert first is not None
    spoiled = replace(case, inputs={"hessian": ((("nan", *first[1:]),), *rows[1:])})
    observation = observe(from_factory(Sophia, "Sophia", "sophia"), SOPHIA, spoiled, FLOAT32)
    assert isinstance(observation.answer, Ran) and observation.request is not None
    found = list(updates(0, observation.request, observation.answer))[:1]
    (j,) = stepwise(Model("sophia", SOPHIA), found, [in_force(SOPHIA, case.hyper, {})], VIEWS, FLOAT32)
    assert np.isnan(j.ratio["h"]).sum() == 1 and (j.ratio["h"][~np.isnan(j.ratio["h"])] <= 1).all()
