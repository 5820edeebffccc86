"""Bounds of rules that are given more than the gradient: the printed NumPy code stays below them, and a value of the input belongs to the update."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from refopt.catalogue.optimizers.noisy_sgd import NOISY_SGD
from refopt.errors import RefoptError
from refopt.exact.run import open_loop
from refopt.language.rule import Rule
from refopt.lowering.generate import module
from refopt.rounding.bound import Block, radii
from refopt.rounding.formats import FLOAT32
from tests.catalogue.sophia import SOPHIA

N = 200
HYPER = {
    "sophia": {"lr": 0.01, "beta1": 0.9, "beta2": 0.75, "gamma": 0.5, "eps": 0.001, "interval": 2, "weight_decay": 0.1},
    "noisy_sgd": {"lr": 0.01, "noise_variance": 0.3, "noise_decay": 0.55},
}


def _exact(x: Any) -> list[Fraction]:
    return [Fraction(float(y)) for y in x]


@pytest.mark.parametrize("t", [3, 4])
@pytest.mark.parametrize("rule", [SOPHIA, NOISY_SGD], ids=lambda r: r.name)
def test_the_printed_code_is_within_the_bound_in_float32(rule: Rule, t: int) -> None:
    draw = np.random.default_rng(1)
    theta, g, beside = (draw.normal(size=N).astype(np.float32) for _ in range(3))
    state = {s.name: np.abs(draw.normal(size=N)).astype(np.float32) for s in rule.state}
    hyper = {n: Fraction(x) for n, x in HYPER[rule.name].items()}
    given = {rule.input_names[0]: _exact(beside)}
    before = {"theta": _exact(theta), **{n: _exact(x) for n, x in state.items()}}
    (bound,) = radii(rule, [Block(FLOAT32, hyper, t, before, _exact(g), inputs=given)])
    (exact,) = open_loop(
        rule, hyper=hyper, theta0=before["theta"], gradients=[_exact(g)], state0={n: before[n] for n in state}, t0=t, inputs={n: [x] for n, x in given.items()}
    )
    space: dict[str, Any] = {}
    exec(module(rule), space)
    moved, after = space["step"](theta, g, beside, state, t, **HYPER[rule.name])
    for name, theirs, ours in (("theta", moved, exact.theta), *((n, after[n], exact.state[n]) for n in state)):
        for x, y, r in zip(theirs, ours, bound[name].exact(), strict=True):
            assert r is not None and abs(float(x) - float(y)) <= float(r), name
    worst = max(abs(float(x) - float(y)) / float(r) for x, y, r in zip(moved, exact.theta, bound["theta"].exact(), strict=True) if r)
    assert worst > 0.25, "else the bound says nothing"


def test_a_bound_without_the_input_is_refused_in_one_line() -> None:
    hyper = {n: Fraction(x) for n, x in HYPER["noisy_sgd"].items()}
    with pytest.raises(RefoptError, match="a bound for noisy_sgd needs 1 values of noise"):
        radii(NOISY_SGD, [Block(FLOAT32, hyper, 1, {"theta": [1]}, [1])])
