"""A person's class or function that takes a noise or a Hessian beside the gradients is called with it; one that does not is told so in one line."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from refopt.catalogue.optimizers.noisy_sgd import NOISY_SGD, noise
from refopt.catalogue.optimizers.sgd import LR
from refopt.catalogue.symbols import lr
from refopt.conformance.protocol.implementation import Ran, Skipped
from refopt.conformance.protocol.observe import observe
from refopt.conformance.protocol.reason import Reason, Why
from refopt.frameworks.own.python_object import from_factory
from refopt.golden.expected import certify_case
from refopt.golden.further_inputs import with_inputs
from refopt.golden.inputs import open_loop
from refopt.golden.model import Case
from refopt.language.expression import g, theta
from refopt.language.rule import Let
from refopt.rounding.formats import FLOAT32

WITH_NOISE = replace(NOISY_SGD, name="with_noise", hyper=(LR,), steps=(Let(theta, theta - lr * (g + noise)),))
"""The hyperparameters of gradient descent, so that names of arguments are known."""


def _case() -> Case:
    made = next(with_inputs(c, WITH_NOISE) for c in open_loop(WITH_NOISE) if "-basic-" in c.id)
    return certify_case(made, WITH_NOISE)[0]


class WithParameters:
    """It holds its parameters and changes them in place."""

    def __init__(self, params: Any, lr: float = 0.01) -> None:
        self.params, self.lr = params, lr

    def step(self, grads: Any, noise: Any) -> None:
        for p, gradient, z in zip(self.params, grads, noise, strict=True):
            p -= p.dtype.type(self.lr) * (gradient + z)


def function(w: Any, grad: Any, noise: Any, lr: float = 0.01) -> Any:
    return w - w.dtype.type(lr) * (grad + noise)


class WithoutNoise:
    """Plain descent."""

    def __init__(self, lr: float = 0.01) -> None:
        self.lr = lr

    def update(self, w: Any, dw: Any) -> Any:
        return w - w.dtype.type(self.lr) * dw


@pytest.mark.parametrize("made", [WithParameters, function])
def test_it_is_given_the_noise_of_each_update(made: Any) -> None:
    case = _case()
    observation = observe(from_factory(made, made.__name__, "sgd"), WITH_NOISE, case, FLOAT32)
    assert isinstance(observation.answer, Ran), observation.answer
    for e in case.expect:
        found = observation.answer.after[e.t - case.t0].theta[0].ravel()[: len(e.params[0].theta)]
        assert np.allclose(found, [float(x) for x in e.params[0].theta], rtol=1e-5)


def test_one_that_has_no_place_for_it_is_told_in_one_line() -> None:
    observation = observe(from_factory(WithoutNoise, "WithoutNoise", "sgd"), WITH_NOISE, _case(), FLOAT32)
    assert observation.answer == Skipped(Reason(Why.TAKES_NO, ("noise",)))
